"""Payout runs and their payouts (`payout_funds` has the figures that decide what may leave).

Each move names the states that it starts from, so that two who press at once move it once. The account of a person who
gets a refund is sealed; a creditor's is plain, as ``kind:number``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.ledger import Transfer
from core.money import Ore
from core.store import settings
from core.store.database import dialect, execute, rows

PREPARED, APPROVED, CANCELLED, DONE = "prepared", "approved", "cancelled", "done"
SENT, PAID, FAILED = "sent", "paid", "failed"
CREDITOR, REFUND, SHARE = "creditor", "refund", "share"
_LOCK: Final = "payouts.turn"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run. ``file`` is not read with it (`file_of`). ``failed`` payouts did not arrive, one for ``failed_code``."""

    id: int
    state: str
    pay_on: date
    number: int
    total_ore: Ore
    digest: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    format: str
    message_id: str | None
    fetched_at: datetime | None
    failed: int = 0
    failed_code: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PayoutRow:
    """One payment of a run. ``to_sealed`` is a person's account, as the refund keeps it."""

    id: int
    run_id: int
    creditor_id: int | None
    note_id: int | None
    refund_id: int | None
    kind: str
    ore: Ore
    to_account: str
    to_sealed: bytes | None
    to_name: str
    end_to_end: str
    state: str
    code: str
    state_on: date | None

    def __repr__(self) -> str:
        return f"PayoutRow({self.id}, {self.kind}, {self.state})"


@dataclass(frozen=True, slots=True, repr=False)
class NewPayout:
    """A payment to put into a run."""

    kind: str
    ore: Ore
    to_name: str
    end_to_end: str
    to_account: str = ""
    to_sealed: bytes | None = None
    creditor_id: int | None = None
    note_id: int | None = None
    refund_id: int | None = None


async def take_turn() -> None:
    """Whoever prepares a run awaits whoever does; in a transaction."""
    await settings.put(_LOCK, True)


# Runs


async def add_run(pay_on: date, label: str, now: datetime) -> int:
    """A new run that is being put together; its id."""
    [row] = await rows(
        "INSERT INTO payout_runs (state, pay_on, number, total_ore, digest, prepared_by, prepared_at, format)"
        " VALUES (?, ?, 0, 0, '', ?, ?, '') RETURNING id",
        PREPARED,
        dialect().day(pay_on),
        label,
        dialect().instant(now),
    )
    return int(row["id"])


async def add_payout(run_id: int, new: NewPayout) -> None:
    await rows(
        "INSERT INTO payouts (run_id, creditor_id, note_id, refund_id, kind, amount_ore, to_account, to_sealed,"
        " to_name, end_to_end, state, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') RETURNING id",
        run_id,
        new.creditor_id,
        new.note_id,
        new.refund_id,
        new.kind,
        new.ore,
        new.to_account,
        new.to_sealed,
        new.to_name,
        new.end_to_end,
        PREPARED,
    )


async def close_preparing(run_id: int, number: int, total_ore: Ore, digest: str) -> None:
    """What the run comes to, and the hash of all that is shown of it."""
    await execute(
        "UPDATE payout_runs SET number = ?, total_ore = ?, digest = ? WHERE id = ?", number, total_ore, digest, run_id
    )


async def lock(run_id: int) -> RunRow | None:
    """A run as it stands; whoever else wants to change it waits until the transaction ends."""
    await rows(f"SELECT id FROM payout_runs WHERE id = ? {dialect().for_update}", run_id)  # noqa: S608
    return await run(run_id)


async def run(run_id: int) -> RunRow | None:
    found = await rows(f"SELECT {_RUN} FROM payout_runs WHERE id = ?", run_id)  # noqa: S608 - our own names
    return _run(found[0]) if found else None


async def open_run() -> RunRow | None:
    """The run that waits for approval; there is never more than one."""
    found = await rows(f"SELECT {_RUN} FROM payout_runs WHERE state = ? ORDER BY id LIMIT 1", PREPARED)  # noqa: S608
    return _run(found[0]) if found else None


async def latest(limit: int, offset: int = 0) -> tuple[RunRow, ...]:
    """Runs, the newest first."""
    found = await rows(f"SELECT {_RUN} FROM payout_runs ORDER BY id DESC LIMIT ? OFFSET ?", limit, offset)  # noqa: S608
    return tuple(_run(row) for row in found)


async def last_id() -> int:
    """The number of the newest run; 0 before the first."""
    [row] = await rows("SELECT COALESCE(MAX(id), 0) AS id FROM payout_runs")
    return int(row["id"])


