"""More time, a promise and an agreed day in words: the day, what is then to be paid, and that we remind."""

from datetime import date, timedelta

from core import words
from core.deferral import REMIND_DAYS
from core.money import Ore


def time_done(day: date, ore: Ore | None, receipt: str, today: date, lang: str) -> str:
    """The receipt of more time. The sum is left out where the interest until then is not known yet."""
    until = words.weekday_day_year(day, lang)
    if ore is None:
        first = words.text(lang, "time.done.day", until=until, receipt=receipt)
    else:
        first = words.text(lang, "time.done", until=until, amount=words.money(ore, lang), receipt=receipt)
    return f"{first}\n{words.text(lang, reminded(day, today, 'time.done.reminded', 'time.done.quiet'))}"


def promised(day: date, ore: Ore | None, receipt: str, today: date, lang: str) -> str:
    """The receipt of a promise."""
    until = words.deadline(day, today, lang)
    if ore is None:
        first = words.text(lang, "time.promised.day", day=until, receipt=receipt)
    else:
        first = words.text(lang, "time.promised", day=until, amount=words.money(ore, lang), receipt=receipt)
    return f"{first}\n{words.text(lang, reminded(day, today, 'time.promised.reminded', 'time.promised.quiet'))}"


def reminded(day: date, today: date, yes: str, no: str) -> str:
    """Which of two keys: nobody is reminded of a day that is nearly here."""
    return yes if day - timedelta(days=REMIND_DAYS) > today else no
