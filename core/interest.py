"""Late interest (dröjsmålsränta, räntelagen 3, 4, 6 §§) as lines: base, rate, first and last day, days, amount.

Amounts stay exact until `rounded`: they are counted in *units*, and an öre is `UNITS` of them, a number that every
year in use (365, 366, 360 days) and a rate in basis points divide without a remainder. There is no fraction anywhere.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from core.calendar import BeyondTable, Dated
from core.claim import DayCount, InterestTerms
from core.errors import Refusal
from core.money import Ore, round_div

#: Units in one öre. One öre of base, one basis point and one day of a year of n days are UNITS / 10 000 / n units.
UNITS = 10_000 * 365 * 366 * 360

_ONE_DAY = timedelta(days=1)
_PER_DAY_365 = 366 * 360
_PER_DAY_366 = 365 * 360
_PER_DAY_360 = 365 * 366


class UnknownRate(BeyondTable, Refusal):
    """Interest was asked for on a day whose reference rate is not known, or not confirmed. Nothing is guessed."""

    def __init__(self, day: date, code: str = "unknown_rate") -> None:
        Refusal.__init__(self, code, day=day)


@dataclass(frozen=True, slots=True)
class Rates:
    """Reference rates (referensränta, räntelagen 9 §) in basis points, set for each calendar half-year.

    ``known_until`` is the last day that they cover. ``carry_on`` lets the last rate run on: demo and tests only.
    ``provisional`` are the half-years, by their first day, whose rate has not been seen in an announcement.
    """

    rows: Dated[int]
    known_until: date
    carry_on: bool = False
    provisional: frozenset[date] = frozenset()
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _values: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(start for start, _ in self.rows.rows))
        object.__setattr__(self, "_values", tuple(rate_bp for _, rate_bp in self.rows.rows))

    def at(self, day: date) -> int:
        """The reference rate on a day. Raises UnknownRate outside the table."""
        row = bisect_right(self._starts, day) - 1
        if row < 0:
            raise UnknownRate(day, "rate_before_table")
        if day > self.known_until and not self.carry_on:
            raise UnknownRate(day)
        return self._values[row]

    def assumed_at(self, day: date) -> bool:
        """Whether the rate of a day may still become another: provisional, or carried on beyond the table."""
        return day > self.known_until or self._starts[bisect_right(self._starts, day) - 1] in self.provisional


@dataclass(frozen=True, slots=True)
class InterestLine:
    """Interest on one base at one rate over one stretch of days, both ends counted (inkassolagen 5 §).

    ``reference_bp`` is the reference rate within ``rate_bp``, None for a contractual rate; ``assumed``: it may still
    become another. ``days`` are the days that the day count gives, so 30 for a month of 31 days under 30E/360.
    """

    base_ore: Ore
    rate_bp: int
    reference_bp: int | None
    first: date
    last: date
    days: int
    units: int
    assumed: bool = False


def accrue(base_ore: Ore, after: date, through: date, terms: InterestTerms, rates: Rates) -> tuple[InterestLine, ...]:
    """Interest for the days from ``after`` + 1 to ``through``, one line a half-year (a year, for a contractual rate).

    The day after which a claim bears interest is its own limit: earlier days cost nothing. A stretch that costs
    nothing, at a rate of 0 or less, has no line. Raises UnknownRate for a day that the table does not reach.
    """
    if terms.starts_after is None or base_ore <= 0:
        return ()
    after = max(after, terms.starts_after)
    if through <= after:
        return ()
    lines: list[InterestLine] = []
    for first, last, days, per_day in _stretches(after, through, terms.day_count, terms.rate_bp is None):
        rate_bp, reference_bp = _rate(first, terms, rates)
        units = base_ore * rate_bp * days * per_day
        if units:
            assumed = reference_bp is not None and rates.assumed_at(first)
            lines.append(InterestLine(base_ore, rate_bp, reference_bp, first, last, days, units, assumed))
    return tuple(lines)


def without(line: InterestLine, ore: Ore) -> InterestLine:
    """The line as it were on a base without so much of it (a disputed part)."""
    base = max(line.base_ore - ore, 0)
    return replace(line, base_ore=base, units=line.units // line.base_ore * base)


def rounded(lines: Iterable[InterestLine]) -> Ore:
    """The lines together in öre: exact to the end, then rounded once, half an öre up."""
    return round_div(sum(line.units for line in lines), UNITS)


def amounts(lines: Iterable[InterestLine]) -> tuple[Ore, ...]:
    """Each line in öre, rounded on the running total, so that the amounts add up to `rounded`."""
    totals = [0]
    units = 0
    for line in lines:
        units += line.units
        totals.append(round_div(units, UNITS))
    return tuple(upto - before for before, upto in pairwise(totals))


def per_day_units(base_ore: Ore, day: date, terms: InterestTerms, rates: Rates) -> int:
    """What one day costs at the rate of ``day`` (under 30E/360 a 360th of a year, whichever day it is)."""
    if terms.starts_after is None or day <= terms.starts_after or base_ore <= 0:
        return 0
    return base_ore * _rate(day, terms, rates)[0] * _per_day(day.year, terms.day_count)


def _rate(day: date, terms: InterestTerms, rates: Rates) -> tuple[int, int | None]:
    """The yearly rate on a day and the reference rate in it; never below zero."""
    if terms.rate_bp is not None:
        return max(terms.rate_bp, 0), None
    reference_bp = rates.at(day)
    return max(reference_bp + terms.margin_bp, 0), reference_bp


@lru_cache(maxsize=16_384)
def _stretches(
    after: date, through: date, day_count: DayCount, by_half_year: bool
) -> tuple[tuple[date, date, int, int], ...]:
    """Split the days after ``after`` up to ``through``: first, last, days counted, units of a day per öre and point."""
    found = []
    while after < through:
        first = after + _ONE_DAY
        last = min(through, _period_end(first, by_half_year))
        days = _days_30e(last) - _days_30e(after) if day_count is DayCount.E30_360 else (last - after).days
        found.append((first, last, days, _per_day(first.year, day_count)))
        after = last
    return tuple(found)


def _period_end(day: date, by_half_year: bool) -> date:
    return date(day.year, 6, 30) if by_half_year and day.month <= 6 else date(day.year, 12, 31)


def _days_30e(day: date) -> int:
    """Days up to a date in a calendar of twelve months of 30 days."""
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _per_day(year: int, day_count: DayCount) -> int:
    if day_count is DayCount.E30_360:
        return _PER_DAY_360
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _PER_DAY_366 if leap and day_count is DayCount.ACT_ACT else _PER_DAY_365
