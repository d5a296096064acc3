"""Refunds (återbetalningar): what goes back to whom, by which way, and how far it has come.

The states are those of `core.store.money_models.Refund`. Each move names the states that it starts from, so that two
who press at once move it once. An account is sealed as ``kind:number`` for `ACCOUNT`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.money import Ore
from core.store.database import dialect, execute, rows, transaction

#: What a refund's account is sealed as.
ACCOUNT: Final = "refund.account"

WANTED, READY, APPROVED, SENT = "wanted", "ready", "approved", "sent"
DONE, FAILED, UNKNOWN, CANCELLED = "done", "failed", "unknown", "cancelled"
#: Not decided yet: its money is still owed back in the case.
BEFORE: Final = (WANTED, READY)
#: Booked as on its way, the end not told yet.
UNDER_WAY: Final = (APPROVED, SENT, UNKNOWN)
OPEN: Final = BEFORE + UNDER_WAY

BANK, SWISH = "bank", "swish"


@dataclass(frozen=True, slots=True, repr=False)
class RefundRow:
    """One refund. ``account`` is sealed, ``name`` the receiver's; both are empty once they are erased.

    ``number`` is the refund's in the case once it is booked (0: not yet). ``original_ref`` is the payment in the case
    that goes back by Swish. ``instruction_id`` names it to Swish.
    """

    id: int
    key: str
    case_id: int | None
    entry_id: int | None
    number: int
    ore: Ore
    way: str
    account: bytes | None
    name: str | None
    state: str
    code: str
    instruction_id: str | None
    original_ref: str
    asked_by: str
    asked_on: date
    approved_by: str | None
    sent_on: date | None
    done_on: date | None
    machine_at: datetime

    def __repr__(self) -> str:
        return f"RefundRow({self.id}, {self.state})"

    @property
    def needs_account(self) -> bool:
        """Nobody knows yet where it may go."""
        return self.way == BANK and self.account is None

    @property
    def waits_for_staff(self) -> bool:
        return self.state == WANTED and not self.needs_account


@dataclass(frozen=True, slots=True, repr=False)
class NewRefund:
    """A refund to keep. ``case_id`` or ``entry_id`` says whose money it is."""

    key: str
    ore: Ore
    way: str
    case_id: int | None = None
    entry_id: int | None = None
    account: bytes | None = None
    name: str | None = None
    original_ref: str = ""


async def add(new: NewRefund, asked_by: str, today: date, now: datetime) -> int | None:
    """Keep a refund, to be approved by staff; its id, or None when the key is there already."""
    found = await rows(
        "INSERT INTO refunds (key, case_id, entry_id, number, amount_ore, way, account, name, state, code,"
        " original_ref, asked_by, asked_on, machine_at) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING RETURNING id",
        new.key,
        new.case_id,
        new.entry_id,
        new.ore,
        new.way,
        new.account,
        new.name,
        WANTED,
        new.original_ref,
        asked_by,
        dialect().day(today),
        dialect().instant(now),
    )
    return int(found[0]["id"]) if found else None


async def get(refund_id: int) -> RefundRow | None:
    found = await rows("SELECT * FROM refunds WHERE id = ?", refund_id)
    return _row(found[0]) if found else None


async def by_instruction(instruction_id: str) -> RefundRow | None:
    """The refund that Swish knows by this id."""
    found = await rows("SELECT * FROM refunds WHERE instruction_id = ?", instruction_id)
    return _row(found[0]) if found else None


async def of_case(case_id: int) -> tuple[RefundRow, ...]:
    """Every refund of a case, the oldest first."""
    return tuple(_row(row) for row in await rows("SELECT * FROM refunds WHERE case_id = ? ORDER BY id", case_id))


async def of_cases(case_ids: Iterable[int]) -> tuple[RefundRow, ...]:
    """Every refund of some cases, the oldest first."""
    ids = tuple(case_ids)
    marks = ", ".join("?" for _ in ids) or "NULL"
    found = await rows(f"SELECT * FROM refunds WHERE case_id IN ({marks}) ORDER BY id", *ids)  # noqa: S608 - marks alone
    return tuple(_row(row) for row in found)


async def of_entry(entry_id: int) -> tuple[RefundRow, ...]:
    """Every refund of a payment that found no case, the oldest first."""
    return tuple(_row(row) for row in await rows("SELECT * FROM refunds WHERE entry_id = ? ORDER BY id", entry_id))


async def in_state(*states: str, way: str = "", limit: int = 500) -> tuple[RefundRow, ...]:
    """The refunds that stand in one of these states, the oldest first."""
    marks = ", ".join("?" for _ in states)
    by_way, values = (" AND way = ?", (*states, way)) if way else ("", states)
    asked = f"SELECT * FROM refunds WHERE state IN ({marks}){by_way} ORDER BY id LIMIT ?"  # noqa: S608 - marks alone
    return tuple(_row(row) for row in await rows(asked, *values, limit))


async def move(
    refund_id: int,
    from_states: Iterable[str],
    to_state: str,
    *,
    number: int | None = None,
    instruction_id: str | None = None,
    code: str | None = None,
    approved_by: str | None = None,
    sent_on: date | None = None,
    done_on: date | None = None,
    machine_at: datetime | None = None,
) -> bool:
    """Bring a refund from one of these states to another; what is named is written too. False: it stood elsewhere."""
    written: dict[str, Any] = {"state": to_state}
    given = {"number": number, "instruction_id": instruction_id, "code": code, "approved_by": approved_by}
    written |= {column: value for column, value in given.items() if value is not None}
    days = {"sent_on": sent_on, "done_on": done_on}
    written |= {column: dialect().day(day) for column, day in days.items() if day is not None}
    if machine_at is not None:
        written["machine_at"] = dialect().instant(machine_at)
    states = tuple(from_states)
    marks, sets = ", ".join("?" for _ in states), ", ".join(f"{column} = ?" for column in written)
    changed = f"UPDATE refunds SET {sets} WHERE id = ? AND state IN ({marks})"  # noqa: S608 - our own words alone
    return bool(await execute(changed, *written.values(), refund_id, *states))


async def give_account(refund_id: int, account: bytes, name: str) -> bool:
    """Where it shall go, as the receiver says; until it is sent it may be said anew, and staff look again."""
    changed = await execute(
        "UPDATE refunds SET account = ?, name = ?, state = ?, approved_by = NULL WHERE id = ? AND state IN (?, ?)",
        account,
        name,
        WANTED,
        refund_id,
        *BEFORE,
    )
    return bool(changed)


async def lock_case(case_id: int) -> None:
    """Whoever decides about the refunds of a case awaits the other; in a transaction."""
    await execute("UPDATE cases SET version = version WHERE id = ?", case_id)


async def paid_back(references: Iterable[str]) -> dict[str, Ore]:
    """How much of each payment goes back already, by its reference in the case."""
    asked = tuple(references)
    if not asked:
        return {}
    marks = ", ".join("?" for _ in asked)
    found = await rows(
        f"SELECT original_ref, SUM(amount_ore) AS ore FROM refunds WHERE original_ref IN ({marks})"  # noqa: S608
        " AND state NOT IN (?, ?) GROUP BY original_ref",
        *asked,
        FAILED,
        CANCELLED,
    )
    return {row["original_ref"]: int(row["ore"]) for row in found}


async def swish_references(instruction_ids: Iterable[str]) -> dict[str, str]:
    """Swish's own reference of each payment that was asked for under these ids, where Swish told one."""
    asked = tuple(instruction_ids)
    if not asked:
        return {}
    marks = ", ".join("?" for _ in asked)
    found = await rows(
        f"SELECT instruction_id, payment_reference FROM payment_requests WHERE instruction_id IN ({marks})",  # noqa: S608
        *asked,
    )
    return {row["instruction_id"]: row["payment_reference"] for row in found if row["payment_reference"]}


