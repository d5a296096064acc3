"""Sealed accounts of people in the tables of money, moved to the newest key when keys are rotated."""

from typing import Any, Final

from core.store.bank import PAYER
from core.store.database import execute, rows
from core.store.refunds import ACCOUNT
from core.store.secrets import Secrets

#: Table, the sealed column, what it is sealed as, and the column of its keyed hash, where there is one.
_SEALED: Final = (
    ("refunds", "account", ACCOUNT, ""),
    ("payouts", "to_sealed", ACCOUNT, ""),
    ("bank_entries", "payer_account", PAYER, "payer_hash"),
)
_BATCH: Final = 1_000


async def reencrypt(secrets: Secrets) -> int:
    """Move every sealed account to the newest key; returns how many were moved."""
    return sum([await _table(secrets, *sealed) for sealed in _SEALED])


async def _table(secrets: Secrets, table: str, column: str, purpose: str, hashed: str) -> int:
    moved, after = 0, 0
    select = f"SELECT id, {column} AS sealed FROM {table} WHERE id > ? AND {column} IS NOT NULL ORDER BY id LIMIT ?"  # noqa: S608
    sets = f"{column} = ?, {hashed} = ?" if hashed else f"{column} = ?"
    while found := await rows(select, after, _BATCH):
        for row in found:
            sealed = bytes(row["sealed"])
            if secrets.is_newest(sealed):
                continue
            number = secrets.decrypt(sealed, purpose)
            values: tuple[Any, ...] = (secrets.encrypt(number, purpose),)
            values += (secrets.find_by(number, purpose),) if hashed else ()
            await execute(f"UPDATE {table} SET {sets} WHERE id = ?", *values, row["id"])  # noqa: S608 - our own words alone
            moved += 1
        after = int(found[-1]["id"])
    return moved
