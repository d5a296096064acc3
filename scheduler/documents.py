"""Written notices to the debtor: a letter to print, or a document that lies open in the chat and is announced there.

Messaging first. Where nothing may or can ring on the day of issue, the letter goes at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core import hold, reach, reading, sending, steps
from core.case import NOTHING, Case, Decision
from core.contact import WEEK, local_day, when_next, wished
from core.errors import Refusal
from core.party import SYSTEM
from core.ports import Carried, Codes, Message, Outcome, Paper, PrinterDown
from core.store import attempts, outbox, tasks, wishes
from core.store.attempts import SHARED
from core.store.database import transaction
from core.store.outbox import LeaseLost, Row
from core.store.sessions import ChatRow
from scheduler import places
from scheduler.codes import codes_of, keep_codes, without_secrets
from scheduler.deps import Deps
from scheduler.retry import TRIES_MAX, carry, delay_s, vain_tries

LETTER = "letter"
CHAT = "chat"
#: Another process is announcing something to the same person at this moment: look again soon.
IN_FLIGHT_S = 2.0
#: After so many vain tries to hand a letter over, staff are told that printing stands still.
PRINT_ALARM_TRIES = 5


class _Overtaken(Exception):
    """Between asking and recording, the case went another way: undo, and take the document back."""


class _Incomplete(Exception):
    """The document may not be made as the case stands."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


async def deliver(deps: Deps, row: Row) -> None:
    """One document on its way: withdraw it, announce it, or print it."""
    assert row.case_id is not None
    case = await deps.house.book.load(row.case_id)
    if why := sending.why_not(case, row.kind, row.key, row.data, deps.house.clock.today()):
        await withdraw(deps, row, case, why)
        return
    chats = () if LETTER in (row.via, row.interrupted_in) else await _ringing(deps, row, case)
    try:
        for chat in chats:
            if await _announce(deps, row, case, chat):
                return
        await _print(deps, row, case)
    except _Incomplete as incomplete:
        await _stop(deps, row, case, incomplete.refusal)


async def withdraw(deps: Deps, row: Row, case: Case, why: str) -> None:
    """It does not leave: the step falls away, and its cost with it. A file that was made already goes first."""
    today = deps.house.clock.today()

    def decide(case: Case) -> Decision:
        taken = steps.waiting(case)
        return steps.withdraw(case, taken, why, today) if taken and taken.key == row.key else NOTHING

    if row.interrupted_in == LETTER:
        await deps.printer.take_back(row.on, row.key)
    async with transaction():
        await outbox.withdraw(row, deps.house.clock.now(), why)
        await deps.house.book.change(case.id, decide, SYSTEM, action="notice.withdrawn")


async def _stop(deps: Deps, row: Row, case: Case, refusal: Refusal) -> None:
    """The law wants more in the document than we know: the case rests until a person has mended it."""
    today = deps.house.clock.today()

    def decide(case: Case) -> Decision:
        held = NOTHING if case.closed else hold.place(case, "staff", today)
        facts = {"code": refusal.code, "notice": row.kind, "fields": list(refusal.facts.get("fields", ()))}
        told = steps.task(case, f"incomplete:{row.id}", "incomplete", today, **facts)
        return Decision(held.facts, held.transfers, (*held.notices, told))

    async with transaction():
        await outbox.failed(row, row.via or "", deps.house.clock.now(), refusal.code)
        await deps.house.book.change(case.id, decide, SYSTEM, action="notice.incomplete")


async def _typeset(deps: Deps, row: Row, case: Case, codes: Codes) -> Paper:
    try:
        return await deps.press.typeset(case, row.key, codes)
    except Refusal as refusal:
        raise _Incomplete(refusal) from refusal


# By letter


