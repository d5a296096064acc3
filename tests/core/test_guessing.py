"""Likely matches: every slip of a hand leads back to the case, and what speaks more comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bank import Reference
from core.guessing import (
    AMOUNT,
    INVOICE,
    LOOKED_UP_MAX,
    MISTYPED,
    NAME,
    PAYER,
    PIECES_MAX,
    SEVERAL,
    Clue,
    name_forms,
    numbers,
    ranked,
    slips,
    tokens,
)
from core.matching import is_ocr
from core.rules.se.identifiers import make_ocr

ONE, TWO, THREE = "10000180", "10000289", "10000388"
OCRS = st.integers(1, 10**9).map(lambda number: make_ocr(f"{100_000 + number}"))


@given(OCRS, st.data())
def test_one_slip_of_the_hand_leads_back_to_the_number(ocr: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ocr) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    swapped = ocr[:at] + ocr[at : at + 2][::-1] + ocr[at + 2 :]
    for typed in (ocr[:at] + digit + ocr[at + 1 :], ocr[:at] + ocr[at + 1 :], ocr[:at] + digit + ocr[at:], swapped):
        assert typed == ocr or ocr in slips(typed)


@given(st.from_regex(r"[0-9]{5,25}", fullmatch=True))
def test_what_a_slip_may_have_been_is_a_short_list_of_right_numbers(typed: str) -> None:
    near = slips(typed)
    assert len(near) <= 4 * len(typed) + 4
    assert all(is_ocr(other) for other in near)
    assert typed not in near


def test_what_is_looked_up_is_little_whatever_is_written() -> None:
    refs = (Reference("OCR: 1000 0190", structured=True), Reference("Faktura nr F-5512", structured=False))
    assert numbers(refs, "och 77120 tack") == ("10000190", "77120")
    whole = ("OCR: 1000 0190", "Faktura nr F-5512")
    assert tokens(refs, "och 77120, (tack)") == (*whole, "1000", "0190", "F-5512", "77120", "5512")
    flood = " ".join(f"{number}a {number}" for number in range(10_000, 11_000))
    assert len(numbers((), flood)) == len(tokens((), flood)) == LOOKED_UP_MAX


@pytest.mark.parametrize(
    ("said", "invoice"),
    [
        ("H-20460/1727", "H-20460"),
        ("F-H-20471 kund 9831", "H-20471"),
        ("5440+5436", "5436"),
        ("f145928", "145928"),
        ("F-145492", "145492"),
        ("2025/118=77", "2025/118"),
        ("00000000000009580521", "9580521"),
        ("08221230", "8221230"),
        ("0000004711", "4711"),
        ("Faktura:Nr_5512.", "5512"),
    ],
)
def test_an_invoice_is_found_beside_what_else_stands_in_its_word(said: str, invoice: str) -> None:
    assert invoice in tokens((Reference(said, structured=True),), "")
    assert invoice in tokens((), f"avser {said} tack")


def test_many_signs_make_few_pieces() -> None:
    assert len(tokens((), "/".join(map(str, range(1_000, 1_005))))) <= 16
    assert len(tokens((), " ".join(f"{number}-{number + 1}/7" for number in range(1_000, 1_100)))) <= 12 + PIECES_MAX


@pytest.mark.parametrize(
    ("refs", "text"),
    [
        (("Betalning av arende 10000",), "180"),
        ((), "OCR 1000\n0180 tack"),
        (("0010000180",), ""),
        (("000000000000000010000180",), ""),
        ((), "nr 010000180"),
    ],
)
def test_a_number_that_a_field_has_cut_or_filled_is_looked_for(refs: tuple[str, ...], text: str) -> None:
    assert ONE in numbers([Reference(each, structured=True) for each in refs], text)


def test_names_are_looked_for_both_ways_round() -> None:
    assert name_forms("LIND, Sara") == ("lind sara", "sara lind")
    assert name_forms("Sara  Maria Lind") == ("sara maria lind", "maria lind sara", "lind sara maria")
    assert name_forms("") == ()


def places(*clues: Clue, ore: int = 500_00, payable: dict[str, int] | None = None) -> list[tuple[str, int]]:
    found = ranked(clues, ore, (), "", payable or {})
    return [("+".join(part.ocr for part in each.parts), each.place) for each in found]


def test_clues_add_up_and_ties_stay_ties() -> None:
    assert places(Clue(ONE, NAME), Clue(TWO, MISTYPED), Clue(THREE, PAYER), Clue(THREE, AMOUNT)) == [
        (THREE, 1),
        (TWO, 2),
        (ONE, 3),
    ]
    assert places(Clue(TWO, NAME), Clue(ONE, NAME)) == [(ONE, 1), (TWO, 1)]
    assert places(Clue(ONE, INVOICE), Clue(ONE, INVOICE), Clue(TWO, MISTYPED)) == [(TWO, 1), (ONE, 2)]
    assert places() == []


def test_cases_that_add_up_come_first_and_get_what_they_are_asked_for() -> None:
    clues = [Clue(ocr, PAYER, "2025-07-01") for ocr in (ONE, TWO, THREE)]
    first = ranked(clues, 500_00, (), "", {ONE: 180_00, TWO: 320_00, THREE: 500_01})[0]
    assert [(part.ocr, part.ore) for part in first.parts] == [(ONE, 180_00), (TWO, 320_00)]
    assert {clue.why for clue in first.clues} == {SEVERAL}


@given(
    st.lists(st.tuples(st.sampled_from((ONE, TWO, THREE)), st.sampled_from((INVOICE, MISTYPED, PAYER, NAME, AMOUNT)))),
    st.integers(1, 10**7),
    st.dictionaries(st.sampled_from((ONE, TWO, THREE)), st.integers(0, 10**7)),
)
def test_no_candidate_is_for_more_than_the_payment(
    found: list[tuple[str, str]], ore: int, payable: dict[str, int]
) -> None:
    candidates = ranked([Clue(ocr, why) for ocr, why in found], ore, (), "", payable)
    assert [each.weight for each in candidates] == sorted((each.weight for each in candidates), reverse=True)
    for each in candidates:
        assert 0 < sum(part.ore for part in each.parts) <= ore
        assert min(part.ore for part in each.parts) > 0
