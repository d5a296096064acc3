"""The outbox: notices waiting to be said, claimed with a lease and completed under a fence.

queued → claimed → sent | failed | unknown | withdrawn | kept, and back to queued for another try. Whoever claims a
row owns it until the lease ends, by the database's clock; its number of attempts is the fence, so a sender who was too
slow can record nothing. ``channel`` is set before a message goes out: a row that is claimed anew with it set was
perhaps sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.store import database
from core.store.dialect import load_json

LEASE_S: Final = 120.0
STATES: Final = ("queued", "claimed", "sent", "unknown", "withdrawn", "failed", "kept")
#: In the data of what staff and creditors hear: whose decision it follows from. They read the answer to it, and are
#: not told.
DECIDED_BY: Final = "decided_by"


class LeaseLost(Exception):
    """The row is another's by now, or was withdrawn. Roll back: nothing of this try may be recorded."""


@dataclass(frozen=True, slots=True)
class Row:
    """A notice of the outbox. ``data`` holds the facts to fill in.

    ``interrupted_in`` names the channel in which an earlier try may have gone out without being recorded.
    """

    id: int
    key: str
    case_id: int | None
    receiver: str
    receiver_id: int
    kind: str
    form: str
    via: str | None
    on: date
    data: Mapping[str, Any]
    state: str
    due_at: datetime
    created_at: datetime
    attempts: int
    owner: str | None
    interrupted_in: str | None
    provider_ref: str | None
    issued_on: date | None
    verify_code: str | None


async def claim(owner: str, now: datetime, limit: int = 20, lease_s: float = LEASE_S) -> tuple[Row, ...]:
    """Take up to ``limit`` rows whose time has come, the longest due first; also those whose lease has ended.

    What is said to a person is not overtaken: while something waits for another try, what came after it waits too.
    Documents, of which a night makes many at once, leave after what answers somebody.
    """
    dialect = database.dialect()
    async with database.transaction():
        await database.execute(
            f"UPDATE notices SET state = 'queued', owner = NULL, lease_until = NULL"  # noqa: S608 - no value in it
            f" WHERE state = 'claimed' AND lease_until < {dialect.machine_now}"
        )
        said = await _claim(owner, now, limit, lease_s, "form <> 'document'")
        documents = await _claim(owner, now, limit - len(said), lease_s, "form = 'document'")
    return (*said, *documents)


async def _claim(owner: str, now: datetime, limit: int, lease_s: float, which: str) -> tuple[Row, ...]:
    if limit <= 0:
        return ()
    dialect = database.dialect()
    found = await database.rows(
        f"UPDATE notices SET state = 'claimed', owner = ?, attempts = attempts + 1,"  # noqa: S608 - no value in it
        f" lease_until = {dialect.machine_now} + ? WHERE id IN (SELECT id FROM notices n WHERE state = 'queued'"
        f" AND {which} AND due_at <= ? AND retry_at <= {dialect.machine_now} AND NOT EXISTS ("
        "SELECT 1 FROM notices e WHERE e.state = 'queued' AND e.receiver = 'debtor' AND n.receiver = 'debtor'"
        " AND e.receiver_id = n.receiver_id AND e.id < n.id AND e.due_at <= ?"
        f" AND e.retry_at > {dialect.machine_now}) ORDER BY due_at, id LIMIT ? {dialect.skip_locked}) RETURNING *",
        owner,
        lease_s,
        dialect.instant(now),
        dialect.instant(now),
        limit,
    )
    return tuple(sorted((_row(row) for row in found), key=lambda row: (row.due_at, row.id)))


async def starting(row: Row, channel: str, *, verify_code: str | None = None, issued_on: date | None = None) -> None:
    """Write down, before anything leaves, in which channel it will; commit this first. Raises LeaseLost."""
    await _under_fence(
        row,
        "channel = ?, verify_code = coalesce(?, verify_code), issued_on = coalesce(?, issued_on)",
        channel,
        verify_code,
        database.dialect().day(issued_on),
    )


async def issued(row: Row, via: str, on: date) -> None:
    """A document left by letter or in the chat, and counts from this day. With its fact; raises LeaseLost."""
    await _under_fence(row, "via = ?, issued_on = ?", via, database.dialect().day(on))


async def sent(row: Row, channel: str, at: datetime, provider_ref: str | None = None) -> None:
    """It left. In the same transaction as what follows from it. Raises LeaseLost."""
    await _close(row, "sent", channel, at, provider_ref=provider_ref)


