"""Failed tries, counted in machine time (seconds since 1970), so that no moved clock opens a lock."""

from dataclasses import dataclass

from core.store.database import execute, rows


@dataclass(frozen=True, slots=True)
class Guard:
    """So many failures within a window, then a lock of so many seconds."""

    tries_max: int
    window_s: float
    lock_s: float


async def locked_for(key: str, now: float) -> float:
    """The seconds for which a key is still locked; 0 when it is not."""
    found = await rows("SELECT locked_until FROM tries WHERE key = ?", key)
    return max(float(found[0]["locked_until"]) - now, 0.0) if found else 0.0


async def fail(key: str, guard: Guard, now: float) -> int:
    """Count a failure, and lock when it was the last one allowed; how many are left."""
    window = now - guard.window_s
    [row] = await rows(
        "INSERT INTO tries (key, count, since, locked_until) VALUES (?, 1, ?, 0) "
        "ON CONFLICT (key) DO UPDATE SET "
        "count = CASE WHEN tries.since < ? THEN 1 ELSE tries.count + 1 END, "
        "since = CASE WHEN tries.since < ? THEN excluded.since ELSE tries.since END "
        "RETURNING count",
        key,
        now,
        window,
        window,
    )
    left = guard.tries_max - int(row["count"])
    if left <= 0:
        await execute(
            "UPDATE tries SET locked_until = ?, count = 0, since = ? WHERE key = ?", now + guard.lock_s, now, key
        )
    return max(left, 0)


async def forget(key: str) -> None:
    """After a success nothing is counted any more."""
    await execute("DELETE FROM tries WHERE key = ?", key)
