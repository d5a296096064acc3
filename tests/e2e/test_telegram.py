"""The same dialogs on Telegram's wire, against the real program: a polling bot, the Bot API's server on localhost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.channels.botapi import TOKEN, BotApi
from tests.e2e.page import browser, door, people
from tests.e2e.phone import Phone, approve
from tests.e2e.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="module")

SARA = 90_001


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(api: BotApi, home: Path) -> AsyncIterator[Program]:
    program = await Program(home, more={"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.url}).start()
    yield program
    assert await program.stop() == 0
    assert "Traceback" not in program.log


async def test_code_choice_of_place_statement_payment_and_receipt(program: Program, api: BotApi) -> None:
    sara, phone = (await people(program.url))["Sara Lind"], Phone(api, SARA)
    async with browser(program.url) as creditor:
        await creditor.open(await door(program.url, "Norrhjul AB"))
        await phone.write("/start", "automatisk tjänst")
        await phone.press("Skriv koden i brevet", "åtta tecken")
        await phone.write(sara.code, "Telegram")
        assert "Norrhjul" not in phone.text
        case = await phone.press("Läs här i Telegram", "Norrhjul AB")
        assert "1 248,22 kr" in case.text.replace("\u00a0", " ")
        owe = await phone.press("Se kravet i detalj", "Så har vi räknat")
        assert "180,00" in owe.text
        await phone.press("Betala", "1 248,22 kr")
        await phone.press("Betala med Swish", "Öppna Swish och godkänn")
        await approve(phone.url("Öppna Swish"))
        receipt = await phone.until("Kvitto")
        assert "utan betalningsanmärkning" in receipt.text
        told = await creditor.until("Sara Lind")
        assert "1 000,00" in told
    assert (await program.ask("verify")).out == ""
