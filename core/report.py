"""Reports (rapporter): what was collected, how soon, how many needed a person. Counted from rows, never from words.

Each `Figure` is one plot and one part of a table: bars in order, each with its value and, where it helps, how many
cases stand behind it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from core.money import Ore


class Unit(StrEnum):
    ORE = "ore"
    CASES = "cases"
    PERCENT = "percent"
    DAYS = "days"
    PER_100 = "per_100"


#: Days since the due date, each bucket up to and including its last day; the last one is open.
AGES = (30, 60, 90, 180)
#: Days from registration until all was paid.
WAITS = (10, 20, 30, 45, 60, 90)
SOLVED = frozenset({"paid", "settled"})
ANSWERS = ("open", "upheld", "partly", "rejected", "withdrawn")
ENDS = ("running", "kept", "missed", "other")


@dataclass(frozen=True, slots=True)
class Life:
    """One case as reports see it. ``why`` is how it closed; ``asked_decision_on`` when its first phase was over.

    ``helped``: a person of staff had to do something in it.
    """

    opened_on: date
    due_on: date
    balance_ore: Ore
    closed_on: date | None = None
    why: str = ""
    asked_decision_on: date | None = None
    helped: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """``label`` is a bucket's upper bound, a day, or a code; ``value`` in the figure's unit."""

    label: str
    value: int
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One question and its answer. ``total`` is the sum, the median or the share, whatever says it in one number.

    It is in ``total_unit``; ``cases`` stand behind it.
    """

    key: str
    unit: Unit
    bars: tuple[Bar, ...]
    total: int | None
    total_unit: Unit
    cases: int


@dataclass(frozen=True, slots=True)
class Rows:
    """What a report is counted from. ``disputes`` and ``plans`` are how each stands.

    ``payments`` are day and öre of what came to count in the cases, and below zero of what counts no more.
    """

    lives: Sequence[Life]
    payments: Sequence[tuple[date, Ore]]
    messages: int
    disputes: Sequence[str]
    plans: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a period, both days included."""

    from_on: date
    through_on: date
    figures: tuple[Figure, ...]

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.figures if figure.key == key)

    def plotted(self) -> tuple[Figure, ...]:
        """The figures that have a plot: what was taken off only where something was."""
        return tuple(figure for figure in self.figures if figure.key != "taken_off" or figure.total)


def report(counted: Rows, from_on: date, through_on: date) -> Report:
    """All figures of a period."""
    lives = counted.lives
    figures = (
        aging(lives, through_on),
        collected(counted.payments, from_on, through_on),
        taken_off(counted.payments, from_on, through_on),
        days_to_payment(lives, from_on, through_on),
        self_service(lives, from_on, through_on),
        per_hundred(lives, counted.messages, from_on, through_on),
        _counted("disputes", counted.disputes, ANSWERS),
        plans(counted.plans),
    )
    return Report(from_on, through_on, figures)


def aging(lives: Iterable[Life], on: date) -> Figure:
    """What is owed without running interest, by days since the due date (åldersanalys)."""
    ore: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for life in lives:
        if life.opened_on <= on and (life.closed_on is None or life.closed_on > on) and life.balance_ore > 0:
            label = _bucket((on - life.due_on).days, AGES)
            ore[label] += life.balance_ore
            cases[label] += 1
    bars = tuple(Bar(label, ore[label], cases[label]) for label in _labels(AGES))
    return Figure("aging", Unit.ORE, bars, sum(ore.values()), Unit.ORE, cases.total())


def collected(payments: Iterable[tuple[date, Ore]], from_on: date, through_on: date) -> Figure:
    """What was paid and counts, by week, each named by its Monday; weeks without a payment stand there too.

    What no longer counts is taken off in the week in which that was decided, which may leave the week below zero;
    the weeks before stay as they were reported.
    """
    return _by_week("collected", payments, from_on, through_on, came=True)


def taken_off(payments: Iterable[tuple[date, Ore]], from_on: date, through_on: date) -> Figure:
    """What `collected` is without by week: credited after it was paid, taken back by the bank, or another's."""
    gone = [(day, -ore) for day, ore in payments if ore < 0]
    return _by_week("taken_off", gone, from_on, through_on)


