"""Strangers who try things with the real program: refused, nothing revealed, and nothing of a person in the log."""

import asyncio
import csv
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests import house
from tests.channels.botapi import TOKEN, BotApi
from tests.e2e.page import Page, browser
from tests.e2e.phone import Phone
from tests.e2e.program import Program, asked
from tests.e2e.swish import Callback

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRANGER, SARA = 90_010, 90_011
HUGE = "Bromsarna tar fortfarande inte. " * (5 * 1024 * 1024 // 32)
#: What only somebody who has proved who they are may read.
SECRET = ("Sara", "Norrhjul", "1 248,22", "5512", "10001089")


@dataclass(frozen=True)
class Doors:
    """The links and codes of the demo's people, by case."""

    kept: dict[str, str]

    def link(self, case_id: int) -> str:
        return f"/c/{self.kept[f'link:{case_id}']}"

    def code(self, case_id: int) -> str:
        return self.kept[f"code:{case_id}"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture(scope="module")
def doors(home: Path) -> Doors:
    [(kept,)] = asked(home, "SELECT value FROM settings WHERE key = 'demo.doors'")
    return Doors(json.loads(kept))


def case_of(home: Path, invoice: str) -> int:
    [(case_id,)] = asked(home, "SELECT case_id FROM claims WHERE reference = ?", invoice)
    return int(case_id)


@pytest.fixture(scope="module")
def sara(home: Path) -> int:
    return case_of(home, "5512")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(api: BotApi, home: Path, doors: Doors) -> AsyncIterator[Program]:
    """Without the demo's page, which knows everybody's codes."""
    more = {"SCHYSST_ENV": "test", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.url}
    async with Program(home, ("run",), more) as program:
        yield program
        assert (await program.ask("verify")).out == ""
        assert await program.stop() == 0
    assert_log_knows_nobody(program, doors)


def assert_log_knows_nobody(program: Program, doors: Doors) -> None:
    """No name, number, address, text, code or token, whatever was tried and whatever went wrong."""
    rows = csv.DictReader((house.ROOT / "bot/demo/claims.csv").read_text().splitlines(), delimiter=";")
    people = [
        word
        for row in rows
        for word in (*re.findall(r"\w{4,}", row["debtor_name"]), row["debtor_number"], row["street"], row["ground"])
    ]
    said = [
        "Bromsarna",
        str(STRANGER),
        str(SARA),
        "127.0.0.1 ",
        TOKEN.partition(":")[2],
        "guessed",
        *doors.kept.values(),
    ]
    found = [word for word in (*people, *said) if word in program.log]
    assert found == []
    assert "Traceback" not in program.log
    for refused in (
        "a link that",
        "a code in",
        "a form of",
        "403, GET /chat/ws",
        "413, POST",
        "callback",
        "a press on",
    ):
        assert refused in program.log


def assert_reveals_nothing(text: str) -> None:
    plain = text.replace("\u00a0", " ")
    assert [word for word in SECRET if word in plain] == []


async def identified(page: Page, doors: Doors, case_id: int) -> Page:
    await page.open(doors.link(case_id))
    await page.press("Skriv koden i brevet")
    await page.say(doors.code(case_id))
    return page


# Links and codes


async def test_a_guessed_link_opens_nothing(program: Program) -> None:
    async with browser(program.url) as page:
        await page.open(f"/c/guessed-{secrets.token_urlsafe(12)}")
        assert "Länken gäller inte längre" in page.text
        assert_reveals_nothing(page.html)
        for path in ("/pay/guessed-link-1234", "/c/", "/demo", "/demo/letters", "/chat/file/1", "/hooks/telegram"):
            async with page.http.get(program.url + path) as answer:
                assert answer.status in (404, 405), path
                assert_reveals_nothing(await answer.text())


async def test_five_wrong_codes_lock_and_then_the_right_one_is_refused_too(
    program: Program, doors: Doors, sara: int
) -> None:
    async with browser(program.url) as page:
        await page.open()
        await page.press("Skriv koden i brevet")
        for number in range(5):
            await page.say(f"AAAA-AAA{number + 2}")
        assert "Det blev fel fem gånger" in page.text
        await page.say(doors.code(sara))
        assert "Det blev fel fem gånger" in page.last
        assert_reveals_nothing(page.html)


# Telegram


async def test_a_replayed_update_is_answered_once(program: Program, api: BotApi) -> None:
    phone = Phone(api, STRANGER)
    await phone.write("/start", "automatisk tjänst")
    update = await api.write(STRANGER, "/help")
    await phone.until("Här visar du vem du är")
    before = len(phone.visible)
    for _ in range(3):
        await api.replay(update)
    await api.taken()
    await phone.write("/start", "automatisk tjänst")
    assert len([sent for sent in phone.visible if sent.by_bot]) <= before


async def test_a_press_on_a_button_never_shown_reveals_nothing(
    program: Program, api: BotApi, home: Path, sara: int
) -> None:
    phone = Phone(api, STRANGER)
    await phone.write("/start", "automatisk tjänst")
    [screen] = [sent for sent in phone.visible if sent.keyboard][-1:]
    own = screen.keyboard[0][0]["callback_data"]
    dialog = own.partition("\x1d")[0]
    for data in (f"receipt:{sara}:1", f"work:{sara}", "home:", "x" * 64, f"{dialog}\x1dswish", f"{dialog}\x1downthing"):
        await api.press(STRANGER, screen.message_id, data)
    await phone.write("/start", "automatisk tjänst")
    assert_reveals_nothing(phone.text)
    assert asked(home, "SELECT count(*) FROM payment_requests") == [(0,)]


async def test_a_text_of_five_megabytes_on_telegram_is_answered_and_forgotten(program: Program, api: BotApi) -> None:
    phone = Phone(api, STRANGER)
    await phone.write(HUGE, "Texten är för lång")
    assert await program.healthy()


# Pages and sockets


async def test_a_form_from_elsewhere_and_one_without_its_token_are_refused(program: Program) -> None:
    async with browser(program.url) as page:
        await page.open()
        screen, form = page.screen, {"csrf": page.csrf, "text": "Hej"}
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            async with page.http.post(f"{program.url}/chat/text", data=form, headers=headers) as answer:
                assert answer.status == 403
        real, page.csrf = page.csrf, "guessed"
        assert await page.send("press", message_id=str(screen.id), key="0.0") == 422
        page.csrf = real
        assert [message for message in (await page.open()).messages if message.mine] == []


async def test_a_press_on_a_button_never_shown_is_refused(program: Program, doors: Doors, home: Path) -> None:
    async with browser(program.url) as page, browser(program.url) as other:
        await identified(other, doors, case_of(home, "H-20417"))
        await page.open()
        screen = page.screen
        theirs = other.screen
        for message_id, key in (
            (screen.id, "9.9"),
            (screen.id, "-1.0"),
            (screen.id, "receipt:1:1"),
            (theirs.id, "0.0"),
            (2**62, "0.0"),
        ):
            assert await page.send("press", message_id=str(message_id), key=key) == 409
        assert_reveals_nothing(page.html)
        await page.press("Skriv koden i brevet")
        assert await page.send("press", message_id=str(screen.id), key="0.0") == 409  # it was shown, and is gone
        assert_reveals_nothing(page.html)


async def socket_of(page: Page, origin: str | None) -> aiohttp.ClientWebSocketResponse:
    headers = {"Origin": origin} if origin else {}
    return await page.http.ws_connect(f"{page.url}/chat/ws", headers=headers)


async def ask_socket(page: Page, frame: dict[str, Any]) -> dict[str, Any]:
    """Greet as the page does, send one frame, and take its answer."""
    async with asyncio.timeout(60):
        socket = await socket_of(page, page.url)
        await socket.send_json({"op": "hello", "after": 0, "token": page.csrf})
        while (await socket.receive_json())["op"] != "ready":
            continue
        await socket.send_json({"client_id": "one", **frame})
        while True:
            told: dict[str, Any] = await socket.receive_json()
            if told["op"] == "ack":
                await socket.close()
                return told


async def test_a_socket_takes_only_buttons_that_were_shown(program: Program) -> None:
    async with browser(program.url) as page:
        await page.open()
        for frame in (
            {"op": "press", "message_id": page.screen.id, "key": "9.9"},
            {"op": "press", "message_id": page.screen.id + 7, "key": "0.0"},
        ):
            assert (await ask_socket(page, frame))["outcome"] == "stale"
        assert (await ask_socket(page, {"op": "command", "name": "case 1"}))["outcome"] == "failed"


async def test_a_socket_from_another_site_is_refused(program: Program) -> None:
    async with browser(program.url) as page:
        await page.open()
        for origin in ("https://evil.example", f"{program.url}.evil.example", "null", None):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await socket_of(page, origin)
            assert refused.value.status == 403


async def test_a_socket_without_its_chat_is_refused(program: Program) -> None:
    async with browser(program.url) as page:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await socket_of(page, page.url)
        assert refused.value.status == 403


async def test_five_megabytes_are_refused_by_form_and_by_socket(program: Program) -> None:
    async with browser(program.url) as page:
        await page.open()
        with suppress(aiohttp.ClientOSError, ConnectionError):  # it may hang up while we are still sending
            assert await page.send("text", text=HUGE) == 413
        assert await page.send("text", text="å" * 4097) == 422
        socket = await socket_of(page, page.url)
        await socket.send_json({"op": "hello", "after": 0, "token": page.csrf})
        with suppress(ConnectionError):
            await socket.send_json({"op": "text", "client_id": "huge", "text": HUGE})
        async with asyncio.timeout(60):
            async for _ in socket:
                pass
        assert socket.close_code in (aiohttp.WSCloseCode.MESSAGE_TOO_BIG, aiohttp.WSCloseCode.ABNORMAL_CLOSURE)
        assert [message for message in (await page.open()).messages if message.mine] == []
    assert await program.healthy()


async def test_what_is_no_http_at_all_leaves_no_trace(program: Program, doors: Doors, sara: int) -> None:
    for line in (f"GET {doors.link(sara)} HTTP/9.9", f"{doors.code(sara)} / HTTP/1.1", "\x16\x03\x01 guessed"):
        reader, writer = await asyncio.open_connection("127.0.0.1", program.port)
        writer.write(f"{line}\r\nHost: x\r\n\r\n".encode())
        await writer.drain()
        async with asyncio.timeout(60):
            await reader.read()
        writer.close()
    assert await program.healthy()


# Swish


async def test_a_forged_callback_books_nothing(program: Program, doors: Doors, home: Path, sara: int) -> None:
    async with browser(program.url) as page:
        await identified(page, doors, sara)
        await page.press("Betala")
        await page.press("Betala med Swish")
        real = Callback.of_last_request(program.url, home)
        forged = {
            404: (
                replace(real, url=f"{program.url}/hooks/swish/guessed"),
                replace(real, identifier="guessed"),
                replace(real, identifier=""),
                replace(real, identifier="å"),
            ),
            400: (replace(real, instruction_id="guessed"), replace(real, instruction_id="A" * 100_000)),
            200: (replace(real, instruction_id=secrets.token_hex(16).upper()), real),  # unknown; known and unpaid
        }
        for status, callbacks in forged.items():
            assert [await callback.post(amount=1248.22) for callback in callbacks] == [status] * len(callbacks)
        assert asked(home, "SELECT count(*) FROM facts WHERE kind = 'payment_received' AND case_id = ?", sara) == [(0,)]
        assert "Kvitto" not in (await page.open()).text


# When Telegram fails


async def test_failures_on_the_wire_are_logged_without_the_token(program: Program, api: BotApi) -> None:
    api.faults["getUpdates"].extend([500, "drop"])
    phone = Phone(api, SARA)
    api.faults["sendMessage"].append(500)
    await api.write(SARA, "Bromsarna tar inte.")
    await phone.write("/start", "automatisk tjänst")
    assert "ERROR" in program.log or "WARNING" in program.log
