"""A file of the bank against raw SQL: payments read, matched and booked, and the same rows written by the driver alone.

The import runs in a process of its own, so that its peak memory is its own: ``python -m tests.bench.bank URL KEY FILE
DAY``.
"""

import asyncio
import json
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from core.books import books
from core.party import SYSTEM
from core.rules.se.identifiers import make_ocr
from core.services import bank_files
from core.services.bank_booking import BATCH
from core.store import bank_files as bank_file_rows
from core.store import database
from core.store.bank_folder import BankFolder, Kept
from core.store.database import opened
from core.store.secrets import new_key
from tests import house
from tests.bench.figures import Figure, middle
from tests.bench.floor import Batch, Snapshot, snapshot, written_since
from tests.bench.grounds import Ground
from tests.bench.population import FILE, STEPS_BEFORE, Population, populate
from tests.fakes import FakeClock
from tests.files import bank_samples as bank
from tests.services import world

#: Two page caches of 20 MB on SQLite, and what is loaded with the first payment: it does not grow with the file.
MEMORY_MB = 80
#: Payments that the bank books in one sum.
TOGETHER = 500


@dataclass(frozen=True)
class Paid:
    """A book of cases, the file in which each of them pays all that it owes, and the day on which it comes."""

    ground: Ground
    url: str
    file: Path
    key: str
    day: date
    cases: tuple[int, ...]

    @asynccontextmanager
    async def copied(self) -> AsyncIterator[str]:
        url = await self.ground.copy(self.url, "import")
        try:
            yield url
        finally:
            await self.ground.drop(url)


async def pay_all(ground: Ground, payments: int, folder: Path) -> Paid:
    """A book of so many cases, and a file of the bank in which each pays."""
    url, key = await ground.empty(f"bank_{payments}"), new_key("k1")
    async with opened(url) as db:
        population = await populate(db, STEPS_BEFORE, payments + FILE, key)
        sums = await _owed(population, payments)
    file = folder / f"camt054_{ground.name}_{payments}.xml"
    _write(file, sums, population.today)
    return Paid(ground, url, file, key, population.today, tuple(sums))


async def _owed(population: Population, payments: int) -> dict[int, int]:
    """What each case owes on the day, in no order; its number is made one that a payer could name.

    Sleepers are copies, and owe what their model owes: cases with one principal are alike.
    """
    found = await database.rows("SELECT case_id, principal_ore FROM claims ORDER BY case_id LIMIT ?", payments)
    names = [(make_ocr(str(100_000 + row["case_id"])), row["case_id"]) for row in found]
    await database.execute_many("UPDATE cases SET ocr = ? WHERE id = ?", names)
    alike: dict[int, int] = {}
    for row in found:
        if row["principal_ore"] not in alike:
            case = await population.book().load(row["case_id"])
            alike[row["principal_ore"]] = books(case, population.today).payable
    random.Random(1).shuffle(found)
    return {row["case_id"]: alike[row["principal_ore"]] for row in found}


def _write(file: Path, sums: Mapping[int, int], day: date) -> None:
    """A camt.054 file, written as it is read: a piece at a time."""
    paid = list(sums.items())
    start, end = bank.camt("\0", version="08").split("\0")
    with file.open("w") as text:
        text.write(start)
        for first in range(0, len(paid), TOGETHER):
            some = paid[first : first + TOGETHER]
            parts = [
                bank.part(ore, bank.ocr(make_ocr(str(100_000 + case))), ref=f"R{case}", version="08")
                for case, ore in some
            ]
            whole = sum(ore for _, ore in some)
            text.write(bank.entry(whole, *parts, ref=f"B{first}", on=day, version="08") + "\n")
        text.write(end)


