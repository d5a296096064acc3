"""Payments that the bank told of, many at a time: which are known, what they may be about, and writing them.

A payment is known by its key. Who sent it stands in columns that erasure may empty; their account is sealed, and found
again by a keyed hash.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tortoise.exceptions import IntegrityError

from core.bank import Entry, Reference
from core.money import Ore
from core.ports import PaymentStatus
from core.store.book import reserve
from core.store.database import dialect, execute, execute_many, rows
from core.store.dialect import dump_json, load_json
from core.store.secrets import Secrets

#: What a payer's account is encrypted and found as.
PAYER: Final = "bank.payer_account"
OPEN, DONE, DOUBTFUL = "open", "done", "doubtful"
_COLUMNS = (
    "id, key, file_id, seq, line, account, booked_on, value_on, order_on, amount_ore, bank_ref, end_to_end,"
    " original_ref, batch_ref, takes_back, refs, text, payer_name, payer_account, payer_hash, state, how, rest_ore,"
    " twin_id, created_on"
)
_INSERT = (
    f"INSERT INTO bank_entries ({_COLUMNS}) VALUES ({', '.join('?' * 25)})"  # noqa: S608 - our own names
    " ON CONFLICT (key) DO NOTHING"
)
_BOOK = (
    "INSERT INTO bank_bookings (entry_id, case_id, kind, target, amount_ore, booked_on, booked_by)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class Quicker(Exception):
    """Somebody else was, in the last moment: the caller's transaction is undone."""


@dataclass(frozen=True, slots=True, repr=False)
class NewEntry:
    """A payment as it is to be written: ``rest_ore`` of it lies in suspense."""

    id: int
    key: str
    entry: Entry
    state: str
    how: str
    rest_ore: Ore
    twin_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewBooking:
    """Where a part of a payment goes (`money_models.BankBooking`)."""

    entry_id: int
    case_id: int | None
    kind: str
    target: str
    amount_ore: Ore


@dataclass(frozen=True, slots=True)
class Known:
    """A payment that is there already, and the file and place that it came from."""

    id: int
    file_id: int
    seq: int


@dataclass(frozen=True, slots=True, repr=False)
class OpenLine:
    """A payment that lies open, as far as it is known."""

    id: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Asked:
    """A Swish payment request that a line of the bank may be about. ``on``: the day on which it was booked as paid."""

    instruction_id: str
    case_id: int
    amount_ore: Ore
    state: str
    payment_reference: str
    confirmed: bool
    on: date | None = None

    @property
    def paid(self) -> bool:
        return self.state == PaymentStatus.PAID


def key_of(entry: Entry, account: str, occurrence: int) -> str:
    """What makes it one payment: the bank's reference with account, day and amount; without one, all that it says.

    ``occurrence`` tells two from each other that a file tells alike.
    """
    parts: list[Any] = [account, entry.booked_on.isoformat(), entry.ore, entry.bank_ref]
    if not entry.bank_ref:
        said = [[ref.text, ref.structured, ref.ore] for ref in entry.references]
        payer = [entry.payer.name, entry.payer.account]
        parts += [entry.value_on.isoformat(), entry.end_to_end, entry.original_ref, entry.text, said, payer]
    return hashlib.sha256(dump_json([*parts, occurrence]).encode()).hexdigest()[:32]


def refs_json(references: Sequence[Reference]) -> str:
    """References as the column ``refs`` keeps them."""
    return dump_json([[ref.text, ref.structured, ref.ore] for ref in references])


def refs_of(value: Any) -> tuple[Reference, ...]:
    """What `refs_json` wrote."""
    return tuple(Reference(text, structured, ore) for text, structured, ore in load_json(value) or ())


async def known(keys: Sequence[str]) -> dict[str, Known]:
    """Which payments are there already."""
    found = await _where("SELECT key, id, file_id, seq FROM bank_entries WHERE key IN ({})", keys)
    return {row["key"]: Known(row["id"], row["file_id"], row["seq"]) for row in found}


async def cases_by_ocr(numbers: Iterable[str]) -> dict[str, int]:
    """Which of these numbers are OCR references of ours, and of which case."""
    found = await _where("SELECT id, ocr FROM cases WHERE ocr IN ({})", sorted(set(numbers)))
    return {row["ocr"]: row["id"] for row in found}


#: What may be told once more. A sum that gave way to its parts is none of them.
_TWINS: Final = (
    "SELECT e.id, e.file_id, e.booked_on, e.amount_ore, e.bank_ref, e.end_to_end, e.batch_ref,"
    " (SELECT min(b.case_id) FROM bank_bookings b WHERE b.entry_id = e.id AND b.kind = 'case' AND e.how = 'ocr')"
    " AS case_id FROM bank_entries e WHERE e.state <> 'doubtful' AND (e.how <> 'twin' OR e.twin_id IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM bank_entries t WHERE t.twin_id = e.id)"
)


