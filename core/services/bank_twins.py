"""Payments that files of two formats tell, which name them otherwise: a person says whether they are one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from core import deposit
from core.bank import Entry
from core.case import CaseId
from core.store import bank
from core.store import bank_sums as sums

CAMT: Final = "camt."


async def twins(
    file_id: int, format_: str, entries: Sequence[Entry], seen: frozenset[int], cases: Mapping[int, set[CaseId]]
) -> dict[int, int]:
    """Which of these payments may be the same as one that is there, by their place; each is one's twin.

    ``seen`` are known to be others. ``cases`` are those that each names: two whose references name different cases are
    two payments. A line may be the sum of payments, or of one and its charge: it is the twin of the first of them, and
    they are its twins where it came before them.
    """
    amounts = {e.ore for e in entries} | {e.batch_ore for e in entries if e.batch_ref}
    found = await bank.twins({e.booked_on for e in entries}, amounts, format_)
    if format_.startswith(CAMT):
        found += await bank.same_senders(file_id, format_, (e.end_to_end for e in entries))
    free = [row for row in found if row["id"] not in seen]
    paired: dict[int, int] = {}
    for place, entry in enumerate(entries):
        for row in free:
            alike = (row["booked_on"], row["amount_ore"]) == (entry.booked_on, entry.ore)
            if alike and not _other(entry, format_, row, cases.get(place, set())):
                paired[place] = row["id"]
                free.remove(row)
                break
    left = {place: entry for place, entry in enumerate(entries) if place not in paired}
    return paired | _parts(left, free, cases) | await _sums(format_, left, cases)


def _parts(
    entries: Mapping[int, Entry], free: Sequence[Mapping[str, Any]], cases: Mapping[int, set[CaseId]]
) -> dict[int, int]:
    """Which of these are parts of a sum, where a line of as much names what one of them does; by their place."""
    lines: dict[tuple[str, date], int] = {}
    for place, entry in entries.items():
        for row in free if entry.batch_ref else ():
            alike = (row["booked_on"], row["amount_ore"]) == (entry.booked_on, entry.batch_ore)
            same_sender = bool(entry.end_to_end) and entry.end_to_end == row["end_to_end"]
            if alike and not row["batch_ref"] and (same_sender or row["case_id"] in cases.get(place, ())):
                lines[entry.batch_ref, entry.booked_on] = row["id"]
    return {
        place: lines[each.batch_ref, each.booked_on]
        for place, each in entries.items()
        if (each.batch_ref, each.booked_on) in lines
    }


async def _sums(format_: str, entries: Mapping[int, Entry], cases: Mapping[int, set[CaseId]]) -> dict[int, int]:
    """Which of these lines are as much as a sum whose parts a file of another format has brought, by their place: they
    name nobody, or the case of the first part.
    """
    lines = {place: e for place, e in entries.items() if not e.batch_ref and (cases.get(place) or deposit.may_be(e))}
    if not lines:
        return {}
    found = await sums.told_by_others(format_, {e.booked_on for e in lines.values()}, {e.ore for e in lines.values()})
    paired: dict[int, int] = {}
    for place, entry in lines.items():
        named, told = cases.get(place, set()), found.get((entry.booked_on, entry.ore), [])
        if first := next((each for each in told if not named or each.case_id in named), None):
            told.remove(first)
            paired[place] = first.id
    return paired


def _other(entry: Entry, format_: str, row: Mapping[str, Any], cases: set[CaseId]) -> bool:
    """Whether the two can be told from each other: they name different cases; or the bank has given them different
    references, and nothing of what the payer wrote is the same.
    """
    if row["case_id"] is not None and cases and row["case_id"] not in cases:
        return True
    if not (entry.bank_ref and row["bank_ref"] and format_.startswith(CAMT) and row["format"].startswith(CAMT)):
        return False
    same_sender = bool(entry.end_to_end) and entry.end_to_end == row["end_to_end"]
    if row["format"] == format_:  # the same kind of file has the same references: else only the sender can tell
        return not same_sender
    return not (same_sender or row["case_id"] in cases or (row["batch_ref"] and row["batch_ref"] == entry.batch_ref))
