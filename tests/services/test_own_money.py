"""What the bank charges and pays: ours to bear and ours to have, never clients' (design 5, invariant 3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import ledger
from core.errors import Refusal
from core.party import SYSTEM
from core.services import bookkeeping, matching, own_money, payout_look, payouts
from core.store import audit, checks
from core.store.database import Database
from core.store.matching import FEE, INTEREST, OWN
from tests.files.sie import parse
from tests.services.test_payouts import CIA, MONDAY, with_account
from tests.services.unmatched import arrived, arrived_in, sums
from tests.services.world import CLERK, NOW, World


async def paid(world: World) -> None:
    """The golden case is paid at the bank, and its creditor wants the money on Monday (domain 10.2, V1)."""
    world.house = replace(world.house, agency=replace(world.house.agency, own_account="bg:50501055"))
    case = await world.sara()
    await with_account(world, case)
    await arrived_in(world, case.ocr, 124_822)


async def missing(world: World) -> int:
    return (await payout_look.outlook(world.house, CLERK, all_now=True)).missing_ore


async def test_a_fee_of_the_bank_is_taken_of_our_own_and_never_of_what_is_others(world: World, db: Database) -> None:
    await paid(world)
    entry_id = await arrived(world, -40_00, text="avgift")
    before = await sums()
    found = await own_money.figures(world.house, CLERK, entry_id)
    assert (found.missing, found.missing_then, found.own, found.own_then) == (0, 0, 308_22, 268_22)
    made = await own_money.book(world.house, CLERK, entry_id, FEE, -40_00)
    with pytest.raises(Refusal, match="already_matched"):
        await own_money.book(world.house, CLERK, entry_id, FEE, -40_00)
    await matching.undo(world.house, CLERK, made)
    await matching.undo(world.house, CLERK, made)
    assert await sums() == before
    await own_money.book(world.house, CLERK, entry_id, FEE)
    [booked] = await matching.find_booked(world.house, CLERK, 40_00)
    assert (booked.kind, booked.ore, booked.who) == (FEE, -40_00, "?")
    assert [row.action for row in await audit.entries(f"entry:{entry_id}")] == [
        *("bank.bank_fee", "bank.not_own", "bank.undone", "bank.bank_fee")
    ]
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK, share=True)
    assert [(line.kind, line.ore) for line in run.lines] == [("creditor", 940_00), ("share", 268_22)]
    await payouts.approve(world.house, CIA, run.row.id, run.row.digest)
    assert sum(ore for account, ore in (await sums()).items() if account.startswith("client_funds")) == 0
    assert [str(one) for one in await checks.verify(world.house.book, db)] == []
    world.clock.advance(days=1)
    read = parse((await bookkeeping.export(world.house, CLERK, NOW, MONDAY)).body)
    totals: dict[str, int] = {}
    for account, ore in (row for one in read.vouchers for row in one.rows):
        totals[account] = totals.get(account, 0) + ore
    assert {account: ore for account, ore in totals.items() if ore} == {
        **{"6570": 40_00, "1930": 268_22},
        **{"3001": -240_00, "2611": -60_00, "8313": -8_22},
    }


async def test_a_fee_that_our_own_does_not_cover_has_to_be_laid_in(world: World, db: Database) -> None:
    await paid(world)
    await own_money.book(world.house, CLERK, await arrived(world, -408_22), FEE)
    assert await missing(world) == 100_00
    [found] = await checks.verify(world.house.book, db)
    assert str(found).startswith("covered: client money is short by 100.00 kr: lay in so much of our own")
    assert str(found).splitlines()[1].startswith("    [SELECT account, ")
    with pytest.raises(Refusal, match="payout_short"):
        await payouts.prepare(world.house, SYSTEM, all_now=True)
    await own_money.book(world.house, CLERK, await arrived(world, 100_00), OWN)
    assert [str(one) for one in await checks.verify(world.house.book, db)] == []
    outlook = await payout_look.outlook(world.house, CLERK, all_now=True)
    assert ([each.payable_ore for each in outlook.due], outlook.share_ore) == ([940_00], 0)


async def test_what_the_bank_pays_is_ours_until_it_is_drawn(world: World) -> None:
    on = NOW - timedelta(days=1)
    interest, back = [await arrived(world, ore, on=on) for ore in (12_00, 5_00)]
    made = await own_money.book(world.house, CLERK, interest, INTEREST)
    await own_money.book(world.house, CLERK, back, FEE)
    held = {ledger.FUNDS_BANK: 17_00, ledger.BANK_INTEREST: -12_00, ledger.BANK_FEES: -5_00}
    assert await sums() == held
    with pytest.raises(Refusal, match="match_amount"):
        await own_money.book(world.house, CLERK, await arrived(world, -8_00), INTEREST)
    await own_money.book(world.house, CLERK, await arrived(world, -8_00), FEE)
    with pytest.raises(Refusal, match="own_drawn"):  # 9 kr of ours are left
        await matching.undo(world.house, CLERK, made)
