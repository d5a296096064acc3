"""Which payments of cases were found in a bank file."""

from collections.abc import Sequence

from core.store.database import rows


async def matched(references: Sequence[str]) -> bool:
    """Whether one of these payments was matched with a line of a bank file, and still is."""
    marks = ", ".join("?" for _ in references)
    found = await rows(
        f"SELECT id FROM bank_bookings WHERE target IN ({marks}) AND kind = 'case' AND undone_on IS NULL",  # noqa: S608
        *references,
    )
    return bool(found)
