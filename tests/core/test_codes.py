"""Codes on paper: bound, unguessable, typed in any way."""

import re
from datetime import date

import pytest

from core.codes import ALPHABET, looks_like_code, normalise, one_time_code, verification_code

KEY = b"a key of the house"
BOUND = {
    "notice": "10000180:demand:1",
    "receiver": "debtor:1",
    "amount_ore": 124603,
    "account": "9912346",
    "on": date(2025, 7, 23),
}
OTHERWISE = {
    "notice": "10000180:demand:2",
    "receiver": "debtor:2",
    "amount_ore": None,
    "account": "4338778",
    "on": date(2025, 7, 24),
    "attempt": 1,
}


def test_a_verification_code_is_the_same_every_time() -> None:
    assert verification_code(KEY, **BOUND) == verification_code(KEY, **BOUND)
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", verification_code(KEY, **BOUND))


@pytest.mark.parametrize("name", OTHERWISE)
def test_it_is_bound_to_all_that_the_message_says(name: str) -> None:
    assert verification_code(KEY, **BOUND | {name: OTHERWISE[name]}) != verification_code(KEY, **BOUND)


def test_it_is_bound_to_our_key() -> None:
    assert verification_code(b"another", **BOUND) != verification_code(KEY, **BOUND)


def test_no_two_signs_are_mixed_up() -> None:
    assert not set("01OIL") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


def test_every_code_has_letters_and_digits() -> None:
    codes = [one_time_code(number.to_bytes(16)) for number in range(500)]
    assert all(looks_like_code(code) for code in codes)
    assert len(set(codes)) == 500


def test_a_one_time_code_wants_real_randomness() -> None:
    assert one_time_code(bytes(16)) != one_time_code(bytes(15) + b"\x01")
    with pytest.raises(ValueError, match="16 random bytes"):
        one_time_code(bytes(15))


@pytest.mark.parametrize("typed", ["T4WH-9RKC", "t4wh 9rkc", " T4WH9RKC.", "t4wh\u20119rkc", "Din kod: t4wh-9rkc"[9:]])
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    assert normalise(typed) == "T4WH9RKC"
    assert looks_like_code(typed)


@pytest.mark.parametrize(
    "typed", ["", "T4WH", "T4WH-9RK0", "jag har betalat", "jag vet ej", "23456789", "å" * 8, "2" * 5_000_000]
)
def test_other_texts_are_no_codes(typed: str) -> None:
    assert not looks_like_code(typed)
