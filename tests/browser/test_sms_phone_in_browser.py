"""The keypad phone of the sandbox in a real browser: it rings by itself, answers by a key, and axe finds nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.sandbox.sms_pages import SmsPages
from core.providers.sms_elks import ElksClient
from tests.browser import axe
from tests.http.pages import application, client, front
from tests.providers.sms_world import THEIRS, World, gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Site:
    world: World
    gateway: ElksClient
    phones: str


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with gateway("elks", "/sandbox/46elks/") as world:
        around = front(world.clock, demo=True)
        app = application(around)
        SmsPages(around, world.sandbox).register(app)
        async with client(app) as browser, ElksClient(world.account) as elks:
            yield Site(world, elks, str(browser.make_url("/sandbox/sms")))


async def test_a_phone_rings_by_itself_and_answers_by_a_key(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page(viewport={"width": 320, "height": 640})
    await page.goto(f"{site.phones}?number=070-1740605")
    await site.gateway.send(THEIRS, "1 Betala\n2 Betala senare")
    await expect(page.get_by_text("1 Betala")).to_be_visible()
    await page.get_by_role("button", name="2", exact=True).click()
    await expect(page.locator(".lcd .mine p")).to_have_text("2")
    assert [one.text for one in site.world.desk.heard] == ["2"]
    await page.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
async def test_axe_finds_nothing_on_the_phones(chromium: Browser, site: Site, width: int, scheme: str) -> None:
    await site.gateway.send(THEIRS, "Läs det på https://schysst.example/c/" + "Ab3" * 20)
    await site.gateway.send("+963944567890", "لديك رسالة https://schysst.example/c/Ab3")
    page = await chromium.new_page(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    for query in ("", "?number=070-1740605", "?number=%2B963944567890", "?number=Telia"):
        await page.goto(site.phones + query)
        await page.get_by_text("Make SMS misbehave").click()
        assert await axe.complaints(page) == ""
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.close()