async def against_raw_sql(paid: Paid, rounds: int) -> list[Figure]:
    """Per payment: the whole import, and the writing of what it wrote by the driver alone."""
    name, number = paid.ground.name, len(paid.cases)
    imports, floors, batches = [], [], list[Batch]()
    for _ in range(rounds):
        async with paid.copied() as url:
            if not batches:
                async with opened(url):
                    before = await snapshot()
            imports.append(await _import(paid, url))
            if not batches:
                async with opened(url):
                    batches = await _written(before, paid.cases)
        async with paid.copied() as url:
            async with opened(url):
                await _file_row()
            floors.append(await paid.ground.floor(url, batches))
    ratio = middle([run.seconds / floor for run, floor in zip(imports, floors, strict=True)])
    each, least = 1e6 * middle([run.seconds for run in imports]) / number, 1e6 * middle(floors) / number
    rows = sum(batch.rows for batch in batches) / number
    detail = f"{each:.0f} µs a payment, {least:.0f} µs for its {rows:.1f} rows by the driver alone"
    return [
        Figure(f"import of a bank's file against raw SQL, {name}", ratio, "times", detail, most=5),
        _memory(name, number, middle([run.grown_mb for run in imports])),
    ]


async def large(paid: Paid) -> list[Figure]:
    """One long file: payments a second, and how much memory it took."""
    async with paid.copied() as url:
        run = await _import(paid, url)
    name, number = paid.ground.name, len(paid.cases)
    detail = f"{number:,} payments in {run.seconds:.0f} s, a file of {paid.file.stat().st_size / 1e6:.0f} MB"
    return [
        Figure(f"payments a second, {name}", number / run.seconds, "a second", detail),
        _memory(name, number, run.grown_mb),
    ]


def _memory(name: str, number: int, grown_mb: float) -> Figure:
    return Figure(f"memory that {number:,} payments took, {name}", max(grown_mb, 0.1), "MB", most=MEMORY_MB)


@dataclass(frozen=True)
class Run:
    """An import: its seconds, and by how much the process grew."""

    seconds: float
    grown_mb: float


async def _import(paid: Paid, url: str) -> Run:
    """In a process of its own. Every payment must have found its case."""
    words = (url, paid.key, str(paid.file), paid.day.isoformat())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bank", *words, cwd=house.ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    told = json.loads(out)
    assert told["matched"] == len(paid.cases), told
    return Run(told["seconds"], told["grown_mb"])


async def _written(before: Snapshot, cases: Sequence[int]) -> list[Batch]:
    """The rows of an import in batches of the same payments: what the cases got, and the bank's own rows."""
    ids = [list(cases[first : first + BATCH]) for first in range(0, len(cases), BATCH)]
    batches = await written_since(before, ids)
    entries = await database.rows("SELECT * FROM bank_entries ORDER BY id")
    bookings = await database.rows("SELECT * FROM bank_bookings ORDER BY entry_id")
    whole = []
    for number, batch in enumerate(batches):
        of_batch = slice(number * BATCH, (number + 1) * BATCH)
        whole.append(
            Batch(
                (
                    *batch.statements,
                    _insert("bank_entries", entries[of_batch]),
                    _insert("bank_bookings", bookings[of_batch]),
                )
            )
        )
    return whole


def _insert(table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, list[tuple[Any, ...]]]:
    marks = ", ".join("?" * len(rows[0]))
    statement = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})"
    return database.dialect().sql(statement), [tuple(row.values()) for row in rows]


async def _file_row() -> None:
    """What the rows of payments refer to."""
    await bank_file_rows.begin(Kept("0" * 64, "x", 1), "x", "camt.054", "bench", FakeClock().machine_now())


async def _alone(url: str, key: str, file: str, day: str) -> None:
    """One import, as the command does it; its figures on standard output."""
    with tempfile.TemporaryDirectory() as home:
        async with opened(url) as db:
            clock = FakeClock.on(date.fromisoformat(day))
            place = replace(world.build(clock, key).house, bank=BankFolder(Path(home)), reader=db.reader)
            await place.book.load_many(())  # opens what is opened with the first statement
            before = _peak_mb()
            started = time.perf_counter()
            with Path(file).open("rb") as stream:  # noqa: ASYNC230 - nobody else is served here
                told = await bank_files.import_file(place, SYSTEM, stream, "camt054.xml")
            took = time.perf_counter() - started
            grown = _peak_mb() - before
    print(json.dumps({"seconds": took, "grown_mb": grown, "matched": told.matched}))


def _peak_mb() -> float:
    """The most memory that this process has held so far (what `getrusage` says is its parent's)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else math.nan


if __name__ == "__main__":
    asyncio.run(_alone(*sys.argv[1:]))
