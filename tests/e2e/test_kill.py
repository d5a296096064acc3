"""Kill -9 at every moment between deciding and recording, and at any: nothing lost, nothing doubled."""

import asyncio
import json
import random
import shutil
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import house
from tests.e2e.program import Answer, asked, schysst
from tests.scale import file

CLAIMS = 24
DAYS = 40
KILLED, ALARMED = -9, -14

#: Where a life ends: the function, whether after its work, and its how manyeth call of that life.
MOMENTS = (
    ("core.store.saving:_write", True, 1),  # the night's rows are written, not committed
    ("core.store.night:_write", True, 1),  # a batch of the night is committed
    ("scheduler.outbox:_deliver_all", False, 1),  # claimed, nothing done
    ("bot.channels.letter:_append", False, 3),  # the letter lies hidden, without a line
    ("bot.channels.letter:_reveal", False, 3),  # the line stands, the letter lies hidden
    ("bot.carriers:FolderPrinter.put", True, 3),  # printed, not recorded
    ("core.store.attempts:keep_document", True, 3),  # recorded, not committed
    ("scheduler.documents:_print", True, 3),  # one is done, the others are claimed
    ("bot.demo.travel:Travel._set", True, 2),  # a day has begun
    ("core.store.outbox:claim", True, 5),
    ("core.store.saving:_write", False, 20),
    ("core.store.daily:done", False, 9),
)
_RANDOM = random.Random(7)
#: And lives that end anywhere, so many seconds after they began.
ANY_TIME_S = [_RANDOM.uniform(0.3, 1.2) for _ in range(4)]


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with claims of unlike people, before its first night."""
    home = tmp_path_factory.mktemp("kill") / "before"
    claims = home.with_suffix(".csv")
    claims.write_text(file.plain(CLAIMS, date.today()))  # noqa: DTZ011 - the program's own clock begins here
    answer = asyncio.run(schysst(home, "import", str(claims), "--json", SCHYSST_ENV="test"))
    assert answer.json["accepted"] == CLAIMS, answer
    return home


@pytest.fixture(scope="module")
def lives(handed_over: Path) -> tuple[Path, Path]:
    """Two homes that lived the same days: one undisturbed, one killed at every moment."""
    calm, killed = (shutil.copytree(handed_over, handed_over.with_name(name)) for name in ("calm", "killed"))
    until = ["tick", "--until", (date.today() + timedelta(days=DAYS)).isoformat()]  # noqa: DTZ011
    plan: list[dict[str, Any]] = [{"home": str(calm), "words": until}]
    plan += [{"home": str(killed), "words": until, "at": at, "after": after, "nth": nth} for at, after, nth in MOMENTS]
    plan += [{"home": str(killed), "words": until, "seconds": seconds} for seconds in ANY_TIME_S]
    plan.append({"home": str(killed), "words": until})
    first, *codes, last = asyncio.run(live_all(plan))
    assert (first, last) == (0, 0), killed.with_suffix(".log").read_text()[-4000:]
    assert codes[: len(MOMENTS)] == [KILLED] * len(MOMENTS)
    # A quick machine may come to the end of a life before its alarm.
    assert set(codes[len(MOMENTS) :]) <= {ALARMED, 0}
    return calm, killed


async def live_all(plan: list[Any]) -> list[Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.e2e.mortal", json.dumps(plan), cwd=house.ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    codes: list[Any] = json.loads(out)
    return codes


def printed(home: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every line of every manifest, with its day."""
    return [
        (folder.name, json.loads(line))
        for folder in sorted((home / "print").iterdir())
        for line in (folder / "manifest.jsonl").read_text().splitlines()
    ]


async def verified(home: Path) -> Answer:
    return await schysst(home, "verify", SCHYSST_ENV="test")


def test_the_same_letters_left_on_the_same_days(lives: tuple[Path, Path]) -> None:
    calm, killed = ([(day, line["key"], line["pages"]) for day, line in printed(home)] for home in lives)
    assert sorted(killed) == sorted(calm)
    assert len(calm) > 2 * CLAIMS


def test_no_letter_is_there_twice_and_each_file_is_whole(lives: tuple[Path, Path]) -> None:
    _, killed = lives
    lines = printed(killed)
    assert set(Counter(line["key"] for _, line in lines).values()) == {1}
    files = {path.relative_to(killed / "print").as_posix() for path in (killed / "print").rglob("*.pdf*")}
    assert files == {f"{day}/{line['file']}" for day, line in lines}
    assert all((killed / "print" / day / line["file"]).stat().st_size == line["bytes"] for day, line in lines)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT case_id, kind, on_date FROM facts ORDER BY case_id, kind, on_date",
        "SELECT case_id, debit, credit, amount_ore, booked_on, value_on FROM transfers ORDER BY 1, 2, 3, 4, 5, 6",
        "SELECT key, state, via, issued_on FROM notices ORDER BY key",
        "SELECT key, kind FROM tasks ORDER BY key",
    ],
)
def test_the_book_is_the_same(lives: tuple[Path, Path], query: str) -> None:
    calm, killed = lives
    assert asked(killed, query) == asked(calm, query)
    assert asked(calm, query)


async def test_verify_is_silent(lives: tuple[Path, Path]) -> None:
    for home in lives:
        answer = await verified(home)
        assert (answer.code, answer.out) == (0, "")