async def _print(deps: Deps, row: Row, case: Case) -> None:
    """The file first, then one transaction for all that follows from it. The same key is the same file."""
    codes = await codes_of(deps.house, row, on_paper=True)
    paper = await _typeset(deps, row, case, codes)
    await outbox.starting(row, LETTER, verify_code=codes.verify_code)
    try:
        path = await deps.printer.put(row.on, row.key, paper, case)
    except PrinterDown as down:
        await _print_later(deps, row, str(down))
        return
    try:
        async with transaction():
            await _issued(deps, row, LETTER, codes, paper, path)
            await outbox.sent(row, LETTER, deps.house.clock.now(), provider_ref=path[:120])
    except _Overtaken as overtaken:
        await deps.printer.take_back(row.on, row.key)
        await withdraw(deps, row, case, str(overtaken))
    except LeaseLost:
        # Withdrawn while it was printed: the file goes. Taken over by another process: the file is theirs.
        await clear_left_behind(deps)


async def _print_later(deps: Deps, row: Row, code: str) -> None:
    now, today = deps.house.clock.now(), deps.house.clock.today()
    vain = vain_tries(await attempts.of_notice(row.id)) + 1
    await outbox.retry(row, LETTER, now, code, delay_s(vain))
    if vain == PRINT_ALARM_TRIES:
        await tasks.add(f"print:{today:%Y%m%d}", "task.print", {"code": code}, today, today)


async def clear_left_behind(deps: Deps) -> int:
    """Files of letters whose step was withdrawn before they were recorded must not be posted; how many there were."""
    found = await attempts.left_behind()
    for notice_id, key, on in found:
        await deps.printer.take_back(on, key)
        await attempts.taken_back(notice_id, deps.house.clock.now())
    return len(found)


# In the chat


async def _ringing(deps: Deps, row: Row, case: Case) -> tuple[ChatRow, ...]:
    """The chats that ring and still take what we send on our own initiative, the best first.

    After a crash over one of them that one alone: nobody knows whether it rang.
    """
    tries = await attempts.of_notice(row.id)
    vain = {attempt.chat_id for attempt in tries if attempt.outcome in (Outcome.REFUSED, Outcome.DEAD)}
    vain |= {attempt.chat_id for attempt in tries if vain_tries(tries, attempt.chat_id) >= TRIES_MAX}
    found = await places.ringing(deps, case, vain)
    interrupted = [chat for chat in found if chat.channel == row.interrupted_in]
    return tuple(interrupted[:1]) if interrupted else found


class _Plan(StrEnum):
    RING = "ring"
    SHARE = "share"
    UNSURE = "unsure"
    LATER = "later"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class _Planned:
    """What to do about an announcement; ``until``: the hour at which it may be made."""

    plan: _Plan
    until: datetime | None = None


async def _announce(deps: Deps, row: Row, case: Case, chat: ChatRow) -> bool:
    """Lay the document open and ring once. False: it cannot be announced, print it."""
    codes = await codes_of(deps.house, row, on_paper=False)
    paper = await _typeset(deps, row, case, codes)
    async with transaction():
        await attempts.lock_person(case.debtor.id)
        planned = await _plan(deps, row, case, chat)
        if planned.plan is _Plan.LATER:
            await (outbox.postpone(row, planned.until) if planned.until else outbox.again(row, IN_FLIGHT_S))
        elif planned.plan is not _Plan.LETTER:
            await outbox.starting(row, chat.channel, verify_code=codes.verify_code)
    match planned.plan:
        case _Plan.LATER:
            return True
        case _Plan.LETTER:
            return False
        case _Plan.SHARE:
            carried = Carried(Outcome.SENT, reference=SHARED)
        case _Plan.UNSURE:
            carried = Carried(Outcome.UNKNOWN, code="interrupted")
        case _Plan.RING:
            await places.pass_gate(deps, chat.channel)
            carried = await carry(deps.carrier, _pointer(row, case, chat, codes))
            await places.learn(deps, chat.channel, carried)
    return await _announced(deps, row, case, chat, carried, codes, paper)


async def _plan(deps: Deps, row: Row, case: Case, chat: ChatRow) -> _Planned:
    """Decided under the person's lock, so that two processes do not ring twice."""
    now = deps.house.clock.now()
    if row.interrupted_in and row.interrupted_in not in deps.carrier.keyed:
        return _Planned(_Plan.UNSURE)
    if await attempts.ringing_now(case.debtor.id, row.id):
        return _Planned(_Plan.LATER)
    rung = [attempt.at for attempt in await attempts.rung(case.debtor.id, now - WEEK - timedelta(days=1))]
    if any(local_day(at) == local_day(now) for at in rung):
        return _Planned(_Plan.SHARE)
    wish = await wishes.of_debtor(case.debtor.id)
    until = when_next(now, rung, case.rules.calendar, wished(wish.from_hour, wish.until_hour))
    if until <= now:
        return _Planned(_Plan.RING)
    return _Planned(_Plan.LATER, until) if local_day(until) == local_day(now) else _Planned(_Plan.LETTER)


