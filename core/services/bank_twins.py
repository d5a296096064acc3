"""Payments that files of two formats tell, which name them otherwise: a person says whether they are one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core import deposit
from core.bank import Entry
from core.case import CaseId
from core.store import bank
from core.store import bank_sums as sums

CAMT: Final = "camt."


async def twins(
    format_: str, entries: Sequence[Entry], seen: frozenset[int], cases: Mapping[int, set[CaseId]]
) -> dict[int, int]:
    """Which of these payments may be the same as one that is there, by their place; each is one's twin.

    ``seen`` are known to be others. ``cases`` are those that each names: two whose references name different cases are
    two payments. A line that names nobody may be the sum of payments, and is the twin of the first of them.
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
    return paired | await _sums(format_, {n: e for n, e in enumerate(entries) if n not in paired and not cases.get(n)})


async def _sums(format_: str, entries: Mapping[int, Entry]) -> dict[int, int]:
    """Which of these lines are as much as a sum whose parts a file of another format has brought, by their place."""
    nobodys = {place: entry for place, entry in entries.items() if deposit.may_be(entry)}
    if not nobodys:
        return {}
    found = await sums.told_by_others(
        format_, {e.booked_on for e in nobodys.values()}, {e.ore for e in nobodys.values()}
    )
    paired: dict[int, int] = {}
    for place, entry in nobodys.items():
        if ids := found.get((entry.booked_on, entry.ore)):
            paired[place] = ids.pop(0)
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
