"""Kill -9 at every moment of an import of a bank's file, and at any: started again, it ends as one undisturbed.

Then two processes at once read the same payments, one as notification and one as statement; each is booked once.
"""

import asyncio
import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.demo import people
from core.store.database import execute, opened, rows
from tests.conftest import PostgresServer
from tests.e2e.program import asked, schysst
from tests.e2e.test_kill import ALARMED, KILLED, live_all
from tests.files import bank_samples as bank
from tests.scale import file

CLAIMS = 24
#: A batch and a little.
PAYMENTS = 210
#: So many are told by two files.
TWICE = 60

#: Where a life ends: the function, whether after its work, and its how manyeth call of that life.
MOMENTS = (
    ("core.store.bank_files:begin", True, 1),  # the copy lies there, nothing of it is read
    ("core.store.bank:insert", True, 1),  # payments are written, not their transfers; nothing is committed
    ("core.services.bank_booking:_write", True, 1),  # a batch is committed
    ("core.store.house_book:post", True, 1),
    ("core.services.bank_files:_told", False, 1),  # all is booked, nobody was told
)
#: And a life that ends anywhere, so many seconds after it began.
ANY_TIME_S = random.Random(11).uniform(0.4, 1.4)
#: The files that two processes read at once.
BOTH = (".054.xml", ".053.xml")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few cases, and a file in which some pay several times and others name nothing."""
    home = tmp_path_factory.mktemp("kill_import") / "before"
    claims = home.with_suffix(".csv")
    claims.write_text(file.plain(CLAIMS, date.today()))  # noqa: DTZ011 - the program's own clock begins here
    assert asyncio.run(schysst(home, "import", str(claims), SCHYSST_ENV="test")).code == 0
    ocrs = [ocr for (ocr,) in asked(home, "SELECT ocr FROM cases ORDER BY id")]
    home.with_suffix(".xml").write_text(_payments(ocrs, range(PAYMENTS)))
    for told in BOTH:
        home.with_suffix(told).write_text(_payments(ocrs, range(PAYMENTS, PAYMENTS + TWICE), told[1:4]))
    return home


def _payments(ocrs: list[str], numbers: range, kind: str = "054") -> str:
    paid = [
        bank.entry(
            1_000 + number,
            bank.part(None, bank.ocr(ocrs[number % 30]) if number % 30 < len(ocrs) else bank.free("hej")),
            ref=f"R{number}",
            on=date.today(),  # noqa: DTZ011 - the program's own clock begins here
        )
        for number in numbers
    ]
    account = people.agency("http://localhost").iban
    return bank.camt(bank.account(*paid, iban=account, kind="Stmt" if kind == "053" else "Ntfctn"), kind=kind)


@pytest.fixture(scope="module")
def lives(before: Path) -> tuple[Path, Path]:
    """Two homes that read the same files: one undisturbed and one by one, one killed at every moment, each time a
    little further, and at last with two processes at once.
    """
    calm, killed = (shutil.copytree(before, before.with_name(name)) for name in ("calm", "killed"))
    words = _words(before, ".xml")
    plan: list[Any] = [{"home": str(calm), "words": words}]
    plan += [{"home": str(calm), "words": _words(before, told)} for told in BOTH]
    plan += [{"home": str(killed), "words": words, "at": at, "after": after, "nth": nth} for at, after, nth in MOMENTS]
    plan += [{"home": str(killed), "words": words, "seconds": ANY_TIME_S}, {"home": str(killed), "words": words}]
    plan += [[{"home": str(killed), "words": _words(before, told)} for told in BOTH]]
    plan += [{"home": str(killed), "words": ["verify"]}]
    *undisturbed, anywhere, last, both, verified = asyncio.run(live_all(plan))
    undisturbed, codes = undisturbed[:3], undisturbed[3:]
    assert undisturbed == [0] * 3, calm.with_suffix(".log").read_text()[-4000:]
    assert (last, both, verified) == (0, [0, 0], 0), killed.with_suffix(".log").read_text()[-4000:]
    assert codes == [KILLED] * len(MOMENTS)
    assert anywhere in (ALARMED, 0)
    return calm, killed


def _words(before: Path, kind: str) -> list[str]:
    return ["import", str(before.with_suffix(kind))]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT case_id, kind, on_date, data FROM facts ORDER BY case_id, seq",
        "SELECT case_id, debit, credit, amount_ore, value_on, kind FROM transfers ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT key, seq, state, how, rest_ore FROM bank_entries ORDER BY key",
        "SELECT target, case_id, amount_ore FROM bank_bookings ORDER BY target",
        "SELECT key, state FROM notices ORDER BY key",
        "SELECT state, accepted + already, refused FROM bank_files ORDER BY size",
        "SELECT sum(accepted), sum(already) FROM bank_files",
    ],
)
def test_it_ends_in_the_same_state(lives: tuple[Path, Path], query: str) -> None:
    calm, killed = lives
    assert asked(killed, query) == asked(calm, query)
    assert asked(calm, query)


async def test_on_postgres_too(lives: tuple[Path, Path], before: Path, postgres_server: PostgresServer) -> None:
    url, home = postgres_server.url("killed_import"), before.with_name("postgres")
    async with opened(postgres_server.url("postgres")):
        await execute(f"CREATE DATABASE killed_import TEMPLATE {postgres_server.template}")
    claims, payments = _words(before, ".csv"), _words(before, ".xml")
    plan: list[Any] = [{"words": claims}]
    plan += [{"words": payments, "at": at, "after": after, "nth": nth} for at, after, nth in MOMENTS]
    plan += [{"words": payments}, [{"words": _words(before, told)} for told in BOTH], {"words": ["verify"]}]
    given = {"home": str(home), "database": url}
    codes = await live_all(
        [[each | given for each in life] if isinstance(life, list) else life | given for life in plan]
    )
    assert codes == [0, *[KILLED] * len(MOMENTS), 0, [0, 0], 0], home.with_suffix(".log").read_text()[-4000:]
    async with opened(url):
        for query in (
            "SELECT count(*) AS number, sum(amount_ore) AS ore FROM transfers",
            "SELECT count(*) AS number, sum(rest_ore) AS ore FROM bank_entries",
            "SELECT count(*) AS number, sum(amount_ore) AS ore FROM bank_bookings",
        ):
            [found] = await rows(query)
            assert [tuple(found.values())] == asked(lives[0], query)
