"""Hard times (svår tid): a breathing space over all of a person's cases, and interest that a person lets fall.

Asked for, never guessed; why somebody asks is not told and not kept. Creditors see a pause and no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core import hold
from core.books import books, rebook
from core.calendar import ONE_DAY
from core.case import NOTHING, Case, CaseId, Decision
from core.dunning import current_deadline
from core.errors import Refusal
from core.facts import Fact, HoldLifted, HoldPlaced, InterestResumed, InterestStopped, InterestWaived
from core.notice import Form, Notice, Receiver
from core.standing import Hold, open_holds
from core.steps import task

REASON = "hardship"
PAUSE_DAYS = 30
#: A person of ours writes within so many banking days.
ANSWER_BANK_DAYS = 3


@dataclass(frozen=True, slots=True)
class Breath:
    """A breathing space: its last day, until when a person writes, and the last day to pay when it is over (None:
    nothing has set one); ``elsewhere``: that is the day of another case. ``receipt`` is empty where it was asked for in
    another case."""

    until: date
    answer_by: date
    deadline: date | None
    receipt: str
    elsewhere: bool = False


def paused(case: Case) -> Hold | None:
    """The breathing space that lasts, if there is one."""
    return next((paused for paused in open_holds(case) if paused.reason == REASON), None)


def pause(cases: Mapping[CaseId, Case], lead: CaseId, today: date) -> dict[CaseId, Decision]:
    """Thirty days over every open case. ``lead`` is the one it was asked in: it has the receipt and staff's task.

    Nothing for cases that have it already. Raises Refusal ``closed`` when none of them is open.
    """
    still = {case_id: case for case_id, case in cases.items() if not case.closed}
    if not still:
        raise Refusal("closed")
    at = lead if lead in still else min(still)
    until = today + timedelta(days=PAUSE_DAYS)
    held = {case_id: hold.place(case, REASON, today, until=until) for case_id, case in still.items()}
    if not held[at]:
        return {case_id: decision for case_id, decision in held.items() if decision}
    others = [case.with_facts(held[case_id].facts) for case_id, case in still.items() if case_id != at]
    held[at] = _with_receipt(still[at], held[at], tuple(case_id for case_id in held if held[case_id]), others, today)
    return {case_id: decision for case_id, decision in held.items() if decision}


def _with_receipt(
    case: Case, held: Decision, paused_cases: tuple[CaseId, ...], others: Iterable[Case], today: date
) -> Decision:
    number = case.next_receipt()
    facts = tuple(replace(fact, receipt=number) if isinstance(fact, HoldPlaced) else fact for fact in held.facts)
    space = breath(case.with_facts(facts), today)
    assert space is not None
    space = beside(space, [breath(other, today) for other in others])
    told = {
        "receipt": space.receipt,
        "until": space.until.isoformat(),
        "answer_by": space.answer_by.isoformat(),
        "deadline": space.deadline.isoformat() if space.deadline else None,
        "elsewhere": space.elsewhere,
    }
    ref = f"{case.ocr}:hardship:{number}"
    notices = (
        Notice(ref, "hardship.receipt", Receiver.DEBTOR, Form.CHAT, today, told),
        task(case, f"hardship:{number}", "hardship", space.answer_by, cases=list(paused_cases)),
    )
    return Decision(facts, held.transfers, (*held.notices, *notices))


def breath(case: Case, today: date) -> Breath | None:
    """The breathing space as it is told to the person; None when there is none."""
    lasting = paused(case)
    if lasting is None:
        return None
    placed = next(fact for fact in case.all(HoldPlaced) if fact.ref == lasting.ref)
    answer_by = case.rules.calendar.add(placed.on, ANSWER_BANK_DAYS)
    receipt = f"{case.ocr}-{placed.receipt}" if placed.receipt else ""
    return Breath(lasting.ends_on or lasting.review_on, answer_by, _after(case, lasting), receipt)


def beside(space: Breath, others: Iterable[Breath | None]) -> Breath:
    """The same with the first day that another case has after the pause, where this one has none."""
    days = [other.deadline for other in others if other and other.deadline]
    return space if space.deadline or not days else replace(space, deadline=min(days), elsewhere=True)


def _after(case: Case, lasting: Hold) -> date | None:
    """The last day to pay once this pause has ended by itself; None while something else stops the case too."""
    if lasting.ends_on is None or len(open_holds(case)) > 1:
        return None
    over = lasting.ends_on + ONE_DAY
    return current_deadline(case.with_facts((HoldLifted(on=over, recorded_on=over, ref=lasting.ref),)))


def end(cases: Mapping[CaseId, Case], today: date) -> dict[CaseId, Decision]:
    """The person ends the breathing space themselves: time runs on, never less than eight days."""
    reasons = frozenset({REASON})
    return {case_id: hold.lift(case, today, reasons) for case_id, case in cases.items() if paused(case)}


# Interest


def lower_interest(case: Case, today: date) -> Decision:
    """The person asks that a person of ours looks at the interest (jämkning, räntelagen 8 §)."""
    if case.closed:
        raise Refusal("closed")
    due = case.rules.calendar.add(today, ANSWER_BANK_DAYS)
    return Decision((), (), (task(case, f"interest:{today:%Y%m%d}", "interest", due),))


def stopped(case: Case) -> InterestStopped | None:
    """The stop of interest that lasts, if there is one."""
    over = {fact.ref for fact in case.all(InterestResumed)}
    lasting = [fact for fact in case.all(InterestStopped) if fact.ref not in over and fact.ref.startswith(REASON)]
    return lasting[-1] if lasting else None


def let_fall(case: Case, today: date, *, waive: bool) -> Decision:
    """A person of ours lets interest stand still from today, and with ``waive`` what has run so far fall away.

    Nothing when it stands still already and nothing is left to waive. Raises Refusal ``closed``.
    """
    if case.closed:
        raise Refusal("closed")
    run = books(case, today).interest_left if waive else 0
    facts: list[Fact] = []
    if run > 0:
        facts.append(InterestWaived(on=today, recorded_on=today, ore=run))
    number = sum(1 for _ in case.all(InterestStopped)) + 1
    if stopped(case) is None:
        facts.append(InterestStopped(on=today, recorded_on=today, ref=f"{REASON}:{number}"))
    if not facts:
        return NOTHING
    ref = f"{case.ocr}:interest:{len(case.facts)}"
    told = {"ore": run, "owed_ore": books(case.with_facts(facts), today).payable}
    notice = Notice(ref, "hardship.interest", Receiver.DEBTOR, Form.CHAT, today, told)
    return Decision(tuple(facts), rebook(case, tuple(facts), today, "interest", ref), (notice,))


def run_again(case: Case, today: date) -> Decision:
    """Interest runs on from tomorrow; what has fallen stays fallen. Nothing when it runs. Raises Refusal ``closed``."""
    lasting = stopped(case)
    if case.closed:
        raise Refusal("closed")
    if lasting is None:
        return NOTHING
    fact = InterestResumed(on=today, recorded_on=today, ref=lasting.ref)
    ref = f"{case.ocr}:interest:{len(case.facts)}"
    notice = Notice(ref, "hardship.interest_again", Receiver.DEBTOR, Form.CHAT, today, {})
    return Decision((fact,), rebook(case, (fact,), today, "interest", ref), (notice,))
