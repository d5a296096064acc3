"""A payment of which the bank kept something: the debtor paid all of it, the charge is ours, the bank told the rest."""

import pytest

from core import ledger
from core.case import Case
from core.services import matching, own_money
from core.store import checks
from core.store.database import Database, rows
from core.store.matching import FEE
from tests.files import bank_samples as bank
from tests.services.test_bank_files import balance, brought, entries, received
from tests.services.world import CLERK, NOW, World


def charged(case: Case, ref: str = "N1") -> str:
    """1,000 kr were paid, 950 kr came."""
    part = bank.part(100_000, bank.ocr(case.ocr), ref=ref, more=bank.charged(-5_000))
    return bank.camt(bank.entry(95_000, part, ref="N1", on=NOW), kind="054")


def summed(*words: str) -> str:
    """The statement of it tells the sum, perhaps with the payer's words."""
    return bank.camt(bank.entry(95_000, *(bank.part(None, each) for each in words), ref="N1", on=NOW), kind="053")


async def test_what_the_bank_kept_waits_as_its_charge(world: World, db: Database) -> None:
    sara = await world.sara()
    told = await brought(world, charged(sara))
    assert (told.accepted, told.matched, told.waiting) == (2, 1, 1)
    assert await entries() == [(100_000, "done", "ocr", 0), (-5_000, "open", "", -5_000)]
    assert await balance(ledger.FUNDS_BANK) == 95_000
    [charge] = await rows("SELECT id FROM bank_entries WHERE amount_ore < 0")
    await own_money.book(world.house, CLERK, charge["id"], FEE, -5_000)
    assert (await balance(ledger.SUSPENSE), await balance(ledger.BANK_FEES)) == (0, 5_000)
    assert [str(each) for each in await checks.verify(world.house.book, db)] == []


@pytest.mark.parametrize("statement", ["sum", "words", "charges"])
@pytest.mark.parametrize("sum_first", [False, True])
async def test_the_sum_of_a_payment_and_its_charge_is_no_other_money(
    world: World, statement: str, sum_first: bool
) -> None:
    sara = await world.sara()
    words = {"sum": (), "words": (bank.ocr(sara.ocr),)}.get(statement)
    second = charged(sara, ref="X9").replace("camt.054", "camt.053") if words is None else summed(*words)
    files = [charged(sara), second]
    for number, file in enumerate(reversed(files) if sum_first else files):
        await brought(world, file, f"{number}.xml")
    if statement == "words" and sum_first:  # it is in the case already: a person says that these are it
        assert [(ore, state) for ore, state, _, _ in await entries()] == [
            *((95_000, "done"), (100_000, "doubtful"), (-5_000, "doubtful"))
        ]
        for row in await rows("SELECT id FROM bank_entries WHERE state = 'doubtful'"):
            await matching.is_twin(world.house, CLERK, row["id"])
        assert (await balance(ledger.FUNDS_BANK), await balance(ledger.SUSPENSE)) == (95_000, 0)
        return
    assert received(await world.house.book.load(sara.id)) == [100_000]
    assert await balance(ledger.FUNDS_BANK) == 95_000
    assert await balance(ledger.SUSPENSE) == 5_000
