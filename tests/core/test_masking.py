"""Card numbers are hidden, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masking import is_card, was_hidden, without_cards
from core.rules.se.identifiers import make_ocr


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("4111111111111111", "************1111"),
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111-1111-1111-1111", "****-****-****-1111"),
        ("4111\u00a01111\u00a01111\u00a01111", "****\u00a0****\u00a0****\u00a01111"),
        ("mitt kort är 5555 5555 5555 4444.", "mitt kort är **** **** **** 4444."),
        ("378282246310005", "***********0005"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("30569309025904", "**********5904"),
        ("2223003122003222", "************3222"),
        ("dra 500 från 4111111111111111, tack", "dra 500 från ************1111, tack"),
        ("4111 1111 1111 1111 12/27 123", "**** **** **** 1111 **/** ***"),
        ("4111111111111111 exp 12/2027 cvc 123", "************1111 exp **/**** cvc ***"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "* * * * * * * * * * * * 1 1 1 1"),
        ("4111  1111\n1111 - 1111", "****  ****\n**** - 1111"),
        ("٤١١١١١١١١١١١١١١١", "************١١١١"),
    ],
)
def test_a_card_number_is_hidden_but_for_its_last_four_digits(written: str, kept: str) -> None:
    assert without_cards(written) == kept
    assert was_hidden(kept)
    assert without_cards(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "10000180",
        "Betalt med OCR 4111111111111111",
        "ocr: 4111 1111 1111 1111",
        "faktura nr 4111111111111111",
        "SE35 5000 0000 0549 1000 0003",
        "19811228-9841",
        "198112289841",
        "1234567890123456",
        "4111111111111112",
        "070-123 45 67 eller 08-123 45 67",
        "18 juli, 1000, bankgiro 991-2346",
        "2025-07-31 2025-08-04",
        "",
        "**** hej",
    ],
)
def test_other_numbers_stay(written: str) -> None:
    assert without_cards(written) == written
    assert not was_hidden(written)


def test_a_reference_of_ours_is_no_card() -> None:
    assert not [number for number in range(1, 5_000) if is_card(make_ocr(f"{100_000 + number}"))]


@given(st.text(max_size=300))
def test_a_text_keeps_its_length_and_its_words(text: str) -> None:
    kept = without_cards(text)
    assert len(kept) == len(text)
    assert [a for a, b in zip(text, kept, strict=True) if a != b and not a.isdecimal()] == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_card_number_gets_through(before: str, after: str) -> None:
    said = f"{before} x 4111 1111 1111 1111 x {after}"
    assert "4111 1111 1111" not in without_cards(said)
