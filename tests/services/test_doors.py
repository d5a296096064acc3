"""Personal links and pay links: each opens its own door, and for a time."""

import pytest

from core.errors import Refusal
from core.services import doors
from core.store import sessions
from tests.services.world import World


async def test_a_pay_link_leads_to_its_case_for_thirty_days(world: World) -> None:
    case = await world.sara()
    token = await doors.told_link(world.house, 1, case, "pay")
    world.clock.advance(days=doors.PAY_LINK_DAYS - 1)
    assert await doors.case_to_pay(world.house, token) == case.id
    world.clock.advance(days=1, minutes=1)
    with pytest.raises(Refusal, match="link"):
        await doors.case_to_pay(world.house, token)


async def test_a_personal_link_opens_no_pay_page(world: World) -> None:
    token = await doors.new_link(world.house, await world.sara())
    with pytest.raises(Refusal, match="link"):
        await doors.case_to_pay(world.house, token)


async def test_a_link_tells_the_language_of_its_receivers_letters_while_it_holds(world: World) -> None:
    case = await world.sara()
    token = await doors.new_link(world.house, case)
    await sessions.set_letters_language(case.debtor.id, "en")
    assert await doors.language_of_link(world.house, token) == "en"
    assert await doors.language_of_link(world.house, "made-up") is None
    world.clock.advance(days=doors.LINK_DAYS + 1)
    assert await doors.language_of_link(world.house, token) is None
