"""Two processes over one book: whatever they do side by side is done once."""

import asyncio
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import STOCKHOLM
from bot.house import CLOCK_OFFSET
from core.party import SYSTEM
from core.services import intake
from core.store import settings
from core.store.database import Database, opened, rows
from scheduler.jobs import Jobs
from tests.scale import file
from tests.scale.judge import found, judge, printed
from tests.scale.lawful import banking
from tests.scale.program import Program
from tests.scheduler.town import build_town

START = date(2026, 3, 2)
#: How long two workers may take for one day of a small book.
PATIENCE_S = 90.0


async def test_two_timetables_live_side_by_side(db: Database, tmp_path: Path) -> None:
    town = build_town(db, tmp_path / "seals", START)
    claims = file.claims(40, START)
    done = await intake.register_claims(town.deps.house, SYSTEM, file.read(claims, START))
    assert done.accepted == len(claims)
    both = [Jobs(replace(town.deps, owner=owner)) for owner in ("here", "there")]
    for number in range(120):
        town.clock.set_day(START + timedelta(days=number))
        async with asyncio.TaskGroup() as group:
            for jobs in both:
                group.create_task(jobs.live_day(last=number % 30 == 29))
    assert await judge(file.by_case(claims, START), START, town.clock.today()) == []
    assert await rows("SELECT kind FROM tasks") == []
    assert town.printer.days == {key: on for case in (await found()).values() for key, on in case.keys.items()}


@pytest.mark.parametrize("kind", ["postgres"])
def test_two_workers_share_a_night(kind: str, fresh_url: str, tmp_path: Path) -> None:
    """Real processes on PostgreSQL; afterwards one of them lives on alone."""
    program = Program(tmp_path, fresh_url)
    today = date.today()  # noqa: DTZ011 - the program's own clock begins here
    claims = file.claims(30, today)
    (tmp_path / "claims.csv").write_text(file.as_csv(claims), "utf-8")
    assert program("import", str(tmp_path / "claims.csv")).returncode == 0
    day = banking(today + timedelta(days=1))
    asyncio.run(_night_of_two(program, day))
    until = day + timedelta(days=12)
    assert program("tick", "--until", until.isoformat()).returncode == 0
    assert program("verify").stdout == ""
    assert asyncio.run(_wrong(program, claims, today, day, until)) == []


async def _night_of_two(program: Program, day: date) -> None:
    """Both workers wake on a day on which letters are due, and are stopped when nothing is left to do."""
    morning = datetime.combine(day, datetime.min.time(), STOCKHOLM) + timedelta(hours=9)
    async with opened(program.url):
        offset = morning - datetime.now(STOCKHOLM)
        await settings.put(CLOCK_OFFSET, int(offset / timedelta(seconds=1)))
        workers = [program.start("run", "--roles", "worker") for _ in range(2)]
        try:
            await _until_quiet(day)
        finally:
            for worker in workers:
                worker.terminate()
            codes = [worker.wait(timeout=60) for worker in workers]
    assert codes == [0, 0]


async def _until_quiet(day: date) -> None:
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        await asyncio.sleep(0.2)
        waiting = await rows("SELECT 1 AS one FROM notices WHERE state IN ('queued', 'claimed') LIMIT 1")
        if not waiting and await rows("SELECT 1 AS one FROM facts WHERE kind = 'notice_issued' LIMIT 1"):
            return
    raise AssertionError(f"the workers were not done with {day}")


async def _wrong(program: Program, claims: tuple[file.Row, ...], today: date, day: date, until: date) -> list[str]:
    async with opened(program.url):
        wrong = await judge(file.by_case(claims, today), today, until, lambda wanted: max(wanted, day))
        documents = {key: on for case in (await found()).values() for key, on in case.keys.items()}
    return wrong if printed(program.home / "print") == documents else [*wrong, "print folder and book differ"]
