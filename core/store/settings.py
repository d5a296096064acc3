"""Values of the installation: the demo's moved clock, what ran when."""

from typing import Any

from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json


async def get(key: str, default: Any = None) -> Any:
    """A value, or the default when it was never put."""
    found = await rows("SELECT value FROM settings WHERE key = ?", key)
    return load_json(found[0]["value"]) if found else default


async def put(key: str, value: Any) -> None:
    """Keep a value under a key, in place of what was there."""
    cast = "::jsonb" if dialect().name == "postgres" else ""
    await execute(
        f"INSERT INTO settings (key, value) VALUES (?, ?{cast}) "  # noqa: S608 - our own words
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        key,
        dump_json(value),
    )
