"""One history for both databases, complete, and never rebuilding a table that may hold rows."""

import asyncio
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.api.sqlmigrate import sqlmigrate

from core.store.database import APP, Database, configuration, opened, rows
from core.store.migrate import migrate, pending
from core.store.new_migration import missing

#: Only this one may add CHECKs, to tables that it has just created.
FIRST = "0001_initial"


def names_of_migrations() -> list[str]:
    from core.store import migrations

    return sorted(path.stem for path in Path(migrations.__path__[0]).glob("0*.py"))


async def test_the_history_is_as_the_models_are() -> None:
    writer = await missing()
    assert ([] if writer is None else [operation.describe() for operation in writer.operations]) == []


@pytest.mark.parametrize("name", [name for name in names_of_migrations() if name != FIRST])
async def test_no_later_migration_rebuilds_a_table_on_sqlite(name: str) -> None:
    with TortoiseContext():
        statements = await sqlmigrate(config=configuration("sqlite://unused.db"), app_label=APP, migration_name=name)
    text = "\n".join(statements)
    assert "new__" not in text
    assert "DROP TABLE" not in text.upper()


async def test_a_migrated_database_has_nothing_pending(db: Database) -> None:
    assert await pending(db) == []
    assert await migrate(db) == []


async def test_two_processes_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'empty.db'}"

    async def once() -> list[str]:
        async with opened(url, everywhere=False) as database:
            return await migrate(database)

    both = await asyncio.gather(asyncio.create_task(once()), asyncio.create_task(once()))
    assert sorted(both, key=len) == [[], names_of_migrations()]


async def test_foreign_keys_have_an_index_and_the_guards_stand(db: Database) -> None:
    """Neither database indexes a foreign key by itself; a child's lookup would read the whole table."""
    for table, column in await foreign_keys(db):
        assert await leads_an_index(db, table, column), f"{table}.{column} has no index"


async def foreign_keys(db: Database) -> list[tuple[str, str]]:
    if db.dialect.name == "sqlite":
        tables = await rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = []
        for table in tables:
            for key in await rows(f"PRAGMA foreign_key_list({table['name']})"):
                found.append((table["name"], key["from"]))
        return found
    keys = await rows(
        "SELECT conrelid::regclass::text AS name, a.attname AS column FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE contype = 'f'"
    )
    return [(key["name"], key["column"]) for key in keys]


async def leads_an_index(db: Database, table: str, column: str) -> bool:
    if db.dialect.name == "sqlite":
        for index in await rows(f"PRAGMA index_list({table})"):
            columns = await rows(f"PRAGMA index_info({index['name']})")
            if columns[0]["name"] == column and not index["partial"]:
                return True
        return False
    found = await rows(
        "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indrelid = ?::text::regclass AND a.attname = ? AND i.indpred IS NULL",
        table,
        column,
    )
    return bool(found)
