"""Deposits of Bankgirot (BgMax) and their sums in the bank's statement: one money, whichever is first (domain 6.3)."""

import asyncio
from datetime import date, timedelta

import pytest

from core import ledger
from core.case import Case
from core.matching import Part
from core.services import matching
from core.services.bank_files import Imported
from core.store import tasks
from core.store.database import Database, rows
from tests.fakes import FakeClock
from tests.files import bank_samples as bank
from tests.services.test_bank_files import balance, brought, received
from tests.services.world import CLERK, ERIK, NOW, World, build, invoice

INTO = bank.IBAN[-11:]


def giro(*sums: int, ocr: str, serial: int = 1, on: date = NOW, into: str = INTO) -> tuple[str, ...]:
    """A section of Bankgirot's file, on our bankgiro and account."""
    paid = (bank.Giro(ore, ocr) for ore in sums)
    return bank.section(*paid, bankgiro="9912346", on=on, serial=serial, into=into)


def statement(*sums: int, on: date = NOW, opening: int = 0, text: str = "", name: str = "") -> str:
    """A statement that tells sums alone, and the account's balance."""
    more = f"<AddtlNtryInf>{text}</AddtlNtryInf>" if text else ""
    parts = [bank.part(None, name=name)] if name else []
    refs = [f"S{on:%d}{ore}-{sums[:place].count(ore)}" for place, ore in enumerate(sums)]
    lines = [bank.entry(ore, *parts, ref=ref, on=on, more=more) for ore, ref in zip(sums, refs, strict=True)]
    closing = bank.balance("CLBD", opening + sum(sums), on)
    return bank.camt(bank.balance("OPBD", opening, on), *lines, closing, kind="053", message=f"{on}{sums}{text}{name}")


async def sections(world: World, *told: tuple[str, ...], name: str = "bgmax.txt") -> Imported:
    return await brought(world, bank.bgmax(*told), name)


async def held() -> tuple[int, int]:
    """What the bank holds by the book, and what lies unplaced."""
    return await balance(ledger.FUNDS_BANK), -await balance(ledger.SUSPENSE)


