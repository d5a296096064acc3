"""What people do by themselves, in a real browser against the real program: by keyboard alone, seen by axe in light
and dark, on a phone and at a desk."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.browser import axe
from tests.e2e.page import door, people
from tests.e2e.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=700)
DESK = ViewportSize(width=1280, height=800)
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: What has the focus: its words, and whether one sees that it has it.
FOCUSED = """() => {
  const e = document.activeElement, seen = (x, y) => { const s = x && getComputedStyle(x, y);
    return s && s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
  if (e === document.body) return { name: "", seen: true, message: false };
  return { name: (e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || "").trim(),
    message: e.matches(".msg"),
    seen: [e, e.closest(".composer-in"), e.querySelector(".bubble, .slip, .receipt")].some((x) => seen(x))
      || seen(e, "::after") };
}"""
#: Everything to press that is smaller than 44 pixels; a link within a line of words may be.
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .filter((e) => e.offsetParent && !e.closest(".aside-only") && !e.matches(".skip"))
  .filter((e) => e.tagName !== "A" || getComputedStyle(e).display !== "inline")
  .filter((e) => { const r = e.getBoundingClientRect(); return r.width < 43.5 || r.height < 43.5; })
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(chromium: Browser, home: Path) -> AsyncIterator[Program]:
    async with Program(home) as program:
        yield program
        assert await program.stop() == 0
    assert "Traceback" not in program.log


class Walk:
    """A person at the program with a keyboard; what they meet is looked at, and kept as pictures in a folder."""

    def __init__(self, page: Page, url: str, shots: Path) -> None:
        self.page = page
        self.url = url
        self._shots = shots
        self._seen = 0
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(url) else self.complaints.append(asked.url))

    async def tab_to(self, name: str | re.Pattern[str]) -> None:
        """Go on by Tab until that has the focus; whatever has it on the way is seen to have it."""
        met: list[str] = []
        for _ in range(80):
            await self.page.keyboard.press("Tab")
            focused = await self.page.evaluate(FOCUSED)
            met.append(focused["name"])
            assert focused["seen"] or not focused["name"], focused["name"]
            found = re.match(name, focused["name"]) if isinstance(name, re.Pattern) else focused["name"] == name
            if found and not focused["message"]:
                return
        raise AssertionError((name, met))

    async def choose(self, name: str) -> None:
        await self.tab_to(name)
        await self.page.keyboard.press("Enter")

    async def choose_in_chat(self, name: str, answer: str) -> None:
        """Choose, and find the focus where the answer begins."""
        await self.choose(name)
        await expect(self.page.locator(".msg:focus")).to_contain_text(answer)

    async def write(self, text: str) -> None:
        await self.tab_to("Ditt meddelande")
        await self.page.keyboard.type(text)
        await self.choose("Skicka")

    async def says(self, words: str) -> None:
        await expect(self.page.locator(".msg:not(.you)").last).to_contain_text(words)

    async def look(self, name: str) -> None:
        """The page as it stands: nothing for axe to say, nothing too small to tap, nothing off to the side."""
        size = self.page.viewport_size
        for scheme in SCHEMES:
            await self.page.emulate_media(color_scheme=scheme)
            assert await axe.complaints(self.page) == "", (name, scheme)
            await self._shoot(f"{name}-{scheme}")
        assert await self.page.evaluate(SMALL) == [], name
        for other in (NARROW, DESK if size == PHONE else PHONE):
            await self.page.set_viewport_size(other)
            await self._fits(name)
            await self._shoot(f"{name}-{other['width']}")
        await self.page.set_viewport_size(NARROW)
        await self.page.evaluate("document.documentElement.style.fontSize = '150%'")
        await self._fits(name)
        await self._shoot(f"{name}-large")
        await self.page.evaluate("document.documentElement.style.fontSize = ''")
        await self.page.set_viewport_size(size or PHONE)

    async def _fits(self, name: str) -> None:
        wide, room = await self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, (name, room)

    async def _shoot(self, name: str) -> None:
        self._seen += 1
        await self.page.screenshot(path=self._shots / f"{self._seen:02d}-{name}.png")


async def walk(chromium: Browser, program: Program, shots: Path, way: str, size: ViewportSize = PHONE) -> Walk:
    context = await chromium.new_context(viewport=size, locale="sv-SE", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    walk = Walk(await context.new_page(), program.url, shots)
    await walk.page.goto(program.url + way)
    return walk


async def identified(chromium: Browser, program: Program, shots: Path, name: str) -> Walk:
    """Somebody on their phone who has shown who they are with BankID there, and is back."""
    on = await walk(chromium, program, shots, (await people(program.url))[name].link)
    await on.choose_in_chat("Använd BankID", "Visa vem du är med BankID")
    await on.choose("Öppna BankID här")
    await in_the_app(on, name, "Identifiera")
    await on.page.wait_for_url(f"{program.url}/")
    await expect(on.page.locator(".msg:focus")).to_contain_text("Nu vet vi att det är du")
    return on


async def in_the_app(on: Walk, name: str, act: str) -> None:
    """The pretend BankID: who one is, and yes."""
    await on.page.wait_for_url(re.compile("/sandbox/bankid"))
    await expect(on.page.get_by_role("button", name=act)).to_be_visible()
    if await on.page.get_by_label("Vem är du?").count():
        await on.tab_to("Vem är du?")
        await on.page.keyboard.type(name)
    await on.choose(act)


# Who one is


async def test_bankid_on_the_same_device_and_back_to_the_answer(
    chromium: Browser, program: Program, tmp_path: Path
) -> None:
    on = await walk(chromium, program, tmp_path, (await people(program.url))["Kerstin Åkesson"].link)
    await on.look("start")
    await on.choose_in_chat("Använd BankID", "Visa vem du är med BankID")
    await on.look("bankid")
    await on.choose("Öppna BankID här")
    await on.page.wait_for_url(re.compile("/sandbox/bankid"))
    await on.look("app")
    await in_the_app(on, "Kerstin Åkesson", "Identifiera")
    await on.page.wait_for_url(f"{program.url}/")
    await expect(on.page.locator(".msg:focus")).to_contain_text("Tack, Kerstin. Nu vet vi att det är du.")
    await on.says("Före dess händer inget nytt.")
    await on.look("case")
    assert on.complaints == []


async def test_bankid_by_a_code_that_moves_and_a_try_that_was_cancelled(
    chromium: Browser, program: Program, tmp_path: Path
) -> None:
    on = await walk(chromium, program, tmp_path, (await people(program.url))["Emma Holm"].link, DESK)
    app = await walk(chromium, program, tmp_path, "/sandbox/bankid")
    await on.choose_in_chat("Använd BankID", "Visa vem du är med BankID")
    await on.choose("Visa QR-kod")
    code = on.page.locator("[data-qr]")
    await expect(code).to_be_visible()
    first = await code.inner_html()
    await on.look("qr")
    await expect(code).not_to_have_js_property("innerHTML", first)
    await app.page.reload()
    await app.choose("Läs av")
    await expect(app.page.get_by_role("button", name="Identifiera")).to_be_visible()
    await app.look("app")
    await app.choose("Avbryt")
    await expect(on.page.get_by_role("heading", level=1)).to_have_text("Det blev inte klart")
    await on.look("cancelled")
    await on.choose("Visa QR-kod")
    await expect(code).to_be_visible()
    await app.page.goto(f"{program.url}/sandbox/bankid")
    await app.choose("Läs av")
    await in_the_app(app, "Emma Holm", "Identifiera")
    await on.page.wait_for_url(f"{program.url}/")
    await expect(on.page.locator(".msg:focus")).to_contain_text("Tack, Emma.")
    assert on.complaints == app.complaints == []


# A person


async def test_a_person_takes_over_and_hands_back(chromium: Browser, program: Program, tmp_path: Path) -> None:
    on = await identified(chromium, program, tmp_path, "Sara Lind")
    await on.choose_in_chat("Prata med en människa", "Du är nummer 1 i kön")
    await on.look("queue")
    await on.write("Jag undrar över avgiften.")
    await on.says("En människa läser det här")
    await expect(on.page.locator(".standing-line")).to_contain_text("Tiden står still")

    desk = await walk(chromium, program, tmp_path, await door(program.url, "Amira"), DESK)
    await desk.write("/queue")
    await desk.says("Jag undrar över avgiften.")
    await desk.look("desk-queue")
    told = await desk.page.locator(".msg:not(.you)").last.inner_text()
    place = re.search(r"(\d+)\. Väntar på människa", told)
    assert place, told
    await desk.choose_in_chat(f"Ta nummer {place[1]}", "Jag undrar över avgiften.")
    await desk.look("desk-talk")
    await desk.write("Hej Sara. Du gick med på avgiften när du köpte.")
    await on.says("Du gick med på avgiften när du köpte.")
    await on.look("answered")
    await on.write("Tack, då förstår jag.")
    await expect(desk.page.locator(".log")).to_contain_text("Tack, då förstår jag.")
    await desk.choose_in_chat(f"Öppna nummer {place[1]}", "Tack, då förstår jag.")
    await desk.choose_in_chat("Släpp ärendet", "Samtalet är då slut")
    await desk.choose("Släpp ärendet")
    await expect(desk.page.locator(".log")).to_contain_text("är borta ur kön")
    await desk.look("desk-after")
    await on.choose("Gå till översikten")
    await on.says("Före dess händer inget nytt.")
    assert on.complaints == desk.complaints == []


# Something is wrong


async def test_a_dispute_with_a_photo(chromium: Browser, program: Program, tmp_path: Path) -> None:
    on = await identified(chromium, program, tmp_path, "Kerstin Åkesson")
    await on.choose_in_chat("Säg att något är fel", "Vad är fel?")
    await on.choose_in_chat("Visa fler skäl", "")
    await on.choose_in_chat("Fick fel eller dåligt", "Kravet är stoppat från nu.")
    await on.look("scope")
    await on.choose_in_chat("Invänd mot allt", "Berätta gärna kort")
    await on.look("tell")
    await attach(on, photo())
    await expect(on.page.locator(".msg.you .file b")).to_have_text(["cykel.jpg"])
    await on.look("photo")
    await on.write("Bromsarna tar inte.")
    await on.says("Vi har din invändning med en bild")
    await on.look("receipt")
    await expect(on.page.locator(".standing-line")).to_contain_text("stoppa")
    async with on.page.expect_download() as saving:
        await on.choose_in_chat("Spara kvittot", "kvitto-")
        await on.tab_to(re.compile("kvitto-.*pdf"))
        await on.page.keyboard.press("Enter")
    assert (await saving.value).suggested_filename.endswith(".pdf")
    assert on.complaints == []


def photo() -> bytes:
    """A picture as a telephone takes it: larger than what is kept, and with where it was taken."""
    taken = BytesIO()
    place = Image.Exif()
    place[0x010F] = "Telefon"
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(taken, "JPEG", exif=place)
    return taken.getvalue()


async def attach(on: Walk, picture: bytes) -> None:
    async with on.page.expect_file_chooser() as choosing:
        await on.choose("Bifoga bild eller PDF")
    await (await choosing.value).set_files(FilePayload(name="cykel.jpg", mimeType="image/jpeg", buffer=picture))


# Paying in parts


async def test_a_plan_signed_with_bankid(chromium: Browser, program: Program, tmp_path: Path) -> None:
    on = await identified(chromium, program, tmp_path, "Sara Lind")
    await on.choose_in_chat("Få tid eller dela upp", "Det går att lösa.")
    await on.choose_in_chat("Dela upp betalningen", "En plan kostar 170 kr enligt lag")
    await on.look("offers")
    await on.choose_in_chat("Välj sex betalningar", "Din plan")
    await on.look("terms")
    await on.choose_in_chat("Signera med BankID", "BankID")
    await on.look("sign")
    await on.choose("Öppna BankID här")
    await in_the_app(on, "Sara Lind", "Skriv under")
    await on.page.wait_for_url(f"{program.url}/")
    await expect(on.page.locator(".msg:focus")).to_contain_text("Planen gäller från")
    await on.look("done")
    await on.says("Nästa är")
    assert on.complaints == []
