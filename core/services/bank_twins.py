"""Payments that files of two formats tell, which name them otherwise: a person says whether they are one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.bank import Entry
from core.case import CaseId
from core.store import bank

CAMT: Final = "camt."


async def twins(
    format_: str, entries: Sequence[Entry], seen: frozenset[int], cases: Mapping[int, set[CaseId]]
) -> dict[int, int]:
    """Which of these payments may be the same as one that is there, by their place; each is one's twin.

    ``seen`` are known to be others. ``cases`` are those that each names: two whose references name different cases are
    two payments.
    """
    found = await bank.twins({e.booked_on for e in entries}, {e.ore for e in entries}, format_)
    free = [row for row in found if row["id"] not in seen]
    paired: dict[int, int] = {}
    for place, entry in enumerate(entries):
        for row in free:
            alike = (row["booked_on"], row["amount_ore"]) == (entry.booked_on, entry.ore)
            if alike and not _other(entry, format_, row, cases.get(place, set())):
                paired[place] = row["id"]
                free.remove(row)
                break
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
    return not (same_sender or row["case_id"] in cases or (row["batch_ref"] and row["batch_ref"] == entry.batch_ref))
