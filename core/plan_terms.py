"""The terms of an instalment plan (amorteringsplan): days, sums, and each case's share. Pure arithmetic.

The days are the debtor's own pay day, moved to a banking day; the sums are whole kronor with the rest on the last one.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.calendar import Calendar
from core.errors import Refusal
from core.money import Ore, split

#: A day and what is due on it.
Instalment = tuple[date, Ore]
#: An instalment below this is no plan: then more time is better.
LEAST_ORE: Ore = 100_00
#: Nobody pays the first instalment sooner than this after the terms were made.
FIRST_AFTER_DAYS = 14
KRONA: Ore = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """One plan for all cases together, made on ``on``. ``total`` is what is owed that day and the plan's ``fee``.

    ``months`` is the number of instalments; ``interest_stops``: no interest runs while the plan is kept.
    """

    instalments: tuple[Instalment, ...]
    fee: Ore
    total: Ore
    months: int
    interest_stops: bool
    on: date

    @property
    def first(self) -> Instalment:
        return self.instalments[0]

    @property
    def last(self) -> Instalment:
        return self.instalments[-1]


def pay_days(calendar: Calendar, earliest: date, pay_day: int, number: int) -> tuple[date, ...]:
    """So many pay days, one a month, the first not before ``earliest``; a short month has it on its last day.

    Raises Refusal ``pay_day`` for what is no day of a month.
    """
    if not 1 <= pay_day <= 31:
        raise Refusal("pay_day")
    year, month = earliest.year, earliest.month
    days: list[date] = []
    while len(days) < number:
        day = calendar.on_or_after(date(year, month, min(pay_day, monthrange(year, month)[1])))
        if day >= earliest:
            days.append(day)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return tuple(days)


def even(total: Ore, number: int) -> tuple[Ore, ...]:
    """Equal sums in whole kronor; the last one takes the rest."""
    return by_sum(total, total // number // KRONA * KRONA, number)


def by_sum(total: Ore, each: Ore, number: int) -> tuple[Ore, ...]:
    """The same sum each time; the last one takes the rest."""
    return (*(each for _ in range(number - 1)), total - each * (number - 1))


def number_for(total: Ore, each: Ore) -> int:
    """How many instalments it takes to pay so much at a time: the öre of the rest do not make one more."""
    number = -(-total // each)
    while number > 1 and total // (number - 1) // KRONA * KRONA <= each:
        number -= 1
    return number


def lengths(months: int, total: Ore) -> tuple[int, ...]:
    """The numbers of instalments that are offered: half of what the creditor allows and all of it, fewer when small."""
    most = min(months, total // LEAST_ORE)
    return tuple(sorted({number for number in ((most + 1) // 2, most) if number >= 2}))


def shares(instalments: Sequence[Instalment], owed: Sequence[Ore]) -> tuple[tuple[Instalment, ...], ...]:
    """Each case's part of every instalment, in proportion to what it owes: exact by instalment and by case.

    The instalments add up to what is owed.
    """
    parts: list[tuple[Ore, ...]] = [tuple(0 for _ in owed)]
    paid = 0
    for _, ore in instalments:
        paid += ore
        parts.append(split(paid, owed))
    days = [day for day, _ in instalments]
    return tuple(
        tuple((day, after[case] - before[case]) for day, (before, after) in zip(days, pairwise(parts), strict=True))
        for case in range(len(owed))
    )


def moved(instalments: Sequence[Instalment], after: date, days: Sequence[date]) -> tuple[Instalment, ...]:
    """The instalments due after a day, on new days."""
    later = [ore for day, ore in instalments if day > after]
    return tuple(zip(days, later, strict=True))


def stored(instalments: Sequence[Instalment]) -> tuple[tuple[str, Ore], ...]:
    """As a fact keeps them."""
    return tuple((day.isoformat(), ore) for day, ore in instalments)


def read(instalments: Sequence[tuple[str, Ore]]) -> tuple[Instalment, ...]:
    """What `stored` wrote."""
    return tuple((date.fromisoformat(day), ore) for day, ore in instalments)


def first_day(today: date) -> date:
    """The earliest day of a first instalment."""
    return today + timedelta(days=FIRST_AFTER_DAYS)
