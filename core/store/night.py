"""Many cases at a time: the night run's batches. The same decisions as by day, read and written set by set.

Reading and deciding hold no lock (on SQLite they use the second connection); writing takes one short transaction a
batch. A case that somebody changed meanwhile is left for the next round.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.case import CaseId
from core.errors import Refusal
from core.party import SYSTEM
from core.store import database, saving
from core.store.book import Book, Decide
from core.store.loading import Loaded
from core.store.saving import Change

#: Writes of so many cases hold SQLite's writer for less than 50 ms here.
BATCH: Final = 200
#: Deciding lets others have the event loop after so many cases.
BREATHE_AFTER: Final = 10
#: New objects after which Python looks for cycles (700 otherwise): a batch makes tens of thousands, none in a cycle.
LOOK_FOR_CYCLES_AFTER: Final = 50_000


@dataclass(slots=True)
class Round:
    """What became of the due cases: how many were changed, had nothing to do, or must be looked at once more.

    ``refused`` are cases about which no decision was possible, with the refusal's code: staff look at them.
    """

    changed: int = 0
    unchanged: int = 0
    stale: list[CaseId] = field(default_factory=list)
    refused: dict[CaseId, str] = field(default_factory=dict)


async def due(db: database.Database, today: date, batch: int = BATCH) -> AsyncIterator[list[CaseId]]:
    """The open cases whose day has come, a batch at a time. Each comes once, whatever is done to it meanwhile."""
    after: tuple[date, int] = (date.min, 0)
    while True:
        found = await database.rows(
            "SELECT id, next_on FROM cases WHERE closed_on IS NULL AND next_on <= ? AND (next_on, id) > (?, ?)"
            " ORDER BY next_on, id LIMIT ?",
            db.dialect.day(today),
            db.dialect.day(after[0]),
            after[1],
            batch,
            using=db.reader,
        )
        if found:
            yield [row["id"] for row in found]
        if len(found) < batch:
            return
        last_day = db.dialect.read_day(found[-1]["next_on"])
        assert last_day is not None
        after = (last_day, found[-1]["id"])


async def run(book: Book, db: database.Database, decide: Decide, action: str, batch: int = BATCH) -> Round:
    """Decide about every case whose day has come. While one batch is written, the next is read and decided.

    What others were quicker with is taken up once more at the end; what is stale even then waits for the next run.
    """
    done = Round()
    await _run(book, db, due(db, book.clock.today(), batch), decide, action, done)
    if again := done.stale:
        done.stale = []
        await _run(book, db, _in_batches(again, batch), decide, action, done)
    return done


async def _run(
    book: Book, db: database.Database, batches: AsyncIterator[list[CaseId]], decide: Decide, action: str, done: Round
) -> None:
    writing: asyncio.Task[None] | None = None
    with few_looks_for_cycles():
        try:
            async for ids in batches:
                changes = await _decide(book, db, ids, decide, action, done)
                if writing:
                    await writing
                writing = asyncio.create_task(_write(book, changes, done))
        finally:
            if writing:
                await writing


@contextmanager
def few_looks_for_cycles() -> Iterator[None]:
    """They would take an eighth of the night and find nothing."""
    often = gc.get_threshold()
    gc.set_threshold(LOOK_FOR_CYCLES_AFTER, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)


async def _decide(
    book: Book, db: database.Database, ids: Sequence[CaseId], decide: Decide, action: str, done: Round
) -> list[Change]:
    loaded = await book.read(ids, using=db.reader)
    today = book.clock.today()
    changes: list[Change] = []
    for number, case_id in enumerate(sorted(loaded)):
        if number % BREATHE_AFTER == 0:
            await asyncio.sleep(0)
        change = _decided(loaded[case_id], decide, action, today, done)
        if change:
            changes.append(change)
    return changes


async def _write(book: Book, changes: Sequence[Change], done: Round) -> None:
    saved = await book.save(changes)
    for change in changes:
        case_id = change.loaded.case.id
        if case_id not in saved:
            done.stale.append(case_id)
        elif change.decision:
            done.changed += 1
        else:
            done.unchanged += 1


async def _in_batches(ids: Sequence[CaseId], batch: int) -> AsyncIterator[list[CaseId]]:
    for start in range(0, len(ids), batch):
        yield list(ids[start : start + batch])


def _decided(loaded: Loaded, decide: Decide, action: str, today: date, done: Round) -> Change | None:
    """What to write about one case; a case whose day has come for nothing is at least given its next day."""
    try:
        decision = decide(loaded.case)
        if not decision and saving.project(loaded.case, today) == loaded.projection:
            done.unchanged += 1
            return None
    except Refusal as refusal:
        done.refused[loaded.case.id] = refusal.code
        return None
    return Change(loaded, decision, SYSTEM.label, action)
