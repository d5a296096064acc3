"""The night's batches decide as the day does, hold nobody up, and leave what somebody is quicker with."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest

from core.case import NOTHING, Case, Decision
from core.errors import Refusal
from core.facts import HoldPlaced
from core.party import SYSTEM
from core.steps import advance
from core.store.book import Book
from core.store.checks import verify
from core.store.database import Database, execute, rows
from core.store.night import due, run
from core.store.saving import Change
from tests.fakes import FakeClock
from tests.store.people import open_cases

START = date(2025, 7, 2)
DUE = date(2025, 8, 1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock.on(START)


async def all_due(db: Database, today: date, batch: int) -> list[list[int]]:
    return [ids async for ids in due(db, today, batch)]


async def test_each_due_case_comes_once(book: Book, db: Database) -> None:
    cases = await open_cases(book, 5)
    assert await all_due(db, START, 2) == []
    batches = await all_due(db, DUE, 2)
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert sorted(chain.from_iterable(batches)) == [case.id for case in cases]


async def test_a_batch_takes_the_step_of_each_case_and_again_takes_nothing(
    book: Book, db: Database, clock: FakeClock
) -> None:
    cases = await open_cases(book, 5)
    clock.set_day(DUE)
    first = await run(book, db, lambda c: advance(c, DUE), "night")
    assert (first.changed, first.stale, first.refused) == (5, [], {})
    second = await run(book, db, lambda c: advance(c, DUE), "night")
    assert second.changed == 0
    documents = await rows("SELECT case_id FROM notices WHERE form = 'document'")
    assert Counter(row["case_id"] for row in documents) == Counter(case.id for case in cases)
    assert await verify(book, db) == []


async def test_a_case_that_somebody_was_quicker_with_is_left(book: Book, db: Database, clock: FakeClock) -> None:
    first, second = await open_cases(book, 2)
    clock.set_day(DUE)
    hold = HoldPlaced(on=DUE, recorded_on=DUE, ref="h", reason="staff", review_on=DUE)
    loaded = await book.read([first.id, second.id], using=db.reader)
    await book.change(first.id, lambda c: Decision((hold,)), SYSTEM)
    changes = [Change(one, advance(one.case, DUE), SYSTEM.label) for one in loaded.values()]
    saved = await book.save(changes)
    assert set(saved) == {second.id}
    assert len((await book.load(first.id)).facts) == 2


async def test_a_case_about_which_nothing_can_be_decided_holds_up_no_other(
    book: Book, db: Database, clock: FakeClock
) -> None:
    first, _ = await open_cases(book, 2)
    clock.set_day(DUE)

    def decide(case: Case) -> Decision:
        if case.id == first.id:
            raise Refusal("unknown_rate")
        return advance(case, DUE)

    done = await run(book, db, decide, "night")
    assert (done.changed, done.refused) == (1, {first.id: "unknown_rate"})


async def test_a_case_whose_day_came_for_nothing_is_given_its_next(book: Book, db: Database, clock: FakeClock) -> None:
    [case] = await open_cases(book, 1)
    await execute("UPDATE cases SET next_on = ?", db.dialect.day(START))
    done = await run(book, db, lambda c: NOTHING, "night")
    assert done.unchanged == 1
    assert await all_due(db, START, 10) == []
    assert (await book.load(case.id)).version == case.version
