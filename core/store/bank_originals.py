"""Payments that the bank takes back (återföring): which they are, where they lie now, and that they are gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.money import Ore
from core.store.bank import DONE, NewBooking, refs_of
from core.store.database import dialect, execute, rows
from core.store.matching import CASE, LEFT, REDUCED


@dataclass(frozen=True, slots=True)
class Original:
    """A payment that the bank takes back: what of it lies in suspense, and where the rest went."""

    id: int
    amount_ore: Ore
    rest_ore: Ore
    end_to_end: str
    bookings: tuple[NewBooking, ...]

    @property
    def in_cases(self) -> tuple[NewBooking, ...]:
        return tuple(each for each in self.bookings if each.kind == CASE)

    @property
    def left_ore(self) -> Ore:
        """What is left of it: less than came where the bank took back a part before."""
        return self.rest_ore + sum(each.amount_ore for each in self.in_cases)


async def original(bank_refs: Iterable[str], end_to_end: str, ore: Ore) -> Original | None:
    """The latest payment of an amount with one of these references, with where it lies now; locked.

    Else the only one of which the bank took back so much that this amount is left.
    """
    refs = [ref for ref in bank_refs if ref]
    if not refs and not end_to_end:
        return None
    by_ref = f"bank_ref IN ({', '.join('?' * len(refs))})" if refs else "1 = 0"
    found = await rows(
        "SELECT id, amount_ore, rest_ore, end_to_end FROM bank_entries WHERE amount_ore = ?"  # noqa: S608 - marks alone
        f" AND ({by_ref} OR (end_to_end = ? AND end_to_end <> '')) AND state <> 'doubtful'"
        f" ORDER BY id DESC LIMIT 1 {dialect().for_update}",
        ore,
        *refs,
        end_to_end,
    )
    if not found and ore > 0:
        found = await rows(
            "SELECT id, amount_ore, rest_ore, end_to_end FROM bank_entries e"  # noqa: S608 - our own words
            f" WHERE ({by_ref} OR (end_to_end = ? AND end_to_end <> '')) AND amount_ore > ? AND state <> 'doubtful'"
            f" AND id IN {REDUCED} AND {LEFT} = ? ORDER BY id LIMIT 2 {dialect().for_update}",
            *refs,
            end_to_end,
            ore,
            ore,
        )
        found = found if len(found) == 1 else []
    return await _located(found[0]) if found else None


async def original_by_reference(structured: Iterable[str], ore: Ore) -> Original | None:
    """The only payment of an amount with one of these references that is not taken back yet; locked.

    Where the bank took back a part of one before, its amount is what is left.
    """
    refs = set(structured)
    if not refs:
        return None
    same = await rows(
        "SELECT e.id, e.refs FROM bank_entries e JOIN bank_bookings b ON b.entry_id = e.id AND b.undone_on IS NULL"  # noqa: S608
        f" JOIN cases c ON c.id = b.case_id WHERE c.ocr IN ({', '.join('?' * len(refs))}) AND b.kind = 'case'",
        *sorted(refs),
    )
    same += await rows("SELECT id, refs FROM bank_entries WHERE state = 'open' AND ? IN (amount_ore, rest_ore)", ore)
    named = {row["id"] for row in same if refs & {ref.text for ref in refs_of(row["refs"]) if ref.structured}}
    found = await rows(
        "SELECT id, amount_ore, rest_ore, end_to_end FROM bank_entries e"  # noqa: S608 - our own words
        f" WHERE id {dialect().in_ids} AND (amount_ore = ? OR (id IN {REDUCED} AND {LEFT} = ?))"
        f" ORDER BY id {dialect().for_update}",
        dialect().ids(sorted(named)),
        ore,
        ore,
    )
    return await _located(found[0]) if len(found) == 1 else None


async def _located(row: Mapping[str, Any]) -> Original:
    booked = await rows(
        "SELECT case_id, kind, target, amount_ore FROM bank_bookings WHERE entry_id = ? AND undone_on IS NULL"
        " ORDER BY id",
        row["id"],
    )
    bookings = tuple(
        NewBooking(row["id"], each["case_id"], each["kind"], each["target"], each["amount_ore"]) for each in booked
    )
    return Original(row["id"], row["amount_ore"], row["rest_ore"], row["end_to_end"], bookings)


async def gone(payment: Original, today: date, label: str) -> None:
    """What was left of a payment was taken back by the bank: none of it lies anywhere."""
    await execute(
        "UPDATE bank_bookings SET undone_on = ?, undone_by = ? WHERE entry_id = ? AND kind = ? AND undone_on IS NULL",
        dialect().day(today),
        label,
        payment.id,
        CASE,
    )
    await execute("UPDATE bank_entries SET state = ?, rest_ore = 0 WHERE id = ?", DONE, payment.id)
