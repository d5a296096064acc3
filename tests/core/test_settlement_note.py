"""Settlement notes without a database: the worked numbers of domain 10.2, random lives, and every altered öre found."""

import io
import json
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core import ledger
from core.case import Case
from core.documents import note as document
from core.ledger import balances, flows_of
from core.note_amounts import moves_money
from core.note_check import NotANote, digest, problems, sealed
from core.party import CreditorTerms
from core.settlement_note import Content, Details, Moved, Noted, Period, content, initials, numbered, so_far
from tests.core.test_money_life import acts
from tests.core.test_process_properties import Act, cases, live
from tests.core.test_worked_numbers import COSTS, KRONOFOGDEN, charged
from tests.effort import tries
from tests.services.world import AGENCY
from tests.world import SARA, World

DETAILS = Details(address="Verkstadsgatan 2, 903 27 Umeå", account="bg:54029681")


def moved(case: Case) -> list[Moved]:
    """The rows of the case's book that stand on notes, numbered as a database would."""
    return [
        Moved(
            number, case.id, row.debit, row.credit, row.ore, row.booked_on, row.value_on, row.kind, row.source, row.line
        )
        for number, row in enumerate(case.transfers, 1)
        if moves_money(row.debit, row.credit)
    ]


def note(case: Case, rows: list[Moved], noted: list[Noted], carried: int, number: int, on: date) -> Content:
    period = Period(on, on, on)
    made = content(AGENCY, case.creditor, DETAILS, period, rows, {case.id: case}, {case.id: so_far(noted)}, carried)
    return numbered(made, number, on)


def only_note(world: World) -> Content:
    """Everything that has happened in the case, on one note that is right."""
    found = note(world.case, moved(world.case), [], 0, 1, world.today)
    assert problems(sealed(found)) == []
    return found


@pytest.mark.parametrize(
    ("name", "terms", "costs", "paid", "vat", "payout"),
    [
        ("V1", CreditorTerms(), COSTS, 124_822, 6_000, 94_000),
        ("V2", CreditorTerms(), COSTS[1:], 118_822, 4_500, 95_500),
        ("V3", CreditorTerms(vat_on_interest=True), COSTS, 124_822, 6_206, 93_794),
        ("V4", CreditorTerms(), (*COSTS, *KRONOFOGDEN), 192_822, 15_500, 114_500),
    ],
)
def test_v1_to_v4(
    name: str, terms: CreditorTerms, costs: tuple[tuple[str, int], ...], paid: int, vat: int, payout: int
) -> None:
    world = charged(terms, costs)
    world.today = date(2025, 7, 31)
    world.pay(paid, "bank")
    found = only_note(world)
    assert (found["sum"]["vat_ore"], found["payout_ore"], found["sum"]["interest_ours_ore"]) == (vat, payout, 822), name
    assert found["sum"]["outlay_ore"] == (30_000 if name == "V4" else 0)
    [rate] = found["vat"]
    assert rate["base_ore"] == paid - 100_000 - found["sum"]["outlay_ore"] - (0 if name == "V3" else 822)


@pytest.mark.parametrize(
    ("order", "principal", "fees", "payout"),
    [("cost_interest_principal", 24_767, 24_000, 18_767), ("principal_first", 48_767, 0, 48_767)],
)
def test_a1_and_a2_part_payments(order: str, principal: int, fees: int, payout: int) -> None:
    world = charged(CreditorTerms(allocation=order))
    world.today = date(2025, 8, 15)
    world.pay(50_000, "bank")
    found = only_note(world)
    total = found["sum"]
    assert (total["principal_ore"], total["interest_ore"], total["fees_ore"]) == (principal, 1_233, fees)
    assert found["payout_ore"] == payout


def test_vat_is_rounded_on_the_total_so_far_over_notes() -> None:
    """Three payments of 33 öre of fees: VAT 8.25, 16.5, 24.75 so far, which is 8, 9 and 8 öre more."""
    world = charged(CreditorTerms())
    vat, noted = [], list[Noted]()
    for number in range(1, 4):
        before = len(world.case.transfers)
        world.pay(33, "bank")
        rows = [row for row in moved(world.case) if row.id > before]
        found = note(world.case, rows, noted, 0, number, world.today)
        assert problems(sealed(found)) == []
        vat.append(found["sum"]["vat_ore"])
        noted += [(row.debit, row.credit, row.ore, number) for row in rows]
    assert vat == [8, 9, 8]


def test_less_than_the_least_is_carried_forward() -> None:
    world = charged(CreditorTerms(payout_least_ore=100_000))
    world.today = date(2025, 7, 31)
    world.pay(124_822, "bank")
    found = only_note(world)
    assert (found["payout_ore"], found["carried_out_ore"]) == (0, 94_000)


def test_a_person_stands_by_initials_unless_the_creditor_wants_names() -> None:
    assert initials(SARA, names=False) == "S.L."
    assert initials(SARA, names=True) == "Sara Lind"
    assert initials(replace(SARA, protected=True), names=True) == "S.L."
    assert initials(replace(SARA, name=""), names=False) == "-"


