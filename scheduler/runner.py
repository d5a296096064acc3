"""The timetable of one process. APScheduler only ticks: what is due is rows, and nothing of it is kept in memory."""

import asyncio
import logging
import traceback
from datetime import UTC
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from scheduler.jobs import Job, Jobs

log = logging.getLogger(__name__)

DRAIN_S: Final = 20.0
OUTBOX: Final = "outbox"


class Runner:
    """Looks at each job in its interval until it is stopped."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._waker: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        # A tick that finds the last one still at work is nothing to warn of.
        for name in ("apscheduler.scheduler", "apscheduler.executors.default"):
            logging.getLogger(name).setLevel(logging.ERROR)

    def start(self) -> None:
        """Look at everything once now, and then in its interval."""
        for job in self._jobs.table:
            self._scheduler.add_job(
                self._look,
                "interval",
                seconds=job.every_s,
                id=job.name,
                args=[job],
                next_run_time=self._jobs.deps.house.clock.machine_now(),
            )
        self._scheduler.start()
        self._waker = asyncio.create_task(self._look_when_woken())

    def wake(self) -> None:
        """Something was put into the outbox and is committed: let it leave at once."""
        self._woken.set()

    async def stop(self, drain_s: float = DRAIN_S) -> None:
        """Begin nothing new, and let what is under way come to its end, for a while.

        APScheduler's own waiting would cancel it instead. What is cut off is taken up by its lease.
        """
        if self._waker is None:
            return
        self._scheduler.pause()
        self._waker.cancel()
        self._waker = None
        if self._under_way:
            _, left = await asyncio.wait(self._under_way, timeout=drain_s)
            for task in left:
                task.cancel()
            if left:
                log.warning("%d jobs were cut off", len(left))
        self._scheduler.shutdown(wait=False)

    async def _look_when_woken(self) -> None:
        """Beside the timetable, which lets a tick go by while the last one is at work."""
        outbox = next((job for job in self._jobs.table if job.name == OUTBOX), None)
        while outbox:
            await self._woken.wait()
            self._woken.clear()
            await self._look(outbox)

    async def _look(self, job: Job) -> None:
        """In a task of its own, so that stopping the timetable does not cut it off."""
        task = asyncio.create_task(self._do(job))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.shield(task)

    async def _do(self, job: Job) -> None:
        try:
            await self._jobs.do(job)
        except Exception as error:
            # The message of an exception may hold a person's data; where it was raised does not.
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error("job %s: %s at %s:%s", job.name, type(error).__name__, where.filename, where.lineno)
