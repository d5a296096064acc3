"""The demo's page in a real browser: the days go by while it says so, and axe finds nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ViewportSize, expect

from tests.browser import axe
from tests.http.toy_demo import ToyMoves, demo_app

pytestmark = pytest.mark.asyncio(loop_scope="module")

Demo = tuple[str, ToyMoves]


@pytest_asyncio.fixture(loop_scope="module")
async def demo(chromium: Browser) -> AsyncIterator[Demo]:
    moves = ToyMoves()
    async with TestServer(demo_app(moves)) as server:
        yield str(server.make_url("/demo")), moves
        for context in chromium.contexts:
            await context.close()


async def test_while_the_days_go_by_the_page_says_so_and_takes_no_second_press(chromium: Browser, demo: Demo) -> None:
    url, moves = demo
    page = await chromium.new_page(locale="sv-SE")
    await page.goto(url)
    moves.gate.clear()
    week = page.get_by_role("button", name="Nästa vecka")
    await week.click()
    pressed = page.get_by_role("button", name="Dagarna går")
    await expect(pressed).to_have_attribute("aria-disabled", "true")
    await expect(page.get_by_role("status")).to_contain_text("Varje dag körs med sina jobb")
    await pressed.dispatch_event("click")
    async with asyncio.timeout(5):
        await moves.began.wait()
    moves.gate.set()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("torsdag 7")
    assert moves.made == ["week"]


async def test_each_button_moves_the_clock_its_own_way(chromium: Browser, demo: Demo) -> None:
    url, moves = demo
    page = await chromium.new_page(locale="sv-SE")
    await page.goto(url)
    for name, day in (("Till nästa händelse", "onsdag 6"), ("Nästa dag", "torsdag 7"), ("Nästa vecka", "torsdag 14")):
        await page.get_by_role("button", name=name).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(day)
    assert moves.made == ["event", "day", "week"]


async def test_the_clock_moves_without_script_and_one_can_be_somebody(chromium: Browser, demo: Demo) -> None:
    url, _ = demo
    context = await chromium.new_context(locale="sv-SE", java_script_enabled=False)
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("button", name="Nästa dag").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("fredag 1")
    await page.get_by_role("link", name="Sara Lind").click()
    await expect(page.get_by_label("Ditt meddelande")).to_be_visible()
    await expect(page.get_by_role("complementary", name="Demo")).to_contain_text("T4WH-9RKC")
    await page.get_by_role("link", name="Flytta tiden").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_axe_finds_nothing_on_the_demo(chromium: Browser, demo: Demo, width: int, scheme: str) -> None:
    size = ViewportSize(width=width, height=844)
    context = await chromium.new_context(viewport=size, color_scheme=scheme, locale="sv-SE")  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(demo[0])
    assert await axe.complaints(page) == ""
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
