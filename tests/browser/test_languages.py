"""The main pages and the chat's states in every language, on a phone, in a real browser against the real program.

Nothing for axe to say, nothing off to the side at 320 pixels with letters twice as large, and the page runs in its
language's direction. `make languages` walks every state in every language; here all of them are seen in a few.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.http.pages import sum_parts
from bot.http.pay import PayPages, PayStage
from bot.http.stop import StopPage
from core import words
from core.errors import Refusal
from tests.browser import axe
from tests.e2e.page import people
from tests.e2e.program import Program
from tests.http.pages import application, front
from tests.http.test_pay import LINK, OPEN, Desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=700)
WHOLE_WALK = bool(os.environ.get("ALL_LANGUAGES"))
SHOTS = os.environ.get("SHOTS")
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
SARA = "Sara Lind"
#: What is wider than the screen, for whoever mends it.
WIDE = """() => [document.documentElement.scrollWidth > innerWidth, [...document.querySelectorAll("body *")]
  .filter((e) => { const r = e.getBoundingClientRect();
    return e.checkVisibility() && !e.closest(".aside-only, .skip, .bar [hidden]") && r.width
      && (r.right > innerWidth + 1 || r.left < -1 || (e.scrollWidth > innerWidth)); })
  .map((e) => e.tagName + "." + e.className + ": " + e.textContent.trim().slice(0, 40)).slice(0, 5)]"""


HEAD_HEIGHT = "Math.round(document.querySelector('header.top').getBoundingClientRect().height)"
HEAD_PLACE = """(() => { const probe = document.body.appendChild(document.createElement("div"));
  probe.style.blockSize = "calc(var(--top) + 4px)"; const found = probe.offsetHeight;
  probe.remove(); return found; })()"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(chromium: Browser, home: Path) -> AsyncIterator[Program]:
    async with Program(home) as program:
        yield program
        assert await program.stop() == 0
    assert "Traceback" not in program.log


@pytest_asyncio.fixture(loop_scope="module")
async def linked() -> AsyncIterator[str]:
    """What a link of ours opens outside the conversation: paying, and an end to mails."""
    around = front()
    app = application(around)
    PayPages(around, Desk()).register(app)
    StopPage(around, _holds, _holds).register(app)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def _holds(token: str) -> None:
    if token != LINK:
        raise Refusal("link")


