"""What is said in chats: receipts and answers to the debtor, news to the creditor's members, tasks to staff.

A debtor reads the words themselves only in a chat that has proved at this moment who is there; anywhere else stands a
pointer, which knows nothing. None of this is on our initiative, so no cap counts; a pocket is still not rung at night,
and once for all the receipts that lie there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from core import sending
from core.case import RINGING, Case
from core.contact import WEEK, when_next, wished
from core.notice import Receiver
from core.party import Role
from core.ports import Carried, Message, Outcome
from core.rules import RULES
from core.store import attempts, members, outbox, sessions, tasks, wishes
from core.store.attempts import Try
from core.store.database import transaction
from core.store.outbox import DECIDED_BY, Row
from core.store.sessions import ChatRow
from core.store.wishes import NO_WISH
from scheduler import places
from scheduler.codes import verify_code
from scheduler.deps import Deps
from scheduler.documents import let_go
from scheduler.retry import TRIES_MAX, carry, delay_s, vain_tries

POINTER: Final = "pointer"
#: Many may come at once, as when a debt adviser pays ten instalments: one ring stands for all.
RECEIPT: Final = "receipt"
#: Outcomes after which a chat is done with.
OVER: Final = frozenset({Outcome.SENT, Outcome.UNKNOWN, Outcome.REFUSED, Outcome.DEAD})


async def deliver(deps: Deps, row: Row) -> None:
    """One message on its way."""
    case = await deps.house.book.load(row.case_id) if row.case_id is not None else None
    if case and (why := sending.why_not(case, row.kind, row.key, row.data, deps.house.clock.today())):
        await outbox.withdraw(row, deps.house.clock.now(), why)
    elif row.receiver == Receiver.DEBTOR:
        await _to_debtor(deps, row, case)
    else:
        await _to_members(deps, row, case)


# To the debtor


async def _to_debtor(deps: Deps, row: Row, case: Case | None) -> None:
    if row.kind in sending.TALK and (there := await _in_talk(deps, row, case)):
        await _to_each(deps, row, case, there)
        return
    tries = await attempts.of_notice(row.id)
    if row.interrupted_in and row.interrupted_in not in deps.carrier.keyed:
        await outbox.unknown(row, row.interrupted_in, deps.house.clock.now(), "interrupted")
        return
    over = await _over(row, tries)
    place = await _place(deps, row, case, over)
    if place is None or sending.on_screen(place[1], row.data) or _too_late(row, place[1]):
        await outbox.kept(row, deps.house.clock.now())
        return
    chat, kind = place
    if kind == POINTER and row.kind == RECEIPT and await attempts.pointed_since(row.receiver_id, row.created_at):
        # It lay there already when the person was rung: what that ring leads to is this receipt, too.
        await outbox.kept(row, deps.house.clock.now())
        return
    now, country = deps.house.clock.now(), case.rules if case else RULES["SE"]
    wish = await wishes.of_debtor(case.debtor.id) if case else NO_WISH
    rung = await _rung(deps, row, case)
    until = when_next(now, rung, country.calendar, wished(wish.from_hour, wish.until_hour))
    if kind == POINTER and chat.channel in RINGING and until > now:
        await outbox.postpone(row, until)
        return
    carried = await _say(deps, row, case, chat, kind)
    await _said(deps, row, case, chat, carried, tries)


async def _over(row: Row, tries: Iterable[Try]) -> set[int | None]:
    """The chats that are done with: for a second ring also those of the first."""
    over = {attempt.chat_id for attempt in tries if attempt.outcome in OVER}
    if row.kind == sending.RING_AGAIN:
        first = await outbox.by_key(row.data["document"])
        over |= {attempt.chat_id for attempt in (await attempts.of_notice(first.id) if first else ())}
    return over


def _too_late(row: Row, kind: str) -> bool:
    return kind == POINTER and row.kind in sending.SAID_IN_TALK


async def _rung(deps: Deps, row: Row, case: Case | None) -> tuple[datetime, ...]:
    """What counts against a call on our own initiative: only the second ring of a document is one."""
    if case is None or row.kind != sending.RING_AGAIN:
        return ()
    since = deps.house.clock.now() - WEEK - timedelta(days=1)
    return tuple(attempt.at for attempt in await attempts.rung(case.debtor.id, since))


async def _place(deps: Deps, row: Row, case: Case | None, over: set[int | None]) -> tuple[ChatRow, str] | None:
    """The chat in which to say it, and whether as itself or as a pointer."""
    asked_in = row.data.get("chat")
    if isinstance(asked_in, int):
        chat = await sessions.get(asked_in)
        if chat is None or chat.quarantined or chat.id in over:
            return None
        # A stranger's question belongs to no case, and its answer goes where it was asked.
        strangers = case is None and "asker" not in row.data
        return chat, (row.kind if strangers or (case and _may_read(deps, chat, case)) else POINTER)
    assert case is not None
    for chat in await sessions.of_debtor(case.debtor.id, deps.house.clock.machine_now()):
        if chat.id not in over and _may_read(deps, chat, case):
            return chat, row.kind
    return await _pointed(deps, case, over)


async def _pointed(deps: Deps, case: Case, over: set[int | None]) -> tuple[ChatRow, str] | None:
    """A place for a pointer: what rings, else a chat that was reached by the person's link."""
    for chat in await places.ringing(deps, case, over):
        return chat, POINTER
    for chat in await sessions.linked_to(case.debtor.id):
        if chat.id not in over:
            return chat, POINTER
    return None


