"""Leases of the outbox and of a day's jobs, by their owners: so that those of a dead process need not be waited out."""

from core.store.database import execute, rows, transaction
from core.store.dialect import dump_json, load_json


async def owners() -> frozenset[str]:
    """Everybody who holds a lease now, or died holding one."""
    of_notices = await rows("SELECT DISTINCT owner FROM notices WHERE state = 'claimed' AND owner IS NOT NULL")
    of_jobs = [load_json(row["value"]).get("owner") for row in await _jobs()]
    return frozenset([*(row["owner"] for row in of_notices), *filter(None, of_jobs)])


async def end(owner: str) -> None:
    """What this owner held is free from now on; should it live after all, its fence stops it."""
    async with transaction():
        await execute("UPDATE notices SET lease_until = 0 WHERE state = 'claimed' AND owner = ?", owner)
        for row in await _jobs():
            held = load_json(row["value"])
            if held.get("owner") == owner:
                free = dump_json({**held, "owner": None, "lease_until": 0.0})
                await execute("UPDATE settings SET value = ? WHERE key = ?", free, row["key"])


async def _jobs() -> list[dict[str, str]]:
    return [dict(row) for row in await rows("SELECT key, value FROM settings WHERE key LIKE 'job:%'")]
