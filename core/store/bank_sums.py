"""Sums in which the bank booked several payments at once, where one file tells the sum and another its parts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.bank import Entry
from core.money import Ore
from core.store.bank import DOUBTFUL, OPEN
from core.store.database import dialect, execute, rows

#: How a sum is marked whose parts are booked instead of it, as of any payment that two files told.
TWIN: Final = "twin"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that is there without its parts. ``untouched``: all of it lies in suspense.

    ``deposit``: which deposit of Bankgirot it is (`core.deposit`), where no reference of the bank's tells.
    """

    id: int
    ore: Ore
    value_on: date
    untouched: bool
    deposit: str = ""


async def told_in_parts(entries: Sequence[Entry]) -> set[int]:
    """Which of these payments are the sum of some that are there already, by their place."""
    wanted = {place: ref for place, entry in enumerate(entries) if (ref := _as_sum(entry))}
    if not wanted:
        return set()
    refs = sorted(set(wanted.values()))
    found = await rows(
        "SELECT batch_ref, booked_on, sum(amount_ore) AS ore FROM bank_entries"  # noqa: S608 - marks alone
        f" WHERE batch_ref IN ({', '.join('?' * len(refs))}) GROUP BY batch_ref, booked_on",
        *refs,
    )
    booked = {(row["batch_ref"], dialect().read_day(row["booked_on"]), int(row["ore"])) for row in found}
    return {place for place, ref in wanted.items() if (ref, entries[place].booked_on, entries[place].ore) in booked}


async def told_whole(entries: Sequence[Entry], file_id: int) -> set[int]:
    """Which of these payments are parts of a sum all of whose parts another file has brought, by their place.

    Files may name the parts of one sum otherwise, or tell them in another order: the sum is the same.
    """
    wanted = {place: each.batch_ref for place, each in enumerate(entries) if each.batch_ref}
    if not wanted:
        return set()
    refs = sorted(set(wanted.values()))
    found = await rows(
        "SELECT batch_ref, booked_on, sum(amount_ore) AS ore FROM bank_entries"  # noqa: S608 - marks alone
        f" WHERE file_id <> ? AND batch_ref IN ({', '.join('?' * len(refs))})"
        " GROUP BY file_id, batch_ref, booked_on",
        file_id,
        *refs,
    )
    whole = {(row["batch_ref"], dialect().read_day(row["booked_on"]), int(row["ore"])) for row in found}
    return {
        place for place, ref in wanted.items() if (ref, entries[place].booked_on, entries[place].batch_ore) in whole
    }


async def of_parts(entries: Sequence[Entry]) -> dict[int, Sum]:
    """The sums of which these payments are parts, where one is there and is still booked; by the place of the part."""
    refs = sorted({entry.batch_ref for entry in entries if entry.batch_ref})
    if not refs:
        return {}
    marks = ", ".join("?" * len(refs))
    found = await rows(
        "SELECT id, bank_ref, end_to_end, booked_on, value_on, amount_ore, rest_ore, state FROM bank_entries"  # noqa: S608
        f" WHERE (bank_ref IN ({marks}) OR (bank_ref = '' AND end_to_end IN ({marks})))"
        " AND batch_ref = '' AND how <> ?",
        *refs,
        *refs,
        TWIN,
    )
    sums: dict[tuple[str, date | None, Ore], Sum] = {}
    for row in found:
        value_on = dialect().read_day(row["value_on"])
        assert value_on is not None
        untouched = row["state"] == OPEN and row["rest_ore"] == row["amount_ore"]
        named = (row["bank_ref"] or row["end_to_end"], dialect().read_day(row["booked_on"]), row["amount_ore"])
        sums[named] = Sum(row["id"], row["amount_ore"], value_on, untouched)
    named_by = {place: (each.batch_ref, each.booked_on, each.batch_ore) for place, each in enumerate(entries)}
    return {place: sums[named] for place, named in named_by.items() if entries[place].batch_ref and named in sums}


