"""The reference rate table against the published list (domain 2.2), and what may lie over it."""

from datetime import date

import pytest

from core.calendar import Dated
from core.interest import UnknownRate
from core.rules.se.rates import (
    TABLE,
    RateRow,
    RateStatus,
    laid_over,
    rates,
    reference_from_policy,
    require_confirmed,
)

#: Percent for each half-year from 2002-07-01, read off the published list row by row.
PUBLISHED = """
4.50 4.00 3.00 3.00 2.00 2.00 1.50 1.50 2.50 3.00 3.50 4.00
4.50 2.00 0.50 0.50 0.50 1.50 2.00 2.00 1.50 1.00 1.00 1.00
1.00 0.00 0.00 0.00 -0.50 -0.50 -0.50 -0.50 -0.50 -0.50 0.00 0.00
0.00 0.00 0.00 0.00 0.50 2.50 3.50 4.00 4.00 3.00 2.00 2.00
"""


def half_years(first: date, number: int) -> list[date]:
    halves = [date(year, month, 1) for year in range(first.year, first.year + number) for month in (1, 7)]
    return [day for day in halves if day >= first][:number]


def test_the_table_is_the_published_list() -> None:
    percents = [round(float(text) * 100) for text in PUBLISHED.split()]
    published = list(zip(half_years(date(2002, 7, 1), len(percents)), percents, strict=True))
    assert [(row.from_, row.bp) for row in TABLE[:-1]] == published


def test_the_second_half_of_2026_is_provisional() -> None:
    last = TABLE[-1]
    assert (last.from_, last.bp, last.status) == (date(2026, 7, 1), 200, RateStatus.PROVISIONAL)
    assert [row.status for row in TABLE[:-1]] == [RateStatus.CONFIRMED] * (len(TABLE) - 1)
    assert rates().at(date(2026, 12, 31)) == 200
    with pytest.raises(UnknownRate):
        rates().at(date(2027, 1, 1))
    assert rates(carry_on=True).at(date(2027, 1, 1)) == 200


def test_production_counts_with_confirmed_rows_only() -> None:
    assert require_confirmed(date(2026, 6, 30)).bp == 200
    with pytest.raises(UnknownRate, match="unconfirmed_rate"):
        require_confirmed(date(2026, 7, 1))
    with pytest.raises(UnknownRate, match="unknown_rate"):
        require_confirmed(date(2027, 1, 1))
    with pytest.raises(UnknownRate):
        require_confirmed(date(2002, 6, 30))
    confirmed = [RateRow(date(2026, 7, 1), 175, "SFS 2026:1")]
    assert require_confirmed(date(2026, 7, 1), confirmed).source == "SFS 2026:1"


def test_confirmed_rows_lie_over_the_table_and_lengthen_it() -> None:
    confirmed = [RateRow(date(2026, 7, 1), 150, "a"), RateRow(date(2027, 1, 1), 100, "b")]
    known = rates(confirmed)
    assert known.at(date(2026, 7, 1)) == 150
    assert known.at(date(2027, 6, 30)) == 100
    assert known.known_until == date(2027, 6, 30)
    assert len(laid_over(confirmed)) == len(TABLE) + 1


def test_a_missing_half_year_ends_the_table() -> None:
    known = rates([RateRow(date(2027, 7, 1), 300, "after a gap")])
    assert known.known_until == date(2026, 12, 31)
    assert known.rows == Dated.of((row.from_, row.bp) for row in TABLE)


def test_a_rate_begins_with_a_half_year() -> None:
    with pytest.raises(ValueError, match="1 January or 1 July"):
        rates([RateRow(date(2027, 2, 1), 300, "wrong")])


def test_the_correction_of_2012_is_told() -> None:
    row = require_confirmed(date(2012, 7, 1))
    assert (row.bp, row.decided_at, row.supersedes) == (150, date(2012, 7, 2), date(2012, 6, 29))


@pytest.mark.parametrize(
    ("policy", "reference"),
    [(375, 400), (275, 300), (200, 200), (175, 200), (-25, 0), (-50, -50)],
)
def test_the_policy_rate_is_rounded_up_to_the_half_point(policy: int, reference: int) -> None:
    assert reference_from_policy(policy) == reference
