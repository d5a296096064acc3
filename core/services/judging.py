"""The creditor's word about a dispute: right in all of it, in a part, or a no with reasons and documents.

Staff can answer in a creditor's place. Who was quicker is told to whoever comes second.
"""

import json
from collections.abc import AsyncIterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from core import credit, dispute, ledger
from core.books import books
from core.case import Case, Decision
from core.errors import NotAllowed, Refusal
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.objections import Objection, Parts, objections
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.services import disputes, evidence, kept_payments
from core.services.cases import open_case
from core.services.holds import close_reviews
from core.services.house import House
from core.standing import CREDITOR_ANSWER_DAYS
from core.store import audit, members, tasks
from core.store.database import transaction
from core.store.evidence import EvidenceRow
from core.store.tasks import TaskRow

#: An answer stands in a letter among other things.
REASON_MAX: Final = 500
#: The kinds of tasks that end with a creditor's word.
WAIT_FOR_CREDITOR: Final = ("task.dispute", "task.plan_asked", "task.settlement")
_ANSWERED: Final = "dispute.answer"


@dataclass(frozen=True, slots=True, repr=False)
class Matter:
    """A dispute as whoever answers it sees it: ground, words and evidence, never more of the person.

    ``most``: so much can be credited, of which a part must be less.
    """

    case: Case
    raised: Objection
    words: tuple[str, ...]
    files: tuple[EvidenceRow, ...]
    answer_by: date
    most: Ore
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an answer does, before it is given, in öre. ``payable``: what the creditor gets more, or less, from us."""

    credited: Ore
    left: Ore
    over: Ore
    payable: Ore
    closes: bool


async def waiting(house: House, actor: Actor, limit: int, case_id: int | None = None) -> tuple[TaskRow, ...]:
    """What waits for the word of this member's creditor, perhaps in one case, what is due first; for staff, of all."""
    _may_answer(actor)
    creditor_id = actor.creditor_id if actor.role in CREDITOR_SIDE else None
    return await tasks.of_creditor(creditor_id, WAIT_FOR_CREDITOR, limit, case_id)


async def number_of(house: House, actor: Actor, case_id: int) -> str:
    """The case's number. Raises NotFound when it is not theirs."""
    return (await open_case(house, actor, case_id)).ocr


async def matter(house: House, actor: Actor, case_id: int, receipt: int = 0) -> Matter:
    """A dispute to be answered; without a number the first that waits. Raises NotFound, Refusal ``not_disputed``."""
    _may_answer(actor)
    case = await open_case(house, actor, case_id)
    raised = _chosen(case, receipt)
    about = f"{disputes.KIND}:{raised.receipt}"
    return Matter(
        case,
        raised,
        await disputes.words_of(house, actor, case_id, raised.receipt),
        await evidence.of_matter(house, actor, case_id, about),
        raised.since + timedelta(days=CREDITOR_ANSWER_DAYS),
        sum(ore for _, ore in _within(case, raised, house.clock.today())),
        "" if raised.stops else await _answered_by(case, raised.receipt),
    )


def _chosen(case: Case, receipt: int) -> Objection:
    waiting = [raised for raised in objections(case) if raised.receipt == receipt or (not receipt and raised.stops)]
    if not waiting:
        raise Refusal("not_disputed")
    return waiting[0]


async def _answered_by(case: Case, receipt: int) -> str:
    """The first name of whoever answered, as the audit log has them."""
    for entry in reversed(await audit.entries(audit.case_chain(case.id))):
        if entry.action == _ANSWERED and json.loads(entry.data).get("receipt") == receipt:
            role, _, number = entry.actor.partition(":")
            member = await members.get(int(number)) if role in _MEMBERS else None
            return member.name.split()[0] if member and member.name else ""
    return ""


_MEMBERS = frozenset(str(role) for role in (*STAFF, *CREDITOR_SIDE))