async def failed(row: Row, channel: str, at: datetime, code: str) -> None:
    """It will never leave this way; ``code`` is the channel's word for why. Raises LeaseLost."""
    await _close(row, "failed", channel, at, code=code)


async def unknown(row: Row, channel: str, at: datetime, code: str = "") -> None:
    """Nobody can say whether it left: staff see it, and it is never sent again by guess. Raises LeaseLost."""
    await _close(row, "unknown", channel, at, code=code)


async def withdraw(row: Row, at: datetime, why: str) -> None:
    """The core was asked once more and it must not be said. Raises LeaseLost."""
    await _close(row, "withdrawn", row.via or "", at, code=why)


async def kept(row: Row, at: datetime) -> None:
    """There is nobody to tell it to now; it stands among the letters, receipts or tasks. Raises LeaseLost."""
    await _close(row, "kept", "", at)


async def tried(
    row: Row, outcome: str, channel: str, at: datetime, *, code: str = "", provider_ref: str | None = None
) -> None:
    """One try of several is over, and the row is still ours: nothing is on its way now. Raises LeaseLost."""
    async with database.transaction():
        await _under_fence(row, "channel = NULL")
        await _attempt(row, outcome, channel, at, code, provider_ref)


async def retry(row: Row, channel: str, at: datetime, code: str, after_s: float) -> None:
    """It certainly did not leave; try again after so many seconds of machine time. Raises LeaseLost."""
    now = database.dialect().machine_now
    async with database.transaction():
        await _under_fence(
            row,
            f"state = 'queued', owner = NULL, lease_until = NULL, channel = NULL, retry_at = {now} + ?",
            after_s,
        )
        await _attempt(row, "retry", channel, at, code, None)


async def postpone(row: Row, until: datetime) -> None:
    """Not now: quiet hours or the contact rules. Business time; no attempt is counted. Raises LeaseLost."""
    await _under_fence(
        row,
        "state = 'queued', owner = NULL, lease_until = NULL, channel = NULL, due_at = ?",
        database.dialect().instant(until),
    )


async def again(row: Row, after_s: float) -> None:
    """Look once more after so many seconds of machine time; what was tried is recorded already. Raises LeaseLost."""
    now = database.dialect().machine_now
    await _under_fence(
        row,
        f"state = 'queued', owner = NULL, lease_until = NULL, channel = NULL, retry_at = {now} + ?",
        after_s,
    )


async def settled(row: Row, state: str, channel: str, at: datetime) -> None:
    """All tries of a notice with several receivers are over and recorded. Raises LeaseLost."""
    await _under_fence(
        row,
        "state = ?, owner = NULL, lease_until = NULL, channel = ?, closed_at = ?",
        state,
        channel or None,
        database.dialect().instant(at),
    )


_UNHEARD: Final = "(state = 'kept' OR (state = 'sent' AND channel = 'email'))"
_AGAIN: Final = "state = 'queued', due_at = ?, closed_at = NULL, channel = NULL"


async def say_what_nobody_heard(receiver: str, receiver_id: int, since: datetime, now: datetime, limit: int) -> int:
    """Somebody is there to hear now: the latest of what was kept since then waits again. How many that is.

    What went by e-mail alone is told where it can be answered too; it is not mailed twice.
    """
    dialect = database.dialect()
    return await database.execute(
        f"UPDATE notices SET {_AGAIN} WHERE id IN (SELECT id FROM notices"  # noqa: S608 - no value in it
        f" WHERE {_UNHEARD} AND receiver = ? AND receiver_id = ? AND created_at >= ? ORDER BY id DESC LIMIT ?)",
        dialect.instant(now),
        receiver,
        receiver_id,
        dialect.instant(since),
        limit,
    )


async def say_undecided(creditor_id: int, now: datetime) -> int:
    """Every open case's last question for a decision that nobody heard waits again, however old it is. How many."""
    dialect = database.dialect()
    return await database.execute(
        f"UPDATE notices SET {_AGAIN} WHERE {_UNHEARD} AND id IN ("  # noqa: S608 - no value in it
        "SELECT MAX(n.id) FROM notices n JOIN cases c ON c.id = n.case_id WHERE n.kind = 'creditor.decide'"
        " AND n.receiver = 'creditor' AND n.receiver_id = ? AND c.closed_on IS NULL GROUP BY n.case_id)",
        dialect.instant(now),
        creditor_id,
    )


async def reopen(notice_id: int) -> None:
    """It was taken for sent and did not arrive: another way is looked for."""
    await database.execute(
        "UPDATE notices SET state = 'queued', closed_at = NULL, channel = NULL, retry_at = 0 WHERE id = ?"
        " AND state IN ('sent', 'unknown')",
        notice_id,
    )