def _pointer(row: Row, case: Case, chat: ChatRow, codes: Codes) -> Message:
    """It tells of nothing but itself: no creditor, no amount, no case."""
    language, code = _language(case, chat), codes.verify_code
    return Message(row.key, chat.id, chat.channel, language, "pointer", {}, None, code, row.created_at)


def _language(case: Case, chat: ChatRow) -> str:
    return chat.language or case.debtor.language


async def _announced(
    deps: Deps, row: Row, case: Case, chat: ChatRow, carried: Carried, codes: Codes, paper: Paper
) -> bool:
    """Record what became of the announcement. False: it did not get there and never will."""
    now = deps.house.clock.now()
    if carried.outcome in (Outcome.SENT, Outcome.UNKNOWN):
        await _lies_open(deps, row, case, chat, carried, codes, paper)
        return True
    vain = vain_tries(await attempts.of_notice(row.id), chat.id) + 1
    async with transaction():
        code, reference = carried.code, str(chat.id)
        await outbox.tried(row, carried.outcome, chat.channel, now, code=code, provider_ref=reference)
        if carried.outcome is Outcome.RETRY:
            await outbox.again(row, max(delay_s(vain), carried.retry_after_s))
        elif carried.outcome is Outcome.DEAD:
            await let_go(deps, case.id, chat)
    return carried.outcome is Outcome.RETRY


async def let_go(deps: Deps, case_id: int, chat: ChatRow) -> None:
    """The address takes nothing any more: nothing is announced there until its owner proves it anew."""
    today = deps.house.clock.today()
    await deps.house.book.change(
        case_id, lambda case: reach.unbind(case, chat.channel, chat.id, "dead", today), SYSTEM, action="reach.dead"
    )


async def _lies_open(
    deps: Deps, row: Row, case: Case, chat: ChatRow, carried: Carried, codes: Codes, paper: Paper
) -> None:
    """The document is issued. Where nobody knows whether it was announced, the three-day letter reaches its reader."""
    now = deps.house.clock.now()
    reference = SHARED if carried.reference == SHARED else _reference(chat, carried)
    try:
        async with transaction():
            await _issued(deps, row, CHAT, codes, paper, None)
            if carried.text:
                language = _language(case, chat)
                await attempts.keep_document(row.id, case.id, "pointer", language, now, text=carried.text)
            if carried.outcome is Outcome.UNKNOWN:
                await outbox.tried(row, "unknown", chat.channel, now, code=carried.code, provider_ref=reference)
                await outbox.settled(row, "unknown", chat.channel, now)
            else:
                await outbox.sent(row, chat.channel, now, provider_ref=reference)
    except _Overtaken as overtaken:
        await withdraw(deps, row, case, str(overtaken))


def _reference(chat: ChatRow, carried: Carried) -> str:
    return f"{chat.id}:{carried.reference}" if carried.reference else str(chat.id)


async def _issued(deps: Deps, row: Row, via: str, codes: Codes, paper: Paper, path: str | None) -> None:
    """The document left: the fact, its codes, and the document word for word. In the caller's transaction.

    Raises LeaseLost, or _Overtaken when the case went another way meanwhile.
    """
    house = deps.house
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        if why := sending.why_not(case, row.kind, row.key, row.data, today):
            raise _Overtaken(why)
        return reading.issued(case, row.key, via, today)

    assert row.case_id is not None
    await outbox.issued(row, via, today)
    await house.book.change(row.case_id, decide, SYSTEM, action="notice.issued")
    await keep_codes(house, row, codes)
    text = without_secrets(paper.text, codes)
    await attempts.keep_document(
        row.id, row.case_id, row.kind, paper.language, house.clock.now(), text=text, pdf=paper.pdf, path=path
    )