async def approve(
    run_id: int, label: str, now: datetime, pay_on: date, message_id: str | None, format: str, file: str | None
) -> bool:
    """Whoever comes first approves. False: it was approved or cancelled before."""
    return bool(
        await execute(
            "UPDATE payout_runs SET state = ?, approved_by = ?, approved_at = ?, pay_on = ?, message_id = ?,"
            " format = ?, file = ? WHERE id = ? AND state = ?",
            APPROVED,
            label,
            dialect().instant(now),
            dialect().day(pay_on),
            message_id,
            format,
            file,
            run_id,
            PREPARED,
        )
    )


async def move_run(run_id: int, from_state: str, to_state: str) -> bool:
    """False: it stood elsewhere."""
    moved = "UPDATE payout_runs SET state = ? WHERE id = ? AND state = ?"
    return bool(await execute(moved, to_state, run_id, from_state))


async def file_of(run_id: int) -> str | None:
    """The pain.001, word for word; None before the run is approved."""
    found = await rows("SELECT file FROM payout_runs WHERE id = ?", run_id)
    return found[0]["file"] if found else None


async def fetched(run_id: int, now: datetime) -> None:
    await execute("UPDATE payout_runs SET fetched_at = ? WHERE id = ?", dialect().instant(now), run_id)


async def approved_runs(limit: int = 50) -> tuple[RunRow, ...]:
    """The runs whose file has been made and of which the bank has not told all yet, the oldest first."""
    asked = f"SELECT {_RUN} FROM payout_runs WHERE state = ? ORDER BY id LIMIT ?"  # noqa: S608 - our own names
    return tuple(_run(row) for row in await rows(asked, APPROVED, limit))


# Payouts


async def payouts(run_id: int) -> tuple[PayoutRow, ...]:
    """The payouts of a run in their order in the file."""
    return tuple(_payout(row) for row in await rows("SELECT * FROM payouts WHERE run_id = ? ORDER BY id", run_id))


async def by_end_to_end(end_to_end: str) -> PayoutRow | None:
    found = await rows("SELECT * FROM payouts WHERE end_to_end = ?", end_to_end)
    return _payout(found[0]) if found else None


async def by_message(message_id: str) -> RunRow | None:
    """The run whose file bears this id."""
    found = await rows(f"SELECT {_RUN} FROM payout_runs WHERE message_id = ?", message_id)  # noqa: S608
    return _run(found[0]) if found else None


async def sent_of_sum(ore: Ore, on: date, limit: int) -> tuple[PayoutRow, ...]:
    """Payouts of this sum that left by a day and of which the bank has not told, the newest first."""
    asked = "SELECT * FROM payouts WHERE state = ? AND amount_ore = ? AND state_on <= ? ORDER BY id DESC LIMIT ?"
    return tuple(_payout(row) for row in await rows(asked, SENT, ore, dialect().day(on), limit))


async def sent_together(ore: Ore, on: date, limit: int) -> tuple[int, ...]:
    """Runs of which several such payouts come to this sum or more, the newest first."""
    found = await rows(
        "SELECT run_id FROM payouts WHERE state = ? AND state_on <= ? GROUP BY run_id"
        " HAVING COUNT(*) > 1 AND SUM(amount_ore) >= ? ORDER BY run_id DESC LIMIT ?",
        SENT,
        dialect().day(on),
        ore,
        limit,
    )
    return tuple(int(row["run_id"]) for row in found)


async def of_creditor(creditor_id: int, states: Iterable[str], limit: int = 20) -> tuple[PayoutRow, ...]:
    """A creditor's payouts in these states, the newest first."""
    wanted = tuple(states)
    marks = ", ".join("?" for _ in wanted)
    asked = f"SELECT * FROM payouts WHERE creditor_id = ? AND state IN ({marks}) ORDER BY id DESC LIMIT ?"  # noqa: S608
    return tuple(_payout(row) for row in await rows(asked, creditor_id, *wanted, limit))


async def of_note(note_id: int) -> PayoutRow | None:
    """The payment by which a note is paid; the latest, if its run was put together anew."""
    found = await rows("SELECT * FROM payouts WHERE note_id = ? ORDER BY id DESC LIMIT 1", note_id)
    return _payout(found[0]) if found else None