class Reader:
    """Somebody who reads one language, on a phone."""

    def __init__(self, page: Page, url: str, lang: str) -> None:
        self.page = page
        self.url = url
        self.lang = lang

    async def goes_to(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def presses(self, key: str) -> None:
        """The button of the last screen with these words."""
        label = words.text(self.lang, key)
        said = await self.page.locator(".msg").count()
        await self.page.locator("form.choice").get_by_role("button", name=label, exact=True).last.click()
        await expect(self.page.locator(".msg")).not_to_have_count(said)
        await self.answered()

    async def comes_back(self) -> None:
        """By the same door, to the case."""
        await self.goes_to((await people(self.url))[SARA].link)
        await self.answered()

    async def answered(self) -> None:
        """Until something that can be pressed stands below what was said."""
        await expect(self.page.locator(".msg").last.locator("[name=key]").first).to_be_visible()

    async def looks(self, name: str, scheme: Literal["light", "dark"] = "light") -> None:
        await self.page.emulate_media(color_scheme=scheme)
        assert await axe.complaints(self.page) == "", (self.lang, name, scheme)
        # What sticks below the head begins where a head of one line ends.
        assert await self.page.evaluate(HEAD_HEIGHT) == await self.page.evaluate(HEAD_PLACE), (self.lang, name)
        await self.shoots(f"{name}-{scheme}")
        assert await self.page.locator("html").get_attribute("dir") == words.direction(self.lang)
        await self.page.set_viewport_size(NARROW)
        await self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        sideways, what = await self.page.evaluate(WIDE)
        await self.shoots(f"{name}-large")
        assert not sideways, (self.lang, name, what)
        await self.page.evaluate("document.documentElement.style.fontSize = ''")
        await self.page.set_viewport_size(PHONE)

    async def looks_twice(self, name: str) -> None:
        await self.looks(name)
        await self.looks(name, "dark")

    async def shoots(self, name: str) -> None:
        if SHOTS:
            await self.page.screenshot(path=Path(SHOTS) / f"{self.lang}-{name}.png")


async def reader(chromium: Browser, url: str, lang: str) -> Reader:
    context = await chromium.new_context(viewport=PHONE, locale=lang, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    return Reader(await context.new_page(), url, lang)


async def sits(chromium: Browser, program: Program, lang: str) -> Reader:
    """Somebody who opened Sara's door in their language."""
    on = await reader(chromium, program.url, lang)
    sara = (await people(program.url))[SARA]
    await on.goes_to(f"{sara.link}?lang={lang}")
    await on.answered()
    return on


async def shows_the_code(on: Reader) -> None:
    code = await on.page.locator(".demo-clock .ref").inner_text()
    await on.presses("btn.code")
    await on.page.locator("#write").fill(code)
    await on.page.locator(".composer .send").click()
    await expect(on.page.locator(".standing .path")).to_be_attached()
    await on.answered()


@pytest.mark.parametrize("lang", words.offered())
async def test_a_language_is_read_on_a_phone(chromium: Browser, program: Program, lang: str) -> None:
    """A page with the list of languages open; then from the door to what is owed."""
    on = await sits(chromium, program, lang)
    assert await on.page.locator("html").get_attribute("lang") == lang
    await shows_the_code(on)
    await on.presses("btn.details")
    await on.looks("owe", "dark" if len(lang) % 2 else "light")
    await on.goes_to("/privacy?from=letter")
    await on.page.locator(".tongues summary").click()
    here = on.page.locator(".tongues [aria-current]")
    await expect(here).to_have_text(words.language_name(lang))
    await expect(here).to_have_attribute("href", f"?from=letter&lang={lang}")
    assert await on.page.locator(".tongues li").count() == len(words.offered())
    await on.looks("privacy", "dark")
    unread = on.page.locator("main").get_by_text(words.text(lang, "about.unread")) if words.unread(lang) else None
    assert unread is None or await unread.count() == 1
    await on.page.context.close()


@pytest.mark.parametrize("lang", words.offered() if WHOLE_WALK else ("ar",))
async def test_every_state_is_read_on_a_phone(chromium: Browser, program: Program, lang: str) -> None:
    on = await sits(chromium, program, lang)
    await on.looks_twice("start")
    await shows_the_code(on)
    await on.looks("case")
    ways = (
        ("btn.details",),
        ("btn.pay",),
        ("btn.pay", "btn.bank"),
        ("btn.time", "btn.split"),
        ("btn.more", "btn.timeline"),
        ("btn.more", "btn.settings", "btn.mydata"),
    )
    for way in ways:
        for key in way:
            await on.presses(key)
        await on.looks(way[-1].removeprefix("btn."), "dark" if len(way) > 1 else "light")
        await on.comes_back()
    for path in ("/verify", "/nowhere"):
        await on.goes_to(path)
        await on.looks_twice(path.split("/")[1])
    await on.page.context.close()
    on = await sits(chromium, program, lang)
    await on.presses("btn.bankid")
    await on.page.locator(".msg a[href*='/bankid/']").last.click()
    await expect(on.page.locator("[data-stage=running]")).to_be_visible()
    await on.looks_twice("bankid")
    await on.page.context.close()


@pytest.mark.parametrize("lang", words.offered() if WHOLE_WALK else ("fi", "ar"))
async def test_what_a_link_opens_is_read_on_a_phone(chromium: Browser, linked: str, lang: str) -> None:
    """To pay: asked, waiting, and taken back. To get no more mails: asked, done, and a link that does not hold."""
    on = await reader(chromium, linked, lang)
    await on.goes_to(f"/pay/{LINK}")
    await expect(on.page.locator(".sum").first).to_contain_text(sum_parts(OPEN.amount_ore, lang)[1])
    await on.looks_twice("paypage")
    await on.page.locator("form[action$='/swish'] [type=submit]").click()
    await expect(on.page.locator(f"[data-stage={PayStage.WAITING}]")).to_be_visible()
    await on.looks("waiting", "dark")
    await on.page.locator("form[action$='/stop'] [type=submit]").click()
    await expect(on.page.get_by_text(words.text(lang, "page.pay.note.cancelled"))).to_be_visible()
    await on.goes_to(f"/stop/{LINK}")
    await on.looks_twice("stop")
    await on.page.locator("main [type=submit]").click()
    await expect(on.page.get_by_text(words.text(lang, "page.stop.done"))).to_be_visible()
    await on.looks("stopped", "dark")
    await on.goes_to("/stop/none")
    await on.looks("stop-gone")
    await on.page.context.close()


@pytest.mark.parametrize("lang", words.offered() if WHOLE_WALK else ("fa",))
async def test_a_dispute_is_read_on_a_phone(chromium: Browser, program: Program, lang: str) -> None:
    """What is wrong; whoever began before goes on there, and so does the reader of the next language."""
    on = await sits(chromium, program, lang)
    await shows_the_code(on)
    label = words.text(lang, "btn.dispute_go_on")
    if await on.page.locator("form.choice [name=key]", has_text=label).count():
        await on.presses("btn.dispute_go_on")
    else:
        await on.presses("btn.wrong")
        await on.presses("btn.not_received")
    await on.looks("scope", "dark")
    await on.page.context.close()
