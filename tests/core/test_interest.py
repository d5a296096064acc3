"""Late interest as situation and amount (domain 2.3, I1 to I9), and what must hold for every amount and stretch."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Dated
from core.claim import DayCount, InterestTerms
from core.interest import UNITS, InterestLine, Rates, UnknownRate, accrue, amounts, per_day_units, rounded
from core.money import round_div
from core.rules.se.rates import RateRow, rates

RATES = rates()
ACT_ACT, ACT_365, E30_360 = DayCount.ACT_ACT, DayCount.ACT_365F, DayCount.E30_360


def lines_of(ore: int, due: str, through: str, day_count: DayCount = ACT_ACT) -> tuple[InterestLine, ...]:
    after = date.fromisoformat(due)
    return accrue(ore, after, date.fromisoformat(through), InterestTerms(after, day_count=day_count), RATES)


@dataclass(frozen=True)
class Example:
    """``segments`` are days, rate and, under ACT/365F, millionths of a krona."""

    name: str
    ore: int
    due: str
    through: str
    segments: tuple[tuple[int, int, int], ...]
    act_365: int
    act_act: int


EXAMPLES = (
    Example("I1", 1_000_00, "2025-07-01", "2025-07-31", ((30, 1000, 8_219178),), 822, 822),
    Example(
        "I2", 10_000_00, "2024-12-01", "2025-01-31", ((30, 1200, 98_630137), (31, 1100, 93_424658)), 192_05, 191_79
    ),
    Example(
        "I3",
        25_000_00,
        "2023-12-31",
        "2024-12-31",
        ((182, 1200, 1495_890411), (184, 1200, 1512_328767)),
        3_008_22,
        3_000_00,
    ),
    Example(
        "I4",
        4_750_50,
        "2022-05-31",
        "2025-09-30",
        (
            (30, 800, 31_236164),
            (184, 850, 203_555671),
            (181, 1050, 247_351377),
            (184, 1150, 275_398849),
            (182, 1200, 284_249096),
            (184, 1200, 287_372712),
            (181, 1100, 259_130014),
            (92, 1000, 119_738630),
        ),
        1_708_03,
        1_706_47,
    ),
    Example("I8", 1_000_00, "2025-06-30", "2025-07-01", ((1, 1000, 273973),), 27, 27),
    Example("I9", 1_000_00, "2025-06-29", "2025-06-30", ((1, 1100, 301370),), 30, 30),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_worked_examples(example: Example) -> None:
    lines = lines_of(example.ore, example.due, example.through, ACT_365)
    millionths = [round_div(line.units * 10_000, UNITS) for line in lines]
    assert [(line.days, line.rate_bp, exact) for line, exact in zip(lines, millionths, strict=True)] == list(
        example.segments
    )
    assert rounded(lines) == example.act_365
    assert rounded(lines_of(example.ore, example.due, example.through)) == example.act_act


def test_a_year_is_a_year_under_30_360() -> None:
    lines = lines_of(25_000_00, "2023-12-31", "2024-12-31", E30_360)
    assert rounded(lines) == 3_000_00
    assert sum(line.days for line in lines) == 360


@pytest.mark.parametrize(
    ("due", "through", "days"),
    [
        ("2025-01-30", "2025-01-31", 0),
        ("2025-02-28", "2025-03-01", 3),
        ("2024-02-29", "2024-03-01", 2),
        ("2025-01-31", "2025-02-28", 28),
        ("2025-06-30", "2025-12-31", 180),
    ],
)
def test_30e_360_counts_months_of_thirty_days(due: str, through: str, days: int) -> None:
    assert sum(line.days for line in lines_of(1_000_00, due, through, E30_360)) == days


def test_i4_is_rounded_once_and_each_day_has_its_own_rate() -> None:
    lines = lines_of(4_750_50, "2022-05-31", "2025-09-30", ACT_365)
    assert sum(round_div(line.units, UNITS) for line in lines) == 1_708_04
    assert sum(line.days for line in lines) == 1_218
    for flat_bp, wrong in ((800, 1_268_19), (1000, 1_585_24)):
        terms = InterestTerms(date(2022, 5, 31), rate_bp=flat_bp, day_count=ACT_365)
        assert rounded(accrue(4_750_50, date(2022, 5, 31), date(2025, 9, 30), terms, RATES)) == wrong


def test_the_lines_amounts_add_up_to_the_rounded_sum() -> None:
    lines = lines_of(4_750_50, "2022-05-31", "2025-09-30", ACT_365)
    assert sum(amounts(lines)) == rounded(lines) == 1_708_03
    assert amounts(()) == ()


def test_a_line_says_base_rate_period_and_days() -> None:
    first, second = lines_of(10_000_00, "2024-12-01", "2025-01-31")
    assert (first.first, first.last, first.base_ore) == (date(2024, 12, 2), date(2024, 12, 31), 10_000_00)
    assert (second.first, second.last) == (date(2025, 1, 1), date(2025, 1, 31))
    assert (first.rate_bp, first.reference_bp) == (1200, 400)


def test_a_contractual_rate_is_one_line_a_year() -> None:
    terms = InterestTerms(date(2024, 2, 29), rate_bp=1500)
    lines = accrue(1_000_00, date(2024, 2, 29), date(2025, 12, 31), terms, RATES)
    assert [(line.days, line.rate_bp, line.reference_bp) for line in lines] == [(306, 1500, None), (365, 1500, None)]


def test_equal_rates_still_part_at_the_half_year() -> None:
    assert [line.days for line in lines_of(1_000_00, "2023-12-31", "2024-12-31")] == [182, 184]


@pytest.mark.parametrize("through", ["2025-07-01", "2025-06-01"])
def test_paid_on_the_due_date_costs_nothing(through: str) -> None:
    assert lines_of(1_000_00, "2025-07-01", through) == ()


def test_nothing_runs_on_nothing_and_before_the_claims_own_day() -> None:
    terms = InterestTerms(date(2025, 7, 1))
    assert accrue(0, date(2025, 7, 1), date(2025, 7, 31), terms, RATES) == ()
    assert accrue(1_000_00, date(2025, 7, 1), date(2025, 7, 31), InterestTerms(None), RATES) == ()
    assert rounded(accrue(1_000_00, date(2025, 1, 1), date(2025, 7, 31), terms, RATES)) == 822


def test_a_rate_below_zero_is_zero_and_has_no_line() -> None:
    terms = InterestTerms(date(2017, 1, 1), margin_bp=0)
    assert accrue(1_000_00, date(2017, 1, 1), date(2018, 1, 1), terms, RATES) == ()
    assert per_day_units(1_000_00, date(2017, 6, 1), terms, RATES) == 0


def test_one_more_day_costs_27_ore() -> None:
    terms = InterestTerms(date(2025, 7, 1))
    assert round_div(per_day_units(1_000_00, date(2025, 7, 31), terms, RATES), UNITS) == 27
    assert round_div(per_day_units(748_22, date(2025, 8, 1), terms, RATES), UNITS) == 20
    assert per_day_units(1_000_00, date(2025, 7, 1), terms, RATES) == 0
    assert per_day_units(1_000_00, date(2025, 7, 2), InterestTerms(None), RATES) == 0


def test_a_day_beyond_the_table_is_refused_unless_the_last_rate_is_told_to_run_on() -> None:
    short = Rates(Dated.of([(date(2025, 1, 1), 300), (date(2025, 7, 1), 200)]), date(2025, 12, 31))
    terms = InterestTerms(date(2025, 12, 1))
    with pytest.raises(UnknownRate) as refused:
        accrue(1_000_00, date(2025, 12, 1), date(2026, 1, 1), terms, short)
    assert (refused.value.code, refused.value.facts) == ("unknown_rate", {"day": date(2026, 1, 1)})
    with pytest.raises(UnknownRate, match="rate_before_table"):
        short.at(date(2024, 12, 31))
    carried = Rates(short.rows, short.known_until, carry_on=True)
    assert carried.at(date(2031, 5, 1)) == 200
    until, beyond = accrue(1_000_00, date(2025, 12, 1), date(2026, 1, 1), terms, carried)
    assert (until.assumed, beyond.assumed) == (False, True)


def test_a_line_at_a_provisional_rate_says_so_until_the_rate_is_confirmed() -> None:
    since, terms = date(2026, 7, 1), InterestTerms(date(2026, 6, 1))
    sure, provisional = accrue(1_000_00, date(2026, 6, 1), date(2026, 7, 31), terms, RATES)
    assert (sure.assumed, provisional.assumed, provisional.first) == (False, True, since)
    seen = rates([RateRow(since, 200, "SFS 2026:1")])
    assert not any(line.assumed for line in accrue(1_000_00, date(2026, 6, 1), date(2026, 7, 31), terms, seen))
    own = InterestTerms(date(2026, 6, 1), rate_bp=1000)
    assert not any(line.assumed for line in accrue(1_000_00, date(2026, 6, 1), date(2026, 7, 31), own, RATES))


def test_a_contractual_rate_needs_no_table() -> None:
    empty_future = Rates(Dated.of([(date(2025, 1, 1), 300)]), date(2025, 6, 30))
    terms = InterestTerms(date(2030, 1, 1), rate_bp=1000)
    assert rounded(accrue(365_00, date(2030, 1, 1), date(2030, 1, 11), terms, empty_future)) == 100


days = st.dates(date(2003, 1, 1), date(2026, 12, 31))
counts = st.sampled_from(DayCount)
own_rates = st.one_of(st.none(), st.integers(0, 3000))


@given(st.integers(1, 10**10), st.tuples(days, days, days).map(sorted), counts, own_rates)
def test_interest_of_two_stretches_is_interest_of_both(
    ore: int, stretch: list[date], day_count: DayCount, rate_bp: int | None
) -> None:
    start, middle, end = stretch
    terms = InterestTerms(start, rate_bp=rate_bp, day_count=day_count)

    def units(after: date, through: date) -> int:
        return sum(line.units for line in accrue(ore, after, through, terms, RATES))

    assert units(start, middle) + units(middle, end) == units(start, end)


@given(st.integers(1, 10**10), days, st.integers(0, 800), st.sampled_from([ACT_ACT, ACT_365]), own_rates)
def test_the_sum_is_what_a_plain_count_day_by_day_gives(
    ore: int, due: date, length: int, day_count: DayCount, rate_bp: int | None
) -> None:
    through = min(due + timedelta(days=length), date(2026, 12, 31))
    terms = InterestTerms(due, rate_bp=rate_bp, day_count=day_count)
    each = (due + timedelta(days=n) for n in range(1, (through - due).days + 1))
    assert sum(line.units for line in accrue(ore, due, through, terms, RATES)) == sum(
        per_day_units(ore, day, terms, RATES) for day in each
    )


@given(st.integers(1, 10**9), st.tuples(days, days).map(sorted), counts)
def test_lines_follow_each_other_without_gap_and_add_up(ore: int, stretch: list[date], day_count: DayCount) -> None:
    start, end = stretch
    lines = accrue(ore, start, end, InterestTerms(start, day_count=day_count), RATES)
    assert sum(amounts(lines)) == rounded(lines)
    assert all(amount >= 0 for amount in amounts(lines))
    assert all(a.last + timedelta(days=1) <= b.first for a, b in pairwise(lines))
    assert all(line.first.year == line.last.year and (line.first.month > 6) == (line.last.month > 6) for line in lines)
