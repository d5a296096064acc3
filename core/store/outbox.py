"""The outbox's rows: claimed with a lease, completed only by the claimer, every try kept.

A claim sets owner, lease and the number of the try. That number is the fence: whoever completes names it, and when
somebody else has taken the row over meanwhile, nothing is met and `LeaseLost` undoes the whole transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.store.database import dialect, execute, rows, transaction
from core.store.dialect import load_json

LEASE_S: Final = 180.0
#: How a notice's row can end. ``kept`` was for nobody whom we can reach, and stands among the letters or in /cases.
ENDS: Final = frozenset({"sent", "unknown", "withdrawn", "failed", "kept"})

_COLUMNS = "id, key, case_id, receiver, receiver_id, kind, form, via, on_date, data, attempts, created_at"


class LeaseLost(Exception):
    """The row is not ours any more: taken over after its lease, or withdrawn."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that this process has claimed. ``fence`` is the number of the claim."""

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
    fence: int
    created_at: datetime
    owner: str


async def claim(owner: str, now: datetime, limit: int, lease_s: float = LEASE_S) -> tuple[Waiting, ...]:
    """Take what is due at ``now`` (business time) and may be tried (machine time), the oldest first.

    A row whose claimer has let the lease run out is due again. Two statements, so that each walks one index.
    """
    speech = dialect()
    lapsed = f"state = 'claimed' AND lease_until <= {speech.machine_now} ORDER BY lease_until, id"
    due = f"state = 'queued' AND due_at <= ? AND retry_at <= {speech.machine_now} ORDER BY due_at, id"
    async with transaction():
        found = await _take(owner, lease_s, lapsed, limit)
        if len(found) < limit:
            found += await _take(owner, lease_s, due, speech.instant(now), limit - len(found))
    return tuple(sorted((_waiting(row, owner) for row in found), key=lambda waiting: waiting.id))


async def _take(owner: str, lease_s: float, which: str, *values: Any) -> list[dict[str, Any]]:
    speech = dialect()
    return await rows(
        f"UPDATE notices SET state = 'claimed', owner = ?, attempts = attempts + 1, "  # noqa: S608 - our own names
        f"lease_until = {speech.machine_now} + ? WHERE id IN "
        f"(SELECT id FROM notices WHERE {which} LIMIT ? {speech.skip_locked}) RETURNING {_COLUMNS}",
        owner,
        lease_s,
        *values,
    )


async def hold_on(waiting: Waiting, lease_s: float = LEASE_S) -> None:
    """The lease begins anew, if the row is still ours. Raises LeaseLost."""
    await _change(waiting, f"lease_until = {dialect().machine_now} + ?", lease_s)


async def finish(
    waiting: Waiting,
    state: str,
    at: datetime,
    *,
    channel: str | None = None,
    reference: str | None = None,
    issued_on: date | None = None,
    verify_code: str | None = None,
) -> None:
    """How it ended. In the transaction of the effect; raises LeaseLost."""
    assert state in ENDS, state
    await _change(
        waiting,
        "state = ?, closed_at = ?, channel = ?, provider_ref = ?, issued_on = ?, "
        "verify_code = COALESCE(verify_code, ?), lease_until = NULL",
        state,
        dialect().instant(at),
        channel,
        reference,
        dialect().day(issued_on),
        verify_code,
    )


async def put_back(waiting: Waiting, *, due_at: datetime | None = None, retry_in_s: float = 0.0) -> None:
    """Not now: again from ``due_at`` (business time) or in so many seconds (machine time). Raises LeaseLost."""
    speech = dialect()
    await _change(
        waiting,
        f"state = 'queued', owner = NULL, lease_until = NULL, due_at = COALESCE(?, due_at), "
        f"retry_at = {speech.machine_now} + ?",
        speech.instant(due_at),
        retry_in_s,
    )


async def state_of(notice_id: int) -> str:
    [row] = await rows("SELECT state FROM notices WHERE id = ?", notice_id)
    return str(row["state"])


async def give_code(waiting: Waiting, verify_code: str) -> None:
    """The code by which anybody can ask whether this message is ours. Raises LeaseLost."""
    await _change(waiting, "verify_code = COALESCE(verify_code, ?)", verify_code)


async def _change(waiting: Waiting, what: str, *values: Any) -> None:
    met = await execute(
        f"UPDATE notices SET {what} WHERE id = ? AND state = 'claimed' AND owner = ? AND attempts = ?",  # noqa: S608
        *values,
        waiting.id,
        waiting.owner,
        waiting.fence,
    )
    if not met:
        raise LeaseLost(f"notice {waiting.id}")


def _waiting(row: Mapping[str, Any], owner: str) -> Waiting:
    on, created_at = dialect().read_day(row["on_date"]), dialect().read_instant(row["created_at"])
    assert on is not None
    assert created_at is not None
    return Waiting(
        id=int(row["id"]),
        key=row["key"],
        case_id=row["case_id"],
        receiver=row["receiver"],
        receiver_id=int(row["receiver_id"]),
        kind=row["kind"],
        form=row["form"],
        via=row["via"],
        on=on,
        data=load_json(row["data"]),
        fence=int(row["attempts"]),
        created_at=created_at,
        owner=owner,
    )
