"""BankID orders, from the page that was offered to the outcome. Of two who end one at the same moment, one succeeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.store.database import dialect, execute, rows, transaction
from core.store.dialect import dump_json
from core.store.self_service_models import IdentityOrder

AUTH, SIGN = "auth", "sign"
#: A page was offered; an order runs; it is done; it came to nothing, and another may be started on the same page.
OFFERED, RUNNING, DONE, FAILED = "offered", "running", "done", "failed"
#: The app is done, and nobody has come back from it yet to where the order was started.
HELD = "held"
#: The hint of an order that is done and whose chat has heard of it.
TOLD: Final = "told"
_STARTABLE: Final = (OFFERED, FAILED, HELD)


@dataclass(frozen=True, slots=True, repr=False)
class OrderRow:
    """One order. ``secret`` is the sealed QR secret while it runs; ``data`` is what it is for and what came of it."""

    nonce_hash: str
    chat_id: int
    purpose: str
    state: str
    hint: str
    order_ref: str | None
    auto_start_token: str | None
    qr_start_token: str | None
    secret: bytes | None
    data: Mapping[str, Any]
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None

    def __repr__(self) -> str:
        return f"OrderRow({self.purpose}, {self.state})"


async def add(nonce_hash: str, chat_id: int, purpose: str, data: Mapping[str, Any], now: datetime) -> None:
    """Offer a page. The nonce itself is kept nowhere."""
    await IdentityOrder.create(
        nonce_hash=nonce_hash, chat_id=chat_id, purpose=purpose, state=OFFERED, data=dict(data), created_at=now
    )


async def get(hashes: tuple[str, ...]) -> OrderRow | None:
    found = await IdentityOrder.get_or_none(nonce_hash__in=hashes)
    return _row(found) if found else None


async def start(
    row: OrderRow, order_ref: str, tokens: tuple[str, str], secret: bytes, data: Mapping[str, Any], at: datetime
) -> bool:
    """An order runs on the page. False when one has begun there meanwhile. ``at`` is machine time."""
    startable = IdentityOrder.filter(nonce_hash=row.nonce_hash, state__in=_STARTABLE)
    return bool(
        await startable.update(
            state=RUNNING,
            hint="",
            order_ref=order_ref,
            auto_start_token=tokens[0],
            qr_start_token=tokens[1],
            secret=secret,
            data=dict(data),
            started_at=at,
            closed_at=None,
        )
    )


async def hint(row: OrderRow, hint: str) -> None:
    """How far the order has come, in the provider's word."""
    await IdentityOrder.filter(nonce_hash=row.nonce_hash, order_ref=row.order_ref, state=RUNNING).update(hint=hint[:40])


async def done(row: OrderRow, data: Mapping[str, Any], at: datetime) -> bool:
    """The order is complete, with its outcome. The tokens go. False when it was ended before.

    The provider tells the end once: who asks at the same moment hears "no such order", and the end that was told
    counts.
    """
    return bool(
        await execute(
            "UPDATE identity_orders SET state = ?, hint = '', data = ?, closed_at = ?, secret = NULL, "
            "auto_start_token = NULL, qr_start_token = NULL WHERE nonce_hash = ? AND order_ref = ? AND state <> ?",
            DONE,
            dump_json(dict(data)),
            dialect().instant(at),
            row.nonce_hash,
            row.order_ref,
            DONE,
        )
    )


async def fail(row: OrderRow, hint: str, at: datetime) -> bool:
    """The order came to nothing, and why. The tokens go."""
    ended = IdentityOrder.filter(nonce_hash=row.nonce_hash, order_ref=row.order_ref, state__not=DONE)
    return bool(
        await ended.update(
            state=FAILED, hint=hint[:40], closed_at=at, secret=None, auto_start_token=None, qr_start_token=None
        )
    )


async def keep(row: OrderRow, more: Mapping[str, Any], state: str | None = None) -> OrderRow:
    """Note more about an order; what another has noted meanwhile stays. The order as it then is."""
    async with transaction():
        await rows(
            f"SELECT nonce_hash FROM identity_orders WHERE nonce_hash = ? {dialect().for_update}",  # noqa: S608
            row.nonce_hash,
        )
        found = await IdentityOrder.get(nonce_hash=row.nonce_hash)
        if found.order_ref == row.order_ref and found.state in (RUNNING, HELD):
            found.data = {**found.data, **more}
            found.state = state or found.state
            await found.save(update_fields=["data", "state"])
    return _row(found)


async def aim(row: OrderRow, then: Mapping[str, Any]) -> bool:
    """Where whoever proves themselves there goes on to, anew. False when the order is done."""
    async with transaction():
        await rows(
            f"SELECT nonce_hash FROM identity_orders WHERE nonce_hash = ? {dialect().for_update}",  # noqa: S608
            row.nonce_hash,
        )
        found = await IdentityOrder.get(nonce_hash=row.nonce_hash)
        if found.state == DONE:
            return False
        found.data = {**found.data, "then": dict(then)}
        await found.save(update_fields=["data"])
    return True


async def told(row: OrderRow) -> bool:
    """What came of it is being said now. False when it was said before; of two who would, one does."""
    unsaid = IdentityOrder.filter(nonce_hash=row.nonce_hash, state=DONE, hint="")
    return bool(await unsaid.update(hint=TOLD))


async def running() -> tuple[OrderRow, ...]:
    """The orders that nobody has seen the end of, oldest first: for a start after a crash."""
    return tuple(_row(found) for found in await IdentityOrder.filter(state=RUNNING).order_by("started_at"))


async def last_done(chat_id: int, purpose: str | None = None) -> OrderRow | None:
    """The latest order of a chat that was completed."""
    done = IdentityOrder.filter(chat_id=chat_id, state=DONE, **({"purpose": purpose} if purpose else {}))
    found = await done.order_by("-closed_at").first()
    return _row(found) if found else None


async def forget_who(chat_id: int) -> None:
    """Who showed themselves in a chat is not known there any more."""
    for found in await IdentityOrder.filter(chat_id=chat_id, state=DONE):
        found.data = {name: value for name, value in found.data.items() if name != "who"}
        await found.save(update_fields=["data"])


async def forget(before: datetime) -> int:
    """Remove what was ended or offered before then; what was signed is kept elsewhere. Returns how many."""
    return await execute("DELETE FROM identity_orders WHERE created_at < ?", dialect().instant(before))


def _row(found: IdentityOrder) -> OrderRow:
    return OrderRow(
        nonce_hash=found.nonce_hash,
        chat_id=found.chat_id,
        purpose=found.purpose,
        state=found.state,
        hint=found.hint,
        order_ref=found.order_ref,
        auto_start_token=found.auto_start_token,
        qr_start_token=found.qr_start_token,
        secret=found.secret,
        data=found.data,
        created_at=found.created_at,
        started_at=found.started_at,
        closed_at=found.closed_at,
    )
