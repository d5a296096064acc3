"""While the demand waits for a printer that stands still, one debtor pays and another objects: it never leaves."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.page import Page, browser, people
from tests.e2e.phone import approve
from tests.e2e.program import Program, schysst
from tests.scale import file

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAYER, OBJECTOR = "Påhittad Person 3", "Påhittad Person 5"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """Two cases of which the reminder has left, and the demand cannot."""
    home = tmp_path_factory.mktemp("waiting") / "home"
    claims = home.with_suffix(".csv")
    header, *rows = file.plain(6, date.today()).splitlines()  # noqa: DTZ011 - the program's clock begins here
    claims.write_text("\n".join([header, rows[3], rows[5]]))
    assert (await schysst(home, "import", str(claims), "--json")).json["accepted"] == 2
    async with Program(home) as program:
        while len(program.printed()) < 2:
            await program.move("next-day")
        block(home)
        while (await program.notices())["queued"] < 2:
            await program.move("next-event")
        yield program
        assert await program.stop() == 0
    assert "Traceback" not in program.log


def block(home: Path) -> None:
    """A file where the print folder was: nothing can be written there."""
    (home / "print").rename(home / "print.away")
    (home / "print").write_text("")


def mend(home: Path) -> None:
    (home / "print").unlink()
    (home / "print.away").rename(home / "print")


async def identified(page: Page, name: str) -> None:
    person = (await people(page.url))[name]
    await page.open(person.link)
    await page.press("Skriv koden i brevet")
    await page.say(person.code)


async def ocr_of(program: Program, page: Page) -> str:
    return page.text.partition("Ärende ")[2].split()[0]


async def test_it_never_leaves_and_its_fee_is_gone(program: Program) -> None:
    async with browser(program.url) as payer, browser(program.url) as objector:
        await identified(payer, PAYER)
        await identified(objector, OBJECTOR)
        ocrs = [await ocr_of(program, page) for page in (payer, objector)]
        await payer.press("Betala")
        await payer.press("Betala med Swish")
        await approve(payer.messages[-1].links["Öppna Swish"])
        await payer.until("utan betalningsanmärkning")
        await objector.press("Säg att något är fel")
        await objector.press("Visa fler skäl")
        await objector.press("Fick fel eller dåligt")
        await objector.say("Bromsarna tar inte.")
    mend(program.home)
    await program.until(lambda notices: notices["withdrawn"] == 2 and notices["queued"] == 0)
    await program.move("next-week")
    assert sorted(key.split(":")[1] for key in program.printed()) == ["reminder", "reminder"]
    for ocr in ocrs:
        stated = (await program.ask("statement", ocr, "--json")).json
        assert [line["cost"] for line in stated["lines"] if line["kind"] == "cost"] == ["reminder"]
    assert stated["total_ore"] > 0
    assert (await program.ask("verify")).out == ""
