"""An instalment plan in words: what is offered, refused, signed, and where a running plan stands."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from core import more_time, plan_life, words
from core.case import Case
from core.errors import Refusal
from core.facts import InstalmentMissed, PlanAnswered, PlanAsked, PlanWarned
from core.money import Ore
from core.plan import Refused
from core.plan_life import Plan
from core.plan_terms import LEAST_ORE, Instalment, Offer
from core.standing import open_holds

#: So few payments are told day by day where several plans stand beside each other.
EACH_DAY = 3
#: A plan of more payments is told by its sum a month, first and last day; all days stand in the full plan.
DAYS_TOLD = 12
#: So many of the payments to come are told of a running plan.
COMING_TOLD = 6
#: Pauses that wait for a word about a plan.
WAITING = ("plan_asked", "plan_proposed")


def offers_text(lead: Case, cases: Sequence[Case], offers: Sequence[Offer], today: date, lang: str) -> str:
    """The plans that can be had, what they cost, and what choosing one means."""
    first = offers[0]
    values = {"fee": words.kronor(first.fee, lang), "total": words.money(first.total, lang)}
    cost = words.text(lang, "plan.offers.cost" if first.fee else "plan.offers.free", **values)
    interest = words.text(lang, "plan.offers.interest" if first.interest_stops else "plan.offers.interest.runs")
    waiting = standing_line(lead, today, lang) if waits_for_plan(lead) else None
    lines = [
        *([waiting] if waiting else []),
        f"{cost} {interest}",
        *_about(cases, lang),
        *(offer_line(offer, today, lang) for offer in offers),
    ]
    lines += _time_instead(lead, cases, today, lang)
    return "\n".join([*lines, words.text(lang, "note.ack")])


def _about(cases: Sequence[Case], lang: str) -> Iterator[str]:
    """One plan for several cases says which."""
    if len(cases) > 1:
        yield words.text(lang, "plan.offers.cases", cases=words.listed([case.ocr for case in cases], lang))


def _time_instead(lead: Case, cases: Sequence[Case], today: date, lang: str) -> Iterator[str]:
    """More time costs no fee; it is told where it can be had."""
    if len(cases) == 1 and (latest := time_until(lead, today)):
        yield words.text(lang, "plan.offers.time", day=words.day(latest, lang))


def time_until(case: Case, today: date) -> date | None:
    """The latest day that could be had without any plan."""
    try:
        return more_time.latest(case, today)
    except Refusal:
        return None


def offer_line(offer: Offer, today: date, lang: str) -> str:
    """One plan on a line."""
    number = words.capital(words.number(offer.months, lang))
    if offer.months <= EACH_DAY:
        sums = ", ".join(_sums(offer.instalments, today, lang))
        return words.text(lang, "plan.offer.days", number=number, sums=sums)
    values = {
        "number": number,
        "amount": words.kronor(offer.first[1], lang),
        "day": day_of(offer.first[0], today, lang),
    }
    last_day, last = day_of(offer.last[0], today, lang), words.kronor(offer.last[1], lang)
    if offer.last[1] == offer.first[1]:
        return words.text(lang, "plan.offer.even", **values, last_day=last_day)
    return words.text(lang, "plan.offer.monthly", **values, last=last, last_day=last_day)


def _sums(instalments: Iterable[Instalment], today: date, lang: str) -> Iterator[str]:
    """``472 kr 25 augusti och 25 september``: the days of each sum."""
    for ore, same in groupby(instalments, key=lambda each: each[1]):
        days = words.listed([day_of(day, today, lang) for day, _ in same], lang)
        yield words.text(lang, "plan.sum", amount=words.kronor(ore, lang), days=days)


def day_of(day: date, today: date, lang: str) -> str:
    """A day of another year carries it."""
    return words.day(day, lang) if day.year == today.year else words.day_year(day, lang)


def terms_text(offer: Offer, today: date, lang: str) -> str:
    """All payments of the plan that was chosen, and what is agreed besides."""
    total = words.money(offer.total, lang)
    first = words.text(lang, "plan.terms.sums", sums=_payments(offer.instalments, today, lang), total=total)
    runs = [] if offer.interest_stops else [words.text(lang, "plan.offers.interest.runs")]
    return "\n".join([first, *runs, words.text(lang, "plan.terms")])


def _payments(instalments: Sequence[Instalment], today: date, lang: str) -> str:
    """The payments one by one; of a long plan the sum a month and the first day. The last one where it differs."""
    *before, last = instalments
    same = not before or last[1] == before[-1][1]
    if len(instalments) > DAYS_TOLD:
        values = {"number": words.number(len(instalments), lang), "amount": words.kronor(instalments[0][1], lang)}
        said = words.text(lang, "plan.terms.monthly", **values, day=day_of(instalments[0][0], today, lang))
    else:
        said = ", ".join(_sums(instalments if same else before, today, lang))
    if same and len(instalments) <= DAYS_TOLD:
        return said
    amount, day = words.kronor(last[1], lang), day_of(last[0], today, lang)
    return f"{said}. {words.text(lang, 'plan.terms.last', amount=amount, day=day)}"


def refused_text(refused: Refused, per_month: Ore, creditor: str, lang: str) -> str:
    """Which rule says no to a sum of one's own, and the nearest yes."""
    values = {
        "amount": words.kronor(per_month, lang),
        "months": words.number(refused.months_needed, lang),
        "allowed": words.number(refused.months_allowed, lang),
        "nearest": words.kronor(refused.nearest.first[1], lang),
        "least": words.kronor(LEAST_ORE, lang),
        "creditor": creditor,
    }
    lines = [words.text(lang, f"plan.refused.{refused.rule}", **values)]
    if can_be_asked(refused):
        lines.append(words.text(lang, "plan.refused.ask", **values, day=words.day(refused.ask_until, lang)))
    else:
        lines.append(words.text(lang, "plan.refused.person"))
    return "\n".join(lines)


