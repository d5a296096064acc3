"""Telegram's wire against the real program: the same dialogs, and kill -9 between sending and recording.

Nobody can know then whether the message arrived, so it is `unknown`, and never sent again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.channels.botapi import TOKEN, BotApi
from tests.e2e.page import browser, door, people
from tests.e2e.phone import Phone, approve
from tests.e2e.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="module")

SARA, KERSTIN = 90_001, 90_002
POINTER = "Du har ett meddelande hos Schysst."
WAIT_S = 120


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(api: BotApi, home: Path) -> AsyncIterator[Program]:
    async with Program(home, more={"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": api.url}) as program:
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


# Between sending and recording


async def until_announced(program: Program, phone: Phone) -> None:
    """Let days go by until something has arrived at the phone; the program waits for Telegram's word then."""
    moving = asyncio.create_task(_days(program))
    await phone.until(POINTER, wait_s=WAIT_S)
    await program.kill()
    with suppress(aiohttp.ClientError):
        await moving


async def _days(program: Program) -> None:
    while True:
        await program.move("next-event")


async def test_it_is_unknown_and_shown_and_the_letter_reaches_its_reader(program: Program, api: BotApi) -> None:
    kerstin, phone = (await people(program.url))["Kerstin Åkesson"], Phone(api, KERSTIN)
    await phone.write("/start", "automatisk tjänst")
    await phone.press("Skriv koden i brevet", "åtta tecken")
    await phone.write(kerstin.code, "Telegram")
    api.faults["sendMessage"].append("mute")
    await until_announced(program, phone)

    await program.start()
    await program.until(lambda notices: notices["unknown"] == 1)
    [key] = (await program.ask("outbox", "--json")).json["unknown"]
    assert key in (await program.ask("outbox")).out
    sent = api.calls.count("sendMessage")
    assert phone.text.count(POINTER) == 1
    case_and_kind = key.rpartition(":")[0]
    while not (letters := [letter for letter in program.printed() if letter.startswith(f"{case_and_kind}:")]):
        await program.move("next-day")
    assert len(letters) == 1
    assert api.calls.count("sendMessage") == sent
    assert (await program.notices())["unknown"] == 1
    assert (await program.ask("verify")).out == ""
