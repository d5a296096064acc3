"""When a person may be rung on our own initiative."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contact import RULES, local_day, when_next, wished
from core.rules.se.banking_days import CALENDAR
from core.words import HERE

MONDAY = date(2025, 8, 4)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), HERE)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(MONDAY, "07:59"), at(MONDAY, "08:00")),
        (at(MONDAY, "08:00"), at(MONDAY, "08:00")),
        (at(MONDAY, "19:59"), at(MONDAY, "19:59")),
        (at(MONDAY, "20:00"), at(date(2025, 8, 5), "08:00")),
        (at(date(2025, 8, 1), "20:01"), at(MONDAY, "08:00")),  # a Friday evening
        (at(date(2025, 12, 24), "09:00"), at(date(2025, 12, 29), "08:00")),  # Christmas, then a weekend
        (at(date(2026, 1, 6), "12:00"), at(date(2026, 1, 7), "08:00")),  # Epiphany
    ],
)
def test_nobody_is_rung_at_night_on_weekends_or_on_holidays(now: datetime, then: datetime) -> None:
    assert when_next(now, (), CALENDAR) == then


def test_a_person_is_rung_once_a_day() -> None:
    assert when_next(at(MONDAY, "15:00"), [at(MONDAY, "08:00")], CALENDAR) == at(date(2025, 8, 5), "08:00")


def test_three_contacts_fill_any_seven_days() -> None:
    rung = [at(date(2025, 8, day), "09:00") for day in (1, 4, 6)]
    assert when_next(at(date(2025, 8, 7), "09:00"), rung, CALENDAR) == at(date(2025, 8, 8), "08:00")
    assert when_next(at(date(2025, 8, 8), "09:00"), rung, CALENDAR) == at(date(2025, 8, 8), "09:00")


def test_the_hours_are_those_of_the_clock_on_the_wall() -> None:
    # Summer time ends on 26 October 2025: eight o'clock is one UTC hour later than the week before.
    assert when_next(at(date(2025, 10, 24), "21:00"), (), CALENDAR) == datetime(2025, 10, 27, 7, 0, tzinfo=UTC)
    assert when_next(at(date(2025, 10, 23), "21:00"), (), CALENDAR) == datetime(2025, 10, 24, 6, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 24 * 60), min_size=1, max_size=60))
def test_however_often_we_want_to_the_caps_hold(gaps: list[int]) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    rung: list[datetime] = []
    for minutes in gaps:
        now += timedelta(minutes=minutes)
        if when_next(now, rung, CALENDAR) == now:
            rung.append(now)
    days = [local_day(instant) for instant in rung]
    assert len(set(days)) == len(days)
    assert all(sum(day - timedelta(7) < other <= day for other in days) <= RULES.a_week for day in days)
    assert all(CALENDAR.is_banking_day(day) for day in days)
    assert all(RULES.opens <= instant.astimezone(HERE).time() < RULES.closes for instant in rung)


@pytest.mark.parametrize(
    ("wish", "opens", "closes"),
    [((17, 20), 17, 20), ((6, 22), 8, 20), ((20, 22), 8, 20), ((None, None), 8, 20)],
)
def test_a_wish_narrows_the_lawful_hours_and_never_widens_them(
    wish: tuple[int | None, int | None], opens: int, closes: int
) -> None:
    rules = wished(*wish)
    assert (rules.opens, rules.closes) == (time(opens), time(closes))
    assert (rules.a_day, rules.a_week) == (RULES.a_day, RULES.a_week)