async def twins(days: Iterable[date], amounts: Iterable[Ore], other_than: str) -> list[dict[str, Any]]:
    """Payments of these days and amounts from files of another format, that are nobody's twin yet.

    ``case_id`` is the case that a payment's own reference named, whether it still counts there or not.
    """
    day, sums = dialect().day, sorted(set(amounts))
    wanted = sorted(set(days))
    if not wanted or not sums:
        return []
    files = await rows(
        f"SELECT DISTINCT f.id, f.format FROM bank_files f WHERE f.format <> ? AND EXISTS (SELECT 1 FROM bank_entries e"  # noqa: S608
        f" WHERE e.file_id = f.id AND e.booked_on IN ({_marks(wanted)}))",
        other_than,
        *map(day, wanted),
    )
    formats = {row["id"]: row["format"] for row in files}
    if not formats:
        return []
    found = await rows(
        f"{_TWINS} AND e.booked_on IN ({_marks(wanted)}) AND e.amount_ore {dialect().in_ids}"
        f" AND e.file_id {dialect().in_ids} ORDER BY e.id",
        *map(day, wanted),
        dialect().ids(sums),
        dialect().ids(sorted(formats)),
    )
    return [
        {**row, "format": formats[row["file_id"]], "booked_on": dialect().read_day(row["booked_on"])} for row in found
    ]


async def same_senders(file_id: int, format_: str, senders: Iterable[str]) -> list[dict[str, Any]]:
    """Payments that other files of a format told with these ids of the sender, as `twins` gives them."""
    found = await _where(
        f"{_TWINS} AND e.end_to_end IN ({{}}) AND e.file_id IN (SELECT f.id FROM bank_files f"  # noqa: S608 - our own words
        f" WHERE f.format = '{format_}') AND e.file_id <> {file_id:d} ORDER BY e.id",
        sorted({each for each in senders if each}),
    )
    return [{**row, "format": format_, "booked_on": dialect().read_day(row["booked_on"])} for row in found]


async def twins_of(ids: Iterable[int]) -> set[int]:
    """Which of these payments have a twin."""
    wanted = sorted(ids)
    if not wanted:
        return set()
    statement = f"SELECT DISTINCT twin_id FROM bank_entries WHERE twin_id {dialect().in_ids}"  # noqa: S608
    return {row["twin_id"] for row in await rows(statement, dialect().ids(wanted))}


async def swish_named(tokens: Iterable[str]) -> list[Asked]:
    """Requests whose own id or whose payment's reference is among these words."""
    words = sorted(set(tokens))
    by_id = await _where(f"{_ASKED} WHERE r.instruction_id IN ({{}})", words)
    by_reference = await _where(f"{_ASKED} WHERE r.payment_reference IN ({{}})", words)
    return await _asked({row["instruction_id"]: row for row in (*by_id, *by_reference)}.values())


async def swish_unconfirmed() -> list[Asked]:
    """Swish payments that no line of the bank has confirmed yet."""
    return await _asked(await rows(f"{_ASKED} WHERE r.state = 'PAID' AND b.id IS NULL ORDER BY r.instruction_id"))


async def swish_of_cases(case_ids: Sequence[int]) -> list[Asked]:
    """Requests of these cases that are paid and not confirmed, or whose end is not known."""
    found = await rows(
        f"{_ASKED} WHERE r.case_id {dialect().in_ids} AND b.id IS NULL"
        " AND r.state IN ('PAID', 'NEW', 'CREATED', 'UNKNOWN') ORDER BY r.instruction_id",
        dialect().ids(case_ids),
    )
    return await _asked(found)


_ASKED = (
    "SELECT r.instruction_id, r.case_id, r.amount_ore, r.state, r.payment_reference, b.id AS booked"
    " FROM payment_requests r LEFT JOIN bank_bookings b ON b.target = 'swish:' || r.instruction_id"
)


