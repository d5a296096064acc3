"""Which case a payment is for, as its references say it (domain 6.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bank import Reference
from core.matching import Part, certain, named, numbers_in
from core.rules.se.identifiers import make_ocr

ONE, TWO = "10000180", "10000289"
OURS = {ONE, TWO}


def scor(text: str, ore: int | None = None) -> Reference:
    return Reference(text, structured=True, ore=ore)


def free(text: str, ore: int | None = None) -> Reference:
    return Reference(text, structured=False, ore=ore)


@pytest.mark.parametrize("ocr", ["12351", "10000180", "202600012324", "123456789023", " 1000 0180 "])
def test_a_number_with_check_and_length_digit_is_named(ocr: str) -> None:
    assert [each.ocr for each in named((scor(ocr),), "")] == [ocr.replace(" ", "")]


@pytest.mark.parametrize("junk", ["1230", "1000017", "1231", "12369", "1" * 26, "ABC", "", "²³"])
def test_any_other_is_not(junk: str) -> None:
    assert named((scor(junk), free(junk)), junk) == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("OCR 10000180", ["10000180"]),
        ("kvitto 10000180-1", ["10000180"]),
        ("1000 0180 tack", ["10000180"]),
        ("faktura 55121 10000180.", ["55121", "5512110000180", "10000180"]),
        ("2025-07-31, 1248,22", []),
        ("x" * 500, []),
    ],
)
def test_numbers_of_a_free_text_stand_alone_or_with_spaces_inside(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("refs", "text", "parts"),
    [
        ((scor(ONE),), "", (Part(ONE, 500_00),)),
        ((), f"avser {ONE} tack", (Part(ONE, 500_00),)),
        ((scor(ONE),), f"avser {TWO}", (Part(ONE, 500_00),)),
        ((scor("4711"),), f"avser {ONE}", (Part(ONE, 500_00),)),
        ((scor(ONE, 300_00), scor(TWO, 200_00)), "", (Part(ONE, 300_00), Part(TWO, 200_00))),
        ((scor(ONE, 300_00), scor("4711", 200_00)), "", (Part(ONE, 300_00),)),
        ((scor(ONE, 250_00), scor(ONE, 250_00)), "", (Part(ONE, 500_00),)),
        ((free(ONE), free(TWO)), "", (Part(ONE, 180_00), Part(TWO, 320_00))),
        ((scor(ONE, 300_00), scor(TWO, 300_00)), "", ()),
        ((scor(ONE, 600_00), scor(TWO, -100_00)), "", ()),
        ((scor(ONE), scor("4711")), "", ()),
        ((scor("12351"),), "", ()),
    ],
)
def test_what_is_certain_is_booked(refs: tuple[Reference, ...], text: str, parts: tuple[Part, ...]) -> None:
    assert certain(refs, text, 500_00, OURS, {ONE: 180_00, TWO: 320_00}) == parts


def test_several_without_sums_are_certain_only_when_what_they_are_asked_for_adds_up() -> None:
    refs = (scor(ONE), scor(TWO))
    assert certain(refs, "", 500_00, OURS, {ONE: 180_00, TWO: 320_00})
    assert not certain(refs, "", 500_00, OURS, {ONE: 180_00, TWO: 321_00})
    assert not certain(refs, "", 500_00, OURS)


@given(st.integers(1, 10**9), st.text(st.characters(categories=("L", "Z", "P"))))
def test_our_own_number_is_found_in_any_words(payload: int, words: str) -> None:
    ocr = make_ocr(f"{100_000 + payload}")
    assert ocr in [each.ocr for each in named((), f"{words} {ocr} {words}")]