async def failed_notes(note_ids: Sequence[int]) -> frozenset[int]:
    """Which of these notes were paid in vain."""
    kind = dialect()
    asked = f"SELECT note_id FROM payouts WHERE note_id {kind.in_ids} AND state = ?"  # noqa: S608 - our own names
    return frozenset(int(row["note_id"]) for row in await rows(asked, kind.ids(note_ids), FAILED))


async def told_again(payout_id: int) -> int | None:
    """The number of the note that accounts for a payout that came back; None while none does."""
    found = await rows(
        "SELECT s.number FROM payouts p JOIN transfers t"
        " ON t.source = 'payouts:' || p.run_id || '/payout:' || p.id || ':payable:returned'"
        " JOIN note_transfers n ON n.transfer_id = t.id JOIN settlement_notes s ON s.id = n.note_id"
        " WHERE p.id = ? AND s.number IS NOT NULL",
        payout_id,
    )
    return int(found[0]["number"]) if found else None


async def move(payout_id: int, from_states: Iterable[str], to_state: str, on: date, code: str = "") -> bool:
    """Bring a payout from one of these states to another. False: it stood elsewhere."""
    states = tuple(from_states)
    marks = ", ".join("?" for _ in states)
    return bool(
        await execute(
            f"UPDATE payouts SET state = ?, state_on = ?, code = ? WHERE id = ? AND state IN ({marks})",  # noqa: S608
            to_state,
            dialect().day(on),
            code[:40],
            payout_id,
            *states,
        )
    )


async def move_all(run_id: int, from_state: str, to_state: str, on: date) -> None:
    """Every payout of a run that stands in a state."""
    await execute(
        "UPDATE payouts SET state = ?, state_on = ? WHERE run_id = ? AND state = ?",
        to_state,
        dialect().day(on),
        run_id,
        from_state,
    )


async def code(payout_id: int, code: str) -> None:
    """What the bank last said of it."""
    await execute("UPDATE payouts SET code = ? WHERE id = ?", code[:40], payout_id)


async def booked(sources: Sequence[str]) -> tuple[tuple[Transfer, int | None], ...]:
    """The transfers with these sources, each with its creditor: what a payout that fails is taken back by."""
    marks = ", ".join("?" for _ in sources)
    found = await rows(
        "SELECT debit, credit, amount_ore, booked_on, value_on, kind, source, line, creditor_id FROM transfers"  # noqa: S608
        f" WHERE source IN ({marks}) ORDER BY id",
        *sources,
    )
    day = dialect().read_day
    return tuple((_transfer(row, day(row["booked_on"]), day(row["value_on"])), row["creditor_id"]) for row in found)


def _transfer(row: Mapping[str, Any], booked_on: date | None, value_on: date | None) -> Transfer:
    assert booked_on is not None
    assert value_on is not None
    ore = int(row["amount_ore"])
    return Transfer(row["debit"], row["credit"], ore, booked_on, value_on, row["kind"], row["source"], row["line"])


_RUN: Final = (
    "id, state, pay_on, number, total_ore, digest, prepared_by, prepared_at, approved_by, approved_at, format,"
    " message_id, fetched_at,"
    " (SELECT COUNT(*) FROM payouts p WHERE p.run_id = payout_runs.id AND p.state = 'failed') AS failed,"
    " (SELECT MIN(p.code) FROM payouts p WHERE p.run_id = payout_runs.id AND p.state = 'failed') AS failed_code"
)


def _run(row: Mapping[str, Any]) -> RunRow:
    pay_on, at = dialect().read_day(row["pay_on"]), dialect().read_instant
    prepared_at = at(row["prepared_at"])
    assert pay_on is not None
    assert prepared_at is not None
    return RunRow(
        int(row["id"]),
        row["state"],
        pay_on,
        int(row["number"]),
        int(row["total_ore"]),
        row["digest"],
        row["prepared_by"],
        prepared_at,
        row["approved_by"],
        at(row["approved_at"]),
        row["format"],
        row["message_id"],
        at(row["fetched_at"]),
        int(row["failed"]),
        row["failed_code"] or "",
    )


def _payout(row: Mapping[str, Any]) -> PayoutRow:
    sealed = row["to_sealed"]
    return PayoutRow(
        int(row["id"]),
        int(row["run_id"]),
        row["creditor_id"],
        row["note_id"],
        row["refund_id"],
        row["kind"],
        int(row["amount_ore"]),
        row["to_account"],
        None if sealed is None else bytes(sealed),
        row["to_name"],
        row["end_to_end"],
        row["state"],
        row["code"],
        dialect().read_day(row["state_on"]),
    )
