"""The doors of the demo: whoever one wants to be, one can, today and after weeks, from any browser."""

import pytest

from bot.demo.doors import Doors
from core.books import books
from core.party import SYSTEM
from core.services import identity, payments
from core.store.database import Database
from tests.dialogs.talk import WebTalk
from tests.fakes import FakeClock
from tests.services.world import NOW, World, build


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


async def sit_down(world: World, doors: Doors, href: str, address: str) -> int:
    """A new browser opens a door; which member sits there then."""
    chat_id = await world.chat(address=address)
    token = await doors.token(href.removeprefix("/c/"))
    return (await identity.accept_invitation(world.house, chat_id, token)).id


@pytest.mark.parametrize("name", ["staff:Amira", "staff:Björn"])
async def test_a_members_door_opens_after_weeks_and_from_many_browsers(world: World, name: str) -> None:
    doors = Doors(world.house)
    href = await doors.member(name)
    world.clock.advance(days=30)
    first = await sit_down(world, doors, href, "first")
    assert await sit_down(world, doors, href, "second") == first
    assert await doors.member(name) == href


async def test_a_members_door_needs_no_bankid_and_speaks_of_none(world: World) -> None:
    doors = Doors(world.house)
    kept = (await doors.member("staff:Amira")).removeprefix("/c/")
    assert await doors.sit("browser", kept, "sv")
    talk = await WebTalk.begin(world.house)
    assert "BankID" in (await talk.last()).text
    assert await doors.log_in(talk.chat_id)
    [desk] = await talk.command("/start")
    assert desk.text.startswith("/queue visar")
    link = (await doors.link(await world.sara())).removeprefix("/c/")
    assert not await doors.sit("other", link, "sv")


async def test_a_closed_case_has_a_code_that_opens_it(world: World) -> None:
    case = await world.sara()
    day = world.clock.today()
    await payments.register_bank(world.house, SYSTEM, case.ocr, books(case, day).total, day, "in full")
    closed = await world.house.book.load(case.id)
    assert closed.closed
    session = await identity.try_code(world.house, await world.chat(), await Doors(world.house).code(closed))
    assert session.case_ids == {case.id}


async def test_another_persons_token_stays_what_it_is(world: World) -> None:
    doors = Doors(world.house)
    link = await doors.link(await world.sara())
    assert await doors.token(link.removeprefix("/c/")) == link.removeprefix("/c/")
    assert await doors.token("made-up") == "made-up"
