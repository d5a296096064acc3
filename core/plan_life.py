"""A running instalment plan: what is due, paid and missed, and what is said about it on which day.

Three days before an instalment the debtor is reminded. Two banking days after it, so that payments under way arrive, a
friendly message gives eight days; then written notice gives eight more; then the plan ends and the case goes on where
it was. What is paid in between sets all right without a word. All of it follows from dates and facts: a night that was
missed heals, and nothing is said twice.

Each case lives its own share of a plan. What is said to the debtor is keyed by the plan, so that cases that share one
say it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from core.books import books
from core.calendar import ONE_DAY
from core.case import NOTHING, Case, CaseId, Decision
from core.facts import (
    Fact,
    InstalmentMissed,
    InstalmentReminded,
    PaymentReceived,
    PlanAccepted,
    PlanChanged,
    PlanEnded,
    PlanWarned,
)
from core.money import TOLERANCE_ORE, Ore, round_div, split
from core.notice import Form, Notice, Receiver
from core.plan_terms import Instalment, read
from core.standing import open_holds

REMIND_DAYS = 3
#: Payments that are under way have so many banking days to arrive before anything is called missed.
ARRIVE_BANK_DAYS = 2
GRACE_DAYS = 8
WARNING_DAYS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """One case's share of a plan, with the days as they are now; ``whole`` is the plan of all ``cases`` together."""

    id: str
    instalments: tuple[Instalment, ...]
    whole: tuple[Instalment, ...]
    accepted_on: date
    fee: Ore
    cases: tuple[CaseId, ...]
    interest_stops: bool
    changes: int

    def upto(self, day: date) -> Ore:
        """What is due by a day."""
        return sum(ore for due, ore in self.instalments if due <= day)

    @property
    def total(self) -> Ore:
        return sum(ore for _, ore in self.instalments)


@dataclass(frozen=True, slots=True)
class PlanStatus:
    """Where a plan stands. ``next_ore`` is what is still missing of the next instalment and any before it.

    ``missed_since`` is the day of the oldest instalment that is past and not paid. A krona is never missed.
    """

    next_due: date | None
    next_ore: Ore
    due_so_far: Ore
    paid_so_far: Ore
    left: Ore
    missed_since: date | None


def running(case: Case) -> Plan | None:
    """The plan that the case is on now, if any."""
    return None if case.closed else _unended(case)


def _unended(case: Case) -> Plan | None:
    accepted = case.last(PlanAccepted)
    if accepted is None or any(fact.plan == accepted.plan for fact in case.all(PlanEnded)):
        return None
    instalments, whole, changes = read(accepted.instalments), read(accepted.whole or accepted.instalments), 0
    for fact in case.all(PlanChanged):
        if fact.plan == accepted.plan:
            instalments = _changed(instalments, fact.on, read(fact.instalments))
            whole = _changed(whole, fact.on, read(fact.whole or fact.instalments))
            changes += 1
    return Plan(
        accepted.plan,
        instalments,
        whole,
        accepted.on,
        accepted.fee,
        accepted.cases or (case.id,),
        accepted.interest_stops,
        changes,
    )


def _changed(old: tuple[Instalment, ...], on: date, new: tuple[Instalment, ...]) -> tuple[Instalment, ...]:
    return (*(each for each in old if each[0] <= on), *new)


def paid_since(case: Case, plan: Plan) -> Ore:
    """All that came in since the plan was signed, whenever it was booked: what is too much pays the next ones."""
    paid, signed = 0, False
    for fact in case.facts:
        if isinstance(fact, PlanAccepted):
            signed = fact.plan == plan.id
        elif signed and isinstance(fact, PaymentReceived) and fact.reference not in case.reversed:
            paid += fact.amount
    return paid


def status(case: Case, today: date) -> PlanStatus:
    """Where the running plan of a case stands. Raises ValueError when there is none."""
    plan = running(case)
    if plan is None:
        raise ValueError("no plan runs")
    return _status(case, plan, today)


def _status(case: Case, plan: Plan, today: date) -> PlanStatus:
    paid, left = paid_since(case, plan), _left(case, plan, today)
    coming = _first_unpaid(plan, paid, left)
    lacking = 0 if coming is None else _lacking(plan, paid, left, coming)
    past = coming if coming is not None and coming < today else None
    return PlanStatus(coming, lacking, plan.upto(today), paid, left, past)


