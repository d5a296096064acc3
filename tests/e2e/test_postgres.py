"""The first phase on PostgreSQL, with the pages in one process and the work in two others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
import pytest_asyncio

from core.store.database import execute, opened
from tests.conftest import PostgresServer
from tests.e2e.page import browser, people
from tests.e2e.phone import approve
from tests.e2e.program import Program, schysst
from tests.scale import file

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Agency:
    """One database, one home on a shared disk, three processes."""

    web: Program
    workers: tuple[Program, Program]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(postgres_server: PostgresServer) -> AsyncIterator[str]:
    name = f"e{uuid4().hex}"
    async with opened(postgres_server.url("postgres")):
        await execute(f"CREATE DATABASE {name} TEMPLATE {postgres_server.template}")
    yield postgres_server.url(name)
    async with opened(postgres_server.url("postgres")):
        await execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agency(url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Agency]:
    home = tmp_path_factory.mktemp("postgres") / "home"
    claims = home.with_suffix(".csv")
    claims.write_text(file.plain(12, date.today()))  # noqa: DTZ011 - the program's clock begins here
    more = {"DATABASE_URL": url}
    assert (await schysst(home, "import", str(claims), "--json", **more)).json["accepted"] == 12
    web = Program(home, ("run", "--roles", "web", "--demo"), more)
    workers = (Program(home, ("run", "--roles", "worker"), more), Program(home, ("run", "--roles", "worker"), more))
    programs = (web, *workers)
    async with AsyncExitStack() as running:
        await asyncio.gather(*(running.enter_async_context(program) for program in programs))
        yield Agency(web, workers)
        codes = await asyncio.gather(*(program.stop() for program in programs))
        assert codes == [0, 0, 0]
    assert not [program.log for program in programs if "Traceback" in program.log or "ERROR" in program.log]


async def test_a_case_is_paid_and_its_receipt_is_told_by_another_process(agency: Agency) -> None:
    web, name = agency.web, "Påhittad Person 3"
    person = (await people(web.url))[name]
    async with browser(web.url) as page:
        await page.open(person.link)
        await page.press("Skriv koden i brevet")
        await page.say(person.code)
        await page.press("Se kravet i detalj")
        await page.press("Betala")
        await page.press("Betala med Swish")
        await approve(page.messages[-1].links["Öppna Swish"])
        await page.until("utan betalningsanmärkning")
    assert (await web.ask("verify")).out == ""


async def test_a_worker_is_killed_and_every_letter_leaves_once(agency: Agency) -> None:
    web, (first, second) = agency.web, agency.workers
    moving = asyncio.create_task(web.move("next-week"))
    await first.kill()
    await moving
    await first.start()
    await web.until(lambda notices: notices["claimed"] == 0 and notices["queued"] == 0)
    letters = web.printed()
    assert len(letters) == len(set(letters)) >= 11
    assert {key.split(":")[1] for key in letters} == {"reminder"}
    assert (await second.ask("verify")).out == ""
