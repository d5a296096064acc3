"""The bank takes back a part of a payment: the rest counts from the same day, the book agrees, and it can be undone."""

from datetime import timedelta

import pytest

from core import ledger
from core.books import books
from core.errors import Refusal
from core.services import matching, part_back, refunds
from core.store import audit, checks
from core.store import matching as entries
from core.store.database import Database, rows
from tests.services.unmatched import arrived, arrived_in, sums
from tests.services.world import CLERK, NOW, World


async def test_a_part_is_gone_the_rest_counts_and_nobody_is_owed_more(world: World, db: Database) -> None:
    sara = await world.sara()
    original = await arrived_in(world, sara.ocr, 1_300_00)
    await refunds.see_to_new(world.house)
    world.clock.set_day(NOW + timedelta(days=1))
    before = await sums()
    line = await arrived(world, -100_00, sara.ocr, on=NOW + timedelta(days=1))
    [effect] = await part_back.likely(world.house, CLERK, line)
    assert (effect.ocr, effect.whole, effect.back, effect.stays) == (sara.ocr, 1_300_00, 100_00, 1_200_00)
    assert (effect.left, effect.over) == (48_23, 0)  # with a day of interest
    made = await part_back.take_back(world.house, CLERK, line, effect.booking_id, -100_00)

    case = await world.house.book.load(sara.id)
    assert not case.closed
    assert books(case, world.clock.today()).payable == 48_23
    assert [(fact.amount, fact.on) for fact in case.payments()] == [(1_200_00, NOW)]
    after = await sums()
    assert after[ledger.FUNDS_BANK] == before[ledger.FUNDS_BANK] - 100_00
    assert after.get(ledger.SUSPENSE, 0) == after.get(ledger.OVERPAID, 0) == 0
    assert [row["state"] for row in await rows("SELECT state FROM refunds")] == ["cancelled"]
    assert await checks.verify(world.house.book, db) == []
    told = await rows("SELECT kind FROM notices WHERE kind IN ('payment.reversed', 'receipt') ORDER BY id")
    assert [row["kind"] for row in told][-2:] == ["payment.reversed", "receipt"]
    with pytest.raises(Refusal, match="already_matched"):  # pressed again
        await part_back.take_back(world.house, CLERK, line, effect.booking_id)

    assert await matching.undo(world.house, CLERK, made) == line
    waiting = [await entries.get(each) for each in (line, original)]
    assert [(row.state, row.rest) for row in waiting if row] == [("open", -100_00), ("open", 100_00)]
    await matching.match_all(world.house, CLERK, original, sara.ocr)
    assert books(await world.house.book.load(sara.id), world.clock.today()).overpaid == 51_78
    assert (await sums())[ledger.SUSPENSE] == 100_00
    [anew] = await part_back.likely(world.house, CLERK, line)  # of what is there now
    assert (anew.whole, anew.stays) == (1_200_00, 1_100_00)
    await part_back.take_back(world.house, CLERK, line, anew.booking_id)
    assert books(await world.house.book.load(sara.id), world.clock.today()).payable == 48_23
    assert await checks.verify(world.house.book, db) == []
    assert "bank.reduced" in [row.action for row in await audit.entries(f"entry:{original}")]


async def test_a_line_can_be_a_part_of_the_rest_again_and_of_no_more_than_that(world: World, db: Database) -> None:
    sara = await world.sara()
    await arrived_in(world, sara.ocr, 1_000_00)
    for part in (-300_00, -200_00):
        line = await arrived(world, part, sara.ocr)
        [effect] = await part_back.likely(world.house, CLERK, line)
        await part_back.take_back(world.house, CLERK, line, effect.booking_id)
    assert [fact.amount for fact in (await world.house.book.load(sara.id)).payments()] == [500_00]
    assert await checks.verify(world.house.book, db) == []
    too_much = await arrived(world, -500_00, sara.ocr)
    assert await part_back.likely(world.house, CLERK, too_much) == ()
    with pytest.raises(Refusal, match="match_gone"):
        await part_back.take_back(world.house, CLERK, too_much, effect.booking_id)