def _left(case: Case, plan: Plan, today: date) -> Ore:
    """What is left to pay: never more than the case owes, and all of it where interest runs on."""
    owed = max(books(case, today).payable, 0)
    return min(max(plan.total - paid_since(case, plan), 0), owed) if plan.interest_stops else owed


def _first_unpaid(plan: Plan, paid: Ore, left: Ore) -> date | None:
    for due, _ in plan.instalments:
        if _lacking(plan, paid, left, due) >= TOLERANCE_ORE:
            return due
    return None


def _lacking(plan: Plan, paid: Ore, left: Ore, due: date) -> Ore:
    """What is missing of everything due by a day; the last instalment takes what interest has run."""
    if due == plan.instalments[-1][0] and not plan.interest_stops:
        return left
    return min(max(plan.upto(due) - paid, 0), left)


def together(cases: Sequence[Case], today: date) -> PlanStatus:
    """Where a plan stands over all the cases that share it. Raises ValueError when none of them is on one."""
    each = [status(case, today) for case in cases if running(case)]
    if not each:
        raise ValueError("no plan runs")
    dues = [one.next_due for one in each if one.next_due]
    coming = min(dues, default=None)
    missed = [one.missed_since for one in each if one.missed_since]
    return PlanStatus(
        coming,
        sum(one.next_ore for one in each if one.next_due == coming),
        sum(one.due_so_far for one in each),
        sum(one.paid_so_far for one in each),
        sum(one.left for one in each),
        min(missed, default=None),
    )


def spread(cases: Sequence[Case], amount: Ore, today: date) -> dict[CaseId, Ore]:
    """One payment for a plan over its cases, by what each has left of it; what is too much goes to the first.

    Raises ValueError when none of them is on a plan.
    """
    left = {case.id: status(case, today).left for case in cases if running(case)}
    if not left:
        raise ValueError("no plan runs")
    within = min(amount, sum(left.values()))
    parts = dict(zip(left, split(within, list(left.values())), strict=True))
    first = next(iter(left))
    parts[first] += amount - within
    return {case: ore for case, ore in parts.items() if ore > 0}


# What comes next, and when


class Act(StrEnum):
    REMIND = "remind"
    MISS = "miss"
    WARN = "warn"
    END = "end"
    KEEP = "keep"


def next_on(case: Case, today: date) -> date | None:
    """The day on which time alone changes a running plan; None without one, or while something else holds the case."""
    plan = running(case)
    if plan is None or _held(case):
        return None
    day, _, _ = _coming(case, plan, today)
    return max(day, today) if day < date.max else None


def advance(case: Case, today: date) -> Decision:
    """What the night run decides about a running plan. Nothing that presses while something else holds the case."""
    plan = running(case)
    if plan is None or _held(case):
        return NOTHING
    day, act, due = _coming(case, plan, today)
    return _DO[act](case, plan, due, today) if day <= today else NOTHING


def kept(case: Case, today: date) -> tuple[Fact, ...]:
    """The fact that a plan is over because its case is closed, for the decision that closes it."""
    plan = _unended(case)
    return (PlanEnded(on=today, recorded_on=today, plan=plan.id, why="kept"),) if plan and case.closed else ()


def _held(case: Case) -> bool:
    return any(hold.reason != "plan" for hold in open_holds(case))


def _coming(case: Case, plan: Plan, today: date) -> tuple[date, Act, date]:
    """The next thing to happen to the plan if nobody pays, its day, and the instalment that it is about."""
    stands = _status(case, plan, today)
    due = stands.next_due
    if due is None:
        return (today if _fulfilled(case, plan, today) else date.max), Act.KEEP, today
    calendar = case.rules.calendar
    if due >= today and not _said(case, InstalmentReminded, plan, due):
        return due - timedelta(days=REMIND_DAYS), Act.REMIND, due
    missed = _said(case, InstalmentMissed, plan, due)
    if missed is None:
        return calendar.add(due, ARRIVE_BANK_DAYS), Act.MISS, due
    warned = _said(case, PlanWarned, plan, due)
    if warned is None:
        return calendar.on_or_after(max(_until(missed) + ONE_DAY, today)), Act.WARN, due
    return calendar.add(_until(warned), ARRIVE_BANK_DAYS), Act.END, due


