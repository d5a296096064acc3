"""Swedish banking days (bankdagar): no Saturday, Sunday, public holiday (lag (1989:253)) or one of the three eves.

Midsummer Eve, Christmas Eve and New Year's Eve count as Sundays (semesterlagen 7 §), and banks are closed on them.
"""

from datetime import date
from functools import lru_cache

from holidays import DE_FACTO, PUBLIC, country_holidays

from core.calendar import Calendar


@lru_cache(maxsize=256)
def closed_in(year: int) -> frozenset[date]:
    """The weekdays of a year on which Swedish banks are closed."""
    days = country_holidays("SE", years=year, categories=(PUBLIC, DE_FACTO))
    return frozenset(day for day in days if day.weekday() < 5)


CALENDAR = Calendar("SE", closed_in)
