"""Likely matches: every slip of a hand leads back to the case, and what speaks more comes first."""

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
    assert tokens(refs, "och 77120, (tack)") == (*whole, "1000", "0190", "F-5512", "77120")
    flood = " ".join(f"{number}a {number}" for number in range(10_000, 11_000))
    assert len(numbers((), flood)) == len(tokens((), flood)) == LOOKED_UP_MAX


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
