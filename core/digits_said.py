"""Days and sums as somebody writes them on a keypad: ``2508`` and ``25/8`` are the 25th of August, ``800 2508`` a sum
by then, ``1807 1000`` a day and a sum. Four digits are a day only where a day was asked for; the caller knows that.
"""

import re
from datetime import date, timedelta

from core.money import Ore, parse_kronor

_DAY = re.compile(r"(?<![\d/.,-])(0?[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(?![\d/.,-])")


def with_slash(text: str) -> str:
    """The text with its first day of four digits written ``25/8``. Only where a day is asked for or expected."""
    return _DAY.sub(lambda found: f"{int(found[1])}/{int(found[2])}", text.strip(), count=1)


def day_and_sum(text: str) -> str:
    """The same where a sum is told too: ``1807 1000`` is ``18/7, 1000``; figures that stand alone are a sum."""
    figures = re.findall(r"\d[\d/.]*", text)
    if len(figures) != 2:
        return text
    first, second = figures
    if "/" in text:
        return text.replace(f"{first} {second}", f"{first}, {second}")
    for figure in figures:
        if (day := with_slash(figure)) != figure:
            return text.replace(f"{first} {second}", f"{first}, {second}").replace(figure, day, 1)
    return text


# A day to come, or a sum and a day.

_DAY_PART = r"(?P<day>\d{1,2})(?:[/.](?P<slashed>\d{1,2})|(?P<month>\d{2}))"
_SUM_AND_DAY = re.compile(rf"(?P<sum>\d[\d ]*(?:[.,]\d{{1,2}})?)(?: ?kr)?[\s,;]+{_DAY_PART}", re.IGNORECASE)
#: What a text gives as an example lies so far ahead.
EXAMPLE_DAYS = 25


def day(text: str, today: date) -> date | None:
    """The day to come that the digits name, within a year; None where they name none."""
    found = re.fullmatch(_DAY_PART, text.strip(" ."))
    return _coming(found, today) if found and (found["slashed"] or len(found[0]) == 4) else None


def sum_and_day(text: str, today: date) -> tuple[Ore, date] | None:
    """A sum and the day on which it would be paid."""
    found = _SUM_AND_DAY.fullmatch(text.strip(" ."))
    on = _coming(found, today) if found and (found["slashed"] or len(found["day"]) == 2) else None
    if found is None or on is None:
        return None
    try:
        return parse_kronor(found["sum"].strip()), on
    except ValueError:
        return None


def _coming(found: re.Match[str], today: date) -> date | None:
    month, number = int(found["slashed"] or found["month"]), int(found["day"])
    days = (_made(year, month, number) for year in (today.year, today.year + 1))
    return next((made for made in days if made and made >= today), None)


def _made(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def example(today: date) -> str:
    """A day as it may be written: ``2508``."""
    return f"{today + timedelta(days=EXAMPLE_DAYS):%d%m}"
