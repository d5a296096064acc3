"""The demo's page: lives as lines, doors, and a clock that moves once a press."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.http.demo import Scale
from tests.http.pages import client
from tests.http.toy_demo import ToyMoves, demo_app

Browser = TestClient[Any, Any]


@pytest.fixture
def moves() -> ToyMoves:
    return ToyMoves()


@pytest.fixture
async def browser(moves: ToyMoves) -> AsyncIterator[Browser]:
    async with client(demo_app(moves)) as browser:
        yield browser


async def test_the_page_shows_the_day_the_people_and_the_doors(browser: Browser) -> None:
    page = await (await browser.get("/demo")).text()
    assert "torsdag 31 juli 2025" in page.replace("\u00a0", " ")
    for text in ("Sara Lind", "1 248,22 kr", "T4WH-9RKC", "Norrhjul AB", "Amira, handläggare", "Telefonen"):
        assert text in page.replace("\u00a0", " ")
    assert 'href="/c/sara"' in page
    assert page.count('transform="rotate(45 0 10)"') == 1, "Olle's pause bears the mark of the legend"
    assert "style=" not in page


async def test_a_press_moves_the_clock_and_shows_the_new_day(browser: Browser, moves: ToyMoves) -> None:
    for move, day in (
        ("next-day", "fredag 1 augusti"),
        ("next-week", "fredag 8 augusti"),
        ("next-event", "torsdag 14"),
    ):
        page = await (await browser.post(f"/demo/{move}")).text()
        assert day in page.replace("\u00a0", " ")
    assert moves.made == ["day", "week", "event"]
    assert (await browser.post("/demo/last-year")).status == 404
    assert (await browser.get("/demo/next-day")).status == 405


async def test_a_second_press_while_the_days_go_by_changes_nothing(browser: Browser, moves: ToyMoves) -> None:
    moves.gate.clear()
    first = asyncio.create_task(browser.post("/demo/next-week"))
    await moves.began.wait()
    page = await (await browser.post("/demo/next-week")).text()
    assert "Dagarna går" in page
    assert 'http-equiv="refresh"' in page
    moves.gate.set()
    assert (await first).status == 200
    assert moves.made == ["week"]
    assert (
        "Dagarna går"
        not in (await (await browser.get("/demo")).text()).split('id="debtors"')[0].split("data-moving")[0]
    )


async def test_another_site_cannot_move_the_clock(browser: Browser, moves: ToyMoves) -> None:
    answer = await browser.post("/demo/next-day", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 403
    assert moves.made == []


async def test_in_the_demo_each_link_has_its_own_conversation_in_one_browser(moves: ToyMoves) -> None:
    async with client(demo_app(moves)) as browser:
        for link in ("good", "other", "good"):
            await browser.get(f"/c/{link}")
        assert [chat.links for chat in moves.talk.chats.values()] == [["good"], ["other"]]
    async with client(demo_app(moves)) as another:
        await another.get("/c/good")
    assert len(moves.talk.chats) == 3


async def test_a_door_that_is_used_up_opens_with_what_holds_today_and_keeps_its_conversation(moves: ToyMoves) -> None:
    async with client(demo_app(moves)) as browser:
        for _ in range(2):
            await browser.get("/c/spent")
    assert [chat.links for chat in moves.talk.chats.values()] == [["good"]]


def test_the_months_run_from_the_one_before_and_hold_what_lies_outside() -> None:
    scale = Scale(date(2025, 7, 31))
    assert [month.month for month in scale.months] == [6, 7, 8, 9]
    assert scale.at(date(2025, 7, 31)) == 49.2
    assert scale.at(date(2025, 7, 11)) == 32.8
    assert (scale.at(date(2025, 5, 1)), scale.at(date(2026, 1, 1))) == (0, 100)
    assert not scale.shows(date(2025, 5, 31))
    assert [month.month for month in Scale(date(2025, 1, 1)).months] == [12, 1, 2, 3]
