"""What the staff's desk looks up: people by phone, and how the queue has been worked through."""

from datetime import datetime

from core.store.database import dialect, rows
from core.store.tasks import WORDLESS

#: Digits at the end of a number that tell it from others: with or without a country code, it is the same.
TAIL = 8


async def debtors_by_phone(digits: str) -> list[int]:
    """People whose phone number ends as this one does."""
    bare = "REPLACE(REPLACE(REPLACE(REPLACE(phone, ' ', ''), '-', ''), '+', ''), '/', '')"
    found = await rows(
        f"SELECT id FROM debtors WHERE phone IS NOT NULL AND {bare} LIKE ? ORDER BY id LIMIT 10",  # noqa: S608
        f"%{digits[-TAIL:]}",
    )
    return [int(row["id"]) for row in found]


async def wordless(kind: str, before: datetime) -> tuple[int, ...]:
    """Calls of strangers from before an instant who have not written a word since, and whom none of us ever took."""
    found = await rows(
        "SELECT t.id FROM tasks t JOIN private_texts p ON p.id = t.text_id WHERE t.done_on IS NULL "  # noqa: S608
        f"AND t.kind = ? AND t.taken_by IS NULL AND p.created_at < ? AND {WORDLESS} ORDER BY t.id",
        kind,
        dialect().instant(before),
    )
    return tuple(int(row["id"]) for row in found)
