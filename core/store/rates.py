"""Reference rates that were confirmed here. A row is never changed: a later one for the same half-year replaces it."""

from datetime import datetime

from core.rules.se.rates import RateRow, RateStatus
from core.store.door_models import Rate


async def in_force() -> tuple[RateRow, ...]:
    """The confirmed rows in order of date."""
    found = await Rate.filter(superseded_at=None).order_by("valid_from")
    return tuple(
        RateRow(row.valid_from, row.rate_bp, row.source, RateStatus(row.status), row.decided_at.date()) for row in found
    )


async def add(row: RateRow, actor: str, now: datetime) -> None:
    """Put a row in force, in place of the one before it. Inside a transaction."""
    await Rate.filter(valid_from=row.from_, superseded_at=None).update(superseded_at=now)
    await Rate.create(
        valid_from=row.from_,
        rate_bp=row.bp,
        status=row.status.value,
        source=row.source,
        decided_at=now,
        decided_by=actor,
    )
