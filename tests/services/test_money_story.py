"""Money's whole way by the bank's files alone, two creditors side by side: after each day the book is right, and the
account at the bank holds what the book says.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.demo.bank import DemoBank
from bot.sandbox.bank import BankSandbox
from core import ledger
from core.calendar import ONE_DAY
from core.case import Case
from core.errors import Refusal
from core.services import bookkeeping, matching, own_money, payout_look, payouts, refund_accounts, refunds
from core.services.payout_look import RunView
from core.services.refund_accounts import read_account
from core.store import checks
from core.store import refunds as refund_rows
from core.store.bank_folder import BankFolder
from core.store.database import Database, rows
from core.store.matching import OWN
from tests.files.sie import parse
from tests.services.test_payouts import CIA, MONDAY, balance_of, with_account
from tests.services.test_refunds import proved
from tests.services.world import CLERK, ERIK, NOW, SOLROS, World, invoice

SARAS_ACCOUNT = "SE4550000000058398257466"


@pytest.fixture
def bank(world: World, tmp_path: Path) -> DemoBank:
    agency = replace(world.house.agency, own_account="bg:50501055")
    world.house = replace(world.house, agency=agency, bank=BankFolder(tmp_path / "bank"))
    return DemoBank(world.house, BankSandbox(tmp_path / "sandbox", agency.iban))


async def two_paid(world: World, bank: DemoBank) -> tuple[Case, Case]:
    """Sara pays Norrhjul's case and 51.78 too much; Erik pays all of Solros's, 1 008.22."""
    sara = await world.sara()
    erik = await world.case(ERIK, SOLROS, invoice("77"))
    await with_account(world, sara)
    await with_account(world, erik, "640-5070")
    await bank.transfer(sara.ocr, 130_000, NOW, name="Sara Lind", account=SARAS_ACCOUNT)
    await bank.transfer(erik.ocr, 100_822, NOW, name="Erik Åberg")
    await refunds.see_to_new(world.house)
    return sara, erik


async def paid_out(world: World, *, share: bool = False, all_now: bool = False) -> RunView:
    run = await payouts.prepare(world.house, CLERK, share=share, all_now=all_now)
    return await payouts.approve(world.house, CIA, run.row.id, run.row.digest)


async def right(world: World, db: Database, bank: DemoBank) -> None:
    """Nothing is found by the nightly questions, and the book's account is the bank's."""
    assert [str(one) for one in await checks.verify(world.house.book, db)] == []
    assert await balance_of(ledger.FUNDS_BANK) == sum(line.ore for line in bank.bank.lines)


async def booked(world: World, through: date) -> dict[str, int]:
    """The agency's vouchers, each of which balances, as balances of the chart's accounts."""
    world.clock.set_day(through + ONE_DAY)
    file = await bookkeeping.export(world.house, CLERK, date(2025, 7, 1), through)
    sums: dict[str, int] = {}
    for voucher in parse(file.body).vouchers:
        for account, ore in voucher.rows:
            sums[account] = sums.get(account, 0) + ore
    return {account: ore for account, ore in sums.items() if ore}


async def test_what_happens_after_the_banks_day_makes_a_new_statement(
    world: World, db: Database, bank: DemoBank
) -> None:
    sara, _ = await two_paid(world, bank)
    await bank.close_day()
    await bank.take_back(bank.bank.lines[0])
    await bank.transfer(sara.ocr, 10_000, NOW)
    await right(world, db, bank)


async def test_creditors_a_refund_that_fails_and_our_own_share(world: World, db: Database, bank: DemoBank) -> None:
    sara, _ = await two_paid(world, bank)
    [wanted] = await refund_rows.of_case(sara.id)
    await refunds.approve(world.house, CLERK, wanted.id)
    await right(world, db, bank)

    world.clock.set_day(MONDAY)
    run = await paid_out(world, share=True)
    assert [(line.kind, line.ore) for line in run.lines] == [
        ("refund", 5_178),
        ("creditor", 94_000),
        ("creditor", 100_000),
        ("share", 30_822 + 822),
    ]
    await right(world, db, bank)
    bank.bank.reject = 1  # Sara's account is closed
    await bank.close_day()
    await right(world, db, bank)
    assert await balance_of(ledger.FUNDS_BANK) == 5_178
    view = await payout_look.view(world.house, CLERK, run.row.id)
    assert [line.state for line in view.lines] == ["failed", "paid", "paid", "paid"]

    failed, again = await refund_rows.of_case(sara.id)
    assert (failed.state, again.state, again.ore, again.needs_account) == ("failed", "wanted", 5_178, True)
    told = await rows("SELECT kind FROM notices WHERE receiver = 'debtor' AND kind LIKE 'refund.%' ORDER BY id")
    assert [row["kind"] for row in told] == ["refund.sent", "refund.returned"]
    chat = await proved(world, sara)
    await refund_accounts.tell(world.house, chat, sara.id, read_account(world.house, "bg", "5402-9681"))
    await refunds.approve(world.house, CLERK, again.id)
    world.clock.advance(days=1)
    await paid_out(world)
    await bank.close_day()
    await right(world, db, bank)
    assert {account: await balance_of(account) for account in (ledger.FUNDS_BANK, ledger.FUNDS_TRANSIT)} == {
        ledger.FUNDS_BANK: 0,
        ledger.FUNDS_TRANSIT: 0,
    }
    assert [row["payout_ore"] for row in await rows("SELECT payout_ore FROM settlement_notes ORDER BY number")] == [
        94_000,
        100_000,
    ]
    # What is left is what we earned, on our own account: nothing is held for anybody.
    assert await booked(world, world.clock.today()) == {"1930": 31_644, "3001": -24_000, "2611": -6_000, "8313": -1_644}


async def test_a_payment_taken_back_after_the_payout_is_made_up_with_our_own(
    world: World, db: Database, bank: DemoBank
) -> None:
    sara, erik = await two_paid(world, bank)
    line = next(each for each in bank.bank.lines if each.ocr == erik.ocr)
    world.clock.set_day(MONDAY)
    await paid_out(world)
    await bank.close_day()
    world.clock.advance(days=1)
    await bank.take_back(line)
    # 130 000 + 100 822 - 194 000 - 100 822 are less than the 5 178 that are Sara's: 69 178 are missing.
    found = await checks.verify(world.house.book, db)
    assert [(one.code, "short by 691.78 kr: " in one.text) for one in found] == [("covered", True)]
    [wanted] = await refund_rows.of_case(sara.id)
    await refunds.approve(world.house, CLERK, wanted.id)
    outlook = await payout_look.outlook(world.house, CLERK)
    assert (outlook.missing_ore, outlook.refunds, outlook.share_ore) == (69_178, 0, 0)
    with pytest.raises(Refusal, match="payout_short"):
        await payouts.prepare(world.house, CLERK, share=True)

    await bank.transfer("eget kapital", 70_000, world.clock.today(), name="Schysst AB")
    [entry] = (await matching.open_entries(world.house, CLERK)).entries
    figures = await own_money.figures(world.house, CLERK, entry.id)
    assert (figures.missing, figures.missing_then) == (69_178, 0)
    made = await own_money.book(world.house, CLERK, entry.id, OWN, 70_000)
    await matching.undo(world.house, CLERK, made)
    await matching.undo(world.house, CLERK, made)
    assert await balance_of(ledger.SUSPENSE) == -70_000
    made = await own_money.book(world.house, CLERK, entry.id, OWN)
    with pytest.raises(Refusal, match="already_matched"):
        await own_money.book(world.house, CLERK, entry.id, OWN)
    await right(world, db, bank)
    await paid_out(world)  # Sara's refund
    await bank.close_day()
    await right(world, db, bank)

    # Erik pays again: Solros's minus is made up, and what we laid in goes out with our own share.
    await bank.transfer(erik.ocr, 101_000, world.clock.today(), name="Erik Åberg")
    await refunds.see_to_new(world.house)
    world.clock.advance(days=1)
    await paid_out(world, share=True, all_now=True)
    await bank.close_day()
    await right(world, db, bank)
    with pytest.raises(Refusal, match="own_drawn"):
        await matching.undo(world.house, CLERK, made)
    assert await balance_of(ledger.OWN_LAID_IN) == 0
