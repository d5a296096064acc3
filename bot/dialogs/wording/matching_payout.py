"""What staff read of the payouts that a payment which went out may be."""

from core import words
from core.services.payout_found import ONE, Meant


def maybe_text(meant: Meant, lang: str) -> str:
    """``Troligen är det utbetalning 3 till Norrhjul AB, 4 augusti.``"""
    key = "staff.match.payout.likely" if meant.likely else "staff.match.payout.maybe"
    return words.text(lang, key, what=what(meant, lang))


def what(meant: Meant, lang: str) -> str:
    """The payouts themselves, with the day on which they were to be paid."""
    values = {"run": meant.run_id, "day": words.day_year(meant.pay_on, lang)}
    if meant.part == ONE:
        return words.text(lang, "staff.match.payout.one", name=meant.name, **values)
    number = words.number(len(meant.lines), lang)
    return words.text(lang, f"staff.match.payout.{meant.part}", number=number, **values)


def label(meant: Meant, lang: str) -> str:
    """On a button: the run, and who is paid or which part of it."""
    if meant.part == ONE:
        return f"{meant.run_id} {meant.name}"
    return f"{meant.run_id} {words.text(lang, f'btn.match.payout.{meant.part}')}"
