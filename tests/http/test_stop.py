"""The link that ends mails: looking changes nothing, a button and a mail program's one click do, once."""

from functools import partial
from html import unescape

import pytest
from aiohttp.test_utils import TestClient

from bot.http.stop import StopPage
from core.services import doors, mail_in
from core.store import chats, sessions
from core.store.database import Database
from tests.fakes import FakeClock
from tests.http.pages import application, client, front
from tests.services.world import NOW, World, build


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW))


def browser(world: World) -> TestClient:
    around = front(world.clock)
    app = application(around)
    StopPage(around, partial(doors.chat_to_stop, world.house), partial(mail_in.stop_by_link, world.house)).register(app)
    return client(app)


async def link_of(world: World) -> tuple[int, str]:
    chat = await chats.open_chat("email", "sara@example.org", world.clock.now())
    return chat.id, "/stop/" + await doors.stop_link(world.house, chat.id, "10000180:demand:1")


async def stopped(chat_id: int) -> bool:
    chat = await sessions.get(chat_id)
    return chat is not None and chat.stopped


async def test_looking_at_the_link_changes_nothing_and_the_button_does(world: World) -> None:
    chat_id, link = await link_of(world)
    async with browser(world) as page:
        asked = unescape(await (await page.get(link)).text())
        assert "Ska vi sluta mejla till den här adressen?" in asked
        assert "sara@example.org" not in asked
        assert not await stopped(chat_id)
        for _ in range(2):
            done = await page.post(link)
            assert (done.status, "Klart." in await done.text()) == (200, True)
    assert await stopped(chat_id)


async def test_one_click_of_a_mail_program_is_enough(world: World) -> None:
    chat_id, link = await link_of(world)
    async with browser(world) as page:
        answer = await page.post(link, data={"List-Unsubscribe": "One-Click"}, headers={"Accept": "*/*"})
    assert answer.status == 200
    assert await stopped(chat_id)


async def test_another_sites_form_is_refused(world: World) -> None:
    chat_id, link = await link_of(world)
    async with browser(world) as page:
        answer = await page.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403
    assert not await stopped(chat_id)


@pytest.mark.parametrize("token", ["0" * 40, "x"])
async def test_a_link_that_is_none_says_what_helps(world: World, token: str) -> None:
    async with browser(world) as page:
        for answer in (await page.get(f"/stop/{token}"), await page.post(f"/stop/{token}")):
            assert (answer.status, "Svara STOPP" in await answer.text()) == (404, True)


async def test_a_personal_link_stops_nothing(world: World) -> None:
    case = await world.case()
    token = await doors.new_link(world.house, case)
    async with browser(world) as page:
        assert (await page.post(f"/stop/{token}")).status == 404
