"""A day, or a sum and a day, in digits alone: ``2508`` and ``25/8`` are 25 August, ``800 2508`` is a sum by then.

Four digits are a day only where a day was asked for; the caller knows that.
"""

import re
from datetime import date, timedelta

from core.money import Ore, parse_kronor

_DAY = r"(?P<day>\d{1,2})(?:[/.](?P<slashed>\d{1,2})|(?P<month>\d{2}))"
_SUM_AND_DAY = re.compile(rf"(?P<sum>\d[\d ]*(?:[.,]\d{{1,2}})?)(?: ?kr)?[\s,;]+{_DAY}", re.IGNORECASE)
#: What a text gives as an example lies so far ahead.
EXAMPLE_DAYS = 25


def day(text: str, today: date) -> date | None:
    """The day to come that the digits name, within a year; None where they name none."""
    found = re.fullmatch(_DAY, text.strip(" ."))
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
