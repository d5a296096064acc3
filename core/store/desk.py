"""What the staff's desk looks up: people by phone, and how the queue has been worked through."""

from core.store.database import rows

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
