"""Who is in a chat, and how they prove it: a personal link, then BankID (`bankid`) or the one-time code of a letter.

Links and codes live in business time; tries, locks and the 30 minutes of silence in machine time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import codes, reach
from core.case import Case, Decision
from core.errors import NotAllowed, Refusal
from core.notice import Receiver
from core.party import CREDITOR_SIDE, STAFF, SYSTEM, Actor, Hidden, Role
from core.services.house import House
from core.store import audit, doors, members, outbox, sessions, tries
from core.store.database import transaction
from core.store.secrets import new_token
from core.store.sessions import ChatRow
from core.store.tries import Guard

SILENCE = timedelta(minutes=30)
#: A session is written down again only when this much of it has gone by.
TOUCH_EVERY = timedelta(minutes=1)
INVITATION_DAYS = 7
MEMBER_NAME_MAX = 60
#: A member shows who they are once a working day, in each chat of theirs.
MEMBER_SESSION = timedelta(hours=8)
#: A creditor's first member hears the latest of what was to be told while nobody was there.
NEWS_KEPT = timedelta(days=7)
NEWS_TOLD_MAX = 5
DAY_S = 86_400.0

#: Five wrong codes in one chat, then a day without.
CHAT_GUARD = Guard(tries_max=5, window_s=DAY_S, lock_s=DAY_S)
#: New chats cost a guesser nothing, so strangers share a guard; who came by a personal link is not held up by it.
STRANGERS_GUARD = Guard(tries_max=200, window_s=3_600.0, lock_s=3_600.0)
STRANGERS = "strangers"


@dataclass(frozen=True, slots=True, repr=False)
class MemberView:
    """A person who works for a creditor, or for us."""

    id: int
    role: Role
    creditor_id: int | None
    name: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name else ""


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """Who is in a chat now. ``language`` is empty until one is known; ``name`` the first name, once it is proved.

    ``case_ids`` is what a letter's code opened; empty means all of the person's cases. ``proof`` is ``code`` or
    ``bankid``. ``represents`` is the right by which they act for the debtor, with ``rights`` only. ``seat`` is the
    member whose chat this is, ``member`` the same once BankID has shown that they sit there.
    """

    chat_id: int
    channel: str
    language: str = ""
    level: str = sessions.STRANGER
    debtor_id: int | None = None
    case_ids: frozenset[int] = frozenset()
    name: str | None = None
    member: MemberView | None = None
    stopped: bool = False
    quarantined: bool = False
    reads_here: bool = False
    proof: str | None = None
    represents: int | None = None
    rights: frozenset[str] = frozenset()
    seat: MemberView | None = None

    @property
    def identified(self) -> bool:
        return self.level == sessions.IDENTIFIED

    @property
    def actor(self) -> Actor:
        """Who acts. Raises NotAllowed for a stranger, however they came."""
        if self.member:
            return Actor(self.member.role, self.member.id, self.member.creditor_id)
        if self.identified and self.debtor_id:
            return Actor(
                Role.DEBTOR, self.debtor_id, cases=self.case_ids, represents=self.represents, rights=self.rights
            )
        raise NotAllowed


async def session(house: House, chat_id: int) -> Session:
    """Who is there, asked because they have just written: their silence begins anew, or has lasted too long.

    Raises LookupError for a chat that nobody has opened.
    """
    chat = await _chat(chat_id)
    now = house.clock.machine_now()
    if chat.level == sessions.IDENTIFIED and not _proof_holds(house, chat, now):
        await lapse(house, chat_id)
        chat = await _chat(chat_id)
    elif chat.until is not None and chat.until < now + SILENCE - TOUCH_EVERY:
        await sessions.touch(chat_id, now + SILENCE)
    return await _session(house, chat)


def _proof_holds(house: House, chat: ChatRow, now: datetime) -> bool:
    """Whether somebody is identified still. A representative's right ends when the debtor or its last day says so."""
    if chat.until is None or chat.until <= now:
        return False
    if chat.represents_id is None:
        return True
    return chat.right_until is not None and house.clock.today() <= chat.right_until