async def begun(batches: Collection[tuple[date, Ore, str]]) -> set[tuple[date, Ore, str]]:
    """Of which of these sums, by day, amount and reference, a payment is there."""
    refs = sorted({ref for _, _, ref in batches})
    if not refs:
        return set()
    found = await rows(
        "SELECT DISTINCT booked_on, batch_ref FROM bank_entries"  # noqa: S608 - marks alone
        f" WHERE batch_ref IN ({', '.join('?' * len(refs))})",
        *refs,
    )
    there = {(dialect().read_day(row["booked_on"]), row["batch_ref"]) for row in found}
    return {each for each in batches if (each[0], each[2]) in there}


@dataclass(frozen=True, slots=True)
class FirstPart:
    """The first payment of a sum, and the case that its own reference named."""

    id: int
    case_id: int | None


async def told_by_others(
    format_: str, days: Collection[date], amounts: Collection[Ore]
) -> dict[tuple[date, Ore], list[FirstPart]]:
    """Sums of these days and amounts whose parts files of another format have brought: the first part of each.

    Bankgirot's deposits are found otherwise (`core.deposit`), and one that is somebody's twin has its line.
    """
    marks, day = ", ".join("?" * len(days)), dialect().day
    found = await rows(
        "SELECT told.id, told.booked_on, told.ore,"  # noqa: S608 - marks alone
        " (SELECT min(b.case_id) FROM bank_bookings b WHERE b.entry_id = told.id AND b.kind = 'case') AS case_id"
        " FROM (SELECT min(e.id) AS id, e.booked_on, sum(e.amount_ore) AS ore"
        f" FROM bank_entries e JOIN bank_files f ON f.id = e.file_id WHERE e.booked_on IN ({marks})"
        " AND e.batch_ref <> '' AND e.batch_ref NOT LIKE 'BGMAX%' AND f.format <> ? AND e.how <> ?"
        f" GROUP BY e.file_id, e.batch_ref, e.booked_on HAVING sum(e.amount_ore) {dialect().in_ids}) AS told"
        " WHERE NOT EXISTS (SELECT 1 FROM bank_entries t WHERE t.twin_id = told.id) ORDER BY told.id",
        *map(day, sorted(days)),
        format_,
        TWIN,
        dialect().ids(sorted(amounts)),
    )
    told: dict[tuple[date, Ore], list[FirstPart]] = {}
    for row in found:
        on = dialect().read_day(row["booked_on"])
        assert on is not None
        told.setdefault((on, int(row["ore"])), []).append(FirstPart(row["id"], row["case_id"]))
    return told


async def doubted(file_id: int, entry: Entry) -> int | None:
    """What a payment of the same sum in the same file may be once more: what was charged for it is as doubtful."""
    found = await rows(
        "SELECT min(twin_id) AS twin_id FROM bank_entries"
        " WHERE file_id = ? AND batch_ref = ? AND batch_ref <> '' AND booked_on = ? AND state = ?",
        file_id,
        entry.batch_ref,
        dialect().day(entry.booked_on),
        DOUBTFUL,
    )
    return found[0]["twin_id"] if found else None


async def give_way(sum_id: int) -> bool:
    """A sum is marked as told twice: its parts are booked. False when somebody took of it meanwhile.

    What seemed to be the same payment as the sum waits as its own: now one knows what the sum is.
    """
    gone = await execute(
        "UPDATE bank_entries SET state = 'done', how = ?, rest_ore = 0, twin_id = NULL"
        " WHERE id = ? AND state IN (?, ?) AND rest_ore = amount_ore",
        TWIN,
        sum_id,
        OPEN,
        DOUBTFUL,
    )
    await execute(
        "UPDATE bank_entries SET state = ?, twin_id = NULL WHERE twin_id = ? AND state = ?", OPEN, sum_id, DOUBTFUL
    )
    return bool(gone)


def _as_sum(entry: Entry) -> str:
    """The reference by which a payment may be the sum of others: the bank's own, else that of the order, as long as it
    names no case by itself. A payment and what was charged for it are one sum too, which may tell the payment's words.
    """
    if entry.batch_ref:
        return ""
    return entry.bank_ref or ("" if any(ref.structured for ref in entry.references) else entry.end_to_end)
