"""Plain PostgreSQL connections beside Tortoise's, for what it has no words for: held locks, and LISTEN."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.base.config_generator import expand_db_url

_OURS: Final = ("host", "user", "password", "database", "ssl")


class NotConnected(Exception):
    """The database could not be reached just now; its kind, without its words, which name hosts and users."""


def connect_arguments(url: str) -> dict[str, Any]:
    """A ``DATABASE_URL`` as asyncpg's ``connect`` and ``create_pool`` take it. Tortoise's URL is not libpq's: the
    directory of a unix socket stands in the query."""
    given = expand_db_url(url)["credentials"]
    return {"port": int(given.get("port") or 5432), **{name: given[name] for name in _OURS if given.get(name)}}


class AdvisoryLocks:
    """Locks by number that hold between processes, on a pool of their own: a lock holds its connection."""

    def __init__(self, url: str, connections_max: int) -> None:
        self._url = url
        self._connections_max = connections_max
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def held(self, number: int) -> AsyncIterator[None]:
        """Wait for the lock, and keep it for as long as the block lasts."""
        pool = await self._opened()
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", number)
            yield

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _opened(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                arguments = connect_arguments(self._url)
                self._pool = await asyncpg.create_pool(**arguments, min_size=1, max_size=self._connections_max)
            return self._pool


class Listener:
    """Hears and says short texts on one channel of NOTIFY, over one connection that is opened anew when it broke."""

    def __init__(self, url: str, channel: str, heard: Callable[[str], None]) -> None:
        self._url = url
        self._channel = channel
        self._heard = heard
        self._connection: asyncpg.Connection | None = None
        # asyncpg carries one request at a time on a connection.
        self._one_at_a_time = asyncio.Lock()

    async def start(self) -> None:
        """Listen from now on."""
        async with self._one_at_a_time:
            await self._connected()

    async def say(self, text: str) -> None:
        """Tell all who listen, this one too. Raises NotConnected."""
        try:
            async with self._one_at_a_time:
                connection = await self._connected()
                await connection.execute("SELECT pg_notify($1, $2)", self._channel, text)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise NotConnected(type(error).__name__) from None

    async def close(self) -> None:
        async with self._one_at_a_time:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(**connect_arguments(self._url))
            await self._connection.add_listener(self._channel, self._on_notify)
        return self._connection

    def _on_notify(self, _connection: object, _pid: int, _channel: str, text: str) -> None:
        self._heard(text)
