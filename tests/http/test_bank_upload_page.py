"""A bank's file from the page to the book: over HTTP, by disk, through the conversation, read beside it."""

import asyncio
from datetime import time
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.webchat import WebChat
from bot.http import standing
from bot.http.live import add_chat
from bot.http.security import guarded
from bot.http.talk import WebTalk
from core.evidence import FILE_MAX, MEGABYTE
from core.party import Role
from core.store.chat_models import Chat
from core.store.database import Database
from core.store.upload_folder import UploadFolder
from tests.dialogs.talk import dispatcher
from tests.fakes import FakeClock
from tests.files import bank_samples as bank
from tests.http.pages import client, front
from tests.http.test_upload import JSON, form, token
from tests.http.toy_chat import SECRET
from tests.logins import seat
from tests.services.test_bank_files import entries, paid
from tests.services.world import NOW, World, build


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return build(FakeClock.on(NOW, time(14, 7)))


def page(world: World, uploads: Path) -> web.Application:
    """The chat's pages over the real conversation."""
    house, around = world.house, front(world.clock)
    chat = WebChat(Intake(dispatcher(house, {1: "web"})), house.clock, Hub(), UploadFolder(uploads))
    talk = WebTalk(
        chat, standing.identified(house), standing.standing_of(house), file_max_of=standing.file_max_of(house)
    )
    app = web.Application(middlewares=[guarded(around, https=False)])
    add_chat(app, talk, around, secret=SECRET, public_url="")
    return app


async def test_staff_send_more_than_others_and_it_is_booked(world: World, tmp_path: Path) -> None:
    long = [paid(1_000 + n, bank.free("x" * 18_000), ref=f"A{n}") for n in range(70)]
    body = bank.camt(*long).encode()
    assert len(body) > MEGABYTE
    async with client(page(world, tmp_path / "uploads")) as browser:
        csrf = await token(browser)
        assert f'data-max="{FILE_MAX}"' in await (await browser.get("/")).text()
        chat = await Chat.get()
        await seat(world.house, chat.id, Role.CLERK, "Amira Nur")
        shown = await (await browser.get("/")).text()
        assert f'data-max="{50 * MEGABYTE}"' in shown
        assert "accept=" not in shown
        answer = await browser.post("/chat/upload", data=form(csrf, "camt054.xml", body), headers=JSON)
        assert (await answer.json())["outcome"] == "taken"
        await asyncio.gather(*[task for task in asyncio.all_tasks() if task.get_name() == "bank file"])
        assert "camt054.xml är läst." in await (await browser.get("/")).text()
        many = form(csrf, "år.xml", b"", client_id="f2", octets=51 * MEGABYTE, kind="text/xml")
        await browser.post("/chat/upload", data=many, headers=JSON)
        assert "år.xml är 53 MB. Hit går att skicka högst 50 MB." in await (await browser.get("/")).text()
    assert len(await entries()) == 70
    assert list((tmp_path / "uploads").iterdir()) == []
