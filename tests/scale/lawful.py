"""What may happen to a case, and when: counted from the numbers of the policy by none of the product's own code.

Banking days are counted from Easter's rule and the fixed holidays, deadlines and fees as design and law state them.
"""

from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor

DAY = timedelta(days=1)
#: Late interest while the reference rate is 2.00: ten per cent of each calendar year.
RATE = Fraction(10, 100)


@dataclass(frozen=True)
class Invoice:
    """What the file says of one claim, as far as letters depend on it."""

    reference: str
    due: date
    ore: int
    fee_agreed: bool
    compensation: bool


@dataclass(frozen=True)
class Letter:
    """A step as it must be found: its day of issue, its deadline, its new costs, and the sum in it."""

    kind: str
    on: date
    deadline: date | None
    costs: tuple[tuple[str, int], ...]
    total_ore: int


def letters(
    invoices: Iterable[Invoice], handed_over: date, until: date, looked: Callable[[date], date]
) -> list[Letter]:
    """Every step of a case that nobody pays. ``looked``: the first day, this one or later, on which the night ran."""
    claims = tuple(invoices)
    earliest = max(max(claim.due for claim in claims) + DAY, handed_over)
    found: list[Letter] = []
    charged: dict[str, int] = {}
    for kind, deadline, costs in STEPS:
        on = looked(banking(earliest))
        while on != banking(on):
            on = looked(banking(on))
        if on > until:
            break
        for cost in costs:
            charged[cost] = fee(claims, charged, cost)
        new = tuple((cost, charged[cost]) for cost in costs if charged[cost])
        due = deadline(on) if deadline else None
        found.append(Letter(kind, on, due, new, owed(claims, on) + sum(charged.values())))
        earliest = _after(found[-1])
    return found


def _after(letter: Letter) -> date:
    """The earliest day of the step after this one, before it is moved to a banking day."""
    if letter.deadline:
        return plus(letter.deadline, 2) if letter.kind == "reminder" else letter.deadline + DAY
    return letter.on + QUESTIONS[letter.kind] * DAY


def _eight_days(on: date) -> date:
    return banking(on + 8 * DAY)


def _demand_deadline(on: date) -> date:
    return banking(max(on + 10 * DAY, plus(plus(on, 2), 4)))


#: Each step, how its deadline is counted, and what it may cost.
STEPS: tuple[tuple[str, Callable[[date], date] | None, tuple[str, ...]], ...] = (
    ("reminder", _eight_days, ("reminder",)),
    ("demand", _demand_deadline, ("late_compensation", "demand")),
    ("final_notice", _eight_days, ()),
    ("decision", None, ()),
    ("decision_reminder_1", None, ()),
    ("decision_reminder_2", None, ()),
    ("decision_reminder_3", None, ()),
)
#: The creditor is asked, and reminded 7, 21 and 60 days later.
QUESTIONS = {"decision": 7, "decision_reminder_1": 14, "decision_reminder_2": 39, "decision_reminder_3": 9_999}


def fee(claims: Iterable[Invoice], charged: dict[str, int], cost: str) -> int:
    """60 kr if agreed, 180 kr for a demand, 450 kr of a business, on which the other two count (domain 1.1, 1.2)."""
    claims = tuple(claims)
    fees = charged.get("reminder", 0)
    match cost:
        case "reminder":
            return 60_00 if any(claim.fee_agreed for claim in claims) else 0
        case "late_compensation":
            return 450_00 - fees if any(claim.compensation for claim in claims) else 0
        case _:
            return 0 if charged.get("late_compensation") else 180_00


def owed(claims: Iterable[Invoice], on: date) -> int:
    """Principal and interest; each claim's interest is rounded once, half up."""
    total = 0
    for claim in claims:
        days = (claim.due + n * DAY for n in range(1, (on - claim.due).days + 1))
        years = sum(Fraction(1, 366 if isleap(day.year) else 365) for day in days)
        total += claim.ore + floor(claim.ore * RATE * years + Fraction(1, 2))
    return total


def banking(day: date) -> date:
    """The day itself, or the next banking day."""
    while day.weekday() > 4 or day in closed(day.year):
        day += DAY
    return day


def plus(day: date, number: int) -> date:
    """So many banking days later."""
    for _ in range(number):
        day = banking(day + DAY)
    return day


@cache
def closed(year: int) -> frozenset[date]:
    """Sweden's holidays (lag (1989:253)) and the three eves on which banks are closed."""
    fixed = [(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)]
    midsummer_eve = next(day for day in (date(year, 6, 19 + n) for n in range(7)) if day.weekday() == 4)
    moving = [easter(year) + n * DAY for n in (-2, 1, 39)]
    return frozenset([*(date(year, month, day) for month, day in fixed), midsummer_eve, *moving])


def easter(year: int) -> date:
    """Easter Sunday by Gauss's rule in Butcher's form."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
