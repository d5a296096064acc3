"""More time, a promise and an offer to settle, as SMS says them: the day, the sum, what it means."""

from datetime import date

from bot.dialogs.wording.sms_plan import kronor
from bot.dialogs.wording.time import reminded
from core import brief, words
from core.case import Case
from core.deferral import amount_on
from core.digits_said import example
from core.money import Ore


def ask_text(last: date, today: date, lang: str) -> str:
    """Which day: the days to choose from follow by number."""
    ack = words.text(lang, "sms.time.ack")
    return words.text(lang, "sms.time.ask", last=brief.weekday(last, lang), example=example(today), ack=ack)


def possible_text(case: Case, day: date, lang: str) -> str:
    """A day that can be had, with its sum, before it is taken."""
    ack, on = words.text(lang, "sms.time.ack"), brief.weekday(day, lang)
    ore = amount_on(case, day)
    if ore is None:
        return words.text(lang, "sms.time.possible.day", day=on, ack=ack)
    return words.text(lang, "sms.time.possible", day=on, amount=brief.money(ore, lang), ack=ack)


def done_text(kind: str, case: Case, day: date, receipt: int, today: date, lang: str) -> str:
    """The receipt of more time or of a promise (``kind``: ``time.done``, ``time.promised``)."""
    values = {"day": brief.weekday(day, lang), "receipt": f"{case.ocr}-{receipt}"}
    ore = amount_on(case, day)
    if ore is None:
        told = words.text(lang, f"sms.{kind}.day", **values)
    else:
        told = words.text(lang, f"sms.{kind}", **values, amount=brief.money(ore, lang))
    remind = reminded(day, today, "sms.time.reminded", "")
    return f"{told} {words.text(lang, remind)}" if remind else told


def offer_text(case: Case, ore: Ore, day: date, total: Ore, answer_by: date, lang: str) -> str:
    """An offer to settle before it is sent: what a yes does."""
    return words.text(
        lang,
        "sms.settle.check",
        amount=kronor(ore, lang),
        day=brief.weekday(day, lang),
        total=brief.money(total, lang),
        creditor=case.creditor.short_name,
        answer_by=brief.day(answer_by, lang),
    )