async def look(house: House, chat_id: int) -> Session:
    """Who is there, asked for reasons of our own: their silence goes on."""
    chat = await _chat(chat_id)
    return await _session(house, chat)


async def lapse(house: House, chat_id: int) -> None:
    """The proof has run out, or the person is done. Who came by a link stays linked."""
    chat = await _chat(chat_id)
    if await sessions.lapse(chat_id) and chat.debtor_id:
        await _note(house, f"debtor:{chat.debtor_id}", f"debtor:{chat.debtor_id}", "identity.lapsed", chat=chat_id)


async def open_link(house: House, chat_id: int, token: str) -> Mapping[str, Any]:
    """The chat was reached by a personal link; gives what it was made for. It opens no case and is not used up, so a
    preview does no harm.

    Raises Refusal ``link`` for one that is unknown, revoked or too old, and in a chat that is a member's.
    """
    chat = await _chat(chat_id)
    found = await doors.link(house.keys.find_any(token, "link"), "chat", house.clock.now())
    if found is None or found.debtor_id is None or chat.member_id:
        raise Refusal("link")
    if chat.debtor_id != found.debtor_id and chat.linked_debtor_id != found.debtor_id:
        await sessions.link(chat_id, found.debtor_id)
    return found.data


async def try_code(house: House, chat_id: int, typed: str) -> Session:
    """Use up a letter's one-time code: it opens that letter's case, here, once.

    Right and wrong cost the same work until the answer. Raises Refusal ``code`` with ``left``, or ``locked`` with
    ``hours``; neither tells whether there is such a case, nor whether the code was ever good.
    """
    chat = await _chat(chat_id)
    now = house.clock.machine_now()
    await _refuse_locked(chat, now.timestamp())
    hashes = house.keys.find_any(codes.normalise(typed), "code")
    case_id: int | None = None
    async with transaction():
        if not chat.member_id:
            case_id = await doors.use_code(hashes, house.clock.now())
        if case_id is not None:
            await _identified(house, chat, case_id, now)
    if case_id is None:
        await _count_failure(chat, now.timestamp())
    await tries.forget(_key(chat))
    return await look(house, chat_id)


async def _identified(house: House, chat: ChatRow, case_id: int, now: datetime) -> None:
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return reach.bind(case, chat.channel, chat.id, today)

    case = await house.book.change(case_id, decide, SYSTEM, action="identity.bind")
    await sessions.identify(chat.id, case.debtor.id, (case_id,), now + SILENCE)
    await _note(
        house, f"debtor:{case.debtor.id}", f"debtor:{case.debtor.id}", "identity.code", chat=chat.id, case=case_id
    )


