"""Refunds by Swish: approved by staff, booked, asked for under an id of ours, and read until they have an end.

The id is stored before Swish is asked. Where no answer came, that id is asked about; only what Swish has never heard of
is asked for again, under the same id. A callback says no more than which refund to read.
"""

import logging
from datetime import timedelta

from core.errors import Refusal
from core.money import Ore
from core.party import Actor
from core.ports import ProviderDown, ProviderError, ProviderRefused
from core.providers.swish import NO_SUCH_REQUEST, new_instruction_id
from core.refund_port import RefundOrder, RefundProvider, RefundState, RefundStatus
from core.services import refunds, taking
from core.services.house import House
from core.store import payout_funds, tasks
from core.store import refunds as store
from core.store.database import transaction
from core.store.refunds import RefundRow

log = logging.getLogger(__name__)

#: While the question is on the line; longer than the client waits for an answer.
ON_THE_LINE = timedelta(seconds=20)
UNKNOWN_TASK = "task.refund_unknown"
MISMATCH = "MISMATCH"


async def approve(house: House, actor: Actor, refund_id: int) -> RefundRow:
    """One of the staff has seen the figures: the money leaves the book, and Swish is asked. Pressed again: once.

    Raises NotAllowed, NotFound, Refusal ``refund_state``, ``refund_amount``, or ``refund_short`` while the account does
    not hold what is others': it waits, and goes once it does.
    """
    taking.staff_only(actor)
    row = await refunds.get(refund_id)
    async with transaction():
        await refunds.approving(house, actor, row, store.APPROVED)
        if short := await missing():
            raise Refusal("refund_short", missing_ore=short)
        await store.move(
            row.id,
            (store.APPROVED,),
            store.APPROVED,
            instruction_id=new_instruction_id(),
            machine_at=house.clock.machine_now(),
        )
        await refunds.book_out(house, actor, row)
    await _send(house, await refunds.get(row.id))
    return await refunds.get(row.id)


async def missing() -> Ore:
    """What is missing of others' money, so that nothing goes back by Swish now."""
    return (await payout_funds.funds()).missing_for_swish()


async def callback_identifier(house: House, instruction_id: str) -> str | None:
    """The secret that a callback about this refund must carry; None if we never made it."""
    return identifier(house, instruction_id) if await store.by_instruction(instruction_id) else None


def identifier(house: House, instruction_id: str) -> str:
    """A secret for one refund, the same as long as our newest key is."""
    return house.keys.find_by(instruction_id, "refund.callback")[:32].upper()


async def confirm(house: House, instruction_id: str) -> None:
    """Something was said about a refund: read it and believe what Swish says then. Raises `ProviderError`."""
    row = await store.by_instruction(instruction_id)
    if row is None or row.state not in store.UNDER_WAY or house.swish_refunds is None:
        return
    await take_in(house, row, await house.swish_refunds.read_refund(instruction_id))


async def reconcile(house: House) -> int:
    """Ask about each refund under way, but for those on the line; how many came to an end.

    What Swish has never heard of is asked for again under its id; what stays unknown is a task for staff, once.
    """
    if house.swish_refunds is None:
        return 0
    ended, asked_before = 0, house.clock.machine_now() - ON_THE_LINE
    for row in await store.in_state(*store.UNDER_WAY, way=store.SWISH):
        if row.instruction_id is None or row.machine_at > asked_before:
            continue
        await _look(house, row)
        now = await refunds.get(row.id)
        ended += now.state not in store.UNDER_WAY
        if now.state == store.UNKNOWN:
            log.warning("refund %s: still unknown", row.id)
            await _look_at_it(house, row)
    return ended


async def take_in(house: House, row: RefundRow, state: RefundState) -> None:
    """Believe what Swish says of a refund, if it is the one that was asked for."""
    today = house.clock.today()
    async with transaction():
        if not state.answers(await _order(house, row)):
            log.error("refund %s: amount, payer or payment differs", row.id)
            await store.move(row.id, store.UNDER_WAY, store.UNKNOWN, code=MISMATCH)
            await _look_at_it(house, row)
            return
        match state.status:
            case RefundStatus.PAID:
                await refunds.done(house, row, today)
            case RefundStatus.ERROR:
                await refunds.failed(house, row, state.error_code or "ERROR", today)
            case RefundStatus.UNKNOWN:
                await store.move(row.id, store.UNDER_WAY, store.UNKNOWN, code=state.error_code or "")
                await _look_at_it(house, row)
            case RefundStatus.CREATED | RefundStatus.DEBITED:
                await store.move(row.id, store.UNDER_WAY, store.SENT, sent_on=row.sent_on or today)


async def _send(house: House, row: RefundRow) -> None:
    """Ask Swish for it. What is not known to have been refused is read later and never asked for anew by guess."""
    provider, today = _provider(house), house.clock.today()
    try:
        await provider.refund(await _order(house, row))
    except ProviderDown:
        log.warning("refund %s: swish cannot be reached, asked again later", row.id)
    except ProviderRefused as refused:
        async with transaction():
            await refunds.failed(house, row, refused.code, today)
    except ProviderError:
        await store.move(row.id, (store.APPROVED,), store.UNKNOWN, code="NO_ANSWER")
    else:
        await store.move(row.id, (store.APPROVED, store.UNKNOWN), store.SENT, sent_on=today)


async def _look(house: House, row: RefundRow) -> None:
    assert row.instruction_id is not None
    try:
        await take_in(house, row, await _provider(house).read_refund(row.instruction_id))
    except ProviderRefused as refused:
        if refused.code == NO_SUCH_REQUEST:
            await _send(house, row)
    except ProviderError:
        log.warning("refund %s: swish cannot be asked now", row.id)


def _provider(house: House) -> RefundProvider:
    assert house.swish_refunds is not None, "a refund by Swish without Swish"
    return house.swish_refunds


async def _order(house: House, row: RefundRow) -> RefundOrder:
    """The same order for the same row, whenever it is asked for."""
    assert row.instruction_id is not None
    assert row.case_id is not None
    asked = refunds.instruction(row.original_ref)
    known = await store.swish_references([asked])
    return RefundOrder(
        instruction_id=row.instruction_id,
        original_reference=known[asked],
        amount_ore=row.ore,
        payer_alias=house.agency.swish,
        message=(await house.book.load(row.case_id)).ocr,
        callback_identifier=identifier(house, row.instruction_id),
    )


async def _look_at_it(house: House, row: RefundRow) -> None:
    """Nobody sends it a second time by guess: a person looks at the account, by the next day."""
    today = house.clock.today()
    facts = {"refund": row.id, "amount_ore": row.ore}
    due = today + timedelta(days=refunds.LOOK_DAYS)
    await tasks.add(f"refund:{row.id}:unknown", UNKNOWN_TASK, facts, today, due, case_id=row.case_id)
