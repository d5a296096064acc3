"""Money and dates as an SMS writes them: no grouping, short weekdays and months, ``1248,22 kr``, ``mån 4 aug``."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from core import words

SHORT_MONTH = 4


def amount(ore: int, lang: str) -> str:
    """``1248,22``, ``1248.22``: always with öre."""
    return format_decimal(Decimal(ore) / 100, format="0.00", locale=words.locale(lang))


def money(ore: int, lang: str) -> str:
    """``1248,22 kr``, ``SEK 1248.22``."""
    return words.text(lang, "format.money", amount=amount(ore, lang))


def kronor(ore: int, lang: str) -> str:
    """Whole kronor stand without öre: ``472``, ``474,22``; without the unit."""
    return amount(ore, lang) if ore % 100 else str(ore // 100)


def per_day(ore: int, lang: str) -> str:
    """What a day costs: ``+27 öre/dag``, ``+0.27/day``, and from one krona on ``+1,19 kr/dag``."""
    return words.text(lang, "sms.per_day" if ore < 100 else "sms.per_day.more", ore=ore, amount=amount(ore, lang))


def weekday(on: date, lang: str) -> str:
    """``mån 4 aug``, ``Mon 4 Aug``: a last day."""
    return _date(on, "format.sms_weekday", lang)


def day(on: date, lang: str) -> str:
    """``14 aug``, ``14 Aug``."""
    return _date(on, "format.sms_day", lang)


def period(start: date, end: date, lang: str) -> str:
    """``2-31 juli``, ``2 juli-3 aug``, ``2 aug 2022-3 aug 2025``; one day is that day."""
    if start == end:
        return day(end, lang)
    if start.year != end.year:
        return f"{day(start, lang)} {start.year}-{day(end, lang)} {end.year}"
    same = (start.year, start.month) == (end.year, end.month)
    return f"{start.day if same else day(start, lang)}-{day(end, lang)}"


@lru_cache(maxsize=2048)
def _date(on: date, pattern: str, lang: str) -> str:
    """Months that are as short as a shortening are written whole: ``juli``, ``July``.

    The full stop of a shortening is left out; that of a number is not: ``4.8.`` in Finnish.
    """
    written, locale = words.text(lang, pattern), words.locale(lang)
    if len(format_date(on, "MMMM", locale=locale)) <= SHORT_MONTH:
        written = written.replace("MMM", "MMMM")
    return re.sub(r"(?<=[^\W\d])\.", "", format_date(on, written, locale=locale))