async def _asked(found: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """The requests with the days on which their payments count, which may not be the machine's."""
    requests = list(found)
    sources = {f"payment:swish:{row['instruction_id']}": row["instruction_id"] for row in requests}
    booked = await _where("SELECT source, value_on FROM transfers WHERE line = 0 AND source IN ({})", sorted(sources))
    days = {sources[row["source"]]: dialect().read_day(row["value_on"]) for row in booked}
    return [
        Asked(
            row["instruction_id"],
            row["case_id"],
            row["amount_ore"],
            row["state"],
            row["payment_reference"] or "",
            row["booked"] is not None,
            days.get(row["instruction_id"]),
        )
        for row in requests
    ]


async def payouts_named(references: Iterable[str]) -> set[str]:
    """Which of these are references of payments that we sent."""
    found = await _where(
        "SELECT end_to_end FROM payouts WHERE end_to_end IN ({})", sorted({each for each in references if each})
    )
    return {row["end_to_end"] for row in found}


async def targets(wanted: Iterable[str]) -> set[str]:
    """Which of these targets some payment went to already."""
    found = await _where("SELECT target FROM bank_bookings WHERE target IN ({})", sorted(set(wanted)))
    return {row["target"] for row in found}


async def open_swish() -> list[OpenLine]:
    """Lines of Swish that lie open because Swish could not tell, the oldest first."""
    found = await rows(
        "SELECT * FROM bank_entries WHERE state = 'open' AND how = 'swish' AND rest_ore = amount_ore ORDER BY id"
    )
    return [OpenLine(row["id"], _entry(row)) for row in found]


async def take_from_suspense(entry_id: int, ore: Ore, how: str) -> bool:
    """All of an open payment has found its place. False when somebody took of it meanwhile."""
    return bool(
        await execute(
            "UPDATE bank_entries SET state = ?, how = ?, rest_ore = 0 WHERE id = ? AND state = ? AND rest_ore = ?",
            DONE,
            how,
            entry_id,
            OPEN,
            ore,
        )
    )


async def placed(entry_id: int, how: str) -> None:
    """All of a payment has found its place."""
    await execute("UPDATE bank_entries SET state = ?, how = ?, rest_ore = 0 WHERE id = ?", DONE, how, entry_id)


async def lock_file(file_id: int) -> None:
    """All who read files wait for each other, a batch at a time: a payment and its sum may be in two of them."""
    await rows(
        f"SELECT id FROM bank_files WHERE id = ? OR state = 'reading' ORDER BY id {dialect().for_update}",  # noqa: S608
        file_id,
    )


async def lock_cases(ids: Sequence[int]) -> dict[int, int]:
    """Lock cases in order of id; their versions."""
    found = await rows(
        f"SELECT id, version FROM cases WHERE id {dialect().in_ids} ORDER BY id {dialect().for_update}",  # noqa: S608
        dialect().ids(sorted(ids)),
    )
    return {row["id"]: row["version"] for row in found}


async def new_ids(count: int) -> list[int]:
    """Numbers for payments that are about to be written."""
    return await reserve("bank_entries", count)


async def insert(file_id: int, new: Sequence[NewEntry], secrets: Secrets, today: date) -> set[int]:
    """Write payments; the ids of those that nobody else had written before."""
    values = [_values(file_id, each, secrets, today) for each in sorted(new, key=lambda each: each.key)]
    await execute_many(_INSERT, values)
    ids = dialect().ids([each.id for each in new])
    found = await rows(f"SELECT id FROM bank_entries WHERE id {dialect().in_ids}", ids)  # noqa: S608
    return {row["id"] for row in found}


async def insert_bookings(new: Sequence[NewBooking], label: str, today: date) -> None:
    """Write where payments went. Raises Quicker when one of the targets was reached before."""
    on = dialect().day(today)
    values = [(each.entry_id, each.case_id, each.kind, each.target, each.amount_ore, on, label) for each in new]
    try:
        await execute_many(_BOOK, values)
    except IntegrityError as error:
        raise Quicker from error


def _entry(row: Mapping[str, Any]) -> Entry:
    """A stored payment as the bank told it, without what erasure may have emptied and the payer's account."""
    booked_on, value_on = dialect().read_day(row["booked_on"]), dialect().read_day(row["value_on"])
    assert booked_on is not None
    assert value_on is not None
    return Entry(
        line=row["line"],
        seq=row["seq"],
        account=row["account"],
        ore=row["amount_ore"],
        currency="SEK",
        booked_on=booked_on,
        value_on=value_on,
        bank_ref=row["bank_ref"],
        end_to_end=row["end_to_end"],
        references=refs_of(row["refs"]),
        text=row["text"] or "",
    )


def _values(file_id: int, new: NewEntry, secrets: Secrets, today: date) -> tuple[Any, ...]:
    entry, day = new.entry, dialect().day
    account = entry.payer.account
    return (
        new.id,
        new.key,
        file_id,
        entry.seq,
        entry.line,
        entry.account[:40],
        day(entry.booked_on),
        day(entry.value_on),
        day(entry.order_on),
        entry.ore,
        entry.bank_ref[:80],
        entry.end_to_end[:80],
        entry.original_ref[:80],
        entry.batch_ref[:80],
        entry.takes_back,
        refs_json(entry.references),
        entry.text or None,
        entry.payer.name[:200] or None,
        secrets.encrypt(account, PAYER) if account else None,
        secrets.find_by(account, PAYER) if account else None,
        new.state,
        new.how,
        new.rest_ore,
        new.twin_id,
        day(today),
    )


async def _where(statement: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """Rows with one of several texts in the place of the braces; none where there are no texts."""
    return await rows(statement.format(_marks(values)), *values) if values else []


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
