"""A case's history, letters and receipts as an SMS lists them: ``23/7 krav 180 kr. 31/7 betalt 500 kr.``"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.dialogs.wording.timeline import event_text
from core import brief, gsm, words
from core.case import Case
from core.facts import PaymentReceived
from core.money import Ore
from core.services.letters import LetterView
from core.services.timeline import Event

#: Two segments in Latin letters, three in others.
SEGMENTS: Final = {True: 2, False: 3}
#: What stands behind a page: its choices. The link to our page, where there is room.
CHOICES: Final = ("sms.btn.older", "sms.btn.newest", "sms.btn.person", "sms.btn.back")
#: Ways to pay that have a name everywhere; another is the company itself.
WAYS: Final = {"swish": "Swish", "bank": "bankgiro"}


def page(case: Case, latest: Sequence[Event], today: date, lang: str) -> tuple[str, int]:
    """As many of the latest events as an SMS has room for, oldest first; and how many those are."""
    shown: list[str] = []
    for event in latest:
        longer = [line(case, event, today, lang), *shown]
        if shown and not fits(" ".join(longer), lang):
            break
        shown = longer
    return " ".join(shown), len(shown)


def fits(text: str, lang: str) -> bool:
    """Whether a text and the choices behind it stay within an SMS that may be sent."""
    size = gsm.size(gsm.plain(" ".join([text, *(f"0 {words.text(lang, key)}" for key in CHOICES)])))
    return size.segments <= SEGMENTS[size.gsm]


def line(case: Case, event: Event, today: date, lang: str) -> str:
    return f"{day(event.on, today)} {_what(case, event, lang)}."


def _what(case: Case, event: Event, lang: str) -> str:
    match event.kind:
        case "registered":
            return words.text(lang, "sms.seen.registered")
        case "payment_received":
            return words.text(lang, "sms.seen.paid", amount=money(event.facts["amount"], lang))
        case "step_taken":
            what = document(event.facts["step"], lang)
            if event.facts["again"]:
                return words.text(lang, "sms.seen.again", what=what)
            cost = sum(ore for _, ore in event.facts["costs"])
            return f"{what} {money(cost, lang)}" if cost else what
        case _:
            return event_text(case, event, lang).rstrip(".")


def letter_label(case: Case, view: LetterView, today: date, lang: str) -> str:
    """``krav 23/7``; a receipt with what was paid: ``10000180-1 31/7 500 kr Swish``."""
    if view.number is None:
        return f"{document(view.kind, lang)} {day(view.on, today)}"
    number = f"{case.ocr}-{view.number}"
    for fact in case.all(PaymentReceived):
        if fact.receipt == view.number:
            way = WAYS.get(fact.way, case.creditor.short_name)
            return f"{number} {day(fact.on, today)} {money(fact.amount, lang)} {way}"
    return f"{number} {day(view.on, today)}"


def document(kind: str, lang: str) -> str:
    key = f"sms.seen.{kind}"
    return words.text(lang, key if words.has(words.ORIGINAL, key) else "sms.seen.other")


def day(on: date, today: date) -> str:
    """``23/7``; of another year ``23/7-24``."""
    return f"{on.day}/{on.month}" if on.year == today.year else f"{on.day}/{on.month}-{on:%y}"


def money(ore: Ore, lang: str) -> str:
    """``180 kr``; öre where there are any."""
    return words.text(lang, "format.money", amount=brief.kronor(ore, lang))
