"""Links and codes by which a visitor of the demo becomes anybody. The tokens are kept readable: all is made up."""

from dataclasses import dataclass

from bot.channels.webchat import NAME as WEB
from bot.demo import people
from core import codes
from core.case import Case
from core.party import SYSTEM, Hidden, Role
from core.services import doors as door_service
from core.services import identity
from core.services.house import House
from core.store import doors, members, settings
from core.store import people as parties
from core.store.chats import open_chat

KEPT = "demo.doors"
_MEMBERS = ("staff:", "creditor:")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a member of the demo sits down as."""

    role: Role
    name: str
    creditor_id: int | None = None


class Doors:
    """Makes each door once and remembers it; a link or code that holds no longer is made anew.

    A member's door keeps its address, by which a browser finds back to its conversation; `token` says what opens it.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    async def link(self, case: Case) -> str:
        """The personal link of a case's debtor."""
        kept = await settings.get(KEPT, {})
        name = f"link:{case.id}"
        if name not in kept or not await self._link_holds(kept[name]):
            kept = await self._keep(name, await door_service.new_link(self._house, case))
        return f"/c/{kept[name]}"

    async def code(self, case: Case) -> str:
        """A code that opens the case, as its last letter has one."""
        kept = await settings.get(KEPT, {})
        name = f"code:{case.id}"
        if name not in kept or not await self._code_holds(kept[name]):
            kept = await self._keep(name, (await door_service.new_code(self._house, case.id, None)).reveal())
        return str(kept[name])

    async def member(self, name: str) -> str:
        """The way in for a creditor's member or for staff, the same for good."""
        kept = await settings.get(KEPT, {})
        if name not in kept:
            kept = await self._keep(name, await self._invitation(name))
        return f"/c/{kept[name]}"

    async def token(self, kept: str) -> str:
        """What opens a door today. A member's invitation opens one chat within a week; then another is made."""
        names = [name for name, token in (await settings.get(KEPT, {})).items() if token == kept]
        if not names or not names[0].startswith(_MEMBERS) or await self._invitation_holds(kept):
            return kept
        return await self._invitation(names[0])

    async def sit(self, address: str, kept: str, language: str) -> bool:
        """Seat whoever opens a member's door, in a web chat that begins with it. False for any other door."""
        names = [name for name, token in (await settings.get(KEPT, {})).items() if token == kept]
        if not names or not names[0].startswith(_MEMBERS):
            return False
        chat = await open_chat(WEB, address, self._house.clock.now(), language=language)
        await identity.accept_invitation(self._house, chat.id, await self.token(kept))
        return True

    async def log_in(self, chat_id: int) -> bool:
        """Whoever opens a member's door is logged in as them, with the number that they have in the pretend BankID.

        False where no member sits, or who is logged in already.
        """
        session = await identity.look(self._house, chat_id)
        if session.seat is None or session.member is not None:
            return False
        known = (person for person in people.with_bankid() if person.name.split()[0] == session.seat.first_name)
        person = next(known, None)
        if person is None:
            return False
        await identity.member_proved(self._house, chat_id, Hidden(person.number))
        return True

    async def _invitation(self, name: str) -> str:
        """An invitation for whoever sits there already, or for the first to sit down."""
        seat = await _seat(name)
        seated = await (members.of_creditor(seat.creditor_id) if seat.creditor_id else members.of_staff())
        member_id = next((member.id for member in seated if (member.role, member.name) == (seat.role, seat.name)), None)
        return await identity.invite(self._house, SYSTEM, seat.role, seat.name, seat.creditor_id, member_id)

    async def _invitation_holds(self, token: str) -> bool:
        hashes = self._house.keys.find_any(token, "invitation")
        return await doors.invitation_holds(hashes, self._house.clock.now())

    async def _link_holds(self, token: str) -> bool:
        hashes = self._house.keys.find_any(token, "link")
        return await doors.link(hashes, "chat", self._house.clock.now()) is not None

    async def _code_holds(self, code: str) -> bool:
        hashes = self._house.keys.find_any(codes.normalise(code), "code")
        return await doors.code_holds(hashes, self._house.clock.now())

    async def _keep(self, name: str, value: str) -> dict[str, str]:
        kept: dict[str, str] = {**await settings.get(KEPT, {}), name: value}
        await settings.put(KEPT, kept)
        return kept


async def _seat(name: str) -> Seat:
    side, _, who = name.partition(":")
    if side == "staff":
        return Seat(Role(dict(people.STAFF)[who]), who)
    creditor = await parties.load_creditor(int(who))
    assert creditor is not None
    first_name = next(n for number, n in people.MEMBERS.items() if number.replace("-", "") == creditor.number)
    return Seat(Role.CREDITOR_ADMIN, first_name, creditor.id)
