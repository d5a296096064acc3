"""The timetable: once a day by one process, at once when woken, and an orderly end."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import HouseClock
from core.rules import se
from core.store import audit, daily
from core.store.database import execute, rows
from core.store.dialect import load_json
from scheduler import night
from scheduler.deps import Deps
from scheduler.jobs import JOBS, Job, Jobs
from scheduler.runner import Runner
from tests.scheduler.town import Town

DAY = date(2025, 7, 2)


async def test_a_days_work_is_done_once_by_one_process(town: Town) -> None:
    turn = await daily.begin("dunning", DAY, "a", 60)
    assert turn is not None
    assert await daily.begin("dunning", DAY, "b", 60) is None
    await daily.renew(turn, 60)
    assert await daily.begin("dunning", DAY, "b", 60) is None
    await daily.done(turn)
    assert await daily.begin("dunning", DAY, "b", 60) is None
    assert await daily.last_day("dunning") == DAY
    assert await daily.begin("dunning", date(2025, 7, 3), "b", 60) is not None


async def test_a_dead_processs_work_is_taken_up(town: Town) -> None:
    dead = await daily.begin("dunning", DAY, "a", -1)
    quick = await daily.begin("dunning", DAY, "b", 60)
    assert dead is not None
    assert quick is not None
    await daily.done(dead)  # it was not dead, only slow: its word does not count any more
    assert await daily.last_day("dunning") is None
    await daily.give_up(quick)
    assert await daily.begin("dunning", DAY, "c", 60) is not None


async def test_living_a_day_waits_for_no_lease(town: Town) -> None:
    await town.sara()
    await daily.begin("dunning", DAY, "killed a moment ago", 600)
    await Jobs(town.deps).live_day()
    assert len(town.printer.letters) == 1


async def test_a_missed_day_heals_itself(town: Town) -> None:
    case = await town.sara()
    town.clock.set_day(date(2025, 10, 1))
    await Jobs(town.deps).live_day()
    assert list(town.printer.letters) == [f"{case.ocr}:reminder:1"]


async def test_what_goes_wrong_in_a_days_work_leaves_it_to_be_done(town: Town) -> None:
    calls: list[str] = []

    async def work(deps: Deps) -> None:
        calls.append("work")
        if len(calls) == 1:
            raise OSError("disk")

    job = Job("fragile", 60, work, daily=True)
    jobs = Jobs(town.deps, (job,))
    with pytest.raises(OSError, match="disk"):
        await jobs.do(job)
    await jobs.do(job)
    await jobs.do(job)
    assert calls == ["work", "work"]


async def test_the_night_seals_the_audit_log_and_finds_the_book_right(town: Town, tmp_path: Path) -> None:
    await town.sara()
    await Jobs(town.deps).live_day()
    assert (tmp_path / "seals" / audit.SEALS).exists()
    assert await rows("SELECT 1 AS one FROM tasks WHERE kind = 'task.verify'") == []


async def test_a_book_that_is_wrong_becomes_a_task(town: Town) -> None:
    await town.sara()
    await execute("UPDATE cases SET balance_ore = 1")
    assert await night.check(town.deps) == 1
    town.clock.set_day(DAY + timedelta(days=1))
    assert await night.check(town.deps) == 1
    [task] = await rows("SELECT data FROM tasks WHERE kind = 'task.verify'")
    facts = load_json(task["data"])
    assert facts["on"] == "2025-07-03"
    assert facts["found"] == [{"code": "projection", "number": 1, "rows": []}]


async def test_a_case_that_cannot_be_counted_is_shown_to_staff(town: Town) -> None:
    case = await town.sara()
    await town.day(DAY)
    strict = se.pack(carry_on=False)
    house = town.deps.house
    book = replace(house.book, rules_of=lambda country: strict)
    town.deps = replace(town.deps, house=replace(house, book=book))
    town.clock.set_day(date(2027, 7, 1))
    done = await night.run(town.deps)
    assert list(done.refused) == [case.id]
    assert len(await rows("SELECT 1 AS one FROM tasks WHERE kind = 'task.refused'")) == 1


async def test_staff_are_warned_a_month_before_the_rates_end(town: Town) -> None:
    until = town.deps.house.book.rules_of("SE").rates.known_until
    town.clock.set_day(until - timedelta(days=40))
    await night.warn_of_rates(town.deps)
    assert await rows("SELECT 1 AS one FROM tasks WHERE kind = 'task.rates'") == []
    town.clock.set_day(until - night.RATES_WARNING)
    await night.warn_of_rates(town.deps)
    await night.warn_of_rates(town.deps)
    assert len(await rows("SELECT 1 AS one FROM tasks WHERE kind = 'task.rates'")) == 1


async def test_every_job_of_the_table_has_its_own_name(town: Town) -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert JOBS[0].name == "dunning"


class RealTime:
    """The town's business time beside a machine clock that APScheduler can believe."""

    def __init__(self, town: Town) -> None:
        self._town, self._machine = town.clock, HouseClock()

    def machine_now(self) -> Any:
        return self._machine.machine_now()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._town, name)


def in_real_time(town: Town, *table: Job) -> Runner:
    house = replace(town.deps.house, clock=RealTime(town))
    return Runner(Jobs(replace(town.deps, house=house), table))


async def test_at_the_start_everything_is_looked_at(town: Town) -> None:
    looks: asyncio.Queue[str] = asyncio.Queue()

    def look(name: str) -> Job:
        async def work(deps: Deps) -> None:
            looks.put_nowait(name)

        return Job(name, 3600, work, daily=name == "dunning")

    runner = in_real_time(town, look("dunning"), look("outbox"))
    runner.start()
    async with asyncio.timeout(30):
        assert {await looks.get(), await looks.get()} == {"dunning", "outbox"}
    await runner.stop()


async def test_woken_it_looks_at_once(town: Town) -> None:
    looks: asyncio.Queue[str] = asyncio.Queue()

    async def work(deps: Deps) -> None:
        looks.put_nowait("look")

    runner = in_real_time(town, Job("outbox", 3600, work))
    runner.start()
    async with asyncio.timeout(30):
        await looks.get()
        runner.wake()
        await looks.get()
    await runner.stop()
    runner.wake()  # after the end nothing happens
    assert looks.empty()


async def test_what_is_under_way_at_the_end_is_finished(town: Town) -> None:
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(deps: Deps) -> None:
        begun.set()
        await go_on.wait()
        done.set()

    runner = in_real_time(town, Job("outbox", 3600, work))
    runner.start()
    await begun.wait()
    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0)
    assert not done.is_set()
    go_on.set()
    await stopping
    assert done.is_set()


async def test_a_job_that_fails_does_not_stop_the_timetable(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    looks: asyncio.Queue[str] = asyncio.Queue()

    async def work(deps: Deps) -> None:
        looks.put_nowait("look")
        raise RuntimeError("Sara Lind, Bergsgatan 4")

    runner = in_real_time(town, Job("outbox", 0.01, work))
    runner.start()
    async with asyncio.timeout(30):
        await looks.get()
        await looks.get()
    await runner.stop()
    assert "RuntimeError" in caplog.text
    assert "Sara" not in caplog.text
