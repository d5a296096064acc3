"""A payment that somebody has told of: what we look for, until when it rests, what follows if it is found or not."""

from datetime import date

from core import brief, words
from core.case import Case
from core.facts import PaymentClaimed
from core.paid_said import PaidSaid
from core.payment import claimed_until
from core.standing import steps_taken

#: Costs that fall away when a payment turns out to be older than their letter.
FEES = ("demand", "reminder")


def told(case: Case) -> PaymentClaimed:
    """What was told last. Raises AssertionError where nothing was."""
    fact = case.last(PaymentClaimed)
    assert fact is not None
    return fact


def paid_lines(case: Case, today: date, lang: str) -> list[str]:
    """The receipt of what was told."""
    fact = told(case)
    values = {
        "amount": words.money(fact.amount, lang),
        "day": words.day(fact.paid_on, lang) if fact.paid_on else "",
        "until": words.deadline(claimed_until(case), today, lang),
        "receipt": f"{case.ocr}-{fact.receipt}",
    }
    return [words.text(lang, _first(fact), **values), _found(case, fact, lang), words.text(lang, "paid.done.else")]


def paid_short(case: Case, link: str, lang: str) -> str:
    """The receipt by SMS; ``link`` is where a bank's receipt can be sent."""
    fact = told(case)
    said = [words.text(lang, "sms.paid.done", receipt=f"{case.ocr}-{fact.receipt}")]
    if fact.amount and fact.paid_on:
        day, amount = brief.day(fact.paid_on, lang), brief.money(fact.amount, lang)
        said.append(words.text(lang, "sms.paid.done.what", amount=amount, day=day))
    until = brief.weekday(claimed_until(case), lang)
    return " ".join([*said, words.text(lang, "sms.paid.done.until", until=until, link=link)])


def _first(fact: PaymentClaimed) -> str:
    if fact.amount and fact.paid_on:
        return "paid.done"
    if fact.amount:
        return "paid.done.amount"
    return "paid.done.day" if fact.paid_on else "paid.done.paused"


def _found(case: Case, fact: PaymentClaimed, lang: str) -> str:
    """A payment from before a letter makes the letter's fee fall; not said where the day is too late for that."""
    for taken in reversed(steps_taken(case)):
        for kind, ore in taken.costs:
            if kind in FEES and ore and (fact.paid_on is None or fact.paid_on < taken.on):
                key = "paid.done.fee" if kind == "demand" else "paid.done.fee.reminder"
                return words.text(lang, key, day=words.day(taken.on, lang), fee=words.kronor(ore, lang))
    return words.text(lang, "paid.done.found")


def missing_text(said: PaidSaid, lang: str) -> str:
    """What would help us to find the money: the day, the sum, the way."""
    return words.listed([words.text(lang, f"paid.missing.{name}") for name in said.missing], lang)
