"""What happens next, and when: the coming steps, each once, with its cost and how to avoid it."""

from datetime import date

from bot.dialogs.wording import plan
from bot.dialogs.wording.case import (
    DECISION,
    FRIENDLY,
    answer_by,
    coming,
    disputed_part,
    files_itself_on,
    only_disputed_left,
    quiet_until,
    quoted_until,
    resting_key,
    stage,
    standing_line,
)
from core import words
from core.books import books
from core.case import Case
from core.dunning import Upcoming, barred, current_deadline
from core.money import Ore
from core.objections import frozen_parts
from core.policy import StepForm
from core.rules.se.fees import PAYMENT_ORDER
from core.standing import Handling, ever_disputed, open_holds, standing

DEADLINE_OF = {
    "reminder": "next.reminder.deadline",
    "demand": "next.deadline",
    "final_notice": "next.final.deadline",
}


def next_text(case: Case, today: date, lang: str) -> str:
    """All that may still come before somebody has to choose."""
    if case.closed:
        return words.text(lang, "next.closed")
    if barred(case, today):
        return "\n".join([words.text(lang, "case.barred"), standing_line(case, today, lang)])
    if open_holds(case):
        return _resting(case, today, lang)
    if only_disputed_left(case, today):
        return "\n".join([*disputed_part(case, today, lang), standing_line(case, today, lang)])
    process = stage(case, today)
    lines = [*_part(case, today, lang), *_now(case, process, today, lang)]
    lines += [_coming(case, step, today, lang) for step in coming(case, today)]
    if process == DECISION:
        key = "next.objected.now" if ever_disputed(case) else "next.decision.now"
        lines.append(words.text(lang, key, creditor=case.creditor.short_name, fee=_filing(today, lang)))
    # Before the demand only the next two things are told: a consequence is said where it is near (tone 5).
    lines = lines[:2] if process in FRIENDLY else lines
    avoid = "next.avoid.reminder" if process in FRIENDLY else "next.avoid"
    return "\n".join([*lines, words.text(lang, avoid)])


def _part(case: Case, today: date, lang: str) -> list[str]:
    """What of the case is stopped, before what becomes of the rest."""
    frozen = books(case, today).frozen
    return [words.text(lang, "next.disputed.part", amount=words.money(frozen, lang))] if frozen else []


def _now(case: Case, process: str, today: date, lang: str) -> list[str]:
    if until := quoted_until(case, today):
        return [words.text(lang, "next.quoted", deadline=words.deadline(until, today, lang))]
    due = current_deadline(case)
    if process in DEADLINE_OF and due and due >= today:
        return [words.text(lang, DEADLINE_OF[process], deadline=words.deadline(due, today, lang))]
    if process == DECISION:
        return []
    return [words.text(lang, "next.wait", day=words.day(quiet_until(case, today), lang))]


def _coming(case: Case, step: Upcoming, today: date, lang: str) -> str:
    day = words.day(step.on, lang)
    match step.kind:
        case "reminder":
            return words.text(lang, "next.reminder", day=words.capital(day))
        case "demand":
            fee = step_cost(case, "demand", step.on)
            key = "next.demand" if fee else "next.demand.free"
            return words.text(lang, key, day=day, fee=words.kronor(fee, lang))
        case "final_notice":
            assert step.deadline is not None
            due = words.deadline(step.deadline, today, lang)
            return words.text(lang, "next.final", day=words.capital(day), deadline=due)
        case _:
            creditor = case.creditor.short_name
            key = "next.objected" if ever_disputed(case) else "next.decision"
            return words.text(lang, key, day=day, creditor=creditor, fee=_filing(step.on, lang))


def _resting(case: Case, today: date, lang: str) -> str:
    if planned := plan.standing_line(case, today, lang):
        then = "next.plan" if plan.on_plan(case) else "next.plan.waits"
        return f"{planned}\n{words.text(lang, then)}"
    if standing(case, today).handling is Handling.DISPUTED:
        creditor = case.creditor.short_name
        if special := resting_key(case):
            day = words.day(files_itself_on(case, today), lang)
            return words.text(lang, f"next.disputed.{special}", creditor=creditor, day=day)
        due = answer_by(case, today)
        key = "next.disputed" if today <= due else "next.disputed.late"
        return words.text(lang, key, creditor=creditor, day=words.day(due, lang))
    if claimed := next((hold for hold in open_holds(case) if hold.reason == "payment_claimed"), None):
        return words.text(lang, "next.payment_claimed", day=words.deadline(claimed.review_on, today, lang))
    return words.text(lang, "next.held")


def step_cost(case: Case, kind: str, day: date) -> Ore:
    """What a coming step would add by law, in öre; nothing while a part is disputed (domain 3.3)."""
    if frozen_parts(case, day):
        return 0
    charged: dict[str, Ore] = {}
    for cost in books(case, day).costs:
        charged[cost.kind] = charged.get(cost.kind, 0) + cost.ore
    return sum(
        case.rules.chargeable(case.claims, charged, cost, day)
        for cost in case.policy.step(kind).costs
        if not charged.get(cost)
    )


def next_cost_on(case: Case, today: date) -> date | None:
    """The first day on which a new cost may come: a step that has one, or the creditor's choice of an application."""
    for step in coming(case, today):
        if case.policy.step(step.kind).form is StepForm.QUESTION or step_cost(case, step.kind, step.on):
            return step.on
    return None


def filing(day: date) -> Ore:
    """What an application to Kronofogden costs on a day."""
    return PAYMENT_ORDER.at(day)


def _filing(day: date, lang: str) -> str:
    return words.kronor(filing(day), lang)
