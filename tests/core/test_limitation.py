"""Limitation days (domain 4, P1 to P5) and the guard for minors."""

from datetime import date

import pytest

from core.claim import Claim, ClaimKind, InterestTerms
from core.limitation import add_years, is_barred, limitation_day
from core.rules.se.limitation import limitation_on, minor_at_origin


def consumer(origin: str, kind: ClaimKind = ClaimKind.CONSUMER) -> Claim:
    day = date.fromisoformat(origin)
    return Claim(1, "5512", 1_000_00, "Bicycle service", day, day, day, InterestTerms(day), kind)


@pytest.mark.parametrize(
    ("name", "origin", "interrupted_on", "last_safe_day"),
    [
        ("P1: nothing happened", "2023-03-15", (), "2026-03-15"),
        ("P2: a demand was received", "2023-03-15", ("2025-02-20",), "2028-02-20"),
        ("P4: a leap day", "2024-02-29", (), "2027-02-28"),
        ("P5: a letter was sent, and no proof that it arrived", "2023-03-15", (), "2026-03-15"),
        ("interrupted on the last safe day", "2023-03-15", ("2026-03-15",), "2029-03-15"),
        ("interrupted too late revives nothing", "2023-03-15", ("2026-03-16",), "2026-03-15"),
        ("interrupted twice, told in any order", "2020-01-10", ("2024-12-01", "2022-12-31"), "2027-12-01"),
        ("before the debt arose it says nothing", "2023-03-15", ("2023-03-14",), "2026-03-15"),
    ],
)
def test_the_last_safe_day(name: str, origin: str, interrupted_on: tuple[str, ...], last_safe_day: str) -> None:
    interruptions = tuple(date.fromisoformat(day) for day in interrupted_on)
    assert limitation_on(consumer(origin), interruptions) == date.fromisoformat(last_safe_day), name


def test_a_business_has_ten_years() -> None:
    assert limitation_on(consumer("2016-05-04", ClaimKind.BUSINESS)) == date(2026, 5, 4)


@pytest.mark.parametrize("kind", [ClaimKind.CONSUMER, ClaimKind.CONSUMER_CREDIT, ClaimKind.RENT])
def test_consumers_have_three_years(kind: ClaimKind) -> None:
    assert limitation_on(consumer("2016-05-04", kind)) == date(2019, 5, 4)


def test_on_the_last_safe_day_it_is_not_yet_barred() -> None:
    last = limitation_day(date(2023, 3, 15), 3)
    assert not is_barred(last, date(2026, 3, 15))
    assert is_barred(last, date(2026, 3, 16))


def test_years_are_added_to_the_safe_side() -> None:
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_years(date(1896, 2, 29), 4) == date(1900, 2, 28)
    assert add_years(date(2000, 2, 29), 10) == date(2010, 2, 28)


@pytest.mark.parametrize(
    ("birth", "origin", "minor"),
    [
        ("2007-07-01", "2025-06-30", True),
        ("2007-07-01", "2025-07-01", False),
        ("2008-02-29", "2026-02-28", True),
        ("2008-02-29", "2026-03-01", False),
        ("1981-12-28", "2025-05-28", False),
    ],
)
def test_a_debt_from_before_the_18th_birthday_is_stopped(birth: str, origin: str, minor: bool) -> None:
    assert minor_at_origin(date.fromisoformat(birth), date.fromisoformat(origin)) is minor
