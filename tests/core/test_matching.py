"""Which case a payment is for, as its references say it (domain 6.1)."""

import re

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
        # People write words and other numbers into the field; then it says as much as free text.
        ((scor(f"Faktura {ONE}"),), "", (Part(ONE, 500_00),)),
        ((scor(f"{ONE} / 5530"),), "", (Part(ONE, 500_00),)),
        ((scor(f"4544 {ONE}"),), "", (Part(ONE, 500_00),)),
        ((scor(f"OCR: {ONE}", 300_00), scor("4711", 200_00)), "", (Part(ONE, 300_00),)),
        ((scor(f"OCR {ONE}"), scor("4711")), "", ()),
        ((scor(ONE), scor(f"OCR {TWO}")), "", (Part(ONE, 180_00), Part(TWO, 320_00))),
        ((scor(ONE, 400_00), scor(f"OCR {TWO}", 100_00)), "", (Part(ONE, 400_00), Part(TWO, 100_00))),
        ((scor(f"OCR {ONE}"),), f"avser {TWO}", (Part(ONE, 180_00), Part(TWO, 320_00))),
        ((scor(f"{ONE}, {TWO}"),), "", (Part(ONE, 180_00), Part(TWO, 320_00))),
        ((scor(f"{ONE}, {TWO}", 300_00), scor("4711", 300_00)), "", ()),
        ((scor(f"A{ONE}B{TWO}", 250_00), free("x", 250_00)), "", ()),
        # Zeros fill a field; one before a number in a text is rather a telephone's.
        ((scor("00" + ONE),), "", (Part(ONE, 500_00),)),
        ((scor("0" * 27 + ONE),), "", (Part(ONE, 500_00),)),
        ((scor("0" + ONE), scor("00" + TWO)), "", (Part(ONE, 180_00), Part(TWO, 320_00))),
        ((), f"nr 00{ONE}", (Part(ONE, 500_00),)),
        ((), f"tel 0{ONE}", ()),
        # What a field has cut is no number.
        ((scor(f"av arende {ONE[:5]}"),), ONE[5:], ()),
        ((), f"OCR {ONE[:4]}\n{ONE[4:]}", ()),
    ],
)
def test_what_is_certain_is_booked(refs: tuple[Reference, ...], text: str, parts: tuple[Part, ...]) -> None:
    assert certain(refs, text, 500_00, OURS, {ONE: 180_00, TWO: 320_00}) == parts


def test_several_without_sums_are_certain_only_when_what_they_are_asked_for_adds_up() -> None:
    refs = (scor(ONE), scor(TWO))
    assert certain(refs, "", 500_00, OURS, {ONE: 180_00, TWO: 320_00})
    assert not certain(refs, "", 500_00, OURS, {ONE: 180_00, TWO: 321_00})
    assert not certain(refs, "", 500_00, OURS)


SNIPPETS = st.sampled_from([ONE, ONE[:4], ONE[4:], TWO[:5], TWO[5:], "0", "00", "7", "4711", "12351", "19811228"])
BETWEEN = st.sampled_from(["", " ", "-", "/", ".", ",", "\n", "+", "x", " kr "])


def jumbled(least: int) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(SNIPPETS, BETWEEN), min_size=least, max_size=6)
    return pairs.map(lambda pairs: "".join(map("".join, pairs)))


@given(jumbled(0), jumbled(1), st.booleans())
def test_nothing_is_booked_on_a_number_that_does_not_stand_by_itself(ref: str, text: str, structured: bool) -> None:
    """Whatever other numbers are about: before and after ours is no digit, but for zeros, and in it are only spaces."""
    refs = (Reference(ref, structured),) if ref else ()
    written = [text, ref, re.sub(r"[\s-]", "", ref)]
    for part in certain(refs, text, 500_00, OURS, {ONE: 180_00, TWO: 320_00}):
        alone = re.compile(r"(?<!\d)0*" + " ?".join(part.ocr) + r"(?!\d)")
        spaced = re.compile(r"(?<![^\D])(?:0+ ?)*" + " ?".join(part.ocr) + r"(?!\d)")
        assert any(alone.search(each) or spaced.search(each) for each in written)


@given(st.lists(st.integers(0, 10**12).filter(lambda number: str(number) not in OURS)), BETWEEN)
def test_other_numbers_book_nothing(others: list[int], between: str) -> None:
    said = f"{between} - ".join(map(str, others))
    assert certain((scor(said), free(said)), said, 500_00, OURS, {ONE: 180_00, TWO: 320_00}) == ()


@given(st.integers(1, 10**9), st.text(st.characters(categories=("L", "Z", "P"))))
def test_our_own_number_is_found_in_any_words(payload: int, words: str) -> None:
    ocr = make_ocr(f"{100_000 + payload}")
    assert ocr in [each.ocr for each in named((), f"{words} {ocr} {words}")]