def _by_week(
    key: str, sums: Iterable[tuple[date, Ore]], from_on: date, through_on: date, *, came: bool = False
) -> Figure:
    """Sums of a period by week, and how many; ``came``: only those above zero are counted."""
    monday = from_on - timedelta(days=from_on.weekday())
    weeks = [monday + timedelta(days=7 * n) for n in range((through_on - monday).days // 7 + 1)]
    ore = dict.fromkeys(weeks, 0)
    number = dict.fromkeys(weeks, 0)
    for day, amount in sums:
        if from_on <= day <= through_on:
            week = day - timedelta(days=day.weekday())
            ore[week] += amount
            number[week] += not came or amount > 0
    bars = tuple(Bar(week.isoformat(), ore[week], number[week]) for week in weeks)
    return Figure(key, Unit.ORE, bars, sum(ore.values()), Unit.ORE, sum(number.values()))


def days_to_payment(lives: Iterable[Life], from_on: date, through_on: date) -> Figure:
    """Days from registration until a case was paid, of the cases paid in the period; ``total`` is the median."""
    days = [(closed - life.opened_on).days for life, closed in _ended(lives, from_on, through_on) if life.why in SOLVED]
    count = Counter(_bucket(each, WAITS) for each in days)
    bars = tuple(Bar(label, count[label], count[label]) for label in _labels(WAITS))
    middle = round(median(days)) if days else None
    return Figure("days_to_payment", Unit.CASES, bars, middle, Unit.DAYS, len(days))


def self_service(lives: Iterable[Life], from_on: date, through_on: date) -> Figure:
    """Of the cases solved in the period, how many needed no person; ``total`` is their share in percent."""
    solved = [life for life, _ in _ended(lives, from_on, through_on) if life.why in SOLVED]
    alone = sum(1 for life in solved if not life.helped)
    bars = (Bar("alone", alone, alone), Bar("helped", len(solved) - alone, len(solved) - alone))
    return Figure("self_service", Unit.CASES, bars, _share(alone, len(solved)), Unit.PERCENT, len(solved))


def per_hundred(lives: Sequence[Life], messages: int, from_on: date, through_on: date) -> Figure:
    """Messages to staff per 100 cases that were open in the period, and cases of 100 that were unpaid after phase 1."""
    there = sum(
        1 for life in lives if life.opened_on <= through_on and (life.closed_on is None or life.closed_on >= from_on)
    )
    unpaid = sum(1 for life in lives if life.asked_decision_on and from_on <= life.asked_decision_on <= through_on)
    early = sum(1 for life, _ in _ended(lives, from_on, through_on) if life.asked_decision_on is None)
    bars = (
        Bar("messages", _share(messages, there) or 0, there),
        Bar("unpaid", _share(unpaid, unpaid + early) or 0, unpaid + early),
    )
    return Figure("per_100", Unit.PER_100, bars, None, Unit.PER_100, there)


def plans(ends: Sequence[str]) -> Figure:
    """Instalment plans by how they stand; ``total`` is the share kept of those that have ended, in percent."""
    figure = _counted("plans", ends, ENDS)
    kept, over = ends.count("kept"), sum(1 for end in ends if end != "running")
    return Figure("plans", Unit.CASES, figure.bars, _share(kept, over), Unit.PERCENT, over)


def _counted(key: str, codes: Iterable[str], order: Sequence[str]) -> Figure:
    count = Counter(codes)
    bars = tuple(Bar(code, count[code], count[code]) for code in order)
    return Figure(key, Unit.CASES, bars, count.total(), Unit.CASES, count.total())


def _ended(lives: Iterable[Life], from_on: date, through_on: date) -> Iterable[tuple[Life, date]]:
    return ((life, life.closed_on) for life in lives if life.closed_on and from_on <= life.closed_on <= through_on)


def _labels(bounds: Sequence[int]) -> tuple[str, ...]:
    return (*(str(bound) for bound in bounds), "more")


def _bucket(days: int, bounds: Sequence[int]) -> str:
    return next((str(bound) for bound in bounds if days <= bound), "more")


def _share(part: int, whole: int) -> int | None:
    """Of a hundred, rounded; None where there is nothing to share."""
    return round(100 * part / whole) if whole else None
