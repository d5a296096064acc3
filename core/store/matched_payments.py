"""Which payments of cases were found in a bank file."""

from collections.abc import Sequence

from core.store.database import rows


async def bookings(references: Sequence[str]) -> tuple[int, ...]:
    """The bookings that put these payments into their cases out of lines of a bank file, and still do."""
    marks = ", ".join("?" for _ in references)
    found = await rows(
        f"SELECT id FROM bank_bookings WHERE target IN ({marks}) AND kind = 'case' AND undone_on IS NULL ORDER BY id",  # noqa: S608
        *references,
    )
    return tuple(int(row["id"]) for row in found)