async def _refuse_locked(chat: ChatRow, now: float) -> None:
    seconds = await tries.locked_for(_key(chat), now)
    if not chat.linked_debtor_id:
        seconds = max(seconds, await tries.locked_for(STRANGERS, now))
    if seconds > 0:
        raise Refusal("locked", hours=int(-(-seconds // 3_600)))


async def _count_failure(chat: ChatRow, now: float) -> None:
    left = await tries.fail(_key(chat), CHAT_GUARD, now)
    if not chat.linked_debtor_id:
        await tries.fail(STRANGERS, STRANGERS_GUARD, now)
    if left == 0:
        raise Refusal("locked", hours=int(CHAT_GUARD.lock_s // 3_600))
    raise Refusal("code", left=left)


def _key(chat: ChatRow) -> str:
    return f"code:{chat.channel}:{chat.id}"


async def read_here(house: House, chat_id: int) -> None:
    """The person chose to read details in a channel that keeps them elsewhere (``id.where``)."""
    await sessions.set_reads_here(chat_id)
    current = await look(house, chat_id)
    await _note(house, f"debtor:{current.debtor_id}", current.actor.label, "identity.read_here", chat=chat_id)


async def set_language(house: House, chat_id: int, language: str) -> None:
    """The chat's language; who has proved who they are has their letters explained in it too."""
    chat = await look(house, chat_id)
    async with transaction():
        await sessions.set_language(chat_id, language)
        if chat.identified and chat.debtor_id and chat.represents is None:
            await sessions.set_letters_language(chat.debtor_id, language)


async def stop(house: House, chat_id: int) -> None:
    """Nothing more comes here on our initiative; letters remain. Told twice, it is one stop."""
    today = house.clock.today()
    async with transaction():
        chat = await _chat(chat_id)
        await sessions.set_stopped(chat_id, True)
        case_id = await _case_behind(chat)
        if case_id is not None:
            await house.book.change(
                case_id,
                lambda case: reach.unbind(case, chat.channel, chat.id, "stop", today),
                SYSTEM,
                action="reach.stop",
            )


async def start_again(house: House, chat_id: int) -> None:
    """The person takes the stop back."""
    today = house.clock.today()
    async with transaction():
        chat = await _chat(chat_id)
        await sessions.set_stopped(chat_id, False)
        case_id = await _case_behind(chat)
        if chat.stopped and case_id is not None:
            await house.book.change(
                case_id, lambda case: reach.rebind(case, chat.channel, chat.id, today), SYSTEM, action="reach.start"
            )


async def wrong_person(house: House, chat_id: int) -> None:
    """Somebody says "this is not me": the address is never used again, and whoever was linked or identified is not."""
    today = house.clock.today()
    async with transaction():
        chat = await _chat(chat_id)
        case_id = await _case_behind(chat)
        await sessions.quarantine(chat_id)
        await _note(house, f"chat:{chat_id}", "stranger:0", "identity.wrong_person")
        if case_id is not None:
            await house.book.change(
                case_id,
                lambda case: reach.wrong_person(case, chat.channel, chat.id, today),
                SYSTEM,
                action="identity.wrong_person",
            )


async def undo_wrong_person(house: House, chat_id: int) -> None:
    """It was a slip of the finger. Whoever was linked is linked again; all else must be proved anew."""
    async with transaction():
        chat = await _chat(chat_id)
        if chat.quarantined:
            await sessions.release(chat_id)
            await _note(house, f"chat:{chat_id}", "stranger:0", "identity.not_wrong_person")


async def _case_behind(chat: ChatRow) -> int | None:
    """A case of the person whom the chat is about, if it is about anybody."""
    debtor_id = chat.debtor_id or chat.linked_debtor_id
    return await sessions.first_case(debtor_id) if debtor_id else None


async def invite(
    house: House, actor: Actor, role: Role, name: str, creditor_id: int | None = None, member_id: int | None = None
) -> str:
    """A one-time link for a new member of staff or of a creditor; with ``member_id`` for that member's other chat.

    Gives its token.

    Raises NotAllowed: supervisors invite staff, staff a creditor's people, a creditor's admin their own. Refusal
    ``member_name`` for a name that nobody can be called by.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MEMBER_NAME_MAX:
        raise Refusal("member_name", limit=MEMBER_NAME_MAX)
    if not _may_invite(actor, role, creditor_id):
        raise NotAllowed
    token, now = new_token(), house.clock.now()
    token_hash = house.keys.find_by(token, "invitation")
    async with transaction():
        last = now + timedelta(days=INVITATION_DAYS)
        await doors.keep_invitation(token_hash, role, creditor_id, name, now, last, member_id)
        await _note(house, audit.HOUSE, actor.label, "member.invited", role=role, creditor=creditor_id)
    return token


def _may_invite(actor: Actor, role: Role, creditor_id: int | None) -> bool:
    if (role in CREDITOR_SIDE) != (creditor_id is not None) or role not in CREDITOR_SIDE | STAFF:
        return False
    if actor.role in (Role.SYSTEM, Role.SUPERVISOR):
        return True
    if actor.role is Role.CLERK:
        return role in CREDITOR_SIDE
    return actor.role is Role.CREDITOR_ADMIN and actor.creditor_id == creditor_id


async def accept_invitation(house: House, chat_id: int, token: str) -> MemberView:
    """Bind the chat to a member, once, and tell a creditor's what nobody heard. Raises Refusal ``invitation``.

    The link alone opens nothing: they log in with BankID then, which binds their number on the first use.
    """
    chat = await _chat(chat_id)
    now = house.clock.now()
    async with transaction():
        found = await doors.use_invitation(house.keys.find_any(token, "invitation"), now)
        if found is None:
            raise Refusal("invitation")
        member = await members.get(found.member_id) if found.member_id else None
        if member is None:
            member = await members.add(found.role, found.creditor_id, found.name, chat.language or "sv", now)
        await doors.bind_invitation(found.token_hash, member.id)
        await sessions.bind_member(chat_id, member.id)
        if found.creditor_id is not None:
            await outbox.say_what_nobody_heard(
                Receiver.CREDITOR, found.creditor_id, now - NEWS_KEPT, now, NEWS_TOLD_MAX
            )
            await outbox.say_undecided(found.creditor_id, now)
        await _note(house, f"member:{member.id}", f"{member.role}:{member.id}", "member.bound", chat=chat_id)
    return _member_view(member)


async def member_proved(house: House, chat_id: int, number: Hidden) -> None:
    """A member has shown their number. The first that is shown is theirs; then nobody else logs in as them.

    Raises Refusal ``member_other`` for another person's number, ``member_none`` for a chat that is no member's.
    """
    chat = await _chat(chat_id)
    member = await members.get(chat.member_id) if chat.member_id else None
    if member is None:
        raise Refusal("member_none")
    sealed = house.keys.encrypt(number.reveal(), members.NUMBER)
    async with transaction():
        await members.bind_number(member.id, sealed, house.keys.find_by(number.reveal(), members.NUMBER))
        known = await members.get(member.id)
        if known is None or known.number_hash not in house.keys.find_any(number.reveal(), members.NUMBER):
            raise Refusal("member_other")
        await sessions.member_proved(chat_id, house.clock.machine_now() + MEMBER_SESSION)
        label = f"{member.role}:{member.id}"
        await _note(house, f"member:{member.id}", label, "member.logged_in", chat=chat_id)


def _member_view(found: members.MemberRow) -> MemberView:
    return MemberView(found.id, Role(found.role), found.creditor_id, found.name)


async def _chat(chat_id: int) -> ChatRow:
    """The chat. Raises LookupError for one that no channel has opened."""
    found = await sessions.get(chat_id)
    if found is None:
        raise LookupError("no such chat")
    return found


async def _session(house: House, chat: ChatRow) -> Session:
    current = house.clock.machine_now()
    identified = chat.level == sessions.IDENTIFIED and _proof_holds(house, chat, current)
    level = chat.level if identified or chat.level != sessions.IDENTIFIED else sessions.LINKED
    seated = await members.get(chat.member_id) if chat.member_id else None
    seat = _member_view(seated) if seated else None
    return Session(
        chat_id=chat.id,
        channel=chat.channel,
        language=chat.language or "",
        level=level,
        debtor_id=(chat.debtor_id if identified else None),
        case_ids=chat.case_ids if identified else frozenset(),
        name=chat.first_name if identified else None,
        member=seat if chat.member_until is not None and chat.member_until > current else None,
        stopped=chat.stopped,
        quarantined=chat.quarantined,
        reads_here=chat.reads_here and identified,
        proof=chat.proof if identified else None,
        represents=chat.represents_id if identified else None,
        rights=chat.rights if identified and chat.represents_id else frozenset(),
        seat=seat,
    )


async def _note(house: House, chain: str, actor: str, action: str, **data: object) -> None:
    """A line of the audit log outside any case."""
    await audit.record(chain, house.clock.now(), actor, action, data)
