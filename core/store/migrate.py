"""Bringing the database to the newest shape, by one process at a time.

Tortoise keeps the history; the lock and the check afterwards are ours. Its history row is written outside the
migration's transaction, so two processes that migrate an empty database at once would both try.
"""

import asyncio
import contextlib
import fcntl
import logging
from collections.abc import AsyncIterator
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

from core.store.database import APP, MIGRATIONS, Database, client, configuration, rows, sqlite_path
from core.store.dialect import SQLITE

log = logging.getLogger(__name__)

#: Any number of ours; whoever holds it on the server may migrate.
ADVISORY_LOCK = 7_351_001
#: For the command line: ``tortoise -c core.store.migrate.HISTORY makemigrations``.
HISTORY = configuration("sqlite://schysst.db")


async def migrate(database: Database, through: str = "__latest__") -> list[str]:
    """Apply what is missing; returns the names of the migrations applied. Safe to call from several processes.

    ``through`` names the last one to apply, for a database that is to be filled as an older program left it.

    Raises RuntimeError when rows point at rows that do not exist afterwards.
    """
    applied: list[str] = []

    def note(event: str, app: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    async with _only_us(database):
        executor = _Executor(client(), configuration(database.url)["apps"])
        async with _without_foreign_keys(database):
            await executor.migrate([MigrationTarget(APP, through)], direction="forward", progress=note)
    if applied:
        log.info("migrated", extra={"migrations": applied})
    return applied


async def pending(database: Database) -> list[str]:
    """The migrations that this code has and the database has not."""
    executor = MigrationExecutor(client(), configuration(database.url)["apps"])
    return [step.migration.name for step in await executor.plan()]


def known() -> tuple[str, ...]:
    """The names of all migrations that this code has, in their order."""
    found = iter_modules(import_module(MIGRATIONS).__path__)
    return tuple(sorted(module.name for module in found if module.name[0].isdigit()))


async def newest(database: Database) -> str:
    """The last migration that a database has had."""
    found = await rows("SELECT name FROM tortoise_migrations WHERE app = ?", APP, using=database.reader)
    return max(str(row["name"]) for row in found)


@contextlib.asynccontextmanager
async def _only_us(database: Database) -> AsyncIterator[None]:
    if database.dialect is SQLITE:
        async with _file_lock(database.url):
            yield
    else:
        async with _advisory_lock():
            yield


@contextlib.asynccontextmanager
async def _file_lock(url: str) -> AsyncIterator[None]:
    path = sqlite_path(url)
    if path is None:
        yield
        return
    with path.with_name(path.name + ".migrating").open("w") as handle:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield


@contextlib.asynccontextmanager
async def _advisory_lock() -> AsyncIterator[None]:
    """Held by a connection of its own: the pool's connections change hands between two statements."""
    await rows("SELECT 1")  # opens the pool
    pool: Any = getattr(client(), "_pool")  # noqa: B009
    async with pool.acquire() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", ADVISORY_LOCK)


@contextlib.asynccontextmanager
async def _without_foreign_keys(database: Database) -> AsyncIterator[None]:
    """On SQLite a table that is rebuilt is dropped first, and the drop would delete every child row."""
    if database.dialect is not SQLITE:
        yield
        return
    await client().execute_query("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        await client().execute_query("PRAGMA foreign_keys=ON")
    if astray := await rows("PRAGMA foreign_key_check"):
        raise RuntimeError(f"{len(astray)} rows point at rows that do not exist; first: {astray[0]}")


class _Models(StateApps):
    """All models at a moment of the history. Tables are made of them; as nobody reads rows, they need no queries."""

    def _build_initial_querysets(self) -> None:
        """None."""


class _Tables(State):
    """All tables at a moment of the history."""

    def clone(self) -> State:
        return _Before({key: table.clone() for key, table in self.models.items()}, self.apps)


class _Before(State):
    """All tables before a step. Few steps look back at its models, and to make them takes longer than the steps."""

    def __init__(self, models: dict[tuple[str, str], ModelState], after: StateApps) -> None:
        self.models = models
        self._after = after

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        return self._after.clone(model_states=self.models)


class _Executor(MigrationExecutor):
    """Makes the models of each step when they are asked for: a new house is ready in a third of the time."""

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        found = await super()._project_state(applied, upto=upto)
        apps = _Models({APP: self.connection.connection_name})
        apps.apps = found.apps.apps
        return _Tables(found.models, apps)
