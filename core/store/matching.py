"""Payments of the bank that wait for their case: the list, one of them under a lock, where they went, and the cases
that clues lead to. Every look-up is set-based and goes by an index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core.bank import CHARGE, Reference
from core.money import Ore
from core.store.bank import DONE, DOUBTFUL, OPEN, refs_of
from core.store.database import dialect, execute, rows

#: The kind of a booking that went to a case.
CASE: Final = "case"
#: The kinds of bookings that are our own: money laid in, what the bank charges us, what it pays us.
OWN, FEE, INTEREST = "own", "bank_fee", "interest"
OURS: Final = (OWN, FEE, INTEREST)
#: The kind of a booking by which a person said that a line of the bank was payouts of ours.
PAYOUT: Final = "payout_found"
#: The kind of the bookings of a payment of which the bank took back a part: the part, and the line that took it.
PART: Final = "part"
#: The kind of the bookings of a payment that the bank took back, and of the line that took it.
GONE: Final = "gone"
#: What is left of a payment ``e``: what stands of it in cases, and what lies in suspense.
LEFT: Final = (
    "(e.rest_ore + COALESCE((SELECT SUM(c.amount_ore) FROM bank_bookings c WHERE c.entry_id = e.id"  # noqa: S608
    f" AND c.kind = '{CASE}' AND c.undone_on IS NULL), 0))"
)
#: The payments of which the bank has taken back something. What went back is of no case, and goes by that index.
REDUCED: Final = (
    "(SELECT p.entry_id FROM bank_bookings p WHERE p.case_id IS NULL"  # noqa: S608 - our own words
    f" AND p.kind IN ('{PART}', '{GONE}') AND p.amount_ore > 0 AND p.undone_on IS NULL)"
)
#: So many cases are weighed for one payment; whatever leads to more of them leads to none.
CASES_MAX: Final = 25
#: So many are looked at to find out whether exactly one of them is asked for a sum.
ASKED_MAX: Final = 100
_ASKED_FOR: Final = (
    "SELECT case_id FROM facts WHERE kind IN ('step_taken', 'quoted') AND {} = ?"
    " UNION SELECT case_id FROM facts WHERE kind = 'plan_accepted' AND CAST(data AS TEXT) LIKE ?"
    " UNION SELECT id FROM cases WHERE closed_on IS NULL AND balance_ore BETWEEN ? AND ?"
)
_WAITS: Final = f"state IN ('{OPEN}', '{DOUBTFUL}')"
#: The order of the list: the oldest day first, and of a day the largest.
_IN_ORDER: Final = "ORDER BY booked_on, ABS(rest_ore) DESC, id"


@dataclass(frozen=True, slots=True, repr=False)
class EntryRow:
    """A payment on our account. ``ore`` is negative when it went out; ``rest`` of it lies in suspense.

    ``end_to_end`` is the sender's own id of it, whatever their system puts there.
    """

    id: int
    key: str
    ore: Ore
    rest: Ore
    booked_on: date
    value_on: date
    order_on: date | None
    refs: tuple[Reference, ...]
    text: str
    end_to_end: str
    payer_name: str
    payer_account: bytes | None
    state: str
    how: str
    twin_id: int | None

    @property
    def is_charge(self) -> bool:
        """Whether the bank told of it beside a payment that it charged for."""
        return self.text == CHARGE and not self.refs

    def __repr__(self) -> str:
        return f"EntryRow({self.id}, {self.state})"


@dataclass(frozen=True, slots=True)
class BookingRow:
    """Where a part of a payment went; ``target`` is its reference in the case."""

    id: int
    entry_id: int
    case_id: int | None
    kind: str
    target: str
    ore: Ore
    booked_on: date
    by: str
    undone_by: str | None


async def waiting(limit: int, offset: int) -> tuple[EntryRow, ...]:
    """A page of what waits for a person: the oldest day first, and of a day the largest."""
    found = await rows(
        f"SELECT * FROM bank_entries WHERE {_WAITS} {_IN_ORDER} LIMIT ? OFFSET ?",  # noqa: S608 - our own words
        limit,
        offset,
    )
    return tuple(_entry(row) for row in found)


async def of_ids(ids: Sequence[int]) -> tuple[EntryRow, ...]:
    """Those of the payments that still wait, in the order of the list."""
    found = await rows(
        f"SELECT * FROM bank_entries WHERE {_WAITS} AND id {dialect().in_ids} {_IN_ORDER}",  # noqa: S608
        dialect().ids(ids),
    )
    return tuple(_entry(row) for row in found)


async def told(most: int) -> list[tuple[int, Ore, str]]:
    """Every payment that waits, its sum and all that the bank told of it as one text, in the order of the list."""
    found = await rows(
        "SELECT id, rest_ore, refs, text, payer_name, end_to_end FROM bank_entries"  # noqa: S608 - our own words
        f" WHERE {_WAITS} {_IN_ORDER} LIMIT ?",
        most,
    )
    return [
        (int(row["id"]), int(row["rest_ore"]), " ".join([*(ref.text for ref in refs_of(row["refs"])), *_words(row)]))
        for row in found
    ]


def _words(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("text", "payer_name", "end_to_end") if row[name])


async def count() -> tuple[int, Ore, Ore]:
    """How many payments wait, how much of what came in, and how much that went out."""
    came_in = "COALESCE(SUM(CASE WHEN rest_ore > 0 THEN rest_ore ELSE 0 END), 0) AS came_in"
    went_out = "COALESCE(SUM(CASE WHEN rest_ore < 0 THEN -rest_ore ELSE 0 END), 0) AS went_out"
    [row] = await rows(f"SELECT COUNT(*) AS number, {came_in}, {went_out} FROM bank_entries WHERE {_WAITS}")  # noqa: S608
    return int(row["number"]), int(row["came_in"]), int(row["went_out"])


async def get(entry_id: int, *, lock: bool = False) -> EntryRow | None:
    """One payment; ``lock``: nobody else decides about it before the caller's transaction ends."""
    ending = dialect().for_update if lock else ""
    found = await rows(f"SELECT * FROM bank_entries WHERE id = ? {ending}", entry_id)  # noqa: S608 - our own words
    return _entry(found[0]) if found else None


