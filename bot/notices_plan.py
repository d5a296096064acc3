"""The words of what is said about instalment plans on our own initiative: to the debtor, and to the creditor."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.dialogs.wording.plan import day_of
from bot.told import Told, Worded, plain, see_case, ways_out
from core import words


def _receipt(told: Told) -> Worded:
    """Said by the screen already; here for whoever signed and left."""
    first_day, first_ore = told.facts["instalments"][0]
    text = told.t(
        "plan.done",
        day=words.day_year(date.fromisoformat(told.facts["from"]), told.lang),
        receipt=told.facts["receipt"],
        amount=words.kronor(first_ore, told.lang),
        next_day=words.deadline(date.fromisoformat(first_day), told.today, told.lang),
    )
    return plain(text, (_see_plan(told), *ways_out(told)))


def _asked(told: Told) -> Worded:
    months = words.number(told.facts["months"], told.lang)
    values = {"creditor": told.about.creditor.short_name, "months": months, "day": _by(told, "answer_by")}
    return plain(told.t("plan.asked", **values), ways_out(told))


def _answered(told: Told) -> Worded:
    """The creditor's word about a longer plan, and what can be done now."""
    facts, creditor = told.facts, told.about.creditor.short_name
    months = words.number(facts["months"], told.lang)
    split = (told.t("btn.plan.choose"), f"split:{told.about.id}")
    if facts["answer"] == "yes":
        text = told.t("plan.answered.yes", creditor=creditor, months=months, day=_by(told, "until"))
        return plain(text, (split, *ways_out(told)))
    allowed = words.number(facts["months_allowed"], told.lang)
    if not facts["months_allowed"]:
        return plain(told.t("plan.answered.no.plan", creditor=creditor, months=months), ways_out(told))
    text = told.t("plan.answered.no", creditor=creditor, months=months, allowed=allowed)
    return plain(text, (split, *ways_out(told)))


def _changed(told: Told) -> Worded:
    day, ore = next(each for each in told.facts["instalments"] if each[0] > told.today.isoformat())
    due = words.deadline(date.fromisoformat(day), told.today, told.lang)
    text = told.t("plan.changed", amount=words.kronor(ore, told.lang), day=due)
    return plain(text, (_see_plan(told), *ways_out(told)))


def _reminder(told: Told) -> Worded:
    text = told.t("plan.reminder", amount=_ore(told), day=_by(told, "due"))
    return plain(text, (_pay(told), _see_plan(told), *ways_out(told)))


def _missed(told: Told) -> Worded:
    """Friendly: nothing has happened yet."""
    values = {"amount": _ore(told), "day": _day(told, "due"), "until": _by(told, "until")}
    return plain(told.t("plan.missed", **values), (_pay(told), _see_plan(told), *ways_out(told)))


def _ended(told: Told) -> Worded:
    """The plan is over; until when there is time, where a document has set a last day that is to come."""
    facts = told.facts
    why = facts["why"] if facts["why"] in ("missed", "asked") else "other"
    lines = [told.t(f"plan.ended.{why}", owed=told.money("owed_ore"))]
    deadline = facts.get("deadline")
    if deadline and date.fromisoformat(deadline) >= told.today:
        lines.append(told.t("letter.deadline", deadline=_by(told, "deadline")))
    return plain("\n".join(lines), ways_out(told))


def _ore(told: Told) -> str:
    return words.kronor(told.facts["ore"], told.lang)


def _by(told: Told, name: str) -> str:
    return words.deadline(date.fromisoformat(told.facts[name]), told.today, told.lang)


def _day(told: Told, name: str) -> str:
    return day_of(date.fromisoformat(told.facts[name]), told.today, told.lang)


def _pay(told: Told) -> tuple[str, str]:
    return told.t("btn.pay"), f"pay:{told.about.id}"


def _see_plan(told: Told) -> tuple[str, str]:
    return told.t("btn.plan.see"), f"plan:{told.about.id}"


# To the creditor


def _creditor_plan(told: Told) -> Worded:
    facts = told.facts
    (first, _), (last, _) = facts["instalments"][0], facts["instalments"][-1]
    text = told.t(
        "creditor.plan",
        debtor=told.about.debtor.name,
        ocr=told.about.ocr,
        number=words.number(len(facts["instalments"]), told.lang),
        total=told.money("total_ore"),
        first=words.day_year(date.fromisoformat(first), told.lang),
        last=words.day_year(date.fromisoformat(last), told.lang),
    )
    return plain(text, see_case(told))


def _creditor_asked(told: Told) -> Worded:
    facts, about = told.facts, told.about
    months = words.number(facts["months"], told.lang)
    values = {"debtor": about.debtor.name, "ocr": about.ocr, "months": months, "day": _by(told, "answer_by")}
    values |= {"total": told.money("total_ore"), "allowed": words.number(about.creditor.terms.plan_months, told.lang)}
    lines = [told.t("creditor.plan_asked", **values)]
    if facts["per_month_ore"]:
        lines.append(told.t("creditor.plan_asked.sum", amount=words.kronor(facts["per_month_ore"], told.lang)))
    lines.append(told.t("creditor.plan_asked.answer", **values))
    answer = (told.t("btn.answer_plan"), f"judgeplan:{about.id}:{facts['number']}")
    return plain("\n".join(lines), (answer, *see_case(told)))


def _creditor_changed(told: Told) -> Worded:
    last = words.day_year(date.fromisoformat(told.facts["instalments"][-1][0]), told.lang)
    values = {"debtor": told.about.debtor.name, "ocr": told.about.ocr, "day": told.facts["pay_day"], "last": last}
    return plain(told.t("creditor.plan_changed", **values), see_case(told))


def _creditor_ended(told: Told) -> Worded:
    why = told.facts["why"] if told.facts["why"] in ("missed", "asked") else "other"
    text = told.t(f"creditor.plan_ended.{why}", debtor=told.about.debtor.name, ocr=told.about.ocr)
    return plain(text, see_case(told))


PLAN_KINDS: Final[Mapping[str, Callable[[Told], Worded]]] = {
    "plan.receipt": _receipt,
    "plan.asked": _asked,
    "plan.answered": _answered,
    "plan.changed": _changed,
    "plan.reminder": _reminder,
    "plan.missed": _missed,
    "plan.ended": _ended,
    "creditor.plan": _creditor_plan,
    "creditor.plan_asked": _creditor_asked,
    "creditor.plan_changed": _creditor_changed,
    "creditor.plan_ended": _creditor_ended,
}