def _fulfilled(case: Case, plan: Plan, today: date) -> bool:
    """All of it is paid, or nothing is owed; not when the rest only waits for the answer to a dispute."""
    paid = plan.total - paid_since(case, plan) < TOLERANCE_ORE if plan.interest_stops else False
    return paid or books(case, today).total < TOLERANCE_ORE


def _until(fact: InstalmentMissed | PlanWarned | InstalmentReminded) -> date:
    assert not isinstance(fact, InstalmentReminded)
    return fact.until


_Said = InstalmentReminded | InstalmentMissed | PlanWarned


def _said(case: Case, kind: type[_Said], plan: Plan, due: date) -> _Said | None:
    return next((fact for fact in case.all(kind) if (fact.plan, fact.due) == (plan.id, due)), None)


def _remind(case: Case, plan: Plan, due: date, today: date) -> Decision:
    fact = InstalmentReminded(on=today, recorded_on=today, plan=plan.id, due=due)
    return Decision((fact,), (), (_tell(case, plan, due, today, "reminder"),))


def _miss(case: Case, plan: Plan, due: date, today: date) -> Decision:
    until = case.rules.calendar.on_or_after(today + timedelta(days=GRACE_DAYS))
    fact = InstalmentMissed(on=today, recorded_on=today, plan=plan.id, due=due, until=until)
    return Decision((fact,), (), (_tell(case, plan, due, today, "missed", until=until.isoformat()),))


def _warn(case: Case, plan: Plan, due: date, today: date) -> Decision:
    """Written notice before the plan ends: the eight days count from presumed receipt of a letter."""
    calendar = case.rules.calendar
    received = calendar.add(today, case.policy.receipt_by_letter)
    until = calendar.on_or_after(received + timedelta(days=WARNING_DAYS))
    fact = PlanWarned(on=today, recorded_on=today, plan=plan.id, due=due, until=until)
    return Decision((fact,), (), (_tell(case, plan, due, today, "warning", Form.DOCUMENT, until=until.isoformat()),))


def _end(case: Case, plan: Plan, due: date, today: date) -> Decision:
    told = _tell(case, plan, due, today, "ended", why="missed", owed_ore=books(case, today).payable)
    creditor = Notice(
        f"plan:{plan.id}:ended:creditor", "creditor.plan_ended", Receiver.CREDITOR, Form.CHAT, today, {"why": "missed"}
    )
    return Decision((_ended(plan, "missed", today),), (), (told, creditor))


def _keep(_case: Case, plan: Plan, _due: date, today: date) -> Decision:
    return Decision((_ended(plan, "kept", today),))


def _ended(plan: Plan, why: str, today: date) -> Fact:
    return PlanEnded(on=today, recorded_on=today, plan=plan.id, why=why)


_DO = {Act.REMIND: _remind, Act.MISS: _miss, Act.WARN: _warn, Act.END: _end, Act.KEEP: _keep}


def _tell(case: Case, plan: Plan, due: date, today: date, kind: str, form: Form = Form.CHAT, **more: Any) -> Notice:
    stands = _status(case, plan, today)
    facts = {
        "plan": plan.id,
        "due": due.isoformat(),
        "ore": _of_whole(plan, due, stands.next_ore),
        "left_ore": stands.left,
        "cases": list(plan.cases),
        **more,
    }
    return Notice(f"plan:{plan.id}:{kind}:{due:%Y%m%d}", f"plan.{kind}", Receiver.DEBTOR, form, today, facts)


def _of_whole(plan: Plan, due: date, lacking: Ore) -> Ore:
    """What is missing over all cases that share the plan, if they are paid alike: the latest instalment first."""
    rest, found = lacking, 0
    for (day, own), (_, whole) in zip(reversed(plan.instalments), reversed(plan.whole), strict=True):
        if day <= due and own and rest:
            part = min(rest, own)
            found += round_div(part * whole, own)
            rest -= part
    return found + rest
