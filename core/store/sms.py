"""SMS on their way out, in the order of each chat, and what gateways report of them.

Whoever claims a row has it until the lease ends, in machine time given by the caller; ``tries`` is the fence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.ports import SmsReport
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json

LEASE_S: Final = 90.0
#: A later state never gives way to an earlier one, however reports come in.
RANK: Final = {"sent": 1, "failed": 2, "delivered": 3}


@dataclass(frozen=True, slots=True, repr=False)
class SmsRow:
    """One SMS of ours; ``to`` is the number of its chat."""

    id: int
    chat_id: int
    to: str
    text: str
    answers: Mapping[str, str]
    message_id: int | None
    key: str | None
    state: str
    tries: int
    segments: int
    machine_at: datetime


_COLUMNS: Final = (
    "s.id, s.chat_id, c.address, s.text, s.answers, s.message_id, s.key, s.state, s.tries, s.segments, s.machine_at"
)


async def put(
    chat_id: int,
    text: str,
    answers: Mapping[str, str],
    message_id: int | None,
    segments: int,
    at: datetime,
    machine_at: datetime,
    *,
    key: str | None = None,
    state: str = "queued",
) -> int:
    """Write down what is to be said; gives its id."""
    [row] = await rows(
        "INSERT INTO sms (chat_id, message_id, key, text, answers, segments, state, tries, retry_at, lease_until,"
        " code, at, machine_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', ?, ?) RETURNING id",
        chat_id,
        message_id,
        key,
        text,
        dump_json(dict(answers)),
        segments,
        state,
        dialect().instant(at),
        dialect().instant(machine_at),
    )
    return int(row["id"])


async def by_key(chat_id: int, key: str) -> SmsRow | None:
    """The SMS of a notice in a chat, if it was written before."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM sms s JOIN chat c ON c.id = s.chat_id"  # noqa: S608 - our own words
        " WHERE s.chat_id = ? AND s.key = ? ORDER BY s.id DESC LIMIT 1",
        chat_id,
        key,
    )
    return _row(found[0]) if found else None


async def last_menu(chat_id: int) -> SmsRow | None:
    """The last SMS to a chat: its numbers are the ones that count."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM sms s JOIN chat c ON c.id = s.chat_id"  # noqa: S608 - our own words
        " WHERE s.chat_id = ? ORDER BY s.id DESC LIMIT 1",
        chat_id,
    )
    return _row(found[0]) if found else None


async def waiting_in(chat_id: int, before: int | None = None) -> bool:
    """Whether something said before is still on its way in this chat: what is said next must not overtake it."""
    found = await rows(
        "SELECT 1 AS one FROM sms WHERE chat_id = ? AND state IN ('queued', 'sending') AND (CAST(? AS BIGINT) IS NULL"
        " OR id < ?) LIMIT 1",
        chat_id,
        before,
        before,
    )
    return bool(found)


async def due(now: float, limit: int) -> tuple[int, ...]:
    """Chats in which something waits that may go now."""
    found = await rows(
        "SELECT chat_id, MIN(id) AS first FROM sms WHERE (state = 'queued' AND retry_at <= ?)"
        " OR (state = 'sending' AND lease_until < ?) GROUP BY chat_id ORDER BY first LIMIT ?",
        now,
        now,
        limit,
    )
    return tuple(row["chat_id"] for row in found)


async def claim(chat_id: int, now: float) -> SmsRow | None:
    """Take the oldest that waits in a chat, unless it is another's or its time has not come.

    One that a dead process had taken comes back with state "sending": it may have gone out.
    """
    found = await rows(
        f"SELECT {_COLUMNS}, s.retry_at, s.lease_until FROM sms s JOIN chat c ON c.id = s.chat_id"  # noqa: S608
        " WHERE s.chat_id = ? AND s.state IN ('queued', 'sending') ORDER BY s.id LIMIT 1",
        chat_id,
    )
    if not found or found[0]["retry_at"] > now or (found[0]["state"] == "sending" and found[0]["lease_until"] >= now):
        return None
    row = _row(found[0])
    taken = await execute(
        "UPDATE sms SET state = 'sending', tries = tries + 1, lease_until = ? WHERE id = ? AND tries = ? AND state = ?",
        now + LEASE_S,
        row.id,
        row.tries,
        row.state,
    )
    return row if taken else None


async def settle(
    row_id: int, state: str, *, gateway: str = "", reference: str = "", code: str = "", text: str | None = None
) -> None:
    """It went, or never will. ``text`` is what may be kept of its words."""
    await execute(
        "UPDATE sms SET state = ?, gateway = ?, reference = ?, code = ?, text = COALESCE(?, text), lease_until = 0"
        " WHERE id = ?",
        state,
        gateway or None,
        reference or None,
        code[:80],
        text,
        row_id,
    )


async def ask_later(row_id: int, at: float, code: str) -> None:
    """Nobody knows whether it went: whoever takes it up then asks the gateway first."""
    await execute("UPDATE sms SET state = 'sending', lease_until = ?, code = ? WHERE id = ?", at, code[:80], row_id)


async def back(row_id: int, retry_at: float, code: str = "") -> None:
    """It certainly did not go; it waits until then."""
    await execute(
        "UPDATE sms SET state = 'queued', retry_at = ?, lease_until = 0, code = ? WHERE id = ?",
        retry_at,
        code[:80],
        row_id,
    )


async def replace_text(row_id: int, text: str, segments: int) -> None:
    """Say something else in its place: nobody may read the first any more."""
    await execute("UPDATE sms SET text = ?, segments = ?, answers = '{}' WHERE id = ?", text, segments, row_id)


# What gateways report


async def report(told: SmsReport, at: datetime) -> bool:
    """Keep a report; True when it tells something new. Twice is once, and what comes too late changes nothing."""
    known = await rows(
        "SELECT id, state FROM sms_receipt WHERE gateway = ? AND reference = ?", told.gateway, told.reference
    )
    if known and RANK.get(known[0]["state"], 0) >= RANK[told.state]:
        return False
    return bool(
        await rows(
            "INSERT INTO sms_receipt (gateway, reference, state, code, dead, handled, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (gateway, reference) DO UPDATE SET state = excluded.state, code = excluded.code,"
            " dead = excluded.dead, handled = excluded.handled, at = excluded.at RETURNING id",
            told.gateway,
            told.reference,
            str(told.state),
            told.code[:80],
            told.dead,
            False,
            dialect().instant(at),
        )
    )


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that is new, and the SMS that it is about."""

    id: int
    sms_id: int
    chat_id: int
    message_id: int | None
    state: str
    dead: bool