@pytest.fixture
def here(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


async def cases(world: World) -> tuple[Case, Case]:
    return await world.sara(), await world.case(ERIK, claim=invoice("5513"))


async def test_the_sum_of_a_deposit_that_is_there_is_not_booked_again(here: World) -> None:
    sara, _ = await cases(here)
    await sections(here, giro(10_000, 20_000, -500, ocr=sara.ocr))
    told = await brought(here, statement(29_500), "camt053.xml")
    assert (told.accepted, told.matched, told.waiting, told.difference_ore) == (1, 1, 0, 0)
    assert await held() == (29_500, -500)  # a deduction that nothing explains lies open
    again = await brought(here, statement(29_500, text="BG 991-2346"), "again.xml")
    assert (again.accepted, again.already, again.difference_ore) == (0, 1, 0)
    other = await brought(here, statement(29_500, on=NOW - timedelta(days=1)), "other.xml")
    assert (other.accepted, other.waiting) == (1, 1)  # it has its sum: this is other money


async def test_a_deposit_takes_the_place_of_its_sum(here: World) -> None:
    sara, _ = await cases(here)
    await brought(here, statement(30_000, 1_248), "camt053.xml")
    assert await held() == (31_248, 31_248)
    await sections(here, giro(10_000, 20_000, ocr=sara.ocr))
    assert received(await here.house.book.load(sara.id)) == [10_000, 20_000]
    assert await held() == (31_248, 1_248)
    assert (await brought(here, statement(30_000, 1_248, text="x"), "again.xml")).difference_ore == 0
    await sections(here, giro(10_000, 20_000, ocr=sara.ocr, serial=2), name="same_again.txt")
    assert await held() == (61_248, 1_248)  # another deposit of the same sum, whose sum is still to come
    [waits] = (await matching.open_entries(here.house, CLERK)).entries
    assert waits.ore == 1_248


async def test_one_payment_is_a_deposit_too(here: World) -> None:
    sara, _ = await cases(here)
    for on, sum_first in ((NOW, True), (NOW - timedelta(days=1), False)):
        files = [
            (statement(10_000, on=on, opening=0 if sum_first else -10_000), "camt053.xml"),
            (bank.bgmax(giro(10_000, ocr=sara.ocr, on=on)), "bgmax.txt"),
        ]
        for text, name in files if sum_first else files[::-1]:
            told = await brought(here, text, name)
        assert told.waiting == 0
    assert received(await here.house.book.load(sara.id)) == [10_000, 10_000]
    assert await held() == (20_000, 0)


async def test_two_deposits_of_one_sum_are_counted(here: World) -> None:
    sara, erik = await cases(here)
    two = (giro(10_000, 20_000, ocr=sara.ocr), giro(5_000, 25_000, ocr=erik.ocr, serial=2))
    await brought(here, statement(30_000), "camt053.xml")
    await sections(here, *two)
    assert await held() == (60_000, 0)
    assert await tasks.open_tasks(kind="task.unmatched") == ()
    assert (await brought(here, statement(30_000, 30_000, 30_000), "late.xml")).waiting == 1
    assert await held() == (90_000, 30_000)


async def test_a_payment_that_seemed_to_be_the_sum_of_another_deposit_waits_as_its_own(here: World) -> None:
    sara, erik = await cases(here)
    await brought(here, statement(10_000, 30_000), "camt053.xml")
    told = await sections(here, giro(10_000, 20_000, ocr=sara.ocr))
    assert (told.matched, told.waiting) == (1, 1)  # 10 000 stands in the statement too
    await sections(here, giro(10_000, ocr=erik.ocr, serial=2), name="second.txt")
    assert await held() == (40_000, 10_000)
    [waits] = (await matching.open_entries(here.house, CLERK)).entries
    assert (waits.state, waits.twin_id) == ("open", None)
    await matching.match_all(here.house, CLERK, waits.id, sara.ocr)
    assert await held() == (40_000, 0)


async def test_a_payer_a_reference_an_account_or_another_day_say_otherwise(here: World) -> None:
    sara, _ = await cases(here)
    monday = NOW - timedelta(days=3)
    await sections(
        here,
        giro(30_000, ocr=sara.ocr),
        giro(40_000, ocr=sara.ocr, serial=2, into="58410000010098232"),
        giro(50_000, ocr=sara.ocr, serial=3, on=monday),
    )
    for text in (
        statement(30_000, name="Britt Ek", text="a"),
        statement(40_000, text="b"),
        statement(50_000, text="c"),
        bank.camt(bank.entry(30_000, bank.part(None, bank.ocr("17"), name=""), on=NOW, ref="X1"), kind="053"),
    ):
        assert (await brought(here, text, "camt053.xml")).waiting == 1
    assert await held() == (270_000, 150_000)


async def test_the_day_of_the_statement_counts_for_the_balance_and_the_payments_for_the_debtor(world: World) -> None:
    sara, _ = await cases(world)
    friday, monday = date(2025, 7, 25), date(2025, 7, 28)
    before = await brought(world, statement(700, on=friday), "friday.xml")
    await sections(world, giro(10_000, 20_000, ocr=sara.ocr, on=friday))
    told = await brought(world, statement(30_000, on=monday, opening=700), "monday.xml")
    assert told.difference_ore == 0
    assert (await brought(world, statement(700, on=friday, text="x"), "again.xml")).difference_ore == 0
    assert before.difference_ore == 0
    assert {fact.on for fact in (await world.house.book.load(sara.id)).payments()} == {friday}
    # The other way round: the sum first, with its day.
    await brought(world, statement(9_000, on=friday, opening=700, text="y"), "friday2.xml")
    await sections(world, giro(9_000, ocr=sara.ocr, on=monday, serial=2), name="second.txt")
    last = await brought(world, statement(700, 9_000, on=friday, text="z"), "friday3.xml")
    assert (last.difference_ore, await held()) == (0, (39_700, 700))
    assert await tasks.open_tasks(kind="task.bank_balance") == ()


async def test_a_sum_that_somebody_has_placed_makes_the_payments_doubtful(here: World) -> None:
    sara, _ = await cases(here)
    await brought(here, statement(30_000), "camt053.xml")
    [lies] = await rows("SELECT id FROM bank_entries")
    await matching.match(here.house, CLERK, lies["id"], [Part(sara.ocr, 5_000)])
    assert (await sections(here, giro(10_000, 20_000, ocr=sara.ocr))).waiting == 2
    assert received(await here.house.book.load(sara.id)) == [5_000]
    for entry in (await matching.open_entries(here.house, CLERK)).entries:
        if entry.state == "doubtful":
            await matching.is_twin(here.house, CLERK, entry.id)
    assert await held() == (30_000, 25_000)


async def test_read_at_once_the_deposit_and_its_sum_are_one(world: World) -> None:
    sara, erik = await cases(world)
    two = bank.bgmax(giro(*range(100, 130), ocr=sara.ocr), giro(*range(100, 130), ocr=erik.ocr, serial=2))
    ore = sum(range(100, 130))
    await asyncio.gather(
        brought(world, two, "bgmax.txt"), brought(world, statement(ore), "one.xml"), brought(world, statement(ore, ore))
    )
    assert await held() == (2 * ore, 0)
    assert (await brought(world, statement(ore, ore, text="x"), "again.xml")).difference_ore == 0
