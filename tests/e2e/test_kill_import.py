"""Kill -9 at every moment of an import of a bank's file, and at any: started again, it ends as one undisturbed."""

import asyncio
import random
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.demo import people
from tests.e2e.program import asked, schysst
from tests.e2e.test_kill import ALARMED, KILLED, live_all
from tests.files import bank_samples as bank
from tests.scale import file

CLAIMS = 24
PAYMENTS = 450

#: Where a life ends: the function, whether after its work, and its how manyeth call of that life.
MOMENTS = (
    ("core.store.bank_folder:BankFolder.keep", True, 1),  # the copy lies there, nobody knows of it
    ("core.store.bank_files:begin", True, 1),
    ("core.files.bank_file:check", True, 1),
    ("core.store.bank:insert", True, 1),  # payments are written, not their transfers; nothing is committed
    ("core.store.saving:_write", True, 1),
    ("core.services.bank_booking:_write", True, 1),  # a batch is committed
    ("core.store.house_book:post", True, 1),
    ("core.services.bank_booking:_write", True, 2),
    ("core.store.bank_files:finish", True, 1),
    ("core.services.bank_files:_told", False, 1),  # all is booked, nobody was told
)
_RANDOM = random.Random(11)
#: And lives that end anywhere, so many seconds after they began.
ANY_TIME_S = [_RANDOM.uniform(0.4, 1.4) for _ in range(3)]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few cases, and a file in which some pay several times and others name nothing."""
    home = tmp_path_factory.mktemp("kill_import") / "before"
    claims = home.with_suffix(".csv")
    claims.write_text(file.plain(CLAIMS, date.today()))  # noqa: DTZ011 - the program's own clock begins here
    assert asyncio.run(schysst(home, "import", str(claims), SCHYSST_ENV="test")).code == 0
    ocrs = [ocr for (ocr,) in asked(home, "SELECT ocr FROM cases ORDER BY id")]
    home.with_suffix(".xml").write_text(_payments(ocrs, date.today()))  # noqa: DTZ011
    return home


def _payments(ocrs: list[str], day: date) -> str:
    paid = [
        bank.entry(
            1_000 + number,
            bank.part(None, bank.ocr(ocrs[number % 30]) if number % 30 < len(ocrs) else bank.free("hej")),
            ref=f"R{number}",
            on=day,
        )
        for number in range(PAYMENTS)
    ]
    account = people.agency("http://localhost").iban
    return bank.camt(bank.account(*paid, iban=account))


@pytest.fixture(scope="module")
def lives(before: Path) -> tuple[Path, Path]:
    """Two homes that read the same file: one undisturbed, one killed at every moment, each time a little further."""
    calm, killed = (shutil.copytree(before, before.with_name(name)) for name in ("calm", "killed"))
    words = ["import", str(before.with_suffix(".xml"))]
    plan: list[dict[str, Any]] = [{"home": str(calm), "words": words}]
    plan += [{"home": str(killed), "words": words, "at": at, "after": after, "nth": nth} for at, after, nth in MOMENTS]
    again = before.with_name("anywhere")
    shutil.copytree(before, again)
    plan += [{"home": str(again), "words": words, "seconds": seconds} for seconds in ANY_TIME_S]
    plan += [{"home": str(home), "words": words} for home in (killed, again)]
    first, *codes = asyncio.run(live_all(plan))
    assert first == 0, calm.with_suffix(".log").read_text()[-4000:]
    assert codes[-2:] == [0, 0], killed.with_suffix(".log").read_text()[-4000:]
    assert codes[: len(MOMENTS)] == [KILLED] * len(MOMENTS)
    assert set(codes[len(MOMENTS) : -2]) <= {ALARMED, 0}
    return calm, killed


@pytest.mark.parametrize("name", ["killed", "anywhere"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT case_id, kind, on_date, data FROM facts ORDER BY case_id, seq",
        "SELECT case_id, debit, credit, amount_ore, value_on, kind FROM transfers ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT key, seq, state, how, rest_ore FROM bank_entries ORDER BY key",
        "SELECT target, case_id, amount_ore FROM bank_bookings ORDER BY target",
        "SELECT key, state FROM notices ORDER BY key",
        "SELECT state, accepted, already, refused FROM bank_files",
    ],
)
def test_it_ends_in_the_same_state(lives: tuple[Path, Path], name: str, query: str) -> None:
    calm = lives[0]
    assert asked(calm.with_name(name), query) == asked(calm, query)
    assert asked(calm, query)


async def test_verify_is_silent(lives: tuple[Path, Path]) -> None:
    for home in lives:
        answer = await schysst(home, "verify", SCHYSST_ENV="test")
        assert (answer.code, answer.out) == (0, "")
