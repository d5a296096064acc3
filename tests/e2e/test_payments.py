"""Paying, against the real program: callbacks many times and at once, parts, too much, öre. One payment is one."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.page import Page, browser, people
from tests.e2e.phone import answer_swish, approve, pay_at_the_bank
from tests.e2e.program import Program, asked
from tests.e2e.swish import Callback, misbehave

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(home: Path) -> AsyncIterator[Program]:
    async with Program(home) as program:
        yield program
        assert (await program.ask("verify")).out == ""
        assert await program.stop() == 0
    assert "Traceback" not in program.log


@asynccontextmanager
async def identified(program: Program, name: str) -> AsyncIterator[Page]:
    """Somebody of the demo at the web chat, with their case open."""
    person = (await people(program.url))[name]
    async with browser(program.url) as page:
        await page.open(person.link)
        await page.press("Skriv koden i brevet")
        await page.say(person.code)
        yield page


def ocr_of(page: Page) -> str:
    """The number in the heading of the statement, in either language."""
    found: list[str] = re.findall(r"(?:Ärende|Case) (\d{6,})", page.text)
    return found[-1]


def owed(page: Page) -> int:
    """The sum to pay today in the latest statement of the page, in öre."""
    [*_, kronor] = re.findall(r"(?:Att betala i dag|To pay today) ([\d ,.]+)[,.]\d\d", page.text)
    [*_, ore] = re.findall(r"(?:Att betala i dag|To pay today) [\d ,.]+[,.](\d\d)", page.text)
    return int(re.sub(r"\D", "", kronor)) * 100 + int(ore)


def is_closed(program: Program, ocr: str) -> bool:
    [(closed_on,)] = asked(program.home, "SELECT closed_on FROM cases WHERE ocr = ?", ocr)
    return closed_on is not None


def payments(program: Program, ocr: str) -> list[int]:
    """What was received on a case, by the book's transfers into client funds, one sum a payment."""
    rows = asked(
        program.home,
        "SELECT sum(t.amount_ore) FROM transfers t JOIN cases c ON c.id = t.case_id"
        " WHERE c.ocr = ? AND t.debit LIKE 'client_funds%' AND t.kind = 'payment' GROUP BY t.source",
        ocr,
    )
    return [row[0] for row in rows]


async def test_ten_callbacks_and_two_at_once_are_one_payment(program: Program) -> None:
    await misbehave(program.url, repeat_callbacks="10")
    async with identified(program, "Sara Lind") as page:
        ocr = ocr_of(page)
        await page.press("Betala")
        await page.press("Betala med Swish")
        request_id = await approve(page.messages[-1].links["Öppna Swish"])
        callback = Callback.of_last_request(program.url, program.home)
        assert callback.instruction_id == request_id
        assert await asyncio.gather(*(callback.post() for _ in range(2))) == [200, 200]
        assert [await callback.post() for _ in range(8)] == [200] * 8
        await page.until("utan betalningsanmärkning")
        assert page.text.count("Kvitto 10001089-1.") == 1
        assert "10001089-2" not in page.text
    await misbehave(program.url)
    assert payments(program, ocr) == [124_822]
    assert is_closed(program, ocr)


async def test_two_callbacks_at_once_are_the_first_to_tell(program: Program) -> None:
    """Swish's own callbacks are lost; then two arrive in the same moment."""
    await misbehave(program.url, lose_callbacks="on")
    async with identified(program, "Kerstin Åkesson") as page:
        ocr = ocr_of(page)
        await page.press("Betala")
        await page.press("Betala med Swish")
        await approve(page.messages[-1].links["Öppna Swish"])
        assert payments(program, ocr) == []
        callback = Callback.of_last_request(program.url, program.home)
        assert await asyncio.gather(*(callback.post(amount=n) for n in range(2))) == [200, 200]
        await page.until("utan betalningsanmärkning")
    await misbehave(program.url)
    assert payments(program, ocr) == [84_192]


async def test_a_part_by_swish_covers_fees_and_interest_first(program: Program) -> None:
    async with identified(program, "Piotr Wysocki") as page:
        ocr = ocr_of(page)
        before = owed(page)
        await page.press("Betala")
        await page.press("Betala en del")
        await page.say("500")
        await page.press("Swisha 500 kr")
        await approve(page.messages[-1].links["Öppna Swish"])
        await page.until("Vi fick 500,00 kr")
        await page.say("/start")
        assert owed(page) == before - 50_000
    assert payments(program, ocr) == [50_000]
    assert not is_closed(program, ocr)
    accounts = asked(
        program.home,
        "SELECT t.credit, sum(t.amount_ore) FROM transfers t JOIN cases c ON c.id = t.case_id"
        " WHERE c.ocr = ? AND t.debit LIKE 'client_funds%' AND t.kind = 'payment' GROUP BY t.credit",
        ocr,
    )
    settled = dict(accounts)
    assert (settled["case:reminder"], settled["case:demand"]) == (6_000, 18_000)
    assert settled["case:interest"] + settled["case:principal"] == 26_000


async def test_declined_in_the_app_nothing_is_booked_and_one_may_try_again(program: Program) -> None:
    async with identified(program, "Yusuf Warsame") as page:
        ocr = ocr_of(page)
        await page.press("Betala")
        await page.press("Betala med Swish")
        await answer_swish(page.messages[-1].links["Öppna Swish"], "DECLINED")
        assert payments(program, ocr) == []
        await page.say("/start")
        await page.press("Betala")
        await page.press("Betala med Swish")
        await approve(page.messages[-1].links["Öppna Swish"])
        await page.until("utan betalningsanmärkning")
    assert len(payments(program, ocr)) == 1


@pytest.mark.parametrize(
    ("name", "more_ore", "account", "ore"),
    [
        ("Fatima al-Khatib", 5_178, "debtor:overpaid", 5_178),
        ("Bygg & Tak i Umeå AB", -22, "rounding", -22),
        ("Emma Holm", 8, "rounding", 8),
    ],
)
async def test_too_much_is_owed_back_and_ore_are_ours(
    program: Program, name: str, more_ore: int, account: str, ore: int
) -> None:
    """Domain 2.4, A4 to A6: the case is closed, and the difference stands where it belongs."""
    async with identified(program, name) as page:
        ocr = ocr_of(page)
        paid = owed(page) + more_ore
        assert await pay_at_the_bank(program.url, ocr, f"{paid // 100},{paid % 100:02d}") == 200
        await page.until(f"{ocr}-1")
    [(balance,)] = asked(
        program.home,
        "SELECT sum(CASE WHEN t.credit = ?1 THEN t.amount_ore ELSE -t.amount_ore END) FROM transfers t"
        " JOIN cases c ON c.id = t.case_id WHERE c.ocr = ?2 AND ?1 IN (t.debit, t.credit)",
        account,
        ocr,
    )
    assert balance == ore
    assert is_closed(program, ocr)
