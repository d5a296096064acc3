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


def charged(case: Case, ref: str = "N1", kind: str = "054") -> str:
    """1,000 kr were paid, 950 kr came."""
    part = bank.part(100_000, bank.ocr(case.ocr), ref=f"T{ref}", more=bank.charged(-5_000))
    return bank.camt(bank.entry(95_000, part, ref=ref, on=NOW), kind=kind)


def summed(ref: str, *words: str) -> str:
    """The statement of it tells the sum, perhaps with the payer's words."""
    return bank.camt(bank.entry(95_000, *(bank.part(None, each) for each in words), ref=ref, on=NOW), kind="053")


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
@pytest.mark.parametrize("ref", ["N1", "S9"])
@pytest.mark.parametrize("sum_first", [False, True])
async def test_the_sum_of_a_payment_and_its_charge_is_no_other_money(
    world: World, statement: str, ref: str, sum_first: bool
) -> None:
    """Whatever the statement says and calls it, and whichever comes first; a person answers what is doubtful."""
    sara = await world.sara()
    words = {"sum": (), "words": (bank.ocr(sara.ocr),)}.get(statement)
    second = charged(sara, ref, "053") if words is None else summed(ref, *words)
    files = [charged(sara), second]
    for number, file in enumerate(reversed(files) if sum_first else files):
        await brought(world, file, f"{number}.xml")
    for row in await rows("SELECT id FROM bank_entries WHERE state = 'doubtful'"):
        await matching.is_twin(world.house, CLERK, row["id"])
    counted = sum_first and statement == "words"  # what the statement called a payment is in the case already
    assert received(await world.house.book.load(sara.id)) == [95_000 if counted else 100_000]
    assert await balance(ledger.FUNDS_BANK) == 95_000
    assert await balance(ledger.SUSPENSE) == (0 if counted else 5_000)
