"""Payouts against the pretend bank, file for file: paid, refused and paid the next week, and both accounts at zero."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.bank import DemoBank
from bot.sandbox.bank import BankSandbox
from core import ledger
from core.services import payout_look, payouts
from core.store.bank_folder import BankFolder
from tests.services.test_payouts import CIA, MONDAY, balance_of, with_account
from tests.services.world import CLERK, NOW, World


@pytest.mark.parametrize("rejects", [False, True])
async def test_what_debtors_pay_reaches_the_creditor_by_files_alone(
    world: World, tmp_path: Path, rejects: bool
) -> None:
    world.house = replace(world.house, bank=BankFolder(tmp_path / "bank"))
    bank = DemoBank(world.house, BankSandbox(tmp_path / "sandbox", world.house.agency.iban))
    case = await world.sara()
    await with_account(world, case)
    await bank.transfer(case.ocr, 124_822, NOW, name="Sara Lind")
    world.clock.set_day(MONDAY)
    run = await payouts.prepare(world.house, CLERK)
    await payouts.approve(world.house, CIA, run.row.id, run.row.digest)
    bank.bank.reject = int(rejects)
    await bank.close_day()
    view = await payout_look.view(world.house, CLERK, run.row.id)
    assert (view.row.state, view.lines[0].state) == ("done", "failed" if rejects else "paid")
    assert await balance_of(ledger.FUNDS_TRANSIT) == 0
    assert await balance_of(ledger.FUNDS_BANK) == (124_822 if rejects else 30_822)
    assert await balance_of(ledger.PAYABLE) == (-94_000 if rejects else 0)
    assert await balance_of(ledger.SUSPENSE) == 0
    await bank.close_day()  # the same day told once more books nothing
    assert await balance_of(ledger.FUNDS_BANK) == (124_822 if rejects else 30_822)
