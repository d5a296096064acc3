"""The floor under the night run: the rows that it wrote, taken from the tables and written again by the driver alone.

Only ``executemany`` into the same tables with their indexes and triggers, one transaction a batch of the same size.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from core.store import database
from core.store.engine_sqlite import PRAGMAS
from core.store.postgres import connect_arguments

#: The tables that a night run adds to, and the column that names the case.
ADDED = {"facts": "case_id", "transfers": "case_id", "notices": "case_id", "tasks": "case_id", "audit": "chain"}

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Batch:
    """What one transaction writes: statements with their rows."""

    statements: tuple[tuple[str, list[Row]], ...]

    @property
    def rows(self) -> int:
        return sum(len(rows) for _, rows in self.statements)


@dataclass(frozen=True)
class Snapshot:
    """The cases as they were, and the last row of each table, before a run."""

    cases: dict[int, dict[str, Any]]
    last: dict[str, int]


async def snapshot() -> Snapshot:
    cases = {row["id"]: row for row in await database.rows("SELECT * FROM cases")}
    last = {}
    for table in ADDED:
        [found] = await database.rows(f"SELECT coalesce(max(id), 0) AS id FROM {table}")
        last[table] = found["id"]
    return Snapshot(cases, last)


async def written_since(before: Snapshot, batches: Iterable[Sequence[int]]) -> list[Batch]:
    """What a run wrote about the cases of each batch, ready to bind."""
    after = {row["id"]: row for row in await database.rows("SELECT * FROM cases")}
    changed = {
        column
        for case_id, row in after.items()
        for column, value in row.items()
        if value != before.cases[case_id][column]
    }
    added = {table: await _added(table, owner, before.last[table]) for table, owner in ADDED.items()}
    return [_batch(ids, after, sorted(changed), added) for ids in batches]


async def _added(table: str, owner: str, last: int) -> tuple[list[str], dict[int, list[Row]]]:
    """The columns that hold anything, and the new rows by case."""
    found = await database.rows(f"SELECT * FROM {table} WHERE id > ? ORDER BY id", last)
    columns = [
        name for name in (found[0] if found else {}) if name != "id" and any(row[name] is not None for row in found)
    ]
    by_case: dict[int, list[Row]] = {}
    for row in found:
        case_id = int(str(row[owner]).rpartition(":")[2])
        by_case.setdefault(case_id, []).append(tuple(row[name] for name in columns))
    return columns, by_case


def _batch(
    ids: Sequence[int],
    after: dict[int, dict[str, Any]],
    changed: list[str],
    added: dict[str, tuple[list[str], dict[int, list[Row]]]],
) -> Batch:
    places = ", ".join(f"{column} = ?" for column in changed)
    cases = [(*(after[case_id][column] for column in changed), case_id) for case_id in sorted(ids)]
    statements = [(f"UPDATE cases SET {places} WHERE id = ?", cases)]
    for table, (columns, by_case) in added.items():
        rows = [row for case_id in sorted(ids) for row in by_case.get(case_id, ())]
        if rows:
            marks = ", ".join("?" * len(columns))
            statements.append((f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows))
    dialect = database.dialect()
    return Batch(tuple((dialect.sql(statement), rows) for statement, rows in statements))


def sqlite_floor(path: Path, batches: Sequence[Batch]) -> float:
    """Seconds that the sqlite3 module alone takes, under the product's own settings."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
        started = time.perf_counter()
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in batch.statements:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")
        return time.perf_counter() - started
    finally:
        connection.close()


async def postgres_floor(url: str, batches: Sequence[Batch]) -> float:
    """Seconds that asyncpg alone takes."""
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        started = time.perf_counter()
        for batch in batches:
            async with connection.transaction():
                for statement, rows in batch.statements:
                    await connection.executemany(statement, rows)
        return time.perf_counter() - started
    finally:
        await connection.close()
