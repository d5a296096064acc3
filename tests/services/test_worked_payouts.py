"""The rest of domain 10.2's worked numbers, from the payment in the bank's file to the order that pays the creditor."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.demo.bank import DemoBank
from bot.sandbox.bank import BankSandbox
from core import ledger
from core.books import rebook
from core.case import Case, Decision
from core.facts import Fact, NoticeIssued, StepTaken
from core.interest import DayCount, InterestTerms
from core.party import SYSTEM
from core.services import creditor_entries, payout_look, payouts
from core.store import checks
from core.store.bank_folder import BankFolder
from core.store.database import Database, rows
from tests.core.test_worked_numbers import KRONOFOGDEN
from tests.services.test_payouts import CIA, MONDAY, balance_of, with_account
from tests.services.world import CLERK, NOW, World, invoice, member


@pytest.fixture
def bank(world: World, tmp_path: Path) -> DemoBank:
    world.house = replace(world.house, bank=BankFolder(tmp_path / "bank"))
    return DemoBank(world.house, BankSandbox(tmp_path / "sandbox", world.house.agency.iban))


async def paid_out(world: World, bank: DemoBank, monday: date) -> int:
    """What the run of a Monday pays, and the bank carries out."""
    world.clock.set_day(monday)
    run = await payouts.prepare(world.house, CLERK)
    await payouts.approve(world.house, CIA, run.row.id, run.row.digest)
    await bank.close_day()
    view = await payout_look.view(world.house, CLERK, run.row.id)
    assert {line.state for line in view.lines} <= {"paid"}
    return sum(line.ore for line in view.lines)


def at_kronofogden(case: Case) -> Decision:
    """The creditor paid the application's 300 kr, and 380 kr are our fee as its agent."""
    facts: list[Fact] = []
    for cost in KRONOFOGDEN:
        facts.append(StepTaken(on=NOW, recorded_on=NOW, step=cost[0], key=f"{cost[0]}:9", via="letter", costs=(cost,)))
        facts.append(NoticeIssued(on=NOW, recorded_on=NOW, key=f"{cost[0]}:9", via="letter"))
    return Decision(tuple(facts), rebook(case, tuple(facts), NOW, "charge", f"{case.ocr}:kfm"))


async def test_v4_the_creditor_gets_its_outlay_back(world: World, db: Database, bank: DemoBank) -> None:
    case = await world.sara()
    await with_account(world, case)
    await world.house.book.change(case.id, at_kronofogden, SYSTEM)
    await bank.transfer(case.ocr, 192_822, NOW, name="Sara Lind")
    assert (await world.house.book.load(case.id)).closed
    assert await paid_out(world, bank, MONDAY) == 114_500
    own = {account: -await balance_of(account) for account in (ledger.FEES_EARNED, ledger.VAT_PAYABLE)}
    assert own == {ledger.FEES_EARNED: 62_000, ledger.VAT_PAYABLE: 15_500}
    assert await balance_of(ledger.FUNDS_BANK) == 192_822 - 114_500
    assert await checks.verify(world.house.book, db) == []


async def test_a_part_payment_pays_out_187_67(world: World, db: Database, bank: DemoBank) -> None:
    by_365 = InterestTerms(date(2025, 7, 1), day_count=DayCount.ACT_365F)
    case = await world.case(claim=replace(invoice(), interest=by_365))
    await with_account(world, case)
    for day in (date(2025, 7, 11), date(2025, 7, 23)):
        await world.step(case.id, day, send=True)
    friday = date(2025, 8, 15)
    world.clock.set_day(friday)
    await bank.transfer(case.ocr, 50_000, friday, name="Sara Lind")
    assert -await balance_of(ledger.INTEREST_EARNED) == 1_233
    assert await paid_out(world, bank, friday + timedelta(days=3)) == 18_767
    assert await checks.verify(world.house.book, db) == []


async def test_v5_what_the_creditor_owes_for_vat_is_on_a_note_and_taken_from_the_next_payout(
    world: World, db: Database, bank: DemoBank
) -> None:
    case = await world.sara()
    await with_account(world, case)
    await creditor_entries.register_direct(world.house, member(case), case.id, 100_000, NOW, 1)
    await bank.transfer(case.ocr, 24_822, NOW, name="Sara Lind")
    assert await paid_out(world, bank, MONDAY) == 0
    other = await world.case(claim=invoice("5513", 50_000))
    world.clock.set_day(MONDAY)
    await bank.transfer(other.ocr, 50_000, MONDAY, name="Sara Lind")
    principal = 50_000 + await balance_of(ledger.INTEREST_EARNED) + 822
    assert await paid_out(world, bank, MONDAY + timedelta(days=7)) == principal - 6_000
    notes = await rows("SELECT number, payout_ore, carried_in_ore, carried_out_ore FROM settlement_notes ORDER BY id")
    assert [tuple(row.values()) for row in notes] == [(1, 0, 0, -6_000), (2, principal - 6_000, -6_000, 0)]
    assert await checks.verify(world.house.book, db) == []
