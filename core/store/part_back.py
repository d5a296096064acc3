"""Payments of which the bank may have taken back a part, and the bookings of those of which it did."""

from collections.abc import Sequence
from datetime import date

from core.money import Ore
from core.store import matching
from core.store.bank import DONE
from core.store.database import dialect, rows
from core.store.matching import BookingRow


async def larger(case_ids: Sequence[int], ore: Ore, since: date, until: date) -> tuple[int, ...]:
    """Payments that came between two days and stand with more than this sum in one of these cases; the latest first."""
    found = await rows(
        "SELECT DISTINCT e.id, e.booked_on FROM bank_entries e JOIN bank_bookings b ON b.entry_id = e.id"  # noqa: S608
        f" WHERE b.case_id {dialect().in_ids} AND b.kind = ? AND b.undone_on IS NULL AND b.amount_ore > ?"
        f" AND e.booked_on BETWEEN ? AND ? AND e.state = '{DONE}' ORDER BY e.booked_on DESC, e.id DESC",
        dialect().ids(case_ids),
        matching.CASE,
        ore,
        dialect().day(since),
        dialect().day(until),
    )
    return tuple(int(row["id"]) for row in found)


async def booking(target: str) -> BookingRow | None:
    """A booking that still counts, by what it is of."""
    found = await rows("SELECT id FROM bank_bookings WHERE target = ? AND undone_on IS NULL", target)
    return await matching.booking(int(found[0]["id"])) if found else None