@dataclass(frozen=True, slots=True, repr=False)
class PayerRow:
    """What the bank told of whoever made a payment; the account is sealed as the import seals it."""

    account: bytes | None
    name: str | None


async def payers(references: Iterable[str]) -> dict[str, PayerRow]:
    """Who made each payment of a case that came by the bank's file, by the payment's reference in the case."""
    asked = tuple(references)
    if not asked:
        return {}
    marks = ", ".join("?" for _ in asked)
    found = await rows(
        "SELECT b.target, e.payer_account, e.payer_name FROM bank_bookings b JOIN bank_entries e ON e.id = b.entry_id"  # noqa: S608
        f" WHERE b.target IN ({marks}) AND b.kind = 'case' AND b.undone_on IS NULL",
        *asked,
    )
    return {row["target"]: PayerRow(_octets(row["payer_account"]), row["payer_name"]) for row in found}


async def payer_of_entry(entry_id: int) -> PayerRow | None:
    """Who sent a payment that found no case; None when there is no such entry."""
    found = await rows("SELECT payer_account, payer_name FROM bank_entries WHERE id = ?", entry_id)
    return PayerRow(_octets(found[0]["payer_account"]), found[0]["payer_name"]) if found else None


async def take_from_rest(entry_id: int, ore: Ore) -> bool:
    """So much of an unmatched payment is spoken for. False: there is not so much left."""
    async with transaction():
        taken = await execute(
            "UPDATE bank_entries SET state = CASE WHEN rest_ore = ? THEN 'done' ELSE state END,"
            " how = CASE WHEN rest_ore = ? THEN 'refund' ELSE how END, rest_ore = rest_ore - ?"
            " WHERE id = ? AND rest_ore >= ?",
            ore,
            ore,
            ore,
            entry_id,
            ore,
        )
    return bool(taken)


