"""Tortoise's SQLite backend with three repairs; named as ``engine`` in the connection's configuration.

Transactions start with BEGIN IMMEDIATE: a deferred one that reads first and writes later fails at once with
"database is locked" when another process wrote in between, whatever ``busy_timeout`` says. And a transaction that
cannot begin, or is cancelled while it begins, gives its lock back. And whoever opens a new file while another process
does, waits.
"""

import asyncio
import sqlite3
from typing import Any, Final

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

#: NORMAL loses nothing in WAL mode when the process is killed, and costs a tenth of FULL; only a power cut may take
#: the last moments, and then a whole transaction at a time.
PRAGMAS: dict[str, Any] = {
    "busy_timeout": 10_000,
    "journal_mode": "WAL",
    "synchronous": "NORMAL",
    "foreign_keys": "ON",
    "journal_size_limit": 64 * 1024 * 1024,
    "cache_size": -20_000,
    # In memory, a statement that writes many rows would keep a copy of each page that it changes: more, the larger the
    # database is.
    "temp_store": "FILE",
}


#: So long a process waits each time for another that opens a new database at the same moment.
OPENING_PAUSES_S: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


class ImmediateSqliteClient(SqliteClient):
    """One connection, whose transactions take the writer's lock at once."""

    def __init__(self, file_path: str, **kwargs: Any) -> None:
        super().__init__(file_path, **{**PRAGMAS, **kwargs})

    async def create_connection(self, with_db: bool) -> None:
        """The first of several processes turns the file to WAL, and SQLite lets the others wait for that not by its own
        timeout: they try again.
        """
        for pause in OPENING_PAUSES_S:
            try:
                return await self._create(with_db)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
            await asyncio.sleep(pause)
        await self._create(with_db)

    async def _create(self, with_db: bool) -> None:
        """A connection that cannot be set up is closed: its thread would keep the process alive for ever."""
        try:
            await super().create_connection(with_db)
        except BaseException:
            if self._connection:
                await self._connection.close()
                self._connection = None
            raise

    def _in_transaction(self) -> TransactionContext:
        return ImmediateTransactionContext(ImmediateTransaction(self), self._lock)


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that is the only writer from its first moment."""

    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class ImmediateTransactionContext(SqliteTransactionContext):
    """Holds the connection's lock for as long as the transaction lasts, and never longer."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            # The connection's thread may still carry out a BEGIN whose waiter was cancelled: undo it, then let go.
            if self.connection._connection:
                await asyncio.shield(self.connection._connection.rollback())
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client


client_class = ImmediateSqliteClient
