"""Banking days and dated values, on Sweden's calendar (domain 3.4)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import BeyondTable, Dated
from core.rules.se.banking_days import CALENDAR, closed_in

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def test_the_closed_weekdays_of_2026() -> None:
    closed = "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31"
    assert sorted(f"{day:%m-%d}" for day in closed_in(2026)) == closed.split()


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-06-06", "national day"),
        ("2025-06-20", "Midsummer Eve"),
        ("2025-12-24", "Christmas Eve"),
        ("2025-12-31", "New Year's Eve"),
        ("2025-05-29", "Ascension Day"),
        ("2026-04-03", "Good Friday"),
        ("2026-04-11", "a Saturday"),
        ("2026-04-12", "a Sunday"),
        ("2004-05-31", "Whit Monday, a holiday up to 2004"),
    ],
)
def test_banks_are_closed(day: str, why: str) -> None:
    assert not CALENDAR.is_banking_day(date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2025-05-30", "the squeezed day after Ascension Day"),
        ("2026-04-02", "Maundy Thursday"),
        ("2025-04-30", "Walpurgis Night"),
        ("2025-10-31", "All Saints' Eve"),
        ("2026-01-05", "Twelfth Night"),
        ("2025-06-09", "Whit Monday, no holiday since 2005"),
    ],
)
def test_banks_are_open(day: str, why: str) -> None:
    assert CALENDAR.is_banking_day(date.fromisoformat(day)), why


@pytest.mark.parametrize(
    ("name", "sent", "receipt_and_four", "deadline"),
    [
        ("T1", "2026-03-02", "2026-03-10", "2026-03-12"),
        ("T2", "2026-04-01", "2026-04-13", "2026-04-13"),
        ("T4", "2026-12-21", "2027-01-04", "2027-01-04"),
    ],
)
def test_four_banking_days_from_presumed_receipt(name: str, sent: str, receipt_and_four: str, deadline: str) -> None:
    issued = date.fromisoformat(sent)
    four_after = CALENDAR.add(CALENDAR.add(issued, 2), 4)
    assert four_after == date.fromisoformat(receipt_and_four)
    ten_days = issued + timedelta(days=10)
    assert CALENDAR.on_or_after(max(ten_days, four_after)) == date.fromisoformat(deadline)


def test_sara_linds_demand_ends_on_a_monday() -> None:
    assert CALENDAR.on_or_after(date(2025, 7, 23) + timedelta(days=10)) == date(2025, 8, 4)


@given(days)
def test_on_or_after_is_the_first_open_day(day: date) -> None:
    found = CALENDAR.on_or_after(day)
    assert CALENDAR.is_banking_day(found)
    assert found == CALENDAR.on_or_after(found)
    assert not any(CALENDAR.is_banking_day(day + timedelta(days=n)) for n in range((found - day).days))


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_adding_banking_days_in_two_goes_is_adding_them_at_once(day: date, some: int, more: int) -> None:
    assert CALENDAR.add(CALENDAR.add(day, some), more) == CALENDAR.add(day, some + more)


@given(days, st.integers(1, 30))
def test_exactly_so_many_open_days_are_passed(day: date, number: int) -> None:
    end = CALENDAR.add(day, number)
    passed = (day + timedelta(days=n) for n in range(1, (end - day).days + 1))
    assert sum(map(CALENDAR.is_banking_day, passed)) == number


def test_a_dated_value_counts_from_its_day() -> None:
    value = Dated.of([(date(2013, 3, 16), 60), (date(2000, 1, 1), 50)])
    assert value.at(date(2013, 3, 15)) == 50
    assert value.at(date(2013, 3, 16)) == 60
    with pytest.raises(BeyondTable):
        value.at(date(1999, 12, 31))
