"""The night run against raw SQL, and the night run in a small book against one in a large book."""

import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from core.steps import advance
from core.store import night
from core.store.database import Database, opened
from tests.bench.figures import Figure, middle
from tests.bench.floor import Batch, snapshot, written_since
from tests.bench.grounds import Ground
from tests.bench.population import Population, populate


@dataclass(frozen=True)
class Filled:
    """A database with due cases in it that nobody has open, to be copied for each round."""

    ground: Ground
    url: str
    population: Population
    due: int

    @asynccontextmanager
    async def copied(self) -> AsyncIterator[str]:
        url = await self.ground.copy(self.url, "round")
        try:
            yield url
        finally:
            await self.ground.drop(url)


async def fill(ground: Ground, due: int, size: int) -> Filled:
    url = await ground.empty(f"book_{size}")
    async with opened(url) as db:
        return Filled(ground, url, await populate(db, due, size), due)


async def against_raw_sql(filled: Filled, rounds: int) -> list[Figure]:
    """Per due case: the whole night run, and the writing of what it wrote by the driver alone."""
    batches = await _ready_made(filled)
    nights, floors = [], []
    for _ in range(rounds):
        nights.append(await _one_night(filled))
        async with filled.copied() as url:
            floors.append(await filled.ground.floor(url, batches))
    ratio = middle([night / floor for night, floor in zip(nights, floors, strict=True)])
    each, least = (1e6 * middle(times) / filled.due for times in (nights, floors))
    name, written = filled.ground.name, sum(batch.rows for batch in batches)
    detail = f"{each:.0f} µs a case, {least:.0f} µs for its {written / filled.due:.1f} rows by the driver alone"
    return [
        Figure(f"night run against raw SQL, {name}", ratio, "times", detail, most=4),
        Figure(f"due cases a second, {name}", filled.due / middle(nights), "a second", least=2_000),
    ]


async def large_against_small(small: Filled, large: Filled, sizes: tuple[int, int], rounds: int) -> Figure:
    """What one due case costs in the large book, in terms of the same in the small one."""
    pairs = [(await _one_night(small), await _one_night(large)) for _ in range(rounds)]
    ratio = middle([slow / quick for quick, slow in pairs])
    few, many = (1e6 * middle(times) / small.due for times in zip(*pairs, strict=True))
    name = f"{sizes[1]:,} cases in the book against {sizes[0]:,}, {small.ground.name}"
    return Figure(name, ratio, "times", f"{many:.0f} µs a due case, {few:.0f} µs in the small book", most=1.2)


async def _one_night(filled: Filled) -> float:
    """Seconds of a night run on a copy of the book."""
    async with filled.copied() as url, opened(url) as db:
        book, today = filled.population.book(), filled.population.today
        await book.load_many(())  # opens what is opened with the first statement
        gc.collect()
        started = time.perf_counter()
        done = await night.run(book, db, partial(advance, today=today), "night")
        took = time.perf_counter() - started
    assert (done.changed, done.stale, done.refused) == (filled.due, [], {}), done
    return took


async def _ready_made(filled: Filled) -> Sequence[Batch]:
    """The rows of a real run, in batches of the same cases."""
    async with filled.copied() as url, opened(url) as db:
        before, ids = await snapshot(), await _due(db, filled.population)
        await night.run(filled.population.book(), db, partial(advance, today=filled.population.today), "night")
        return await written_since(before, ids)


async def _due(db: Database, population: Population) -> list[list[int]]:
    return [ids async for ids in night.due(db, population.today)]