async def set_rest(entry_id: int, rest: Ore, how: str) -> None:
    """What is left to be matched; with nothing left it is done. The caller holds the lock."""
    state = OPEN if rest else DONE
    await execute("UPDATE bank_entries SET rest_ore = ?, state = ?, how = ? WHERE id = ?", rest, state, how, entry_id)


async def finish_tasks(kind: str, on: date, by: str) -> None:
    """Once nothing waits, nobody need be asked to look; the task's key is free for another of the same day."""
    await execute(
        "UPDATE tasks SET done_on = ?, done_by = ?, key = key || '/' || CAST(id AS TEXT)"  # noqa: S608 - our own words
        " WHERE kind = ? AND done_on IS NULL"
        f" AND NOT EXISTS (SELECT 1 FROM bank_entries WHERE {_WAITS})",
        dialect().day(on),
        by,
        kind,
    )


async def bookings(entry_id: int) -> tuple[BookingRow, ...]:
    """Where a payment went, also what was taken back, the oldest first."""
    return tuple(
        _booking(row) for row in await rows("SELECT * FROM bank_bookings WHERE entry_id = ? ORDER BY id", entry_id)
    )


async def booking(booking_id: int) -> BookingRow | None:
    found = await rows("SELECT * FROM bank_bookings WHERE id = ?", booking_id)
    return _booking(found[0]) if found else None


async def add_booking(entry_id: int, case_id: int, target: str, ore: Ore, on: date, by: str) -> int:
    [row] = await rows(
        "INSERT INTO bank_bookings (entry_id, case_id, kind, target, amount_ore, booked_on, booked_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        entry_id,
        case_id,
        CASE,
        target,
        ore,
        dialect().day(on),
        by,
    )
    return int(row["id"])


async def undo_booking(booking_id: int, on: date, by: str) -> None:
    await execute(
        "UPDATE bank_bookings SET undone_on = ?, undone_by = ? WHERE id = ? AND undone_on IS NULL",
        dialect().day(on),
        by,
        booking_id,
    )


async def booked(limit: int, ore: Ore | None = None, case_id: int | None = None) -> tuple[BookingRow, ...]:
    """Payments that found a case and still count there, by their sum or their case, the latest first.

    By their sum also what is our own, payouts of ours, and lines that took back a part of a payment.
    """
    # What the bank charges went out; whoever looks for it says how much it was.
    where, values = ("b.case_id = ?", [case_id]) if ore is None else ("e.amount_ore IN (?, ?)", [ore, -ore])
    kinds = ", ".join(f"'{kind}'" for kind in (CASE, PAYOUT, PART, *OURS))
    found = await rows(
        "SELECT b.* FROM bank_bookings b JOIN bank_entries e ON e.id = b.entry_id"  # noqa: S608 - our own words
        f" WHERE {where} AND b.kind IN ({kinds}) AND (b.kind <> '{PART}' OR b.amount_ore < 0)"
        " AND b.undone_on IS NULL ORDER BY e.booked_on DESC, b.id DESC LIMIT ?",
        *values,
        limit,
    )
    return tuple(_booking(row) for row in found)


