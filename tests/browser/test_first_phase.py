"""The first phase in a real browser against the real program, from an empty installation on: as a new user would."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.e2e.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="module")

SARA = "Sara Lind"
#: A machine with other things to do may take its time; nothing here waits longer than it must.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """``schysst run --demo`` where nothing was before."""
    async with Program(tmp_path_factory.mktemp("first") / "home") as program:
        yield program
        assert await program.stop() == 0
    assert "Traceback" not in program.log


async def opened(chromium: Browser, program: Program) -> tuple[Page, list[str]]:
    """A browser at the demo page, and what it will complain about."""
    context = await chromium.new_context(locale="sv-SE", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(program.url) else None)
    await page.goto(f"{program.url}/demo")
    return page, complaints


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).last.click()


async def test_a_link_a_code_a_statement_a_payment_and_a_closed_case(chromium: Browser, program: Program) -> None:
    page, complaints = await opened(chromium, program)
    row = page.get_by_role("link", name=SARA)
    await expect(row).to_contain_text("1 248,22 kr")
    code = await row.locator(".ref").inner_text()
    await row.click()
    log, field = page.locator(".log"), page.get_by_label("Ditt meddelande")
    await expect(log).not_to_contain_text("Norrhjul")

    await press(page, "Skriv koden i brevet")
    await field.fill(code)
    await page.get_by_role("button", name="Skicka").click()
    await expect(log).to_contain_text("Tack, Sara. Nu vet vi att det är du.")
    await press(page, "Se kravet i detalj")
    await expect(page.get_by_role("row", name="Att betala i dag").last).to_contain_text("1 248,22")
    await expect(page.get_by_role("row", name="Krav 23 juli").last).to_contain_text("180,00")

    await press(page, "Betala")
    await press(page, "Betala med Swish")
    await page.get_by_role("link", name="Öppna Swish").click()
    await expect(page.get_by_text("1 248,22 kr").first).to_be_visible()
    await press(page, "Godkänn")
    await expect(page.get_by_role("heading", name="Kvitto")).to_be_visible()
    await expect(page.get_by_role("row", name="Kvar att betala")).to_contain_text("0,00")
    await expect(log).to_contain_text("Ärendet är klart, utan betalningsanmärkning.")
    await expect(page.get_by_role("button", name="Spara kvittot")).to_be_visible()

    await page.goto(f"{program.url}/demo")
    await expect(page.get_by_role("link", name=SARA)).to_contain_text("Klart")
    await page.get_by_role("link", name="Norrhjul AB").click()
    await expect(log).to_contain_text("Sara Lind")
    assert complaints == []
    assert (await program.ask("verify")).out == ""
