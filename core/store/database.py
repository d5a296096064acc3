"""Opening and closing the database, and the connection that a piece of code should use.

One connection a process kind: Tortoise caches SQL by the connection's name, so it is named after its dialect and a
process may talk to both. ``transaction()`` puts itself in the context of the task; ``client()`` then means it.
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient, TransactionContext
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connections
from tortoise.context import TortoiseContext
from tortoise.exceptions import ConfigurationError, DBConnectionError, OperationalError
from tortoise.transactions import in_transaction

from core.store import engine_sqlite
from core.store.dialect import POSTGRES, SQLITE, Dialect

#: A connection for long reads; None where everything goes by the one.
Reader = BaseDBAsyncClient | None

_READER: ContextVar[Reader] = ContextVar("reader", default=None)

APP = "schysst"
MODULES = (
    "core.store.models",
    "core.store.door_models",
    "core.store.chat_models",
    "core.store.self_service_models",
    "core.store.channel_models",
    "core.store.money_models",
)
MIGRATIONS = "core.store.migrations"
POOL = {"minsize": 1, "maxsize": 10}


class Unavailable(Exception):
    """The database cannot be opened. ``code``: ``url``, ``missing``, ``foreign``, ``locked`` or ``unreachable``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


CANNOT_OPEN: Final = (sqlite3.Error, OperationalError, DBConnectionError, asyncpg.PostgresError, OSError)
#: What may come of a command because of the database itself; `trouble` tells it from a mistake of ours.
TROUBLE: Final = (Unavailable, sqlite3.OperationalError, OperationalError)


