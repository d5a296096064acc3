"""The chat in a real browser: by keyboard, without script, over a break of the net, and for those who listen."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser import axe
from tests.http.toy_chat import ToyTalk, doors, toy_app, toy_clock

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
CODE = "T4WH-9RKC"


class Site:
    """The toy conversation on a port of this machine; it can go away and come back."""

    def __init__(self) -> None:
        self.talk = ToyTalk(toy_clock())
        self._port = unused_port()
        self._server: TestServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def up(self) -> None:
        self._server = TestServer(toy_app(self.talk), port=self._port)
        await self._server.start_server()

    async def down(self) -> None:
        if self._server is not None:
            await self._server.close()
            self._server = None


@pytest_asyncio.fixture(loop_scope="module")
async def site(chromium: Browser) -> AsyncIterator[Site]:
    site = Site()
    await site.up()
    yield site
    for context in chromium.contexts:
        await context.close()
    await site.down()


async def opened(chromium: Browser, site: Site, size: ViewportSize = PHONE, **options: Any) -> Page:
    """The first page, in Swedish."""
    context = await chromium.new_context(viewport=size, locale="sv-SE", reduced_motion="reduce", **options)
    context.set_default_timeout(8000)
    page = await context.new_page()
    await page.goto(site.url)
    return page


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Ditt meddelande").fill(text)
    await page.get_by_role("button", name="Skicka", exact=True).click()


async def identified(chromium: Browser, site: Site, size: ViewportSize = PHONE, **options: Any) -> Page:
    page = await opened(chromium, site, size, **options)
    await write(page, CODE)
    await expect(page.locator(".slip")).to_be_visible()
    return page


async def test_a_case_is_read_and_paid_and_the_still_line_follows(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site, DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await expect(page.get_by_role("button", name="Använd BankID")).to_be_visible()
    await write(page, CODE)
    await expect(page.get_by_role("row", name="Att betala i dag")).to_contain_text("248,22")
    await expect(page.get_by_text("Inget nytt händer före 5 augusti")).to_be_visible()
    await page.get_by_role("button", name="Betala", exact=True).click()
    await expect(page.get_by_role("heading", name="Kvitto 10000180-1")).to_be_visible()
    await expect(page.get_by_text("Ärendet är klart", exact=True)).to_be_visible()
    # What was chosen stands where the choices stood.
    await expect(page.locator(".msg.you .bubble").last).to_have_text("Betala")
    await expect(page.locator("[name=key]")).to_have_count(0)
    await expect(page.get_by_role("link", name="Spara kvittot")).to_be_visible()
    assert complaints == []


async def test_everything_works_without_script(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site, java_script_enabled=False)
    await write(page, CODE)
    await expect(page.get_by_role("row", name="Att betala i dag")).to_contain_text("248,22")
    await page.get_by_role("button", name="Betala", exact=True).click()
    await expect(page.get_by_role("heading", name="Kvitto 10000180-1")).to_be_visible()
    # One comes back to what one said, and the answer stands below it; the path is folded until it is asked for.
    await expect(page.locator(".msg.you").last).to_be_in_viewport()
    assert "#m" in page.url
    await expect(page.locator(".path")).to_be_hidden()
    await page.get_by_role("button", name="Visa alla steg").click()
    await expect(page.locator(".path")).to_be_visible()
    await page.get_by_role("button", name="Prata med en människa").click()
    await expect(page.locator(".log").get_by_text("skärmen person")).to_be_visible()


async def test_the_keyboard_is_enough_and_focus_goes_to_the_answer(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site, DESK)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Hoppa till skrivfältet")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Bifoga bild eller PDF")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Byt språk", exact=True)).to_be_focused()
    await page.get_by_role("button", name="Skriv koden i brevet").press("Enter")
    await expect(page.locator("#m3")).to_be_focused()
    await page.get_by_label("Ditt meddelande").focus()
    await page.keyboard.type("Två rader")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("i ett")
    await page.keyboard.press("Enter")
    await expect(page.locator(".msg.you").last.locator("p")).to_have_count(2)
    await expect(page.get_by_label("Ditt meddelande")).to_be_focused()


async def test_on_a_phone_enter_breaks_the_line(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site, PHONE)
    field = page.get_by_label("Ditt meddelande")
    await field.fill("En")
    await field.press("Enter")
    assert await field.input_value() == "En\n"


async def test_nothing_is_lost_when_the_net_goes(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await expect(page.locator("#said")).to_have_text("")
    await site.down()
    await expect(page.get_by_text("Inget nät. Det du skriver sparas.")).to_be_visible()
    await write(page, "Jag letar upp det.")
    await write(page, "Här är det.")
    await expect(page.locator(".msg.waiting")).to_have_count(2)
    await expect(page.get_by_text("Väntar på nät. Skickas av sig själv.").first).to_be_visible()
    [chat] = site.talk.chats.values()
    site.talk.say(chat, "Det här kom medan du var borta.")
    await site.up()
    await page.get_by_role("button", name="Försök igen").click()
    await expect(page.locator(".log").get_by_text("medan du var borta")).to_be_visible()
    await expect(page.locator(".msg.waiting")).to_have_count(0)
    said = [message["plain"] for message in chat.messages.values() if message["by"] == "you"]
    assert said == ["Jag letar upp det.", "Här är det."]
    await expect(page.locator(".msg.you")).to_have_count(2)


async def test_what_waits_survives_a_reload_and_so_does_a_draft(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await site.down()
    await expect(page.get_by_text("Inget nät.").first).to_be_visible()
    await write(page, "Skickas sen")
    await page.get_by_label("Ditt meddelande").fill("Halvfärdigt")
    await site.up()
    await page.reload()
    await expect(page.locator(".msg.you .bubble")).to_have_text("Skickas sen")
    await expect(page.locator(".msg.waiting")).to_have_count(0)
    await expect(page.get_by_label("Ditt meddelande")).to_have_value("Halvfärdigt")


async def test_a_button_that_went_old_on_another_page_says_so(chromium: Browser, site: Site) -> None:
    page = await identified(chromium, site)
    await expect(page.locator(".door")).to_have_count(6)
    chat = site.talk.chats[1]
    chat.messages[3] = chat.messages[3] | {"buttons": []}
    await page.get_by_role("button", name="Visa mer").click()
    await expect(page.locator(".log").get_by_text("Den knappen är gammal")).to_be_visible()


async def test_a_new_message_moves_nobody_who_reads_further_up(chromium: Browser, site: Site) -> None:
    page = await identified(chromium, site)
    for number in range(12):
        site.talk.say(site.talk.chats[1], f"Rad {number}\nmed mera")
    await expect(page.locator(".log").get_by_text("Rad 11")).to_be_attached()
    await page.evaluate("scrollTo(0, 0)")
    site.talk.say(site.talk.chats[1], "Något nytt", doors(("Läs", "letter")))
    button = page.get_by_role("button", name="Nytt meddelande")
    await expect(button).to_be_visible()
    assert await page.evaluate("scrollY") == 0
    await button.click()
    await expect(page.locator(".log").get_by_text("Något nytt")).to_be_in_viewport()
    await expect(button).to_be_hidden()


async def test_those_who_listen_hear_the_short_form(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    said = page.locator("#said")
    await expect(said).to_have_text("")
    await write(page, CODE)
    await expect(said).to_contain_text("Schysst: Norrhjul AB har bett oss kräva in faktura 5512.")
    await expect(said).to_contain_text("Uträkning, 4 rader, summa")
    await expect(said).to_contain_text("6 val.")


async def test_the_page_speaks_the_language_that_was_chosen(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await page.locator(".head-acts [value=language]").click()
    await page.get_by_role("button", name="English").last.click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_text("We write in English now.")).to_be_visible()
    await expect(page.locator(".by").last).to_contain_text("automatic")


async def test_a_text_that_is_too_long_stays_in_its_field_and_the_page_goes_on(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await write(page, "x" * 40_000)
    await expect(page.get_by_role("alert")).to_contain_text("högst 4 096 tecken")
    assert len(await page.get_by_label("Ditt meddelande").input_value()) == 40_000
    await write(page, "Kortare")
    await expect(page.locator(".msg.you").last).to_contain_text("Kortare")
    await expect(page.locator(".msg.waiting")).to_have_count(0)


async def test_the_list_stands_still_when_the_field_is_left(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await page.get_by_label("Ditt meddelande").focus()
    before = await page.locator(".door, .replies .btn").last.bounding_box()
    await page.get_by_label("Ditt meddelande").blur()
    assert await page.locator(".door, .replies .btn").last.bounding_box() == before


async def test_a_reference_is_copied_and_the_word_tells(chromium: Browser, site: Site) -> None:
    page = await identified(chromium, site, permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Se kravet i detalj").click()
    await page.get_by_role("button", name="Kopiera OCR").click()
    await expect(page.get_by_role("button", name="Kopierat")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "10000180"
    await expect(page.locator("#said")).to_contain_text("Kopiera OCR, kopierat")


async def test_the_still_line_folds_on_a_phone(chromium: Browser, site: Site) -> None:
    page = await identified(chromium, site)
    step = page.get_by_role("button", name="Visa alla steg")
    await expect(page.get_by_text("Norrhjul väljer nästa steg")).to_be_hidden()
    await step.click()
    await expect(page.get_by_text("Norrhjul väljer nästa steg")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Norrhjul väljer nästa steg")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_axe_finds_nothing_in_any_state(chromium: Browser, site: Site, size: ViewportSize, scheme: str) -> None:
    page = await opened(chromium, site, size, color_scheme=scheme)
    await expect(page.locator(".door")).to_have_count(6)
    await clean(page)
    await write(page, CODE)
    await expect(page.locator(".slip")).to_be_visible()
    await clean(page)
    await page.get_by_role("button", name="Betala", exact=True).click()
    await expect(page.locator(".receipt")).to_be_visible()
    await site.down()
    await write(page, "Tack")
    await expect(page.locator("#offline")).to_be_visible()
    await clean(page)


async def clean(page: Page) -> None:
    assert await axe.complaints(page) == ""


@pytest.mark.parametrize(("width", "letters"), [(320, "100%"), (390, "150%")])
async def test_no_page_scrolls_sideways(chromium: Browser, site: Site, width: int, letters: str) -> None:
    page = await identified(chromium, site, ViewportSize(width=width, height=700))
    await page.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
