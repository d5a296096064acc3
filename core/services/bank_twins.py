"""Payments that files of two formats tell, which name them otherwise: a person says whether they are one."""

from collections.abc import Mapping, Sequence
from typing import Final

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
            # Two references of one bank that differ are of two payments.
            told_apart = (
                entry.bank_ref and row["bank_ref"] and format_.startswith(CAMT) and row["format"].startswith(CAMT)
            )
            other = row["case_id"] is not None and cases.get(place) and row["case_id"] not in cases[place]
            if (row["booked_on"], row["amount_ore"]) == (entry.booked_on, entry.ore) and not (told_apart or other):
                paired[place] = row["id"]
                free.remove(row)
                break
    return paired
