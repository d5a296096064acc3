"""SQLite under several writers: who reads first still writes, and a lock is always given back."""

import asyncio
import sqlite3

import pytest
from tortoise.exceptions import OperationalError

from core.store.database import (
    Database,
    Unavailable,
    configuration,
    dialect_of,
    execute,
    open_database,
    opened,
    rows,
    sqlite_path,
    transaction,
)
from core.store.dialect import POSTGRES, SQLITE, dump_json, numbered


async def add_one() -> None:
    """Read, then write: what a deferred transaction would lose to another process."""
    async with transaction():
        [row] = await rows("SELECT value FROM settings WHERE key = 'n'")
        await asyncio.sleep(0)
        await execute("UPDATE settings SET value = ? WHERE key = 'n'", str(int(row["value"]) + 1))


async def test_two_processes_that_read_and_then_write_lose_nothing(sqlite_db: Database) -> None:
    await execute("INSERT INTO settings (key, value) VALUES ('n', '0')")

    async def another_process() -> None:
        async with opened(sqlite_db.url, everywhere=False):
            for _ in range(20):
                await add_one()

    await asyncio.gather(*(asyncio.create_task(another_process()) for _ in range(2)))
    [row] = await rows("SELECT value FROM settings WHERE key = 'n'")
    assert int(row["value"]) == 40


async def test_a_transaction_that_cannot_begin_gives_its_lock_back(sqlite_db: Database) -> None:
    async with opened(f"{sqlite_db.url}?busy_timeout=1", everywhere=False):
        path = sqlite_path(sqlite_db.url)
        assert path is not None
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            await add_one()
        other.execute("ROLLBACK")
        other.close()
        await execute("INSERT INTO settings (key, value) VALUES ('n', '0')")
        await add_one()


async def test_a_transaction_whose_task_is_cancelled_is_undone(sqlite_db: Database) -> None:
    begun = asyncio.Event()

    async def stuck() -> None:
        async with transaction():
            await execute("INSERT INTO settings (key, value) VALUES ('n', '0')")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows("SELECT * FROM settings") == []
    await execute("INSERT INTO settings (key, value) VALUES ('n', '0')")


async def test_the_reader_cannot_write_and_does_not_wait(sqlite_db: Database) -> None:
    with pytest.raises(OperationalError):
        await sqlite_db.reader.execute_query("DELETE FROM settings")
    async with transaction():
        await execute("INSERT INTO settings (key, value) VALUES ('n', '0')")
        assert await rows("SELECT * FROM settings", using=sqlite_db.reader) == []
    assert len(await rows("SELECT * FROM settings", using=sqlite_db.reader)) == 1


async def test_a_transaction_inside_another_undoes_only_itself(db: Database) -> None:
    async def inner() -> None:
        async with transaction():
            await execute("INSERT INTO settings (key, value) VALUES ('inner', '1')")
            raise LookupError

    async with transaction():
        await execute("INSERT INTO settings (key, value) VALUES ('outer', '1')")
        with pytest.raises(LookupError):
            await inner()
    assert [row["key"] for row in await rows("SELECT key FROM settings")] == ["outer"]


async def test_a_database_is_found_from_any_task(db: Database) -> None:
    assert await asyncio.create_task(rows("SELECT 1 AS one")) == [{"one": 1}]


async def test_sqlite_is_tuned_and_its_url_may_say_otherwise(sqlite_db: Database) -> None:
    assert (await rows("PRAGMA synchronous"))[0]["synchronous"] == 1
    assert (await rows("PRAGMA journal_mode"))[0]["journal_mode"] == "wal"
    assert (await rows("PRAGMA foreign_keys"))[0]["foreign_keys"] == 1
    given = configuration("sqlite:///x.db?synchronous=FULL")["connections"]["sqlite"]["credentials"]
    assert given["synchronous"] == "FULL"


def test_only_two_kinds_of_database_are_known() -> None:
    assert dialect_of("sqlite:///x") is SQLITE
    assert dialect_of("postgresql://x") is POSTGRES
    with pytest.raises(ValueError, match="mysql"):
        dialect_of("mysql://x")


async def test_an_unknown_kind_opens_nothing() -> None:
    with pytest.raises(Unavailable, match="url"):
        await open_database("mysql://x")


def test_placeholders_are_numbered_and_json_is_always_the_same() -> None:
    assert numbered("a = ? AND b = ?") == "a = $1 AND b = $2"
    assert dump_json({"b": 1, "a": ["å"]}) == '{"a":["å"],"b":1}'
