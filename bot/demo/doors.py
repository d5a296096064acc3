"""Links and codes by which a visitor of the demo becomes anybody. The tokens are kept readable: all is made up."""

from bot.demo import people
from core import codes
from core.case import Case
from core.party import SYSTEM, Role
from core.services import doors as door_service
from core.services import identity
from core.services.house import House
from core.store import doors, settings
from core.store import people as parties

KEPT = "demo.doors"


class Doors:
    """Makes each door once and remembers it; a letter's code that was used is made anew."""

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
        """The way in for a creditor's member or for staff."""
        kept = await settings.get(KEPT, {})
        if name not in kept:
            kept = await self._keep(name, await self._invitation(name))
        return f"/c/{kept[name]}"

    async def _invitation(self, name: str) -> str:
        side, _, who = name.partition(":")
        if side == "staff":
            role = Role(dict(people.STAFF)[who])
            return await identity.invite(self._house, SYSTEM, role, who)
        creditor = await parties.load_creditor(int(who))
        assert creditor is not None
        first_name = next(n for number, n in people.MEMBERS.items() if number.replace("-", "") == creditor.number)
        return await identity.invite(self._house, SYSTEM, Role.CREDITOR_ADMIN, first_name, creditor.id)

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