async def preview(
    house: House, actor: Actor, case_id: int, receipt: int, word: str, amount: Ore | None = None
) -> Figures:
    """Everything that an answer would do. Nothing is booked. Raises as `answer`."""
    _may_answer(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()
    decision = dispute.answer(case, receipt, word, 0, today, parts=_parts(case, receipt, word, amount, today))
    [told] = [notice.facts for notice in decision.notices if notice.kind == "dispute.answer"]
    payable = sum(row.ore for row in decision.transfers if row.credit == ledger.PAYABLE)
    payable -= sum(row.ore for row in decision.transfers if row.debit == ledger.PAYABLE)
    closes = case.adding(decision).closed is not None
    return Figures(told["credited_ore"], told["left_ore"], told["over_ore"], payable, closes)


async def add_document(
    house: House, actor: Actor, case_id: int, receipt: int, name: str, stream: AsyncIterable[bytes]
) -> int:
    """A document that goes with the answer; how many there are now. Raises as `evidence.add`."""
    _may_answer(actor)
    await evidence.add(house, actor, case_id, f"answer:{receipt}", name, stream)
    return len(await evidence.of_matter(house, actor, case_id, f"answer:{receipt}"))


async def answer(
    house: House, actor: Actor, case_id: int, receipt: int, word: str, reason: str = "", amount: Ore | None = None
) -> Case:
    """The creditor's word: ``upheld``, ``partly`` (``amount`` is credited) or ``rejected``; all but the first say why.

    Raises NotAllowed (also for a clerk who would take back much), Refusal ``reason`` without one, ``text_long``,
    ``not_disputed``, ``credit_amount``, ``closed``.
    """
    _may_answer(actor)
    check_reason(word, reason)
    if actor.role is Role.CLERK and word != "rejected":
        figures = await preview(house, actor, case_id, receipt, word, amount)
        if figures.credited > credit.LARGE_ORE:
            raise NotAllowed("credit_supervisor")
    today = house.clock.today()
    async with transaction():
        case = await open_case(house, actor, case_id)
        text_id = await tasks.keep_text("answer", reason.strip(), house.clock.now(), case_id=case_id)
        count = len(await evidence.of_matter(house, actor, case_id, f"answer:{receipt}"))

        def decide(case: Case) -> Decision:
            case = case.open_to(actor)
            parts = _parts(case, receipt, word, amount, today)
            given = dispute.answer(case, receipt, word, text_id, today, parts=parts, files=count)
            return _with_letter(case, given, receipt, today)

        case = await house.book.change(case_id, decide, actor, action=f"dispute.{word}")
        digest = await tasks.fingerprint(text_id)
        await house.book.note(case_id, actor, _ANSWERED, receipt=receipt, text=text_id, digest=digest)
        await disputes.finish_tasks(case, receipt, today, actor)
        await kept_payments.close_tasks(house, actor, case)
        await close_reviews(house, actor, case)
    return case


async def reject(house: House, actor: Actor, case_id: int, reason: str) -> Case:
    """A no to the dispute that waits, given by staff. Raises as `answer`."""
    if actor.role not in STAFF:
        raise NotAllowed
    check_reason("rejected", reason)
    raised = _chosen(await open_case(house, actor, case_id), 0)
    return await answer(house, actor, case_id, raised.receipt, "rejected", reason)


def check_reason(word: str, reason: str) -> None:
    """Raises Refusal ``reason`` or ``text_long``."""
    if word != "upheld" and not reason.strip():
        raise Refusal("reason")
    if len(reason) > REASON_MAX:
        raise Refusal("text_long", most=REASON_MAX)


def _parts(case: Case, receipt: int, word: str, amount: Ore | None, today: date) -> Parts:
    """Which principal the creditor gives the debtor right in: of a disputed part within it, else the latest first."""
    if word != "partly":
        return ()
    return _taken(_within(case, _chosen(case, receipt), today), amount or 0)


def _within(case: Case, raised: Objection, today: date) -> Parts:
    left = sorted(books(case, today).claims, key=lambda state: (state.claim.due_date, state.claim.id), reverse=True)
    return raised.parts or tuple((state.claim.id, state.principal_left) for state in left)


def _taken(within: Parts, amount: Ore) -> Parts:
    most = sum(ore for _, ore in within)
    if not 0 < amount < most:
        raise Refusal("credit_amount", most_ore=most)
    parts: list[tuple[int, Ore]] = []
    for claim, ore in within:
        part = min(ore, amount)
        if part:
            parts.append((claim, part))
            amount -= part
    return tuple(parts)


def _with_letter(case: Case, given: Decision, receipt: int, today: date) -> Decision:
    """Where no letter with a new last day tells the answer, one of its own does: not everybody sits in a chat."""
    if any(notice.kind == "resumed" for notice in given.notices):
        return given
    [told] = [notice.facts for notice in given.notices if notice.kind == "dispute.answer"]
    key = f"{case.ocr}:dispute:{receipt}:answer:letter:{len(case.facts)}"
    letter = Notice(key, "answer", Receiver.DEBTOR, Form.DOCUMENT, today, told, via=None)
    return replace(given, notices=(*given.notices, letter))


def _may_answer(actor: Actor) -> None:
    if actor.role not in STAFF and actor.role not in CREDITOR_SIDE and actor.role is not Role.SYSTEM:
        raise NotAllowed
