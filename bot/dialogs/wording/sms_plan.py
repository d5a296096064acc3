"""An instalment plan by SMS: its sums without their days, which stand in the plan that is signed."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.dialogs.wording.plan import can_be_asked, time_left
from core import brief, plan_life, words
from core.case import Case
from core.dunning import current_deadline
from core.money import Ore
from core.plan import Refused
from core.plan_life import Plan
from core.plan_terms import LEAST_ORE, Offer

#: So few payments are told one by one.
EACH = 3


def kronor(ore: Ore, lang: str) -> str:
    """``236 kr``, ``474,22 kr``: whole kronor without öre."""
    return words.text(lang, "format.money", amount=brief.kronor(ore, lang))


def offers_text(cases: Sequence[Case], offers: Sequence[Offer], lang: str, *, by_letter: bool) -> str:
    """The plans by number, what they cost, and what choosing one means. ``by_letter``: each has a second number."""
    first = offers[0]
    values = {
        "fee": brief.kronor(first.fee, lang),
        "total": brief.amount(first.total, lang),
        "day": brief.day(first.first[0], lang),
        "offers": " ".join(_lines(cases, offers, lang, by_letter=by_letter)),
        "ack": words.text(lang, "sms.plan.ack"),
    }
    return words.text(lang, "sms.plan" if first.fee else "sms.plan.free", **values)


def _lines(cases: Sequence[Case], offers: Sequence[Offer], lang: str, *, by_letter: bool) -> Iterator[str]:
    for number, offer in enumerate(offers, 1):
        yield words.text(lang, "sms.plan.offer", choice=str(number), sums=sums(offer, lang))
    if by_letter:
        yield words.text(lang, "sms.plan.same", choices=", ".join(str(len(offers) + n + 1) for n in range(len(offers))))
    if not offers[0].interest_stops:
        yield words.text(lang, "sms.plan.interest")
    if len(cases) > 1:
        yield words.text(lang, "sms.plan.cases", cases=", ".join(case.ocr for case in cases))


def sums(offer: Offer, lang: str) -> str:
    """``472, 472, 474,22``; ``fem på 236 och en på 238,22``, or with figures, ``5 x 236 + 238,22``."""
    paid = [ore for _, ore in offer.instalments]
    if len(paid) <= EACH:
        return ", ".join(brief.kronor(ore, lang) for ore in paid)
    first, last = brief.kronor(paid[0], lang), brief.kronor(paid[-1], lang)
    same = len(paid) if first == last else len(paid) - 1
    values = {"months": words.number(same, lang), "figure": str(same), "amount": first, "last": last}
    return words.text(lang, "sms.plan.even" if first == last else "sms.plan.sums", **values)


def terms_text(offer: Offer, lang: str) -> str:
    """The plan that was chosen, in one line."""
    total, day = brief.money(offer.total, lang), brief.day(offer.first[0], lang)
    return words.text(lang, "sms.plan.terms", sums=sums(offer, lang), total=total, day=day)


def rests_text(case: Case, today: date, lang: str) -> str:
    """Until when nothing happens while somebody thinks; nothing where no day is set."""
    due = current_deadline(case)
    return words.text(lang, "sms.sign.rests", day=brief.day(due, lang)) if due and due > today else ""


def refused_text(refused: Refused, per_month: Ore, creditor: str, lang: str) -> str:
    """Which rule says no to a sum of one's own, and the nearest yes."""
    values = {
        "amount": kronor(per_month, lang),
        "months": str(refused.months_needed),
        "allowed": str(refused.months_allowed),
        "nearest": kronor(refused.nearest.first[1], lang),
        "least": kronor(LEAST_ORE, lang),
        "creditor": creditor,
    }
    told = words.text(lang, f"sms.plan.refused.{refused.rule}", **values)
    if not can_be_asked(refused):
        return told
    asked = words.text(lang, "sms.plan.refused.ask", day=brief.day(refused.ask_until, lang))
    return f"{told} {asked}"


def running_text(plan: Plan, cases: Sequence[Case], today: date, lang: str) -> str:
    """Where a plan stands: what is next or missing, what is paid and left, and the last day."""
    status = plan_life.together(cases, today)
    paid = {"paid": brief.money(status.paid_so_far, lang), "left": brief.money(status.left, lang)}
    last = words.text(lang, "sms.plan.last", day=day_of(plan.whole[-1][0], today, lang))
    return " ".join([next_text(cases[0], cases, today, lang), words.text(lang, "sms.plan.paid", **paid), last])


def day_of(on: date, today: date, lang: str) -> str:
    """A day of another year carries it: ``26 jan 2026``."""
    return brief.day(on, lang) if on.year == today.year else f"{brief.day(on, lang)} {on.year}"


def next_text(case: Case, cases: Sequence[Case], today: date, lang: str) -> str:
    """The next payment, or what is missing and until when there is time."""
    status = plan_life.together(cases, today)
    if status.next_due is None:
        return words.text(lang, "sms.plan.next.none")
    amount = kronor(status.next_ore, lang)
    if status.missed_since is None:
        return words.text(lang, "sms.plan.next", amount=amount, day=brief.weekday(status.next_due, lang))
    missed = brief.day(status.missed_since, lang)
    until = time_left(case, status.missed_since)
    if until is None or until < today:
        return words.text(lang, "sms.plan.missing", amount=amount, day=missed)
    return words.text(lang, "sms.plan.missing.until", amount=amount, day=missed, until=brief.weekday(until, lang))
