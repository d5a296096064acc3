"""The socket: nothing is lost or doubled over a break, and nobody else's page gets in."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient

from bot.channels.fanout import Hub
from bot.channels.webchat import WebChat
from bot.http import pages
from bot.http.conversation import Standing
from bot.http.live import FRAME_OCTETS_MAX, add_chat
from bot.http.talk import WebTalk
from core.store import chats
from core.store.chat_models import Chat
from core.store.database import Database
from tests.channels.toy import House
from tests.fakes import FakeClock
from tests.http.pages import application, client, front
from tests.http.toy_chat import SECRET, ToyTalk, doors, toy_app, toy_clock

Browser = TestClient[Any, Any]
Frame = dict[str, Any]


@pytest.fixture
def talk() -> ToyTalk:
    return ToyTalk(toy_clock())


@pytest.fixture
async def browser(talk: ToyTalk) -> AsyncIterator[Browser]:
    async with client(toy_app(talk, public_url="http://schysst.example")) as browser:
        await browser.get("/")
        yield browser


def origin(browser: Browser) -> str:
    return str(browser.make_url("/")).rstrip("/")


async def form_token(browser: Browser) -> str:
    """What the page has in its forms, and says with its hello."""
    found = re.search(r'name="csrf" value="([^"]+)"', await (await browser.get("/")).text())
    assert found is not None
    return found[1]


async def connected(browser: Browser, after: int = 0) -> tuple[ClientWebSocketResponse, list[Frame]]:
    """A socket that has said hello, and what it was told until it was told that this is all."""
    socket = await browser.ws_connect("/chat/ws", headers={"Origin": origin(browser)})
    await socket.send_json({"op": "hello", "after": after, "token": await form_token(browser)})
    return socket, await until(socket, "ready")


async def until(socket: ClientWebSocketResponse, op: str) -> list[Frame]:
    frames: list[Frame] = []
    async with asyncio.timeout(5):
        while not frames or frames[-1]["op"] != op:
            frames.append(await socket.receive_json())
    return frames


async def sent(socket: ClientWebSocketResponse, **frame: Any) -> list[Frame]:
    await socket.send_json({"client_id": "c1", **frame})
    return await until(socket, "ack")


async def told(socket: ClientWebSocketResponse, last: int, **frame: Any) -> dict[str, Frame]:
    """Send, and collect until the message with the last id has come; acknowledgement and messages by their names."""
    await socket.send_json({"client_id": "c1", **frame})
    found: dict[str, Frame] = {}
    async with asyncio.timeout(5):
        while not {"ack", f"put {last}"} <= found.keys():
            frame = await socket.receive_json()
            found[f"put {frame['id']}" if frame["op"] == "put" else frame["op"]] = frame
    return found


def put(frames: list[Frame]) -> list[int]:
    return [frame["id"] for frame in frames if frame["op"] == "put"]


async def test_hello_brings_what_was_missed_and_no_more(browser: Browser, talk: ToyTalk) -> None:
    chat = talk.chats[1]
    for number in range(3):
        talk.say(chat, f"Nummer {number}")
    assert put((await connected(browser, 0))[1]) == [1, 2, 3, 4]
    assert put((await connected(browser, 2))[1]) == [3, 4]
    assert put((await connected(browser, 4))[1]) == []


async def test_a_text_shows_as_ones_own_and_is_answered_and_acknowledged(browser: Browser) -> None:
    socket, _ = await connected(browser, 1)
    frames = await told(socket, 3, op="text", text="T4WH-9RKC")
    assert frames["ack"] == {"op": "ack", "client_id": "c1", "outcome": "taken", "id": 2}
    assert (frames["put 2"]["mine"], frames["put 2"]["ref"]) == (True, "c1")
    assert frames["put 3"]["screen"]
    assert "Uträkning, 4 rader, summa 1\u00a0248,22." in frames["put 3"]["said"]
    assert frames["put 3"]["said"].endswith("6 val.")


async def test_at_a_desk_what_is_told_takes_no_button_of_another_away(browser: Browser, talk: ToyTalk) -> None:
    talk.desk = True
    socket, _ = await connected(browser, 1)
    frames = await told(socket, 3, op="text", text="T4WH-9RKC")
    assert 'name="key"' in frames["put 3"]["html"]
    assert not frames["put 3"]["screen"]


async def test_the_same_text_after_a_break_is_one_message(browser: Browser, talk: ToyTalk) -> None:
    first, _ = await connected(browser, 1)
    await sent(first, op="text", text="Hej")
    await first.close()
    again, _ = await connected(browser, 1)
    assert (await sent(again, op="text", text="Hej"))[-1]["outcome"] == "taken"
    assert [m["plain"] for m in talk.chats[1].messages.values() if m["by"] == "you"] == ["Hej"]


async def test_a_choice_leaves_the_screen_without_buttons_and_shows_the_next(browser: Browser) -> None:
    socket, _ = await connected(browser, 1)
    frames = await told(socket, 3, op="press", message_id=1, key="1.0")
    assert [name for name in frames if name.startswith("put")] == ["put 2", "put 1", "put 3"]
    assert 'name="key"' not in frames["put 1"]["html"]
    assert 'name="key"' in frames["put 3"]["html"]
    assert (await sent(socket, op="press", message_id=1, key="1.0", client_id="c2"))[-1]["outcome"] == "stale"
    assert (await sent(socket, op="press", message_id=3, key="7.0", client_id="c3"))[-1]["outcome"] == "stale"


async def test_the_still_line_comes_with_identification(browser: Browser) -> None:
    socket, frames = await connected(browser, 1)
    assert next(frame for frame in frames if frame["op"] == "standing")["html"] == ""
    await socket.send_json({"op": "text", "text": "T4WH-9RKC", "client_id": "c1"})
    standing = (await until(socket, "standing"))[-1]["html"]
    assert "Inget nytt händer före 5 augusti" in standing
    assert 'aria-current="step"' in standing


async def test_what_fails_with_us_is_said_and_the_socket_stays(browser: Browser, talk: ToyTalk) -> None:
    socket, _ = await connected(browser, 1)
    talk.broken = True
    assert (await sent(socket, op="text", text="Hej"))[-1]["outcome"] == "failed"
    talk.broken = False
    assert (await sent(socket, op="text", text="Hej"))[-1]["outcome"] == "taken"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example", "null", "", None])
async def test_a_page_of_another_site_gets_no_socket(browser: Browser, elsewhere: str | None) -> None:
    headers = {} if elsewhere is None else {"Origin": elsewhere}
    with pytest.raises(WSServerHandshakeError, match="403"):
        await browser.ws_connect("/chat/ws", headers=headers)


async def test_our_public_name_is_an_origin_of_ours_behind_a_proxy(browser: Browser) -> None:
    socket = await browser.ws_connect("/chat/ws", headers={"Origin": "http://schysst.example"})
    assert not socket.closed


async def test_without_a_chat_there_is_no_socket(browser: Browser) -> None:
    browser.session.cookie_jar.clear()
    with pytest.raises(WSServerHandshakeError, match="403"):
        await browser.ws_connect("/chat/ws", headers={"Origin": origin(browser)})


@pytest.mark.parametrize("nonsense", ["", "[]", "{}", '{"op": 7}', "not json", "x" * (FRAME_OCTETS_MAX + 1)])
async def test_nonsense_ends_the_connection_and_nothing_else(browser: Browser, talk: ToyTalk, nonsense: str) -> None:
    socket, _ = await connected(browser, 1)
    await socket.send_str(nonsense)
    async with asyncio.timeout(5):
        while (await socket.receive()).type not in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED}:
            pass
    assert len(talk.chats[1].messages) == 1


async def test_what_is_hidden_leaves_the_page_though_it_has_no_number(browser: Browser, talk: ToyTalk) -> None:
    socket, _ = await connected(browser, 1)
    for queue in talk.chats[1].listeners:
        queue.put_nowait({"op": "del", "message": {"id": 1}})
    assert (await until(socket, "del"))[-1]["id"] == 1


async def test_toasts_and_dots_pass_by(browser: Browser, talk: ToyTalk) -> None:
    socket, _ = await connected(browser, 1)
    for queue in talk.chats[1].listeners:
        queue.put_nowait({"op": "typing", "seq": 1})
        queue.put_nowait({"op": "toast", "seq": 1, "message": {"plain": "<Hej>", "alert": False}})
    assert "Schysst skriver" in (await until(socket, "typing"))[-1]["html"]
    note = (await until(socket, "note"))[-1]
    assert "&lt;Hej&gt;" in note["html"]
    assert note["said"] == "<Hej>"


async def test_a_page_of_another_conversation_is_told_to_look_anew(browser: Browser, talk: ToyTalk) -> None:
    old = await form_token(browser)
    browser.session.cookie_jar.clear()
    await browser.get("/")
    socket = await browser.ws_connect("/chat/ws", headers={"Origin": origin(browser)})
    await socket.send_json({"op": "hello", "after": 0, "token": old})
    await socket.send_json({"op": "text", "text": "Hej", "client_id": "c1"})
    assert await until(socket, "moved") == [{"op": "moved"}]
    assert not any(message["by"] == "you" for chat in talk.chats.values() for message in chat.messages.values())


async def test_a_long_text_is_refused_and_a_flood_is_slowed(browser: Browser) -> None:
    socket, _ = await connected(browser, 1)
    assert (await sent(socket, op="text", text="x" * 4097))[-1]["outcome"] == "too_long"
    outcomes = [(await sent(socket, op="text", text="x", client_id=f"f{n}"))[-1]["outcome"] for n in range(41)]
    assert outcomes[0] == "taken"
    assert outcomes[-1] == "slow"


async def test_a_stop_closes_the_sockets_at_once(talk: ToyTalk) -> None:
    async with client(toy_app(talk)) as browser:
        await browser.get("/")
        socket, _ = await connected(browser, 1)
        async with asyncio.timeout(5):
            await browser.server.close()
            message = await socket.receive()
        assert message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


async def test_all_the_pages_of_a_chat_are_told(browser: Browser, talk: ToyTalk) -> None:
    (one, _), (two, _) = await connected(browser, 1), await connected(browser, 1)
    talk.say(talk.chats[1], "Ett brev har kommit", doors(("Läs brevet", "letter")))
    assert put(await until(one, "put")) == put(await until(two, "put")) == [2]


async def anybody(_chat_id: int) -> bool:
    return True


async def no_standing(_chat_id: int) -> Standing | None:
    return None


def tea_app(clock: FakeClock) -> web.Application:
    """The same pages over the real web channel and a small dialog."""
    house, around = House(clock), front(clock)
    talk = WebTalk(WebChat(house.intake, clock, Hub()), anybody, no_standing)
    app = application(around)
    add_chat(app, talk, around, secret=SECRET, public_url="")
    return app


async def test_a_dialog_runs_over_the_real_channel_with_and_without_script(
    sqlite_db: Database, clock: FakeClock
) -> None:
    async with client(tea_app(clock)) as browser:
        assert "Vad heter du?" in await (await browser.get("/c/any-token")).text()
        socket, _ = await connected(browser)
        assert (await sent(socket, op="text", text="Åsa"))[-1]["outcome"] == "taken"
        page = await (await browser.get("/")).text()
        assert "Hej Åsa. Hur stort te?" in page
        assert "/start" not in page
        [chat] = await Chat.all()
        screen = await chats.last_screen(chat.id)
        assert screen is not None
        frames = await sent(socket, op="press", message_id=screen.message_id, key="0.1", client_id="c2")
        assert frames[-1]["outcome"] == "taken"
        page = await (await browser.get("/")).text()
        assert "<b>Åsa</b>: stor" in page
        assert "En stor" in page
        assert pages.asset("chat.js") in page
        await sent(socket, op="text", text="/paper", client_id="c3")
        found = re.search(r'href="(/chat/file/[^"]+)"', await (await browser.get("/")).text())
        assert found is not None
        assert await (await browser.get(found[1])).read() == b"%PDF-1.7 paper"
        browser.session.cookie_jar.clear()
        await browser.get("/")
        assert (await browser.get(found[1])).status == 404


async def test_a_chosen_language_has_the_page_made_anew_once(browser: Browser, talk: ToyTalk) -> None:
    socket, _ = await connected(browser, 1)
    await sent(socket, op="command", name="language")
    await socket.send_json({"op": "press", "message_id": 2, "key": "1.0", "client_id": "c2"})
    assert (await until(socket, "reload"))[-1] == {"op": "reload", "lang": "en"}
    talk.say(talk.chats[1], "Once more")
    assert "reload" not in [frame["op"] for frame in await until(socket, "put")]


async def test_a_page_in_another_language_than_its_conversation_is_made_anew(browser: Browser, talk: ToyTalk) -> None:
    talk.chats[1].language = "en"
    socket = await browser.ws_connect("/chat/ws", headers={"Origin": origin(browser)})
    await socket.send_json({"op": "hello", "after": 1, "token": await form_token(browser), "lang": "sv"})
    assert "reload" in [frame["op"] for frame in await until(socket, "ready")]