async def reported(limit: int = 100) -> tuple[Reported, ...]:
    """Reports that nobody has acted on yet, of messages that we know by now."""
    found = await rows(
        "SELECT r.id, r.state, r.dead, s.id AS sms_id, s.chat_id, s.message_id FROM sms_receipt r JOIN sms s"
        " ON s.gateway = r.gateway AND s.reference = r.reference WHERE r.handled = ? ORDER BY r.id LIMIT ?",
        False,
        limit,
    )
    return tuple(
        Reported(row["id"], row["sms_id"], row["chat_id"], row["message_id"], row["state"], bool(row["dead"]))
        for row in found
    )


async def handled(report_id: int) -> bool:
    """Somebody acts on it now; False when another has."""
    return bool(
        await execute("UPDATE sms_receipt SET handled = ? WHERE id = ? AND handled = ?", True, report_id, False)
    )


async def worked(chat_id: int, at: datetime) -> None:
    """Something surely arrived in this chat."""
    await execute("UPDATE chat SET worked_at = ? WHERE id = ?", dialect().instant(at), chat_id)


async def failed_in(chat_id: int, at: datetime) -> None:
    """Something surely did not arrive in this chat."""
    await execute("UPDATE chat SET failed_at = ? WHERE id = ?", dialect().instant(at), chat_id)


async def forget(before: datetime) -> None:
    """Words of long ago are not kept twice: what counts stands with its notice. Machine time."""
    await execute(
        "DELETE FROM sms WHERE machine_at < ? AND state NOT IN ('queued', 'sending')", dialect().instant(before)
    )
    await execute("DELETE FROM sms_receipt WHERE at < ?", dialect().instant(before))


def _row(row: Mapping[str, Any]) -> SmsRow:
    machine_at = dialect().read_instant(row["machine_at"])
    assert machine_at is not None
    return SmsRow(
        row["id"],
        row["chat_id"],
        row["address"],
        row["text"],
        load_json(row["answers"]),
        row["message_id"],
        row["key"],
        row["state"],
        row["tries"],
        row["segments"],
        machine_at,
    )