def trouble(error: BaseException) -> str | None:
    """What the database suffers from, as a code: why it cannot be opened, ``locked``, ``full``; None if sound."""
    if isinstance(error, Unavailable):
        return error.code
    said = str(error)
    return "locked" if "is locked" in said else "full" if "is full" in said else None


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. ``reader`` is for long reads: it never waits for, and never holds up, the writer."""

    url: str
    dialect: Dialect
    context: TortoiseContext
    reader: BaseDBAsyncClient


async def open_database(url: str, *, everywhere: bool = True) -> Database:
    """Open ``sqlite:///path`` or ``postgres://…`` for this process. Migrating is ``migrate.migrate``'s business.

    ``everywhere``: tasks that were not started from the caller's context (threads, foreign loops) find it too; only
    one database can be open so. Raises Unavailable.
    """
    silence_drivers()
    settings = _configured(url)
    context = TortoiseContext()
    context.__enter__()
    await context.init(config=settings, _enable_global_fallback=everywhere)
    kind = dialect_of(url)
    try:
        reader = await _reader(settings["connections"][kind.name])
        await rows("SELECT 1", using=reader)
    except CANNOT_OPEN as error:
        await context.close_connections()
        context.__exit__(None, None, None)
        raise Unavailable(_why_not_open(error)) from error
    return Database(url, kind, context, reader)


def _configured(url: str) -> dict[str, Any]:
    """The configuration, once the URL makes sense and names a file that can be there."""
    try:
        settings = configuration(url)
        path = sqlite_path(url)
    except (ValueError, ConfigurationError) as error:
        raise Unavailable("url") from error
    if path is not None and (path.is_dir() or not os.access(path.parent, os.W_OK)):
        raise Unavailable("missing")
    return settings


def _why_not_open(error: Exception) -> str:
    if isinstance(error, sqlite3.Error | OperationalError):
        return trouble(error) or ("foreign" if "not a database" in str(error) else "missing")
    return "unreachable"


async def close_database(database: Database) -> None:
    """Close every connection; safe to call once, after the last user."""
    if database.reader is not database.context.connections.get(database.dialect.name):
        await database.reader.close()
    await database.context.close_connections()
    with contextlib.suppress(ValueError):  # opened in another task's context: there is nothing to put back here
        database.context.__exit__(None, None, None)


@contextlib.asynccontextmanager
async def opened(url: str, *, everywhere: bool = True) -> AsyncIterator[Database]:
    """``async with opened(url) as database``"""
    database = await open_database(url, everywhere=everywhere)
    try:
        yield database
    finally:
        await close_database(database)


def client() -> BaseDBAsyncClient:
    """The transaction that this task is in, or the connection."""
    handler = get_connections()
    return handler.get(next(iter(handler.db_config)))


def transaction() -> TransactionContext:
    """One transaction (inside another: a savepoint). No network and no new task inside it."""
    return in_transaction()


@contextlib.contextmanager
def reading(reader: Reader) -> Iterator[None]:
    """What is read in this block goes by the reader, and waits for no writer; a transaction still reads its own."""
    token = _READER.set(reader)
    try:
        yield
    finally:
        _READER.reset(token)


def _reading_by() -> Reader:
    reader = _READER.get()
    return None if reader is None or isinstance(client(), TransactionalDBClient) else reader


def dialect() -> Dialect:
    """The dialect of the database that this task talks to."""
    return _dialect_at(client())


async def rows(statement: str, *values: Any, using: BaseDBAsyncClient | None = None) -> list[dict[str, Any]]:
    """Read with raw SQL, written with ``?``; ``using`` a reader or the current connection."""
    connection = using or _reading_by() or client()
    return list(await connection.execute_query_dict(_dialect_at(connection).sql(statement), list(values)))


async def execute(statement: str, *values: Any) -> int:
    """Change rows with raw SQL, written with ``?``; returns how many rows an UPDATE or DELETE met."""
    connection = client()
    count, _ = await connection.execute_query(_dialect_at(connection).sql(statement), list(values))
    return count


async def execute_many(statement: str, values: list[tuple[Any, ...]]) -> None:
    """The same statement over many rows in one go; nothing when there are none."""
    if values:
        connection = client()
        await connection.execute_many(_dialect_at(connection).sql(statement), values)  # type: ignore[arg-type]


def _dialect_at(connection: BaseDBAsyncClient) -> Dialect:
    return POSTGRES if connection.capabilities.dialect == "postgres" else SQLITE


def configuration(url: str) -> dict[str, Any]:
    """Tortoise's configuration for one URL."""
    connection = expand_db_url(url)
    name = dialect_of(url).name
    if name == "sqlite":
        given = connection["credentials"]
        connection = {
            "engine": engine_sqlite.__name__,
            "credentials": {**given, **{k: v for k, v in engine_sqlite.PRAGMAS.items() if f"{k}=" not in url}},
        }
    else:
        connection["credentials"] = {**POOL, **connection["credentials"]}
    return {
        "connections": {name: connection},
        "apps": {APP: {"models": list(MODULES), "default_connection": name, "migrations": MIGRATIONS}},
        "use_tz": True,
        "timezone": "UTC",
    }


def dialect_of(url: str) -> Dialect:
    """Which of the two databases a URL names. Raises ValueError for any other."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return SQLITE
    if scheme in {"postgres", "postgresql", "asyncpg"}:
        return POSTGRES
    raise ValueError(f"DATABASE_URL names neither sqlite nor postgres: {scheme}")


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL; None for PostgreSQL and for a database in memory."""
    if dialect_of(url) is not SQLITE or ":memory:" in url:
        return None
    return Path(expand_db_url(url)["credentials"]["file_path"])


def silence_drivers() -> None:
    """The drivers log statements with their values, which are people's data: never below WARNING."""
    for name in ("tortoise", "tortoise.db_client", "aiosqlite", "asyncpg"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _reader(connection: dict[str, Any]) -> BaseDBAsyncClient:
    """A second connection on SQLite, which cannot write; on PostgreSQL the pool has connections enough."""
    if connection["engine"] != engine_sqlite.__name__ or ":memory:" in connection["credentials"]["file_path"]:
        return client()
    pragmas = {**connection["credentials"], "query_only": "ON"}
    reader = engine_sqlite.ImmediateSqliteClient(connection_name="sqlite", fetch_inserted=True, **pragmas)
    await reader.create_connection(with_db=True)
    return reader
