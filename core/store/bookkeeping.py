"""Sums of transfers for the bookkeeping: by day, kind and accounts, in one statement however many there are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.bookkeeping import Moved, NoteMoves
from core.ledger import PAYABLE
from core.store import database

_MOVED = (
    "SELECT t.booked_on, t.kind, t.debit, t.credit, t.house, t.ore, c.ocr FROM ("
    "SELECT booked_on, kind, debit, credit, CASE WHEN case_id IS NULL THEN 1 ELSE 0 END AS house,"
    " sum(amount_ore) AS ore, CASE WHEN min(case_id) = max(case_id) THEN min(case_id) END AS case_id"
    " FROM transfers WHERE booked_on >= ? AND booked_on <= ? GROUP BY 1, 2, 3, 4, 5) t"
    " LEFT JOIN cases c ON c.id = t.case_id ORDER BY 1, 2, 3, 4, 5"
)
_NOTES = (
    "SELECT n.id, n.number, n.on_date, n.payout_ore, t.kind, t.debit, t.credit, sum(t.amount_ore) AS ore"
    " FROM settlement_notes n LEFT JOIN note_transfers l ON l.note_id = n.id"
    " LEFT JOIN transfers t ON t.id = l.transfer_id AND (t.debit = ? OR t.credit = ?)"
    " WHERE n.creditor_id = ? AND n.state = 'issued' AND n.on_date >= ? AND n.on_date <= ?"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 2, 5, 6, 7"
)


async def moved(first: date, through: date, db: database.Database | None = None) -> tuple[Moved, ...]:
    """What was booked on these days, in sums."""
    day = database.dialect().day
    found = await database.rows(_MOVED, day(first), day(through), using=db.reader if db else None)
    return tuple(
        Moved(_day(row["booked_on"]), row["kind"], row["debit"], row["credit"], int(row["ore"]), *_whose(row))
        for row in found
    )


def _whose(row: Mapping[str, Any]) -> tuple[bool, str | None]:
    return bool(row["house"]), row["ocr"]


async def notes(creditor_id: int, first: date, through: date) -> tuple[NoteMoves, ...]:
    """A creditor's settlement notes of these days, by number, with what they account for."""
    day = database.dialect().day
    found = await database.rows(_NOTES, PAYABLE, PAYABLE, creditor_id, day(first), day(through))
    by_number: dict[int, NoteMoves] = {}
    for row in found:
        on = _day(row["on_date"])
        before = by_number.get(row["number"], NoteMoves(row["number"], on, int(row["payout_ore"]), ()))
        if row["kind"] is None:  # nothing but what was carried forward
            by_number[before.number] = before
            continue
        one = Moved(on, row["kind"], row["debit"], row["credit"], int(row["ore"]))
        by_number[before.number] = NoteMoves(before.number, on, before.payout_ore, (*before.moved, one))
    return tuple(by_number.values())


def _day(value: Any) -> date:
    found = database.dialect().read_day(value)
    assert found is not None
    return found
