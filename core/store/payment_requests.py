"""Payments asked for at a provider. Their times are machine time: they measure how long the provider has had.

``state``: ``NEW`` (about to be asked for), ``CREATED``, ``UNKNOWN`` and the ends: ``PAID``, ``DECLINED``, ``ERROR``,
``CANCELLED``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.money import Ore
from core.store.database import dialect, execute, rows, transaction
from core.store.door_models import PaymentRequest

NEW: Final = "NEW"
UNKNOWN: Final = "UNKNOWN"
CREATED: Final = "CREATED"
OPEN: Final = frozenset({NEW, CREATED, UNKNOWN})


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One payment request as we know it."""

    instruction_id: str
    case_id: int
    amount_ore: Ore
    state: str
    callback_identifier: str
    token: str | None
    error_code: str | None
    chat_id: int | None
    created_at: datetime

    @property
    def open(self) -> bool:
        return self.state in OPEN


async def keep_alone(
    instruction_id: str,
    case_id: int,
    amount_ore: Ore,
    callback_identifier: str,
    chat_id: int | None,
    now: datetime,
    *,
    provider: str = "swish",
) -> RequestRow:
    """Store a request before anybody is asked, so that whatever happens on the line it can be read afterwards.

    A case has one open request at a time: if there is one, it is given instead. Two who try at the same moment queue
    at the case's row.
    """
    async with transaction():
        await execute("UPDATE cases SET version = version WHERE id = ?", case_id)
        if found := await open_of_case(case_id):
            return found[0]
        row = await PaymentRequest.create(
            instruction_id=instruction_id,
            provider=provider,
            case_id=case_id,
            amount_ore=amount_ore,
            state=NEW,
            callback_identifier=callback_identifier,
            chat_id=chat_id,
            created_at=now,
            asked_at=now,
        )
        return _row(row)


async def get(instruction_id: str) -> RequestRow | None:
    found = await PaymentRequest.get_or_none(instruction_id=instruction_id)
    return _row(found) if found else None


async def open_of_case(case_id: int) -> tuple[RequestRow, ...]:
    """The requests of a case whose end we do not know yet, oldest first."""
    found = await PaymentRequest.filter(case_id=case_id, state__in=OPEN).order_by("created_at", "instruction_id")
    return tuple(_row(row) for row in found)


async def last_of_case(case_id: int) -> RequestRow | None:
    """The latest request of a case, whatever became of it."""
    found = await PaymentRequest.filter(case_id=case_id).order_by("-created_at", "-instruction_id").first()
    return _row(found) if found else None


async def open_since_before(before: datetime, limit: int = 200) -> tuple[RequestRow, ...]:
    """Requests without an end that are older than a moment, oldest first."""
    found = await PaymentRequest.filter(state__in=OPEN, created_at__lt=before).order_by("created_at").limit(limit)
    return tuple(_row(row) for row in found)


async def open_of_closed(limit: int = 200) -> tuple[RequestRow, ...]:
    """Requests that can still be paid on cases that are closed, oldest first."""
    asked = "SELECT instruction_id FROM payment_requests WHERE state = ? AND case_id IN (SELECT id FROM cases WHERE"
    found = await rows(f"{asked} closed_on IS NOT NULL) ORDER BY created_at LIMIT ?", CREATED, limit)
    ids = [row["instruction_id"] for row in found]
    return tuple([row for id in ids if (row := await get(id)) is not None])


async def taken(instruction_id: str, token: str | None, location: str) -> None:
    """The provider has the request. One that came to its end meanwhile keeps that end."""
    await execute(
        "UPDATE payment_requests SET state = ?, token = ?, location = ? WHERE instruction_id = ? AND state IN (?, ?)",
        CREATED,
        token,
        location,
        instruction_id,
        NEW,
        UNKNOWN,
    )


async def set_state(
    instruction_id: str, state: str, now: datetime, *, error_code: str | None = None, reference: str | None = None
) -> None:
    """Note what the provider said. An end is never overwritten, but by a payment."""
    closed: Any = None if state in OPEN else dialect().instant(now)
    await execute(
        "UPDATE payment_requests SET state = ?, error_code = ?, payment_reference = ?, asked_at = ?, closed_at = ? "
        "WHERE instruction_id = ? AND (closed_at IS NULL OR (? = 'PAID' AND state <> 'PAID'))",
        state,
        error_code,
        reference,
        dialect().instant(now),
        closed,
        instruction_id,
        state,
    )


def _row(found: PaymentRequest) -> RequestRow:
    return RequestRow(
        found.instruction_id,
        found.case_id,
        found.amount_ore,
        found.state,
        found.callback_identifier,
        found.token,
        found.error_code,
        found.chat_id,
        found.created_at,
    )
