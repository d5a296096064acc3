"""The whole database at one moment, read while others write, and written into an empty one of either kind.

A value is written as JSON the same way whichever database it came from, so that a backup of one restores into the
other. Tables come in an order in which no row points at one that is not there yet.
"""

import asyncio
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg  # type: ignore[import-untyped]
from tortoise import fields
from tortoise.models import Model

from core.store.database import APP, Database, sqlite_path
from core.store.dialect import SQLITE, Dialect, dump_json, load_json, numbered
from core.store.postgres import connect_arguments

PAGE: Final = 1_000
#: How a column's values are written; a field that is none of these is a number.
KINDS: Final[Mapping[type, str]] = {
    fields.BinaryField: "octets",
    fields.BooleanField: "bool",
    fields.CharField: "text",
    fields.DateField: "day",
    fields.DatetimeField: "instant",
    fields.JSONField: "json",
    fields.TextField: "text",
}
Row = Sequence[Any]
Run = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are names with kinds; rows come in the order of ``key``."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        return ", ".join(f'"{name}"' for name, _ in self.columns)


def tables(db: Database) -> tuple[Table, ...]:
    """Every table of ours, those that others point at first."""
    models = {model._meta.db_table: model for model in db.context.apps[APP].values()}  # type: ignore[index]
    done: dict[str, Table] = {}

    def add(name: str, model: type[Model]) -> None:
        if name in done:
            return
        meta = model._meta
        for pointer in sorted(meta.fk_fields | meta.o2o_fields):
            target = meta.fields_map[pointer].related_model._meta.db_table  # type: ignore[attr-defined]
            if target != name:
                add(target, models[target])
        done[name] = _table(model)

    for name in sorted(models):
        add(name, models[name])
    return tuple(done.values())


def _table(model: type[Model]) -> Table:
    meta = model._meta
    columns = tuple(
        (column, KINDS.get(type(meta.fields_map[name]), "number")) for name, column in meta.fields_db_projection.items()
    )
    return Table(meta.db_table, meta.db_pk_column, columns)


def dump(table: Table, row: Row) -> str:
    """A row as a line of JSON."""
    values = (_plain(kind, value) for (_, kind), value in zip(table.columns, row, strict=True))
    return dump_json(list(values)) + "\n"


def load(table: Table, values: Row, dialect: Dialect) -> tuple[Any, ...]:
    """The values of a line as a database binds them."""
    return tuple(_bound(kind, value, dialect) for (_, kind), value in zip(table.columns, values, strict=True))