def can_be_asked(refused: Refused) -> bool:
    """Whether the creditor could say yes: for more months, never for tiny sums or lifelong plans."""
    return refused.rule == "months"


# A plan that runs


def running_text(plan: Plan, cases: Sequence[Case], today: date, lang: str) -> str:
    """Where a plan stands: what is next or missing, what is paid, and the days to come."""
    lead, status = cases[0], plan_life.together(cases, today)
    paid = {"paid": words.money(status.paid_so_far, lang), "left": words.money(status.left, lang)}
    lines = [next_line(lead, cases, today, lang), words.text(lang, "plan.running.paid", **paid)]
    coming = [each for each in plan.whole if each[0] > (status.next_due or today)]
    if coming and status.left > status.next_ore:
        told = "; ".join(_sums(coming[:COMING_TOLD], today, lang))
        lines.append(words.text(lang, "plan.running.days", sums=told))
        if len(coming) > COMING_TOLD:
            lines.append(_last_of(coming[-1], today, lang))
    lines += _about(cases, lang)
    return "\n".join(lines)


def _last_of(last: Instalment, today: date, lang: str) -> str:
    return words.text(lang, "plan.terms.last", amount=words.kronor(last[1], lang), day=day_of(last[0], today, lang))


def next_line(case: Case, cases: Sequence[Case], today: date, lang: str) -> str:
    """The next payment of the plan, or what is missing and until when there is time."""
    status = plan_life.together(cases, today)
    if status.next_due is None:
        return words.text(lang, "plan.next.none")
    amount = words.kronor(status.next_ore, lang)
    if status.missed_since is None:
        return words.text(lang, "plan.next", amount=amount, day=words.deadline(status.next_due, today, lang))
    values = {"amount": amount, "day": day_of(status.missed_since, today, lang)}
    until = time_left(case, status.missed_since)
    if until is None or until < today:
        return words.text(lang, "plan.missing", **values)
    return words.text(lang, "plan.missing.until", **values, until=words.deadline(until, today, lang))


def time_left(case: Case, due: date) -> date | None:
    """The last day that was given for an instalment that is missing, if we have written of it."""
    said: tuple[InstalmentMissed | PlanWarned, ...] = (*case.all(InstalmentMissed), *case.all(PlanWarned))
    return max((fact.until for fact in said if fact.due == due), default=None)


def standing_line(case: Case, today: date, lang: str) -> str | None:
    """What the overview says of a case that is on a plan alone, or that waits for a word about one; else None.

    Of a plan over several cases the sums are told where the whole plan is shown.
    """
    reasons = {hold.reason: hold for hold in open_holds(case)}
    plan = plan_life.running(case)
    if plan and set(reasons) == {"plan"}:
        return next_line(case, (case,), today, lang) if len(plan.cases) == 1 else next_day(case, today, lang)
    for reason in WAITING:
        if set(reasons) == {reason} and (ends := reasons[reason].ends_on):
            day, key = words.deadline(ends, today, lang), f"case.{reason}"
            if reason == "plan_asked" and _allowed(case):
                key = "case.plan_allowed"
            return words.text(lang, key, creditor=case.creditor.short_name, day=day)
    return None


def _allowed(case: Case) -> bool:
    """Whether the creditor has said yes to the longer plan that was asked for last."""
    asked, answered = case.last(PlanAsked), case.last(PlanAnswered)
    return bool(asked and answered and answered.number == asked.number and answered.answer == "yes")


def next_day(case: Case, today: date, lang: str) -> str:
    """The day of the next payment, without its sum."""
    status = plan_life.status(case, today)
    if status.next_due is None:
        return words.text(lang, "plan.next.none")
    if status.missed_since:
        return words.text(lang, "plan.missing.day", day=day_of(status.missed_since, today, lang))
    return words.text(lang, "plan.next.day", day=words.deadline(status.next_due, today, lang))


def on_plan(case: Case) -> bool:
    """Whether a running plan, and nothing else, holds the case."""
    return plan_life.running(case) is not None and {hold.reason for hold in open_holds(case)} == {"plan"}


def waits_for_plan(case: Case) -> bool:
    """Whether the case rests for an answer about a plan alone: the creditor's, or a letter's code."""
    return not case.closed and {hold.reason for hold in open_holds(case)} in ({reason} for reason in WAITING)


def paying_text(amount: Ore, left: Ore, case: Case, cases: Sequence[Case], today: date, lang: str) -> str:
    """What a payment does to a running plan, before it is made."""
    values = {"amount": words.kronor(amount, lang), "left": words.money(max(left - amount, 0), lang)}
    if amount >= left:
        return words.text(lang, "plan.paying.all", **values)
    status = plan_life.together(cases, today)
    lines = [words.text(lang, "plan.paying", **values)]
    if status.next_due and amount < status.next_ore:
        missing, day = words.kronor(status.next_ore - amount, lang), words.deadline(status.next_due, today, lang)
        lines.append(words.text(lang, "plan.paying.short", missing=missing, day=day))
    elif status.next_due and amount > status.next_ore:
        lines.append(words.text(lang, "plan.paying.more"))
    return "\n".join(lines)
