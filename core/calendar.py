"""Civil dates: banking days (bankdagar) and values that change on given days. No clock here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The banking days of one country. ``closed_in(year)`` gives its weekdays on which banks are closed.

    One object a country, compared by identity, so that the caches below need not hash its parts.
    """

    name: str
    closed_in: Callable[[int], frozenset[date]]

    def is_banking_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed_in(day.year)

    def on_or_after(self, day: date) -> date:
        """The day itself, or the next banking day (nästa bankdag)."""
        return _on_or_after(self, day)

    def add(self, day: date, banking_days: int) -> date:
        """The banking day that lies ``banking_days`` (0 or more) banking days after ``day``."""
        return _add(self, day, banking_days)


@lru_cache(maxsize=8192)
def _on_or_after(calendar: Calendar, day: date) -> date:
    while not calendar.is_banking_day(day):
        day += ONE_DAY
    return day


@lru_cache(maxsize=8192)
def _add(calendar: Calendar, day: date, banking_days: int) -> date:
    for _ in range(banking_days):
        day = calendar.on_or_after(day + ONE_DAY)
    return day


class BeyondTable(LookupError):
    """A dated table was asked about a day that it does not cover."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value that changes on given days; rows in order of date, each valid from its day."""

    rows: tuple[tuple[date, T], ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[date, T]]) -> "Dated[T]":
        return cls(tuple(sorted(rows, key=lambda row: row[0])))

    def at(self, day: date) -> T:
        """The value on a day. Raises BeyondTable before the first row."""
        for start, value in reversed(self.rows):
            if start <= day:
                return value
        raise BeyondTable(day)