async def _in_talk(deps: Deps, row: Row, case: Case | None) -> tuple[ChatRow, ...]:
    """Where the person of a talk reads now: in the chat where they asked, and wherever they have shown who they are.

    A representative's talk stays in the chat where it began.
    """
    asker = case.debtor.id if case else row.data.get("asker")
    if asker is None:
        return ()
    asked_in = await sessions.get(row.data["chat"]) if "chat" in row.data else None
    chats = [asked_in] if asked_in and not asked_in.quarantined else []
    if "agent" not in row.data:
        identified = await sessions.of_debtor(asker, deps.house.clock.machine_now())
        chats += [chat for chat in identified if asked_in is None or chat.id != asked_in.id]
    return tuple(chat for chat in chats if _reads(deps, chat, asker, case.id if case else None))


def _may_read(deps: Deps, chat: ChatRow, case: Case) -> bool:
    return _reads(deps, chat, case.debtor.id, case.id)


def _reads(deps: Deps, chat: ChatRow, debtor_id: int, case_id: int | None) -> bool:
    """Identified now, for this case; and where others store what is shown, the person has chosen to read there."""
    proved = chat.until is not None and chat.until > deps.house.clock.machine_now()
    theirs = chat.debtor_id == debtor_id and (not chat.case_ids or case_id is None or case_id in chat.case_ids)
    return proved and theirs and (chat.reads_here or chat.channel not in RINGING)


async def _said(deps: Deps, row: Row, case: Case | None, chat: ChatRow, carried: Carried, tries: Iterable[Try]) -> None:
    """Record what became of it; where the chat takes nothing any more, look for another place at once."""
    now, code, reference = deps.house.clock.now(), carried.code, _reference(chat, carried)
    vain = vain_tries(tries, chat.id) + 1
    async with transaction():
        await outbox.tried(row, carried.outcome, chat.channel, now, code=code, provider_ref=reference)
        if carried.outcome is Outcome.RETRY and vain < TRIES_MAX:
            await outbox.again(row, max(delay_s(vain), carried.retry_after_s))
        elif carried.outcome is Outcome.DEAD:
            await outbox.again(row, 0.0)
            if case:
                await let_go(deps, case.id, chat)
        else:
            state = carried.outcome if carried.outcome in (Outcome.SENT, Outcome.UNKNOWN) else "failed"
            await outbox.settled(row, state, chat.channel, now)
            if state == "failed":
                await alarm(deps, row)


# To the creditor's members, and to staff