def _plain(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "octets":
            return b64encode(bytes(value)).decode()
        case "json":
            return load_json(value)
        case "bool":
            return bool(value)
        case "day":
            return value if isinstance(value, str) else value.isoformat()
        case "instant":
            instant = datetime.fromisoformat(value) if isinstance(value, str) else value
            return instant.astimezone(UTC).isoformat()
        case _:
            return value


def _bound(kind: str, value: Any, dialect: Dialect) -> Any:
    if kind == "json":
        return None if value is None else dump_json(value)
    if value is None:
        return None
    match kind:
        case "octets":
            return b64decode(value)
        case "bool":
            return int(value) if dialect is SQLITE else bool(value)
        case "day":
            return dialect.day(date.fromisoformat(value))
        case "instant":
            return dialect.instant(datetime.fromisoformat(value))
        case _:
            return value


# Reading


class Snapshot(Protocol):
    """The database as it was when this began."""

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """Read with SQL, written with ``?``."""
        ...

    def pages(self, table: Table) -> AsyncIterator[Sequence[Row]]: ...

    async def sequences(self, found: Sequence[Table]) -> dict[str, int]:
        """The last number that each table gave out, so that none is given twice."""
        ...


@asynccontextmanager
async def snapshot(db: Database) -> AsyncIterator[Snapshot]:
    """One consistent view, which holds up no writer."""
    path = sqlite_path(db.url)
    if path is not None:
        async with _thread() as run:
            connection = await run(_begin, path)
            try:
                yield _SqliteSnapshot(connection, run)
            finally:
                await run(connection.close)
        return
    connection = await asyncpg.connect(**connect_arguments(db.url))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield _PostgresSnapshot(connection)
    finally:
        await connection.close()


@asynccontextmanager
async def _thread() -> AsyncIterator[Run]:
    """One thread for one connection: its cursors are made, used and forgotten there, and never by two at once."""
    with ThreadPoolExecutor(1, "snapshot") as pool:

        async def run(call: Callable[..., Any], *values: Any) -> Any:
            return await asyncio.get_running_loop().run_in_executor(pool, call, *values)

        yield run


def _begin(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    connection.isolation_level = None
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the view begins with the first read
    return connection


@dataclass(frozen=True, slots=True)
class _SqliteSnapshot:
    connection: sqlite3.Connection
    run: Run

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.run(self._rows, statement, values)
        return found

    def _rows(self, statement: str, values: Row) -> list[dict[str, Any]]:
        cursor = self.connection.execute(statement, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    async def pages(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        cursor = await self.run(self.connection.execute, _all_of(table))
        while page := await self.run(cursor.fetchmany, PAGE):
            yield page

    async def sequences(self, found: Sequence[Table]) -> dict[str, int]:
        names = {table.name for table in found}
        rows = await self.rows("SELECT name, seq FROM sqlite_sequence")
        return {row["name"]: row["seq"] for row in rows if row["name"] in names}


@dataclass(frozen=True, slots=True)
class _PostgresSnapshot:
    connection: Any

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.connection.fetch(numbered(statement), *values)]

    async def pages(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        cursor = await self.connection.cursor(_all_of(table))
        while page := await cursor.fetch(PAGE):
            yield page

    async def sequences(self, found: Sequence[Table]) -> dict[str, int]:
        last = {}
        for table in found:
            if name := await _sequence(self.connection, table):
                row = await self.connection.fetchrow(f"SELECT last_value, is_called FROM {name}")  # noqa: S608
                last[table.name] = int(row["last_value"]) if row["is_called"] else 0
        return last


async def _sequence(connection: Any, table: Table) -> str | None:
    column = next((name for name, kind in table.columns if name == table.key and kind == "number"), None)
    if column is None:
        return None
    name: str | None = await connection.fetchval("SELECT pg_get_serial_sequence($1, $2)", table.name, column)
    return name


def _all_of(table: Table) -> str:
    return f'SELECT {table.names} FROM "{table.name}" ORDER BY "{table.key}"'  # noqa: S608 - our own names


# Writing


class Into(Protocol):
    """An empty database that is being filled, in one transaction."""

    async def add(self, table: Table, rows: Sequence[Row]) -> None: ...

    async def number_from(self, table: Table, last: int) -> None:
        """The next row's number is higher than this one and than any that is there."""
        ...


@asynccontextmanager
async def filling(url: str, dialect: Dialect, before: Callable[[], Awaitable[None]]) -> AsyncIterator[Into]:
    """Fill a migrated database in one transaction: all of it, or nothing. ``before`` runs just before it is committed.

    Raises ValueError when a row points at one that is not there.
    """
    path = sqlite_path(url)
    if path is not None:
        async with _thread() as run:
            connection = await run(_open_to_fill, path)
            try:
                yield _SqliteInto(connection, run)
                await before()
                await run(_commit, connection)
            finally:
                await run(connection.close)
        return
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        async with connection.transaction():
            yield _PostgresInto(connection)
            await before()
    finally:
        await connection.close()


async def first_filled(url: str, found: Sequence[Table]) -> str | None:
    """The first of these tables that has a row in a database on a server; None for a file, which is new."""
    if sqlite_path(url) is not None:
        return None
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        for table in found:
            there = await connection.fetchval("SELECT to_regclass($1)", table.name)
            if there and await connection.fetchval(f'SELECT 1 FROM "{table.name}" LIMIT 1'):  # noqa: S608 - our name
                return table.name
    finally:
        await connection.close()
    return None


def settle(path: Path) -> None:
    """All of a database in its one file, so that the file may take another name."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _commit(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise ValueError("a row points at one that is not there")
    connection.commit()


def _open_to_fill(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    return connection


@dataclass(frozen=True, slots=True)
class _SqliteInto:
    connection: sqlite3.Connection
    run: Run

    async def add(self, table: Table, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" for _ in table.columns)
        statement = f'INSERT INTO "{table.name}" ({table.names}) VALUES ({marks})'  # noqa: S608 - our own names
        await self.run(self._add, statement, rows)

    def _add(self, statement: str, rows: Sequence[Row]) -> None:
        self.connection.executemany(statement, rows)

    async def number_from(self, table: Table, last: int) -> None:
        await self.run(self._number_from, table, last)

    def _number_from(self, table: Table, last: int) -> None:
        self.connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, table.name))
        self.connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
            (table.name, last, table.name),
        )


@dataclass(frozen=True, slots=True)
class _PostgresInto:
    connection: Any

    async def add(self, table: Table, rows: Sequence[Row]) -> None:
        columns = [name for name, _ in table.columns]
        await self.connection.copy_records_to_table(table.name, records=rows, columns=columns)

    async def number_from(self, table: Table, last: int) -> None:
        if name := await _sequence(self.connection, table):
            # Of an empty table the first number is still to be given.
            highest = await self.connection.fetchval(f'SELECT max("{table.key}") FROM "{table.name}"')  # noqa: S608
            if top := max(last, highest or 0):
                await self.connection.execute("SELECT setval($1::regclass, $2)", name, top)
