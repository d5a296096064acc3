"""A running plan (amorteringsplan) is changed or ended by a decision, not by time: another pay day, or no plan more."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.books import books, rebook
from core.case import Case, CaseId, Decision
from core.dunning import current_deadline
from core.errors import Refusal
from core.facts import PlanChanged, PlanEnded
from core.notice import Form, Notice, Receiver
from core.plan_life import Plan, running
from core.plan_terms import moved, pay_days, stored
from core.steps import resumed

#: A pay day may be changed so often, and the next instalment is never sooner than this.
CHANGES_MOST = 2
AHEAD_DAYS = 7


def change_day(cases: Sequence[Case], plan_id: str, pay_day: int, today: date) -> dict[CaseId, Decision]:
    """The instalments to come move to another pay day (byte av betaldag), without a fee. The same day changes nothing.

    Raises Refusal ``plan_not_running``, ``plan_change_times`` or ``plan_change_none`` when none is to come.
    """
    plans = on_plan(cases, plan_id)
    lead, plan = plans[0]
    if plan.changes >= CHANGES_MOST:
        raise Refusal("plan_change_times", most=CHANGES_MOST)
    later = [day for day, _ in plan.whole if day > today]
    if not later:
        raise Refusal("plan_change_none")
    days = pay_days(lead.rules.calendar, today + timedelta(days=AHEAD_DAYS), pay_day, len(later))
    if list(days) == later:
        return {}
    whole = moved(plan.whole, today, days)
    facts = {"plan": plan_id, "instalments": [[day.isoformat(), ore] for day, ore in whole], "pay_day": pay_day}
    key = f"plan:{plan_id}:changed:{plan.changes + 1}"
    told = (
        Notice(key, "plan.changed", Receiver.DEBTOR, Form.CHAT, today, facts),
        Notice(f"{key}:creditor", "creditor.plan_changed", Receiver.CREDITOR, Form.CHAT, today, facts),
    )
    return {
        case.id: Decision((_changed(own, whole, days, today),), (), told if case is lead else ()) for case, own in plans
    }


def _changed(plan: Plan, whole: Sequence[tuple[date, int]], days: Sequence[date], today: date) -> PlanChanged:
    own = stored(moved(plan.instalments, today, days))
    return PlanChanged(on=today, recorded_on=today, plan=plan.id, instalments=own, whole=stored(whole))


def end(cases: Sequence[Case], plan_id: str, why: str, today: date) -> dict[CaseId, Decision]:
    """The plan is over: ``asked`` (by the debtor), ``disputed`` or ``replaced``. Each case goes on where it was.

    Raises Refusal ``plan_not_running``.
    """
    return {case.id: _ended(case, plan, why, today) for case, plan in on_plan(cases, plan_id)}


def _ended(case: Case, plan: Plan, why: str, today: date) -> Decision:
    facts = (PlanEnded(on=today, recorded_on=today, plan=plan.id, why=why),)
    after = case.with_facts(facts)
    due = current_deadline(after)
    told = {"plan": plan.id, "why": why, "owed_ore": books(case, today).payable}
    told |= {"deadline": due.isoformat() if due else None}
    key = f"{case.ocr}:plan:{plan.id}:ended"
    return Decision(
        facts,
        rebook(case, facts, today, "plan_ended", key),
        (
            Notice(key, "plan.ended", Receiver.DEBTOR, Form.CHAT, today, told),
            Notice(f"{key}:creditor", "creditor.plan_ended", Receiver.CREDITOR, Form.CHAT, today, told),
            *resumed(after, "plan", today),
        ),
    )


def on_plan(cases: Sequence[Case], plan_id: str) -> list[tuple[Case, Plan]]:
    """The cases that are on this plan, each with its share, the one that says what is said once first.

    Raises Refusal ``plan_not_running``.
    """
    found = [(case, plan) for case in cases if (plan := running(case)) and plan.id == plan_id]
    if not found:
        raise Refusal("plan_not_running")
    order = found[0][1].cases
    return sorted(found, key=lambda each: order.index(each[0].id))
