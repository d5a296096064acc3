"""The pretend gateway's bad days, its counting of segments, and the phones that one can look at."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.sandbox.sms import Faults, SmsSandbox
from bot.sandbox.sms_checks import segments
from bot.sandbox.sms_pages import SmsPages, parts
from core.ports import SmsState
from core.providers.sms_elks import ElksClient
from tests.fakes import FakeClock
from tests.http.pages import client as browsing
from tests.http.pages import front
from tests.providers.sms_world import OURS, THEIRS, World, gateway

Browser = TestClient[Any, Any]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with gateway("elks", "/sandbox/46elks/") as made:
        yield made


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("å" * 160, 1),
        ("å" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("Pris 10 €", 1),
        ("Påminnelse – förfallen faktura", 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        # A sign of two places is never cut: the first part ends one place early.
        ("a" * 152 + "€" * 76, 2),
        ("a" * 152 + "€" * 77, 3),
    ],
)
def test_segments_are_counted_as_networks_bill_them(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("faults", "states"),
    [
        (Faults(), ["sent", "delivered"]),
        (Faults(lose_reports=True), []),
        (Faults(turn_reports=True), ["delivered", "sent"]),
        (Faults(repeat_reports=2), ["sent", "sent", "delivered", "delivered"]),
        (Faults(delay_reports_s=3_600), ["sent", "delivered"]),
    ],
)
async def test_reports_may_come_often_late_in_the_wrong_order_or_never(
    world: World, faults: Faults, states: list[str]
) -> None:
    world.sandbox.faults = faults
    async with ElksClient(world.account) as client:
        await client.send(THEIRS, "Hej")
    await world.sandbox.calls_made()
    assert [str(one.state) for one in world.desk.reports] == states


async def test_an_incoming_message_may_come_often_and_until_it_is_heard(world: World) -> None:
    world.sandbox.faults = Faults(repeat_incoming=3)
    world.desk.deaf = 2
    said = world.sandbox.write(THEIRS, "Hej")
    await world.sandbox.calls_made()
    assert [one.reference for one in world.desk.heard] == [said.id] * 3


async def test_what_cannot_reach_a_phone_is_not_on_it(world: World) -> None:
    world.sandbox.unreachable.add(THEIRS)
    async with ElksClient(world.account) as client:
        await client.send(THEIRS, "Hej")
    await world.sandbox.calls_made()
    assert world.desk.reports[-1].state is SmsState.FAILED
    assert world.sandbox.thread(THEIRS) == []


async def test_an_answer_with_words_in_it_becomes_an_sms_as_at_46elks() -> None:
    async def talkative(_: web.Request) -> web.Response:
        return web.Response(text="200 OK")

    app = web.Application()
    app.router.add_post("/in", talkative)
    async with browsing(app) as browser:
        sandbox = SmsSandbox(FakeClock(), OURS, str(browser.make_url("/in")))
        sandbox.write(THEIRS, "Hej")
        await sandbox.calls_made()
    assert [one.text for one in sandbox.thread(THEIRS)] == ["Hej", "200 OK"]


# The phones


@pytest.fixture
async def phones(world: World) -> AsyncIterator[tuple[SmsSandbox, Browser]]:
    app = web.Application()
    SmsPages(front(world.clock), world.sandbox).register(app)
    async with browsing(app) as browser:
        yield world.sandbox, browser


async def test_a_phone_shows_its_thread_with_links_and_segments(
    world: World, phones: tuple[SmsSandbox, Browser]
) -> None:
    sandbox, browser = phones
    async with ElksClient(world.account) as client:
        await client.send(THEIRS, "Läs <här>: https://schysst.example/c/Ab3. " + "å" * 160)
    listed = await (await browser.get("/sandbox/sms")).text()
    assert f'href="/sandbox/sms?number=%2B{THEIRS[1:]}"' in listed
    page = await (await browser.get("/sandbox/sms", params={"number": "070-174 06 05"})).text()
    assert '<a href="https://schysst.example/c/Ab3">https://schysst.example/c/Ab3</a>. å' in page
    assert "&lt;här&gt;" in page
    assert "2 delar" in page
    assert "style=" not in page
    await sandbox.calls_made()


async def test_one_answers_by_a_key_or_in_words(world: World, phones: tuple[SmsSandbox, Browser]) -> None:
    _, browser = phones
    answer = await browser.post("/sandbox/sms", data={"number": THEIRS, "text": "", "key": "0"}, allow_redirects=False)
    assert answer.headers["Location"].startswith("/sandbox/sms?number=")
    await browser.post("/sandbox/sms", data={"number": THEIRS, "text": " Hej hej "})
    await browser.post("/sandbox/sms", data={"number": THEIRS, "text": "  "})
    assert [one.text for one in world.desk.heard] == ["0", "Hej hej"]
    state = await (await browser.get("/sandbox/sms/state", params={"number": THEIRS})).json()
    assert state == {"stage": "2"}


async def test_a_number_that_is_none_opens_no_phone(phones: tuple[SmsSandbox, Browser]) -> None:
    _, browser = phones
    answer = await browser.get("/sandbox/sms", params={"number": "Telia"})
    assert answer.status == 422
    assert 'aria-invalid="true"' in await answer.text()
    assert (await browser.post("/sandbox/sms", data={"number": "x", "text": "Hej"})).status == 400


async def test_the_switches_are_set_all_at_once(phones: tuple[SmsSandbox, Browser]) -> None:
    sandbox, browser = phones
    form = {"number": THEIRS, "refused": "on", "busy": "2", "retry_after": "30", "turn_reports": "on"}
    await browser.post("/sandbox/sms/faults", data=form)
    assert sandbox.faults == Faults(busy=2, retry_after="30", turn_reports=True)
    assert (sandbox.refused, sandbox.unreachable) == ({THEIRS}, set())
    await browser.post("/sandbox/sms/faults", data={"number": THEIRS})
    assert (sandbox.faults, sandbox.refused) == (Faults(), set())
    assert (await browser.post("/sandbox/sms/faults", data={"fail": "x"})).status == 400


def test_links_are_found_in_a_text_without_the_stop_after_them() -> None:
    assert parts("Se https://a.example/x, och http://b.example.") == [
        ("Se ", False),
        ("https://a.example/x", True),
        (", och ", False),
        ("http://b.example", True),
        (".", False),
    ]