@settings(max_examples=tries(60))
@given(cases, acts, st.lists(st.integers(1, 60), max_size=4))
def test_whatever_happens_the_notes_prove_themselves_and_are_the_balance(
    case: Case, happens: list[Act], cuts: list[int]
) -> None:
    """Notes are cut anywhere between two events; together they are what the creditor is owed by the book."""
    world = live(case, happens, lambda _: 1)
    rows, noted, carried, paid = moved(world.case), list[Noted](), 0, 0
    sources = list(dict.fromkeys(row.source for row in rows))
    for number, part in enumerate(parts(sources, cuts), 1):
        of_part = [row for row in rows if row.source in part]
        found = note(world.case, of_part, noted, carried, number, world.today)
        assert problems(sealed(found)) == []
        noted += [(row.debit, row.credit, row.ore, number) for row in of_part]
        carried, paid = found["carried_out_ore"], paid + found["payout_ore"]
    assert paid + carried == -balances(flows_of(world.case.transfers)).get(ledger.PAYABLE, 0)


def parts(sources: list[str], cuts: list[int]) -> list[list[str]]:
    at = sorted({0, *(cut % (len(sources) + 1) for cut in cuts), len(sources)})
    return [sources[first:last] for first, last in pairwise(at)]


# What somebody alters


def full() -> Content:
    """A note with a payment, what was too much of it, and one before it on another note."""
    world = charged(CreditorTerms(vat_on_interest=True))
    world.pay(10_033, "bank")
    first = moved(world.case)
    world.today = date(2025, 7, 31)
    world.pay(10_000, "direct")
    world.pay(world.owed + 1_234, "bank")
    rows = [row for row in moved(world.case) if row.id > first[-1].id]
    return note(world.case, rows, [(row.debit, row.credit, row.ore, 1) for row in first], -77, 2, world.today)


def amounts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where amounts stand in a note."""
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in amounts(one, (*path, name))]
    if isinstance(value, list):
        return [found for place, one in enumerate(value) for found in amounts(one, (*path, place))]
    return [path] if type(value) is int and str(path[-1]).endswith("_ore") else []


FULL = full()
PLACES = amounts(FULL)


def altered(path: tuple[Any, ...], by: int) -> Content:
    found: Content = json.loads(json.dumps(FULL))
    inside: Any = found
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] += by
    return found


def test_the_note_that_is_altered_is_right_before() -> None:
    assert problems(sealed(FULL)) == []
    assert len(PLACES) > 60


@settings(max_examples=tries(200))
@given(st.sampled_from(PLACES), st.integers(-1_000, 1_000).filter(bool))
def test_any_amount_that_is_altered_is_found_even_under_a_new_hash(path: tuple[Any, ...], by: int) -> None:
    assert problems(sealed(altered(path, by)))


def test_one_ore_anywhere_is_found() -> None:
    assert [path for path in PLACES for by in (1, -1) if not problems(sealed(altered(path, by)))] == []


def test_an_amount_that_is_altered_is_named() -> None:
    path = ("cases", 0, "lines", 1, "amounts", "vat_ore")
    [wrong] = problems(sealed(altered(path, 1)))
    assert (wrong.where, wrong.said - 1) == ("cases[0].lines[1].amounts.vat_ore", wrong.right)


def test_a_word_that_is_altered_breaks_the_hash() -> None:
    text = sealed(FULL).replace("S.L.", "A.B.")
    [wrong] = problems(text)
    assert wrong.where == "sha256"
    assert wrong.said == digest(FULL)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"content": {"format": "x"}, "sha256": "y"}', "null", "[" * 5_000])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        problems(text)


# On paper


def copied(found: Content, lang: str) -> str:
    """What somebody gets who copies all text of the PDF."""
    reader = PdfReader(io.BytesIO(document.render(found, digest(found), lang)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").split())


def test_the_pdf_says_the_same_and_can_be_searched() -> None:
    world = charged(CreditorTerms())
    world.today = date(2025, 7, 31)
    world.pay(124_822, "bank")
    found, case = only_note(world), world.case
    said = copied(found, "sv")
    for words in (
        "Avräkningsnota 1",
        "Ni får 940,00 kr",
        "Momsreg.nr SE556000000101",
        "Godkänd för F-skatt",
        "bankgiro 5402-9681",
        "AVRAKNING 1",
        f"Ärende {case.ocr} 1 248,22 1 000,00 8,22 240,00 240,00 60,00 940,00",
        f"S.L., faktura 5512. Betalning 31 juli 2025, kvitto {case.ocr}-1: inkassokrav 180,00, påminnelse 60,00",
        "Inkassotjänster 240,00 25 % 60,00",
        "Notan är också faktura",
        digest(found),
    ):
        assert words in said, words
    assert "You get SEK 940.00" in copied(found, "en")
    assert "You get SEK 940.00" in copied(found, "ar")


def test_a_note_below_zero_says_what_happens_to_it() -> None:
    said = copied(FULL | {"payout_ore": 0, "carried_out_ore": -16_000}, "sv")
    assert "Ingenting betalas ut. 160,00 kr dras av på nästa nota." in said
    assert "Ni behöver inte betala något nu." in said
