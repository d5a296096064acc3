"""Sending files from the page: read piece by piece, for its own form only, and never more than we take."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientError, FormData, web
from aiohttp.test_utils import TestClient

from core.evidence import FILE_MAX
from tests.fakes import FakeClock
from tests.http.pages import client
from tests.http.toy_chat import ToyTalk, toy_app

Browser = TestClient[web.Request, web.Application]
JSON = {"Accept": "application/json"}


@pytest.fixture
async def talk() -> ToyTalk:
    return ToyTalk(FakeClock())


@pytest.fixture
async def browser(talk: ToyTalk) -> AsyncIterator[Browser]:
    async with client(toy_app(talk)) as found:
        yield found


async def token(browser: Browser) -> str:
    page = await (await browser.get("/")).text()
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def form(
    csrf: str, name: str, body: Any, *, client_id: str = "f1", octets: int | None = None, kind: str = "image/jpeg"
) -> FormData:
    made = FormData(quote_fields=False)  # as browsers do
    made.add_field("csrf", csrf)
    made.add_field("client_id", client_id)
    if octets is not None:
        made.add_field("octets", str(octets))
    made.add_field("file", body, filename=name, content_type=kind)
    return made


def sent(talk: ToyTalk) -> list[tuple[str, int]]:
    [chat] = talk.chats.values()
    files = (message.get("file") for message in chat.messages.values())
    return [(file["name"], file["size"]) for file in files if file]


async def test_a_picture_arrives_once_however_often_it_is_sent(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)
    for _ in range(2):
        answer = await browser.post(
            "/chat/upload", data=form(csrf, "cykel.jpg", b"\xff\xd8\xff" + bytes(900)), headers=JSON
        )
        assert (await answer.json())["outcome"] == "taken"
    assert sent(talk) == [("cykel.jpg", 903)]
    page = await (await browser.get("/")).text()
    assert '<div class="file">' in page
    assert "cykel.jpg" in page


async def test_eleven_megabytes_are_not_kept_and_their_name_is_answered(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)

    async def eleven() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield bytes(1024 * 1024)

    answer = await browser.post("/chat/upload", data=form(csrf, "film.mov", eleven()), headers=JSON)
    assert (await answer.json())["outcome"] == "taken"
    assert sent(talk) == [("film.mov", 11 * 1024 * 1024)]
    assert (await (await browser.get("/")).text()).count("Filen är för stor.") == 1


async def test_a_page_that_knows_it_is_too_large_sends_only_the_name(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)
    data = form(csrf, "skanning.pdf", b"", octets=14 * 1024 * 1024)
    await browser.post("/chat/upload", data=data, headers=JSON)
    assert sent(talk) == [("skanning.pdf", 14 * 1024 * 1024)]


async def test_who_may_send_long_files_sends_them_by_disk(talk: ToyTalk, browser: Browser) -> None:
    talk.most = 12 * 1024 * 1024
    csrf = await token(browser)
    body = bytes(range(256)) * 45_000
    await browser.post("/chat/upload", data=form(csrf, "camt054.xml", body), headers=JSON)
    await browser.post("/chat/upload", data=form(csrf, "kort.xml", b"1", client_id="f2"), headers=JSON)
    await browser.post("/chat/upload", data=form(csrf, "år.xml", bytes(talk.most + 1), client_id="f3"), headers=JSON)
    assert sent(talk) == [("camt054.xml", len(body)), ("kort.xml", 1), ("år.xml", talk.most + 1)]
    assert talk.on_disk == [hashlib.sha256(body).hexdigest()]
    page = await (await browser.get("/")).text()
    assert page.count("Filen är för stor.") == 1
    assert 'data-max="12582912"' in page


async def test_without_end_is_cut_off(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 50 * FILE_MAX:
            read += 1024 * 1024
            yield bytes(1024 * 1024)

    # The line may break before the answer is heard; either way most of it was never read.
    with suppress(ClientError):
        await browser.post("/chat/upload", data=form(csrf, "x.jpg", endless()), headers=JSON)
    assert read < 10 * FILE_MAX


async def test_a_form_of_nobody_is_not_read(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)
    assert (await browser.post("/chat/upload", data=form("made up", "a.jpg", b"x"))).status == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await browser.post("/chat/upload", data=form(csrf, "a.jpg", b"x"), headers=foreign)).status == 403
    late = FormData()
    late.add_field("file", b"x", filename="a.jpg")
    late.add_field("csrf", csrf)
    assert (await browser.post("/chat/upload", data=late)).status == 403
    assert (await browser.post("/chat/upload", data=b"x")).status == 415
    browser.session.cookie_jar.clear()
    assert (await browser.post("/chat/upload", data=form(csrf, "a.jpg", b"x"))).status == 403
    assert sent(talk) == []


async def test_without_script_several_files_go_by_one_form(talk: ToyTalk, browser: Browser) -> None:
    data = form(await token(browser), "ett.jpg", b"1")
    data.add_field("file", b"22", filename="två.pdf", content_type="text/html; charset=x")
    answer = await browser.post("/chat/upload", data=data, allow_redirects=False)
    assert (answer.status, answer.headers["Location"][:3]) == (303, "/#m")
    assert sent(talk) == [("ett.jpg", 1), ("två.pdf", 2)]


async def test_a_plain_form_without_a_choice_sends_nothing(talk: ToyTalk, browser: Browser) -> None:
    answer = await browser.post("/chat/upload", data=form(await token(browser), "", b""), allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/#write")
    assert sent(talk) == []


async def test_who_sends_without_end_is_asked_to_wait(talk: ToyTalk, browser: Browser) -> None:
    csrf = await token(browser)
    outcomes = []
    for number in range(21):
        data = form(csrf, "a.jpg", b"x", client_id=f"f{number}")
        outcomes.append((await (await browser.post("/chat/upload", data=data, headers=JSON)).json())["outcome"])
    assert outcomes == ["taken"] * 20 + ["slow"]
