"""Looking at the outbox: how many notices stand where, and which are unknown."""

from core.store.database import rows


async def counts() -> dict[str, int]:
    """How many notices stand in each state."""
    found = await rows("SELECT state, count(*) AS n FROM notices GROUP BY state ORDER BY state")
    return {str(row["state"]): int(row["n"]) for row in found}


async def keys_in(state: str, limit: int) -> tuple[str, ...]:
    """The keys of the newest notices in a state."""
    found = await rows("SELECT key FROM notices WHERE state = ? ORDER BY id DESC LIMIT ?", state, limit)
    return tuple(str(row["key"]) for row in found)
