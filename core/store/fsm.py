"""Half-done dialogs: one row a key, and nothing kept of what is closed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.store.database import dialect, execute, rows
from core.store.dialect import load_json

EMPTY: Final = "{}"


async def state(key: str) -> str | None:
    """The plain state under a key."""
    found = await rows("SELECT state FROM fsm_entry WHERE key = ?", key)
    return found[0]["state"] if found else None


async def data(key: str) -> dict[str, Any]:
    """The data under a key; empty when there is none."""
    found = await rows("SELECT data FROM fsm_entry WHERE key = ?", key)
    return dict(load_json(found[0]["data"])) if found else {}


async def set_state(key: str, value: str | None, now: datetime) -> None:
    """Keep the state; a row without state and data goes."""
    if value is None:
        if not await execute("DELETE FROM fsm_entry WHERE key = ? AND data = ?", key, EMPTY):
            await execute("UPDATE fsm_entry SET state = NULL WHERE key = ?", key)
        return
    await execute(
        "INSERT INTO fsm_entry (key, state, data, updated_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at",
        key,
        value,
        EMPTY,
        dialect().instant(now),
    )


async def set_data(key: str, value: Mapping[str, Any], now: datetime) -> None:
    """Keep the data, replacing what was there. A closed dialog is written as {}: such a row goes."""
    if not value:
        if not await execute("DELETE FROM fsm_entry WHERE key = ? AND state IS NULL", key):
            await execute("UPDATE fsm_entry SET data = ? WHERE key = ?", EMPTY, key)
        return
    await execute(
        "INSERT INTO fsm_entry (key, state, data, updated_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at",
        key,
        None,
        json.dumps(value, separators=(",", ":"), ensure_ascii=False),
        dialect().instant(now),
    )


async def sweep(before: datetime) -> int:
    """Remove dialogs untouched since then; returns how many."""
    return await execute("DELETE FROM fsm_entry WHERE updated_at < ?", dialect().instant(before))
