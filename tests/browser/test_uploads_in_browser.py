"""Files on the chat page in a real browser: chosen, dropped, pasted; how far they have come; what was refused."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Route, expect

from tests.browser import axe
from tests.browser.test_chat_in_browser import Site, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURE = FilePayload(name="cykel.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8\xff" + bytes(1_800_000))
RECEIPT = FilePayload(name="kvitto.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 %%EOF")
#: A file made on the page and let go over it, or pasted into the field.
GIVE = """([how, name]) => {
  const data = new DataTransfer(); data.items.add(new File(["%PDF-1.4"], name, { type: "application/pdf" }));
  const how_ = { bubbles: true, cancelable: true };
  if (how === "drop") document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...how_ }));
  else document.querySelector("#write").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, ...how_ }));
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def site(chromium: Browser) -> AsyncIterator[Site]:
    site = Site()
    await site.up()
    yield site
    for context in chromium.contexts:
        await context.close()
    await site.down()


async def test_files_are_chosen_by_keyboard_and_arrive_one_after_another(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    attach = page.get_by_role("button", name="Bifoga bild eller PDF")
    async with page.expect_file_chooser() as choosing:
        await attach.press("Enter")
    await (await choosing.value).set_files([PICTURE, RECEIPT])
    await expect(page.locator(".msg.you:not(.waiting) .file b")).to_have_text(["cykel.jpg", "kvitto.pdf"])
    await expect(page.locator(".waiting")).to_have_count(0)
    await expect(page.locator("#said")).to_contain_text("är framme")
    assert await axe.complaints(page) == ""


async def test_a_file_is_let_go_over_the_page_or_pasted(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    await expect(page.locator(".attach")).to_be_visible()
    await page.evaluate(GIVE, ["drop", "ett.pdf"])
    await page.evaluate(GIVE, ["paste", "två.pdf"])
    await expect(page.locator(".msg.you:not(.waiting) .file b")).to_have_text(["ett.pdf", "två.pdf"])


async def test_what_is_too_large_keeps_its_name_and_is_answered(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)
    large = FilePayload(name="film.mov", mimeType="video/quicktime", buffer=bytes(11 * 1024 * 1024))
    await page.locator("#files").set_input_files(large)
    await expect(page.locator(".msg.you .file b")).to_have_text(["film.mov"])
    await expect(page.locator("#log")).to_contain_text("Filen är för stor.")


async def test_what_did_not_arrive_is_sent_again_and_comes_once(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site)

    async def lost(route: Route) -> None:
        await route.abort()

    await page.route("**/chat/upload", lost)
    await page.locator("#files").set_input_files(RECEIPT)
    await expect(page.locator(".waiting .mini")).to_have_text("Filen kom inte fram. Inget har försvunnit.")
    assert await axe.complaints(page) == ""
    await page.unroute("**/chat/upload")
    await page.locator(".waiting").get_by_role("button", name="Försök igen").click()
    await expect(page.locator(".msg.you:not(.waiting) .file b")).to_have_text(["kvitto.pdf"])


async def test_without_script_there_is_a_plain_form(chromium: Browser, site: Site) -> None:
    page = await opened(chromium, site, java_script_enabled=False)
    await page.locator("#file").set_input_files(RECEIPT)
    await page.get_by_role("button", name="Skicka filen").click()
    await expect(page.locator(".msg.you .file b")).to_have_text(["kvitto.pdf"])
