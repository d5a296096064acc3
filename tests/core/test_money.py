"""Money rounds in one place, splits without losing an öre, and is read as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import parse_kronor, round_div, share, split, whole_kronor


@pytest.mark.parametrize(
    ("numerator", "denominator", "answer"),
    [(1, 2, 1), (3, 2, 2), (-1, 2, -1), (-3, 2, -2), (1, 3, 0), (2, 3, 1), (0, 7, 0), (10**30 + 1, 2, 5 * 10**29 + 1)],
)
def test_half_goes_away_from_zero(numerator: int, denominator: int, answer: int) -> None:
    assert round_div(numerator, denominator) == answer


def test_vat_of_25_percent() -> None:
    assert share(240_00, 2500) == 60_00
    assert share(248_22, 2500) == 62_06


@pytest.mark.parametrize(("ore", "whole"), [(1_248_22, 1_248_00), (1_248_50, 1_249_00), (49, 0), (50, 100), (0, 0)])
def test_what_is_paid_is_whole_kronor(ore: int, whole: int) -> None:
    assert whole_kronor(ore) == whole


def test_a_plan_of_six_is_split_to_the_ore() -> None:
    assert split(1_418_22, [1] * 6) == (236_37,) * 6
    assert split(100, [1, 1, 1]) == (33, 34, 33)


def test_nothing_can_be_split_over_nothing() -> None:
    assert split(0, [0, 0]) == (0, 0)
    with pytest.raises(ValueError):
        split(1, [0, 0])


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_parts_add_up_and_are_within_an_ore_of_their_share(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part * whole - total * weight) <= whole for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 248,22", 1_248_22),
        ("1\u00a0248,22 kr", 1_248_22),
        ("1.248,22", 1_248_22),
        ("1,248.22", 1_248_22),
        ("1248.2", 1_248_20),
        ("500 kr", 500_00),
        ("SEK 500", 500_00),
        ("500:-", 500_00),
        ("0,5", 50),
        ("1000000", 1_000_000_00),
    ],
)
def test_amounts_as_people_write_them(text: str, ore: int) -> None:
    assert parse_kronor(text) == ore


@pytest.mark.parametrize("text", ["", "kr", "-5", "1,2,3", "12 34", "1000,123", "abc", "1e3", "1" * 13])
def test_what_is_no_amount_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="characters") as refused:
        parse_kronor(text)
    assert len(text) < 3 or text not in str(refused.value)


@given(st.integers(0, 10**13))
def test_an_amount_written_out_is_read_back(ore: int) -> None:
    assert parse_kronor(f"{ore // 100},{ore % 100:02}") == ore
