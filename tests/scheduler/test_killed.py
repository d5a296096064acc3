"""Kill -9 at every point between deciding and recording; then a restart: nothing lost, nothing doubled."""

import asyncio
import json
import multiprocessing
import signal
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.channels.letter import PrintFolder
from core import payment
from core.facts import NoticeIssued, StepTaken, StepWithdrawn
from core.party import SYSTEM
from core.store import checks, night
from core.store.database import Database, rows
from core.store.secrets import new_key, parse
from tests.scheduler.mortal import DAY, POINTS, SAID, life
from tests.scheduler.town import Town, build_town, let_leases_end

#: More than one batch of the night run.
PEOPLE = night.BATCH + 10
ON_TELEGRAM = 3

#: A process that has imported all that a worker needs, and nothing else, and divides itself for each life.
WORKERS = multiprocessing.get_context("forkserver")
WORKERS.set_forkserver_preload([life.__module__])


@dataclass
class Crash:
    """A town whose worker is a process of its own."""

    town: Town
    url: str
    folder: Path
    keys: str

    async def live(self, point: str) -> int:
        """One business day; the process's exit code."""
        process = WORKERS.Process(target=life, args=(self.url, self.folder, self.keys, point))
        process.start()
        await asyncio.to_thread(process.join)
        assert process.exitcode is not None
        return process.exitcode

    def printed(self) -> list[str]:
        return [letter.key for letter in PrintFolder(self.folder / "print", self.town.clock).printed(DAY)]

    def said(self) -> list[str]:
        path = self.folder / SAID
        return [json.loads(line)[0] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
async def crash(db: Database, fresh_url: str, tmp_path: Path) -> Crash:
    keys = new_key("k1")
    town = build_town(db, tmp_path / "seals", DAY, parse(keys))
    return Crash(town, fresh_url, tmp_path, keys)


async def people(town: Town, number: int, on_telegram: int) -> None:
    for index in range(number):
        case = await town.person(index, DAY)
        if index < on_telegram:
            await town.on_telegram(case, 5_000 + index)


async def all_well(crash: Crash, number: int) -> None:
    """Every case has its reminder once, which left once, and the book is right."""
    assert await checks.verify(crash.town.deps.house.book, crash.town.deps.database, crash.folder / "seals") == []
    found = await rows("SELECT kind, count(*) AS n, count(DISTINCT case_id) AS of FROM facts GROUP BY kind")
    counts = {row["kind"]: (row["n"], row["of"]) for row in found}
    assert counts["step_taken"] == counts["notice_issued"] == (number, number)
    assert "step_withdrawn" not in counts
    printed, said = crash.printed(), crash.said()
    assert len(printed) == len(set(printed))
    assert len(said) == len(set(said))


@pytest.mark.parametrize("point", [point for point in POINTS if point != "night"])
async def test_killed_between_deciding_and_recording(crash: Crash, point: str) -> None:
    await people(crash.town, 6, ON_TELEGRAM)
    assert await crash.live(point) == -signal.SIGKILL
    if point == "after_file":
        await crash.town.send()  # the dead one's lease still runs: what it held is left alone
        assert crash.town.carrier.said == []
    await let_leases_end()
    assert await crash.live("never") == 0
    await all_well(crash, 6)
    assert len(crash.printed()) == 6 - ON_TELEGRAM
    # A message whose fate cannot be known is not sent again; its reader has paper in three days.
    found = await rows("SELECT key, state FROM notices WHERE form = 'document' AND via = 'chat'")
    unknown = {row["key"] for row in found if row["state"] == "unknown"}
    assert unknown or point not in ("before_send", "after_send")
    assert {row["key"] for row in found} == unknown | set(crash.said())
    if point == "after_send":
        assert unknown & set(crash.said())


async def test_killed_in_the_middle_of_the_night_run(crash: Crash) -> None:
    await people(crash.town, PEOPLE, 0)
    assert await crash.live("night") == -signal.SIGKILL
    [half] = await rows("SELECT count(*) AS n FROM facts WHERE kind = 'step_taken'")
    assert 0 < half["n"] < PEOPLE
    assert await crash.live("never") == 0
    await all_well(crash, PEOPLE)
    assert len(crash.printed()) == PEOPLE


async def test_paid_after_the_crash_the_letter_is_taken_back(crash: Crash) -> None:
    case = await crash.town.person(1, DAY)
    assert await crash.live("after_file") == -signal.SIGKILL
    assert len(crash.printed()) == 1
    await crash.town.deps.house.book.change(
        case.id, lambda case: payment.receive(case, 100_500, "swish", "ref", DAY, DAY), SYSTEM
    )
    assert await crash.live("never") == 0
    assert crash.printed() == []
    case = await crash.town.case(case)
    assert case.closed
    assert not list(case.all(NoticeIssued))
    assert [fact.why for fact in case.all(StepWithdrawn)] == ["paid"]


async def test_a_letter_made_before_the_crash_opens_its_case_after_it(crash: Crash) -> None:
    await crash.town.person(1, DAY)
    assert await crash.live("after_file") == -signal.SIGKILL
    await let_leases_end()
    assert await crash.live("never") == 0
    [letter] = list((crash.folder / "print" / DAY.isoformat()).glob("*.pdf"))
    code = letter.read_text().split("code ")[1].split()[0]
    [row] = await rows("SELECT code_hash FROM one_time_codes")
    assert row["code_hash"] == crash.town.deps.house.keys.find_by(code.replace("-", ""), "code")


async def test_dead_until_the_next_day_the_step_is_decided_anew(crash: Crash) -> None:
    case = await crash.town.person(1, DAY)
    assert await crash.live("claimed") == -signal.SIGKILL
    await let_leases_end()
    await crash.town.day(date(2025, 7, 3))
    case = await crash.town.case(case)
    assert [fact.why for fact in case.all(StepWithdrawn)] == ["late"]
    assert [fact.on for fact in case.all(StepTaken)] == [DAY, date(2025, 7, 3)]
    assert [fact.on for fact in case.all(NoticeIssued)] == [date(2025, 7, 3)]