async def put_to_rest(entry_id: int, ore: Ore) -> None:
    """It was not sent after all, or came back: a person looks at it again."""
    await execute("UPDATE bank_entries SET rest_ore = rest_ore + ?, state = 'open' WHERE id = ?", ore, entry_id)


async def overpaid_cases(after_id: int, limit: int = 200) -> tuple[int, ...]:
    """Cases in which something is owed back, by the books, in order of id."""
    found = await rows(
        "SELECT case_id FROM transfers WHERE case_id > ? AND (credit = ? OR debit = ?) GROUP BY case_id"
        " HAVING SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END) > 0 ORDER BY case_id LIMIT ?",
        after_id,
        *(["debtor:overpaid"] * 3),
        limit,
    )
    return tuple(int(row["case_id"]) for row in found)


async def cases_that_wait(after_id: int, limit: int = 200) -> tuple[int, ...]:
    """Cases with a refund that nobody has booked yet, in order of id."""
    marks = ", ".join("?" for _ in BEFORE)
    found = await rows(
        f"SELECT DISTINCT case_id FROM refunds WHERE case_id > ? AND state IN ({marks}) ORDER BY case_id LIMIT ?",  # noqa: S608
        after_id,
        *BEFORE,
        limit,
    )
    return tuple(int(row["case_id"]) for row in found)


#: What a payment that was too much asks for, before there is a refund.
_ASKED = "kind = 'task.refund' AND done_on IS NULL AND key LIKE '%:task:refund:%'"


async def cases_without_refund() -> tuple[int, ...]:
    """Cases of which a payment has said that something is owed back, and nobody has seen to it."""
    found = await rows(f"SELECT DISTINCT case_id FROM tasks WHERE {_ASKED} ORDER BY case_id")  # noqa: S608
    return tuple(int(row["case_id"]) for row in found)


async def tasks_without_refund(case_id: int) -> tuple[int, ...]:
    """The tasks by which payments of a case have asked for a refund."""
    return tuple(int(row["id"]) for row in await rows(f"SELECT id FROM tasks WHERE {_ASKED} AND case_id = ?", case_id))  # noqa: S608


async def without_account_since(day: date) -> tuple[RefundRow, ...]:
    """Refunds for which the debtor was asked on this day or before, and has not said where the money shall go."""
    found = await rows(
        "SELECT * FROM refunds WHERE state = ? AND way = ? AND account IS NULL AND asked_on <= ? ORDER BY id",
        WANTED,
        BANK,
        dialect().day(day),
    )
    return tuple(_row(row) for row in found)


def _octets(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _row(row: Mapping[str, Any]) -> RefundRow:
    reads = dialect()
    asked_on, at = reads.read_day(row["asked_on"]), reads.read_instant(row["machine_at"])
    assert asked_on is not None
    assert at is not None
    return RefundRow(
        id=int(row["id"]),
        key=row["key"],
        case_id=row["case_id"],
        entry_id=row["entry_id"],
        number=int(row["number"]),
        ore=int(row["amount_ore"]),
        way=row["way"],
        account=_octets(row["account"]),
        name=row["name"],
        state=row["state"],
        code=row["code"],
        instruction_id=row["instruction_id"],
        original_ref=row["original_ref"],
        asked_by=row["asked_by"],
        asked_on=asked_on,
        approved_by=row["approved_by"],
        sent_on=reads.read_day(row["sent_on"]),
        done_on=reads.read_day(row["done_on"]),
        machine_at=at,
    )
