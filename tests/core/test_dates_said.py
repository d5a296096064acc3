"""Days and sums as people write them, seen from Thursday 31 July 2025."""

from datetime import date

import pytest

from core import amounts_said
from core.dates_said import Lean, find, parse, two

TODAY = date(2025, 7, 31)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2025-07-31", date(2025, 7, 31)),
        ("20250804", date(2025, 8, 4)),
        ("31/7", date(2025, 7, 31)),
        ("31/7 2024", date(2024, 7, 31)),
        ("4/8-25", date(2025, 8, 4)),
        ("31.7.2025", date(2025, 7, 31)),
        ("31 juli", date(2025, 7, 31)),
        ("Den 31 juli 2024.", date(2024, 7, 31)),
        ("juli 31", date(2025, 7, 31)),
        ("1:a aug", date(2025, 8, 1)),
        ("måndag 4 augusti", date(2025, 8, 4)),
        ("måndag den 4 augusti", date(2025, 8, 4)),
        ("31 december", date(2025, 12, 31)),
        ("15 februari", date(2025, 2, 15)),
        ("idag", TODAY),
        ("i morgon", date(2025, 8, 1)),
        ("i går", date(2025, 7, 30)),
        ("i förrgår", date(2025, 7, 29)),
        ("om en vecka", date(2025, 8, 7)),
        ("om 10 dagar", date(2025, 8, 10)),
        ("om en månad", date(2025, 8, 31)),
        ("för två veckor sedan", date(2025, 7, 17)),
        ("den 25:e", date(2025, 7, 25)),
        ("25", date(2025, 7, 25)),
        ("fredag", date(2025, 8, 1)),
        ("nästa fredag", date(2025, 8, 8)),
        ("förra fredagen", date(2025, 7, 25)),
        ("i måndags", date(2025, 7, 28)),
        ("slutet av månaden", TODAY),
        ("in two weeks", date(2025, 8, 14)),
        ("a week ago", date(2025, 7, 24)),
        ("the 3rd of August", date(2025, 8, 3)),
        ("August 3rd, 2025", date(2025, 8, 3)),
        ("next Friday", date(2025, 8, 8)),
        ("yesterday", date(2025, 7, 30)),
    ],
)
def test_a_day_in_ordinary_words(said: str, meant: date) -> None:
    assert parse(said, "sv", TODAY) == parse(said, "en", TODAY) == meant


@pytest.mark.parametrize("said", ["", "31 april", "32", "99/99", "1000", "bankgiro", "snart", "31 juli och 4 augusti"])
def test_what_is_no_day_is_none(said: str) -> None:
    assert parse(said, "sv", TODAY) is None


def test_what_is_left_out_leans_as_the_question_does() -> None:
    assert parse("25", "sv", TODAY, Lean.FUTURE) == date(2025, 8, 25)
    assert parse("18 juli", "sv", TODAY, Lean.FUTURE) == date(2026, 7, 18)
    assert parse("18 december", "sv", TODAY, Lean.PAST) == date(2024, 12, 18)
    assert parse("fredag", "sv", TODAY, Lean.PAST) == date(2025, 7, 25)
    assert parse("31", "sv", date(2025, 4, 30), Lean.NEAREST) == date(2025, 3, 31)


def test_a_day_inside_a_longer_text() -> None:
    assert find("Jag betalade 18 juli, 1000 kr, bankgiro", "sv", TODAY) == date(2025, 7, 18)
    assert find("4 augusti 2000 kr", "sv", TODAY) == date(2025, 8, 4)
    assert find("i can pay in two weeks i think", "sv", TODAY) == date(2025, 8, 14)
    assert find("jag betalade 1000 kr", "sv", TODAY) is None


@pytest.mark.parametrize(
    ("said", "ore"),
    [
        ("500", 50_000),
        ("1 248,22 kr", 124_822),
        ("SEK 400.50", 40_050),
        ("1,248.22", 124_822),
        ("1,248", 124_800),
        ("500:-", 50_000),
        ("ca 236 kr i månaden", 23_600),
        ("150 a month", 15_000),
        ("halva", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_sum_in_ordinary_words(said: str, ore: int | None) -> None:
    assert amounts_said.parse(said) == ore


@pytest.mark.parametrize("said", ["11/7 31/7", "11/7-31/7", "11/7 och 31/7", "11 juli - 31 juli"])
def test_two_days_in_one_text(said: str) -> None:
    assert two(said, "sv", TODAY) == (date(2025, 7, 11), date(2025, 7, 31))
