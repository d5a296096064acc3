"""While one batch of a bank's file is written the next is decided: however a file is cut, it comes to the same end."""

import asyncio
from dataclasses import replace
from itertools import chain

import pytest

from core import ledger
from core.services import bank_files
from core.services.bank_booking import Source
from core.store.database import Database
from tests.files import bank_samples as bank
from tests.services.test_bank_files import balance, brought, entries, paid, received, to_case
from tests.services.world import ERIK, NOW, World, invoice


@pytest.mark.parametrize("batch", [1, 2, 200])
async def test_batches_that_depend_on_each_other_end_as_one(
    world: World, db: Database, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three payments to one case, one that another format told, and one that is taken back."""
    monkeypatch.setattr(bank_files, "BATCH", batch)
    world = replace(world, house=replace(world.house, reader=db.reader))
    sara, erik = await world.sara(), await world.case(ERIK, claim=invoice("5513"))
    deposit = bank.section(bank.Giro(3_300), bankgiro="9912346", on=NOW)
    await brought(world, bank.bgmax(deposit), "bgmax.txt")
    text = bank.camt(
        to_case(sara, 10_000, "A1"),
        to_case(sara, 20_000, "A2"),
        to_case(sara, 94_822, "A3"),
        to_case(erik, 50_000, "A4"),
        # Alike in day and sum: one of them may be the payment that came by bankgiro, and one is a payment more.
        paid(3_300, bank.free("hej"), ref="A5"),
        paid(3_300, bank.free("hej"), ref="A6"),
        bank.entry(-50_000, bank.part(None, ref="A4"), ref="A7", on=NOW, reversal=True),
    )
    told = await brought(world, text)
    assert (told.accepted, told.refused) == (7, 0)
    sara, erik = await world.house.book.load(sara.id), await world.house.book.load(erik.id)
    assert (received(sara), sara.closed is not None, received(erik)) == ([10_000, 20_000, 94_822], True, [])
    assert [state for ore, state, _, _ in await entries() if ore == 3_300] == ["open", "doubtful", "open"]
    assert await balance(ledger.FUNDS_BANK) == 124_822 + 3 * 3_300
    assert await balance(ledger.SUSPENSE) == -3 * 3_300


async def test_a_batch_that_is_decided_anew_takes_no_number_of_the_next(world: World) -> None:
    source = Source(1, "camt.054", 10_000)
    taken = await asyncio.gather(*(source.ids(150) for _ in range(3)))
    assert len(set(chain.from_iterable(taken))) == 450