async def taken_back_by(entry_id: int, ore: Ore, since: date, limit: int) -> tuple[EntryRow, ...]:
    """Payments that came in since a day, of which this sum is all that is left: another may take it back.

    The latest first. Not those of which something went another way.
    """
    found = await rows(
        "SELECT e.* FROM bank_entries e JOIN bank_entries out ON out.id = ?"  # noqa: S608 - our own words
        " WHERE e.booked_on BETWEEN ? AND out.booked_on"
        f" AND (e.amount_ore = ? OR e.id IN {REDUCED}) AND {LEFT} = ? AND e.state <> '{DOUBTFUL}'"
        " AND NOT EXISTS (SELECT 1 FROM bank_bookings b WHERE b.entry_id = e.id AND b.undone_on IS NULL"
        f" AND b.kind NOT IN ('{CASE}', '{PART}', '{GONE}')) ORDER BY e.booked_on DESC, e.id DESC LIMIT ?",
        entry_id,
        dialect().day(since),
        ore,
        ore,
        limit,
    )
    return tuple(_entry(row) for row in found)


# Cases that clues lead to


async def cases_by_reference(words: Collection[str]) -> dict[int, str]:
    """Cases that have a claim with one of these numbers of the creditor's, each with the number."""
    forms = {form for word in words for form in (word, word.upper(), word.lower())}
    found = await _of(
        "SELECT case_id, reference FROM claims WHERE creditor_id IN (SELECT id FROM creditors) AND reference IN ({})",
        forms,
    )
    return _few({int(row["case_id"]): row["reference"] for row in found})


async def cases_by_payer(hashes: Collection[str], but: int) -> dict[int, date]:
    """Open cases of the debtors for whom an account, found by these hashes, has paid before, each with the last day.

    ``but``: the payment that is looked at itself.
    """
    if not hashes:
        return {}
    marks = ", ".join("?" for _ in hashes)
    found = await rows(
        "SELECT c.id, MAX(e.booked_on) AS last FROM bank_entries e"  # noqa: S608 - marks alone
        " JOIN bank_bookings b ON b.entry_id = e.id AND b.case_id IS NOT NULL AND b.undone_on IS NULL"
        " JOIN cases paid ON paid.id = b.case_id"
        " JOIN cases c ON c.debtor_id = paid.debtor_id AND c.closed_on IS NULL"
        f" WHERE e.payer_hash IN ({marks}) AND e.id <> ? GROUP BY c.id",
        *hashes,
        but,
    )
    return _few({int(row["id"]): _day(row["last"]) for row in found})


async def cases_by_name(names: Collection[str]) -> frozenset[int]:
    """Open cases of debtors with one of these names, as `people.folded` writes them."""
    found = await _of(
        "SELECT c.id FROM debtors d JOIN cases c ON c.debtor_id = d.id"
        " WHERE d.search_name IN ({}) AND c.closed_on IS NULL",
        names,
    )
    return frozenset(_few({int(row["id"]): None for row in found}))


async def cases_asked_for(ore: Ore) -> frozenset[int]:
    """Open cases that may be asked for exactly this sum: by a document, a quote, a plan, or what is owed about now."""
    total = "(data->>'total')::bigint" if dialect().name == "postgres" else "json_extract(data, '$.total')"
    found = await rows(
        f"SELECT id FROM cases WHERE closed_on IS NULL AND id IN ({_ASKED_FOR.format(total)}) LIMIT ?",  # noqa: S608
        ore,
        f"%{ore}]%",
        # Between two nights a balance grows by a day's interest; the row is not written anew for it.
        ore - max(100, ore // 20),
        ore,
        ASKED_MAX + 1,
    )
    return frozenset(int(row["id"]) for row in found) if len(found) <= ASKED_MAX else frozenset()


async def _of(statement: str, values: Iterable[str]) -> list[dict[str, Any]]:
    asked = sorted(set(values))
    if not asked:
        return []
    return await rows(statement.format(", ".join("?" for _ in asked)), *asked)


def _few(found: dict[int, Any]) -> dict[int, Any]:
    """What leads to very many cases leads to none of them."""
    return found if len(found) <= CASES_MAX else {}


def _entry(row: Mapping[str, Any]) -> EntryRow:
    return EntryRow(
        id=int(row["id"]),
        key=row["key"],
        ore=int(row["amount_ore"]),
        rest=int(row["rest_ore"]),
        booked_on=_day(row["booked_on"]),
        value_on=_day(row["value_on"]),
        order_on=dialect().read_day(row["order_on"]),
        refs=refs_of(row["refs"]),
        text=row["text"] or "",
        end_to_end=row["end_to_end"],
        payer_name=row["payer_name"] or "",
        payer_account=None if row["payer_account"] is None else bytes(row["payer_account"]),
        state=row["state"],
        how=row["how"],
        twin_id=row["twin_id"],
    )


def _booking(row: Mapping[str, Any]) -> BookingRow:
    return BookingRow(
        id=int(row["id"]),
        entry_id=int(row["entry_id"]),
        case_id=row["case_id"],
        kind=row["kind"],
        target=row["target"],
        ore=int(row["amount_ore"]),
        booked_on=_day(row["booked_on"]),
        by=row["booked_by"],
        undone_by=row["undone_by"],
    )


def _day(value: Any) -> date:
    day = dialect().read_day(value)
    assert day is not None
    return day