async def hasten(key: str, now: datetime) -> None:
    """What was to be said later is to be said now."""
    due = database.dialect().instant(now)
    await database.execute("UPDATE notices SET due_at = ? WHERE key = ? AND state = 'queued'", due, key)


async def extend(row: Row, lease_s: float = LEASE_S) -> None:
    """The work takes longer than the lease. Raises LeaseLost."""
    await _under_fence(row, f"lease_until = {database.dialect().machine_now} + ?", lease_s)


async def resolve(key: str, state: str, at: datetime) -> bool:
    """Staff found out what became of an ``unknown`` row: ``sent`` or ``failed``. False when it was not unknown."""
    if state not in ("sent", "failed"):
        raise ValueError("an unknown notice turns out to be sent or failed")
    count = await database.execute(
        "UPDATE notices SET state = ?, closed_at = ? WHERE key = ? AND state = 'unknown'",
        state,
        database.dialect().instant(at),
        key,
    )
    return count == 1


async def owner_of_code(verify_code: str) -> int | None:
    """The notice that bears a verification code."""
    found = await database.rows("SELECT id FROM notices WHERE verify_code = ?", verify_code)
    return int(found[0]["id"]) if found else None


async def get(notice_id: int) -> Row | None:
    found = await database.rows("SELECT * FROM notices WHERE id = ?", notice_id)
    return _row(found[0]) if found else None


async def by_key(key: str) -> Row | None:
    found = await database.rows("SELECT * FROM notices WHERE key = ?", key)
    return _row(found[0]) if found else None


async def of_case(case_id: int) -> tuple[Row, ...]:
    """Everything said or to be said about a case, the oldest first."""
    return tuple(
        [_row(row) for row in await database.rows("SELECT * FROM notices WHERE case_id = ? ORDER BY id", case_id)]
    )


async def in_state(state: str, limit: int = 50) -> tuple[Row, ...]:
    """The rows of one state, the longest due first."""
    found = await database.rows("SELECT * FROM notices WHERE state = ? ORDER BY due_at, id LIMIT ?", state, limit)
    return tuple(_row(row) for row in found)


async def counts() -> dict[str, int]:
    """How many rows each state has."""
    found = await database.rows("SELECT state, count(*) AS number FROM notices GROUP BY state")
    return {state: 0 for state in STATES} | {row["state"]: row["number"] for row in found}


async def _close(
    row: Row, state: str, channel: str, at: datetime, *, code: str = "", provider_ref: str | None = None
) -> None:
    async with database.transaction():
        await _under_fence(
            row,
            "state = ?, owner = NULL, lease_until = NULL, channel = ?, provider_ref = coalesce(?, provider_ref),"
            " closed_at = ?",
            state,
            channel or None,
            provider_ref,
            database.dialect().instant(at),
        )
        await _attempt(row, state, channel, at, code, provider_ref)


async def _attempt(row: Row, outcome: str, channel: str, at: datetime, code: str, provider_ref: str | None) -> None:
    await database.execute(
        "INSERT INTO attempts (notice_id, number, channel, outcome, code, provider_ref, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        row.id,
        row.attempts,
        channel,
        outcome,
        code[:80],
        provider_ref,
        database.dialect().instant(at),
    )


async def _under_fence(row: Row, changes: str, *values: Any) -> None:
    count = await database.execute(
        f"UPDATE notices SET {changes} WHERE id = ? AND owner = ? AND attempts = ? AND state = 'claimed'",  # noqa: S608
        *values,
        row.id,
        row.owner,
        row.attempts,
    )
    if count != 1:
        raise LeaseLost(row.key)


def _row(row: Mapping[str, Any]) -> Row:
    dialect = database.dialect()
    on, due_at, created_at = (
        dialect.read_day(row["on_date"]),
        dialect.read_instant(row["due_at"]),
        dialect.read_instant(row["created_at"]),
    )
    assert on is not None
    assert due_at is not None
    assert created_at is not None
    return Row(
        id=row["id"],
        key=row["key"],
        case_id=row["case_id"],
        receiver=row["receiver"],
        receiver_id=row["receiver_id"],
        kind=row["kind"],
        form=row["form"],
        via=row["via"],
        on=on,
        data=load_json(row["data"]),
        state=row["state"],
        due_at=due_at,
        created_at=created_at,
        attempts=row["attempts"],
        owner=row["owner"],
        interrupted_in=row["channel"],
        provider_ref=row["provider_ref"],
        issued_on=dialect.read_day(row["issued_on"]),
        verify_code=row["verify_code"],
    )
