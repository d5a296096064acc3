"""What a pointer holds: the same link for the same notice, and a stop link for each mail."""

import pytest

from bot.pointing import pointer_values
from core.errors import Refusal
from core.services import doors, identity
from core.store.database import Database, rows
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build


@pytest.fixture
def world(db: Database) -> World:
    return build(FakeClock.on(NOW))


async def notice_of(world: World) -> str:
    await world.sara()
    [row] = await rows("SELECT key FROM notices WHERE kind = 'demand'")
    return str(row["key"])


async def test_a_pointer_that_is_tried_again_is_the_same_pointer(world: World) -> None:
    key = await notice_of(world)
    first = await pointer_values(world.house, key, "K7Q4-M2XD")
    assert await pointer_values(world.house, key, "K7Q4-M2XD") == first
    assert first.link.startswith("https://schysst.example/c/")
    assert first.kept.link == "https://schysst.example/c/…"
    chat = await world.chat()
    await identity.open_link(world.house, chat, first.link.rpartition("/")[2])
    assert (await identity.look(world.house, chat)).level == "linked"


async def test_there_is_no_pointer_for_what_is_no_debtors(world: World) -> None:
    with pytest.raises(LookupError):
        await pointer_values(world.house, "nobody:knows", "K7Q4-M2XD")


async def test_a_stop_link_names_its_chat_and_ends_with_its_time(world: World) -> None:
    token = await doors.stop_link(world.house, 7, "10000180:demand:1")
    assert await doors.stop_link(world.house, 7, "10000180:demand:1") == token
    assert await doors.chat_to_stop(world.house, token) == 7
    world.clock.advance(days=doors.LINK_DAYS + 1)
    with pytest.raises(Refusal):
        await doors.chat_to_stop(world.house, token)
