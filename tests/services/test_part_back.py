"""The bank takes back a part of a payment: the rest counts from the same day, the book agrees, and it can be undone."""

from datetime import timedelta

import pytest

from core import ledger
from core.books import books
from core.errors import Refusal
from core.services import matching, part_back, refunds, taken_back
from core.store import audit, checks
from core.store import matching as entries
from core.store.database import Database, rows
from tests.files import bank_samples as bank
from tests.services.test_bank_files import brought, to_case
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


@pytest.mark.parametrize("named", ["X4", "", "by hand", "by hand in suspense"])
async def test_what_is_left_after_a_part_can_be_taken_back_too(world: World, db: Database, named: str) -> None:
    sara = await world.sara()
    before, at_first = await sums(), books(sara, NOW).payable
    await brought(world, bank.camt(to_case(sara, 500_00, "X4")))
    [paid] = [row["id"] for row in await rows("SELECT id FROM bank_entries")]
    line = await arrived(world, -200_00, sara.ocr, structured=False)
    [effect] = await part_back.likely(world.house, CLERK, line)
    part = await part_back.take_back(world.house, CLERK, line, effect.booking_id)
    if named.startswith("by hand"):
        if named.endswith("suspense"):
            await matching.undo(world.house, CLERK, (await entries.bookings(paid))[-2].id)
        rest = await arrived(world, -300_00, sara.ocr, structured=False)
        [original] = await taken_back.originals(world.house, CLERK, rest)
        assert (original.row.id, original.left) == (paid, 300_00)
        seen = await taken_back.preview(world.house, CLERK, rest, paid)
        assert seen.cases == (() if named.endswith("suspense") else ((sara.ocr, at_first),))
        await taken_back.take_back(world.house, CLERK, rest, paid)
    else:
        told = await brought(world, bank.camt(to_case(sara, -300_00, named or "X9", reversal=bool(named))), "back.xml")
        assert (told.matched, told.waiting) == (1, 0)
    case = await world.house.book.load(sara.id)
    assert (tuple(case.payments()), books(case, NOW).payable) == ((), at_first)
    assert await sums() == before
    assert not (await matching.open_entries(world.house, CLERK)).total
    assert await checks.verify(world.house.book, db) == []

    await matching.undo(world.house, CLERK, part)  # the part was another's: it is what is left now
    [original] = await taken_back.originals(world.house, CLERK, line)
    assert (original.row.id, original.left) == (paid, 200_00)
    await taken_back.take_back(world.house, CLERK, line, paid)
    assert not (await matching.open_entries(world.house, CLERK)).total
    assert await checks.verify(world.house.book, db) == []
    again = await arrived(world, -300_00, sara.ocr)
    assert await taken_back.originals(world.house, CLERK, again) == ()