async def _to_members(deps: Deps, row: Row, case: Case | None) -> None:
    """Every chat of every member hears it; what was said in one before a crash is not said again.

    What is ``to`` one member, or for one chat (``in_chat``), is for nobody else. Whoever of them made it by a decision
    reads that decision's own screen, and its buttons stay the last ones.
    """
    staff = row.receiver == Receiver.STAFF
    receivers = await (members.of_staff() if staff else members.of_creditor(row.receiver_id))
    if "to" in row.data:
        receivers = tuple(member for member in receivers if member.id == row.data["to"])
    decided_by = row.data.get(DECIDED_BY)
    receivers = tuple(member for member in receivers if f"{member.role}:{member.id}" != decided_by)
    chats = await sessions.of_members(member.id for member in receivers if staff == (member.role in _STAFF))
    if "in_chat" in row.data:
        chats = tuple(chat for chat in chats if chat.id == row.data["in_chat"])
    await _to_each(deps, row, case, chats)


async def _to_each(deps: Deps, row: Row, case: Case | None, chats: Sequence[ChatRow]) -> None:
    before = await attempts.of_notice(row.id)
    over = {attempt.chat_id for attempt in before if attempt.outcome in OVER}
    unsure = row.interrupted_in if row.interrupted_in not in deps.carrier.keyed else None
    for chat in (chat for chat in chats if chat.id not in over):
        if unsure == chat.channel:
            carried, unsure = Carried(Outcome.UNKNOWN, code="interrupted"), None
        else:
            carried = await _say(deps, row, case, chat, row.kind)
        reference = _reference(chat, carried)
        now = deps.house.clock.now()
        await outbox.tried(row, carried.outcome, chat.channel, now, code=carried.code, provider_ref=reference)
        if carried.outcome is Outcome.DEAD and case and row.receiver == Receiver.DEBTOR:
            await let_go(deps, case.id, chat)
    await _settle(deps, row, {chat.id: chat for chat in chats})


async def _settle(deps: Deps, row: Row, chats: dict[int, ChatRow]) -> None:
    """Sent if anybody heard it, kept if nobody is there to hear it, again for those who were not reached yet."""
    tries = await attempts.of_notice(row.id)
    last = {attempt.chat_id: attempt.outcome for attempt in tries}
    waiting = [vain_tries(tries, chat_id) for chat_id in chats if last.get(chat_id) == Outcome.RETRY]
    if waiting and max(waiting) < TRIES_MAX:
        await outbox.again(row, delay_s(max(waiting)))
        return
    outcomes = set(last.values())
    state = next((s for s in (Outcome.SENT, Outcome.UNKNOWN) if s in outcomes), "failed" if waiting else "kept")
    channel = next((chat.channel for chat_id, chat in chats.items() if last.get(chat_id) == state), "")
    async with transaction():
        await outbox.settled(row, str(state), channel, deps.house.clock.now())
        if state == "failed":
            await alarm(deps, row)


_STAFF = frozenset({str(Role.CLERK), str(Role.SUPERVISOR)})


# Saying


async def _say(deps: Deps, row: Row, case: Case | None, chat: ChatRow, kind: str) -> Carried:
    """Write down that it is about to leave, then let it leave, then keep its words."""
    await places.pass_gate(deps, chat.channel)
    code = await verify_code(deps.house, row)
    await outbox.starting(row, chat.channel, verify_code=code)
    facts, seen = ({}, None) if kind == POINTER else (row.data, case)
    language = chat.language or (case.debtor.language if case and row.receiver == Receiver.DEBTOR else "sv")
    message = Message(row.key, chat.id, chat.channel, language, kind, facts, seen, code, row.created_at)
    carried = await carry(deps.carrier, message)
    await places.learn(deps, chat.channel, carried)
    if carried.text and carried.outcome in (Outcome.SENT, Outcome.UNKNOWN):
        now = deps.house.clock.now()
        await attempts.keep_document(row.id, row.case_id, kind, language, now, text=carried.text)
    return carried


def _reference(chat: ChatRow, carried: Carried) -> str:
    return f"{chat.id}:{carried.reference}" if carried.reference else str(chat.id)


async def alarm(deps: Deps, row: Row) -> None:
    """Staff look at a notice that will not leave by itself. In the caller's transaction."""
    today = deps.house.clock.today()
    await tasks.add(f"outbox:{row.id}", "task.outbox", {"notice": row.kind, "key": row.key}, today, today)
