"""Payments of which the bank may have taken back a part, and the bookings of those of which it did."""

from collections.abc import Sequence
from datetime import date

from core.money import Ore
from core.store import matching
from core.store.bank import DONE, OPEN
from core.store.database import dialect, rows
from core.store.matching import BookingRow


async def larger(case_ids: Sequence[int], ore: Ore, since: date, until: date) -> tuple[BookingRow, ...]:
    """What stands with more than this sum in one of these cases, of payments that came between two days; the latest
    first.
    """
    found = await rows(
        "SELECT b.id FROM bank_entries e JOIN bank_bookings b ON b.entry_id = e.id"  # noqa: S608
        f" WHERE b.case_id {dialect().in_ids} AND b.kind = ? AND b.undone_on IS NULL AND b.amount_ore > ?"
        f" AND e.booked_on BETWEEN ? AND ? AND e.state IN ('{OPEN}', '{DONE}') ORDER BY e.booked_on DESC, b.id DESC",
        dialect().ids(case_ids),
        matching.CASE,
        ore,
        dialect().day(since),
        dialect().day(until),
    )
    known = [await matching.booking(int(row["id"])) for row in found]
    return tuple([row for row in known if row is not None])


async def booking(target: str) -> BookingRow | None:
    """A booking that still counts, by what it is of."""
    found = await rows("SELECT id FROM bank_bookings WHERE target = ? AND undone_on IS NULL", target)
    return await matching.booking(int(found[0]["id"])) if found else None
