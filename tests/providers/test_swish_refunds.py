"""Swish's refunds over the wire: taken once, read by their id, refused as the real one refuses."""

from dataclasses import replace

import pytest

from core.ports import PaymentStatus, ProviderRefused, ProviderUnknown
from core.providers.swish import new_callback_identifier, new_instruction_id, refund_state_of
from core.refund_port import RefundOrder, RefundStatus
from tests.providers.test_swish import PAYEE, World, order, world

__all__ = ("world",)


async def paid(world: World) -> RefundOrder:
    """A payment of 1 248,22 kr came; a part of it shall go back."""
    asked = order()
    await world.client.start(asked)
    world.sandbox.answer(asked.instruction_id, PaymentStatus.PAID)
    await world.sandbox.calls_made()
    reference = (await world.client.read(asked.instruction_id)).payment_reference
    assert reference
    world.heard.clear()
    return RefundOrder(new_instruction_id(), reference, 100_000, PAYEE, "10000180", new_callback_identifier())


async def refused(world: World, asked: RefundOrder) -> str:
    with pytest.raises(ProviderRefused) as refusal:
        await world.client.refund(asked)
    return refusal.value.code


async def test_a_refund_is_taken_once_called_back_and_read(world: World) -> None:
    asked = await paid(world)
    await world.client.refund(asked)
    await world.client.refund(asked)  # the same id is the same refund
    await world.sandbox.calls_made()
    state = await world.client.read_refund(asked.instruction_id)
    assert state.answers(asked)
    assert state.status is RefundStatus.PAID
    [(identifier, told)] = world.heard
    assert identifier == asked.callback_identifier
    assert (told["id"], told["status"]) == (asked.instruction_id, "PAID")
    assert [made.amount_ore for made in world.sandbox.refunds.arrived()] == [100_000]


async def test_swish_refuses_what_never_came_what_is_too_much_and_what_is_too_old(world: World) -> None:
    asked = await paid(world)
    assert await refused(world, replace(asked, original_reference="F" * 32)) == "RF02"
    assert await refused(world, replace(asked, amount_ore=124_823)) == "RF08"
    assert await refused(world, replace(asked, payer_alias="1230000000")) == "RF03"
    await world.client.refund(asked)
    rest = replace(asked, instruction_id=new_instruction_id(), amount_ore=24_823)
    assert await refused(world, rest) == "RF08"
    await world.client.refund(replace(rest, amount_ore=24_822))
    late = await paid(world)
    world.clock.advance(days=396)
    assert await refused(world, late) == "RF02"


async def test_a_lost_answer_is_read_and_ds24_is_no_outcome(world: World) -> None:
    asked = await paid(world)
    world.sandbox.faults = replace(world.sandbox.faults, lose_answers=1, refunds_end_as="DS24")
    with pytest.raises(ProviderUnknown):
        await world.client.refund(asked)
    state = await world.client.read_refund(asked.instruction_id)
    assert (state.status, state.error_code) == (RefundStatus.UNKNOWN, "DS24")
    with pytest.raises(ProviderRefused, match="RP04"):
        await world.client.read_refund(new_instruction_id())
    with pytest.raises(ProviderUnknown):
        refund_state_of('{"id": "1", "status": "SOMETHING"}')
