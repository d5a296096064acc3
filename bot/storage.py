"""Where half-done dialogs live, and the locks that keep two updates of one conversation apart.

The key names the bot, so two channels whose numbers happen to be equal never share a conversation.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StateType, StorageKey

from core.ports import Clock
from core.store import fsm
from core.store.postgres import AdvisoryLocks


def key_text(key: StorageKey) -> str:
    """One text for all parts of a storage key; bot and chat first, so that a chat's rows are found together."""
    parts = (key.bot_id, key.chat_id, key.user_id, key.thread_id or "", key.business_connection_id or "", key.destiny)
    return ":".join(str(part) for part in parts)


class SqlStorage(BaseStorage):
    """aiogram's storage over the one database: a half-done dialog survives a restart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        await fsm.set_state(key_text(key), state.state if isinstance(state, State) else state, self._clock.now())

    async def get_state(self, key: StorageKey) -> str | None:
        return await fsm.state(key_text(key))

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await fsm.set_data(key_text(key), data, self._clock.now())

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return await fsm.data(key_text(key))

    async def sweep(self, age: timedelta) -> int:
        """Remove dialogs that nobody has touched for so long; returns how many."""
        return await fsm.sweep(self._clock.now() - age)

    async def close(self) -> None:
        """The database is closed by whoever opened it."""


class LocalIsolation(BaseEventIsolation):
    """One update of a conversation at a time, within this process; a lock lives only while somebody wants it."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        name = key_text(key)
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            _, users = self._locks.pop(name)
            if users > 1:
                self._locks[name] = (lock, users - 1)

    def __len__(self) -> int:
        """How many locks are kept at this moment."""
        return len(self._locks)

    async def close(self) -> None:
        self._locks.clear()


class PgAdvisoryIsolation(BaseEventIsolation):
    """One update of a conversation at a time over all processes, by PostgreSQL's advisory transaction locks.

    It holds a connection while it holds or awaits a lock, so it has a pool of its own, apart from Tortoise's. The
    local lock comes first: of one process, only one update waits in the database for the same conversation. The
    dispatcher and the dialogs lock one inside the other: give each an isolation, hence a pool, of its own, or many
    updates at once could each hold one connection and wait for ever for their second.
    """

    def __init__(self, url: str, connections_max: int = 10) -> None:
        self._locks = AdvisoryLocks(url, connections_max)
        self._local = LocalIsolation()

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        async with self._local.lock(key), self._locks.held(lock_number(key)):
            yield

    async def close(self) -> None:
        await self._locks.close()


def lock_number(key: StorageKey) -> int:
    """A storage key as the 64-bit number that PostgreSQL's locks go by."""
    digest = hashlib.blake2b(key_text(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
