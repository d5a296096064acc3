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
