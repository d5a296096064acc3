"""Limitation (preskription): the last day on which a debt can still be claimed.

It runs from the day on which the debt arose, not from its due date, and starts anew on each day that interrupts it.
"""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8192)
def limitation_day(origin: date, years: int, interrupted_on: tuple[date, ...] = ()) -> date:
    """The last safe day (preskriptionsdag): on the day after it the debt is statute-barred (preskriberad).

    ``interrupted_on`` are days that start the whole term anew. One that comes after the term has run out revives
    nothing, and one before the debt arose says nothing about it.
    """
    last = add_years(origin, years)
    for day in sorted(interrupted_on):
        if origin <= day <= last:
            last = add_years(day, years)
    return last


def is_barred(limitation_on: date, today: date) -> bool:
    """Whether the debt may no longer be demanded (preskriptionslagen 8 §)."""
    return today > limitation_on


def add_years(day: date, years: int) -> date:
    """The same day some years later; for 29 February in an ordinary year the day before, the safe one."""
    if (day.month, day.day) == (2, 29):
        day = date(day.year, 2, 28) if not _is_leap(day.year + years) else day
    return day.replace(year=day.year + years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
