"""A channel's gate: its pace, an outage that grows longer, and staff who stop it."""

import pytest

from core.errors import NotAllowed, Refusal
from core.party import Actor, Role
from core.services import pacing
from core.services.house import House
from core.store import gates
from tests.fakes import FakeClock
from tests.services.world import CLERK, World


@pytest.fixture
def clock(world: World) -> FakeClock:
    return world.clock


@pytest.fixture
def house(world: World) -> House:
    return world.house


async def test_a_pace_lets_a_few_through_at_once_and_then_one_at_a_time(house: House, clock: FakeClock) -> None:
    waits = [await pacing.wait(house, "sms", 2.0) for _ in range(8)]
    gone = waits.count(0.0)
    assert 4 <= gone <= 5
    assert all(wait > 0 for wait in waits[gone:])
    clock.wait(10)
    assert await pacing.wait(house, "sms", 2.0) == 0.0


async def test_in_the_long_run_no_more_go_than_the_pace_allows(house: House, clock: FakeClock) -> None:
    sent = 0
    for _ in range(300):
        sent += await pacing.wait(house, "sms", 5.0) == 0.0
        clock.wait(0.1)
    assert sent <= 30 * 5 + 11


async def test_each_outage_in_a_row_is_left_alone_for_longer_until_something_goes_through(house: House) -> None:
    assert [await pacing.went_down(house, "sms") for _ in range(4)] == [5.0, 10.0, 20.0, 40.0]
    assert await pacing.went_down(house, "sms", retry_after_s=3_600) == 3_600
    assert await pacing.closed(house, "sms") == pytest.approx(3_600)
    await gates.works("sms")
    assert await pacing.closed(house, "sms") == 0
    assert await pacing.went_down(house, "sms") == 5.0


async def test_staff_stop_a_channel_and_let_it_go_on(house: House) -> None:
    assert await pacing.stop(house, CLERK, "sms", stopped=True)
    assert not await pacing.stop(house, CLERK, "sms", stopped=True)
    assert await pacing.wait(house, "sms", 10.0) > 0
    assert (await pacing.state(house))["sms"] == "stopped"
    assert await pacing.stop(house, CLERK, "sms", stopped=False)
    assert await pacing.wait(house, "sms", 10.0) == 0


async def test_only_staff_stop_a_channel_that_there_is(house: House) -> None:
    with pytest.raises(NotAllowed):
        await pacing.stop(house, Actor(Role.DEBTOR, 1), "sms", stopped=True)
    with pytest.raises(Refusal):
        await pacing.stop(house, CLERK, "pigeon", stopped=True)
