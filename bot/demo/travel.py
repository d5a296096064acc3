"""Moving business time: only forward, and through every day's jobs. For demos and tests, never in production."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Protocol

from bot.clock import STOCKHOLM, HouseClock
from bot.house import CLOCK_OFFSET, keep_up
from core.calendar import ONE_DAY
from core.errors import Refusal
from core.store import settings

Progress = Callable[[date], None]

#: A day is lived at nine in the morning: people may be rung, and somebody is at work.
MORNING = time(9)


class LiveDay(Protocol):
    """One whole business day: the night run, the outbox until it is empty, what else is due."""

    def __call__(self, *, last: bool) -> Awaitable[None]: ...


class Travel:
    """The clock of an installation that may be moved."""

    def __init__(self, clock: HouseClock, live_day: LiveDay) -> None:
        self.clock = clock
        self._live_day = live_day
        self._moving = asyncio.Lock()

    async def begin(self, day: date) -> None:
        """Set an empty installation's clock, once, before anything has happened."""
        await self._set(day)

    async def until(self, day: date, progress: Progress | None = None) -> int:
        """Live through every day up to and including ``day``; how many that were. Raises Refusal ``clock_back``.

        Others may move the same installation's clock, such as ``tick`` beside a server: each move begins from where
        the database says that it stands.
        """
        async with self._moving:
            await keep_up(self.clock)
            if day < self.clock.today():
                raise Refusal("clock_back")
            await self._live_day(last=day == self.clock.today())  # what is left of today
            days = 0
            while await self._moved_towards(day):
                await self._live_day(last=day == self.clock.today())
                days += 1
                if progress:
                    progress(self.clock.today())
            return days

    async def _moved_towards(self, day: date) -> bool:
        """Go to the next day; False when the day is reached, by us or by somebody else."""
        await keep_up(self.clock)
        if self.clock.today() >= day:
            return False
        await self._set(self.clock.today() + ONE_DAY)
        return True

    async def _set(self, day: date) -> None:
        # Kept in whole seconds and rounded up: a restart within the second must not find itself before what it decided.
        seconds = ceil(self.clock.offset_to(datetime.combine(day, MORNING, STOCKHOLM)) / timedelta(seconds=1))
        await settings.put(CLOCK_OFFSET, seconds)
        # After the database, so that nobody who follows it takes the old offset for news.
        self.clock.offset = timedelta(seconds=seconds)
