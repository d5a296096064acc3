"""Claims handed over: good rows stay, bad ones are named, the same twice adds nothing."""

from datetime import date

import pytest

from core import words
from core.case import Case
from core.errors import NotAllowed
from core.party import SYSTEM
from core.services import intake
from core.services.intake import short_name
from core.store.database import rows
from tests.services.world import World, debtor, member

HEADER = (
    "creditor_number;creditor_name;debtor_number;debtor_name;street;postcode;city;invoice_no;ground;amount;"
    "invoice_date;due_date;reminder_fee_agreed_on;interest"
)


def file_of(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def row(
    invoice: str,
    *,
    number: str = "19811228-9841",
    amount: str = "1000,00",
    due: str = "2025-07-01",
    creditor: int = 0,
    interest: str = "",
) -> str:
    whose = ("556016-0680;Norrhjul AB", "556036-0793;Solros Tandvård AB")[creditor]
    who = f"{number};Sara Lind;Bergsgatan 4;112 23;Stockholm"
    return f"{whose};{who};{invoice};Service av cykel 28 maj;{amount};2025-05-30;{due};ja;{interest}"


async def cases(world: World) -> list[Case]:
    return [await world.house.book.load(found["id"]) for found in await rows("SELECT id FROM cases ORDER BY id")]


async def test_good_rows_stay_and_bad_ones_are_named(world: World) -> None:
    data = file_of(row("1"), row("2", amount="gratis"), row("3"))
    result = await intake.import_claims(world.house, SYSTEM, data)
    assert (result.accepted, result.already, result.refused) == (2, 0, 1)
    [error] = result.errors
    assert (error.line, error.column, error.code) == (3, "amount", "bad_amount")


async def test_the_same_file_twice_adds_nothing(world: World) -> None:
    data = file_of(row("1"), row("2", creditor=1), row("3", number="19700101-9806"))
    first = await intake.import_claims(world.house, SYSTEM, data)
    again = await intake.import_claims(world.house, SYSTEM, data)
    assert (first.accepted, first.already) == (3, 0)
    assert (again.accepted, again.already) == (0, 3)
    assert len(await cases(world)) == 3


async def test_an_invoice_that_is_in_the_book_with_other_terms_is_refused(world: World) -> None:
    await intake.import_claims(world.house, SYSTEM, file_of(row("1"), row("2"), row("3"), row("4")))
    data = file_of(
        row("1"),
        row("2", amount="900,00"),
        row("3", due="2025-07-02", interest="12"),
        row("4", number="19700101-9806"),
    )
    result = await intake.import_claims(world.house, SYSTEM, data)
    assert (result.accepted, result.already, result.refused) == (0, 1, 3)
    assert [(error.line, error.column, error.code, error.values["columns"]) for error in result.errors] == [
        (3, "amount", "differs", "amount"),
        (4, None, "differs", "due_date, interest, interest_from"),
        (5, "debtor_number", "differs", "debtor_number"),
    ]
    assert {claim.principal for case in await cases(world) for claim in case.claims} == {100_000}
    assert all(words.text("sv", error.message_key, **error.values) for error in result.errors)


async def test_what_a_file_says_otherwise_of_a_known_person_is_noted(world: World) -> None:
    await intake.import_claims(world.house, SYSTEM, file_of(row("1")))
    moved = row("2").replace("Bergsgatan 4;112 23;Stockholm", "Ågatan 2;582 22;Linköping")
    result = await intake.import_claims(world.house, SYSTEM, file_of(row("1"), moved))
    assert (result.accepted, result.already, result.errors) == (1, 1, ())
    [note] = result.notes
    assert (note.line, note.code, note.values["columns"]) == (3, "person_differs", "street, postcode, city")
    assert words.text("sv", note.message_key, **note.values)
    [case] = await cases(world)
    assert case.debtor.address.city == "Stockholm"


async def test_a_known_claim_stays_known_when_it_is_too_old_to_be_taken_anew(world: World) -> None:
    await intake.import_claims(world.house, SYSTEM, file_of(row("1")))
    world.clock.set_day(date(2028, 6, 1))
    result = await intake.import_claims(world.house, SYSTEM, file_of(row("1"), row("2")))
    assert (result.accepted, result.already, result.refused) == (0, 1, 1)
    assert [(error.line, error.column, error.code) for error in result.errors] == [(3, "invoice_date", "time_barred")]


async def test_columns_that_we_do_not_know_are_named(world: World) -> None:
    head, body = file_of(row("1")).decode().splitlines()
    result = await intake.import_claims(world.house, SYSTEM, f"{head};Säljare\n{body};Kim\n".encode())
    assert (result.accepted, result.ignored) == (1, ("Säljare",))


async def test_due_claims_of_one_creditor_on_one_person_share_a_case(world: World) -> None:
    data = file_of(row("1"), row("2"), row("3", due="2025-09-01"), row("4", creditor=1))
    await intake.import_claims(world.house, SYSTEM, data)
    found = await cases(world)
    assert [[claim.reference for claim in case.claims] for case in found] == [["1", "2"], ["3"], ["4"]]
    assert [case.ocr for case in found] == ["10000180", "10000289", "10000388"]
    assert len({case.debtor.id for case in found}) == 1
    assert found[0].creditor.short_name == "Norrhjul"


async def test_a_later_claim_joins_until_the_first_step(world: World) -> None:
    await intake.import_claims(world.house, SYSTEM, file_of(row("1")))
    await intake.import_claims(world.house, SYSTEM, file_of(row("2")))
    [case] = await cases(world)
    assert len(case.claims) == 2
    await world.step(case.id, date(2025, 8, 1), send=True)
    await intake.import_claims(world.house, SYSTEM, file_of(row("3")))
    assert [len(case.claims) for case in await cases(world)] == [2, 1]


async def test_a_refusal_of_one_leaves_the_others(world: World) -> None:
    world.clock.set_day(date(2027, 2, 1))  # past the last rate that is known
    late = row("1", due="2026-12-01").replace("2025-05-30", "2026-11-01")
    free = row("2", number="19700101-9806", due="2027-01-31", interest="ingen").replace("2025-05-30", "2027-01-01")
    result = await intake.import_claims(world.house, SYSTEM, file_of(late, free))
    assert (result.accepted, result.refused) == (1, 1)
    [error] = result.errors
    assert (error.line, error.code) == (2, "unknown_rate")
    assert words.text("sv", error.message_key, **error.values)


async def test_only_staff_hand_in_files(world: World) -> None:
    case = await world.sara()
    for actor in (debtor(case), member(case)):
        with pytest.raises(NotAllowed):
            await intake.import_claims(world.house, actor, file_of(row("1")))


def test_how_we_speak_of_a_creditor() -> None:
    assert [short_name(name) for name in ("Norrhjul AB", "Ek & Co HB", "AB", "Solros Tandvård Aktiebolag (publ)")] == [
        "Norrhjul",
        "Ek & Co",
        "AB",
        "Solros Tandvård",
    ]
