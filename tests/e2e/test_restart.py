"""What is half done lives through kill -9; what is pressed twice, or in two channels at once, happens once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.channels.botapi import TOKEN, BotApi
from tests.e2e import bankid
from tests.e2e.page import Page, browser, people
from tests.e2e.phone import Phone
from tests.e2e.program import Program, asked

pytestmark = pytest.mark.asyncio(loop_scope="module")

SARA = 90_101


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(api: BotApi, home: Path) -> AsyncIterator[Program]:
    async with Program(home, more={"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.url}) as program:
        yield program
        assert (await program.ask("verify")).out == ""
        assert await program.stop() == 0
    assert "Traceback" not in program.log


async def by_code(page: Page, name: str) -> str:
    """Somebody with their case open; its number."""
    person = (await people(page.url))[name]
    await page.open(person.link)
    await page.press("Skriv koden i brevet")
    await page.say(person.code)
    return page.text.partition("Ärende ")[2].split()[0]


async def at_once(page: Page, label: str) -> None:
    """One button of the last screen, pressed twice in the same moment."""
    screen = page.screen
    form = {"message_id": str(screen.id), "key": screen.keys[label]}
    assert await asyncio.gather(*(page.send("press", **form) for _ in range(2))) == [200, 200]
    await page.open()


def facts(program: Program, ocr: str, kind: str) -> int:
    [(number,)] = asked(
        program.home,
        "SELECT count(*) FROM facts f JOIN cases c ON c.id = f.case_id WHERE c.ocr = ? AND f.kind = ?",
        ocr,
        kind,
    )
    return int(number)


async def test_a_dispute_in_one_channel_meets_a_plan_in_the_other(program: Program, api: BotApi) -> None:
    person, phone = (await people(program.url))["Sara Lind"], Phone(api, SARA)
    async with browser(program.url) as page:
        await page.open(person.link)
        await bankid.show(page, "Sara Lind")
        ocr = page.text.partition("Ärende ")[2].split()[0]
        await phone.write("/start", "automatisk tjänst")
        await phone.press("Skriv koden i brevet", "åtta tecken")
        await phone.write(person.code, "Telegram")
        await phone.press("Läs här i Telegram", "Att betala i dag")
        await phone.press("Säg att något är fel", "Vad är fel?")
        await page.press("Få tid eller dela upp")
        await page.press("Dela upp betalningen")
        await page.press("Välj sex betalningar")
        assert "Signera med BankID" in page.screen.keys
        await phone.press("Har inte fått det", "Kravet är stoppat")
        await page.press("Signera med BankID")
        assert page.last.count("Kravet är stoppat för att du har invänt") == 1
        assert "Signera med BankID" not in page.screen.keys
        await phone.press("Invänd mot allt", "Berätta gärna kort")
        await phone.press("Skicka invändningen", f"Kvitto {ocr}-1")
    assert (facts(program, ocr, "dispute_raised"), facts(program, ocr, "plan_accepted")) == (1, 0)


async def test_a_signature_that_is_pressed_twice_is_one(program: Program) -> None:
    name = "Emma Holm"
    async with browser(program.url) as page:
        await page.open((await people(program.url))[name].link)
        await bankid.show(page, name)
        ocr = page.text.partition("Ärende ")[2].split()[0]
        await page.press("Få tid eller dela upp")
        await page.press("Dela upp betalningen")
        await page.press("Välj sex betalningar")
        await at_once(page, "Signera med BankID")
        await bankid.approve(page, name)
        await page.until("Planen gäller från")
        assert f"{ocr}-2" not in page.text
    assert facts(program, ocr, "plan_accepted") == 1


async def test_a_dispute_goes_on_where_it_was_after_a_restart(program: Program) -> None:
    async with browser(program.url) as page:
        ocr = await by_code(page, "Kerstin Åkesson")
        await page.press("Säg att något är fel")
        await page.press("Visa fler skäl")
        await page.press("Fick fel eller dåligt")
        await page.press("Invänd mot en del")
        await program.kill()
        await program.start()
        await page.say("100")
        assert "Berätta gärna kort" in page.last
        await at_once(page, "Skicka invändningen")
        assert "Den knappen är gammal, och inget har ändrats." in page.last
        assert f"Kvitto {ocr}-1" in page.last
        assert f"{ocr}-2" not in page.text
    assert facts(program, ocr, "dispute_raised") == 1
