"""Business time is moved by several processes at once, and only ever goes forward."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import house
from bot.clock import HouseClock
from bot.config import read_settings
from bot.demo.travel import Travel
from bot.house import CLOCK_OFFSET, open_house
from core.errors import Refusal
from core.store import settings
from core.store.database import Database


class Days:
    """The days that were lived, by the clock of whoever lived them."""

    def __init__(self, clock: HouseClock) -> None:
        self.clock = clock
        self.lived: list[date] = []

    async def __call__(self, *, last: bool) -> None:
        self.lived.append(self.clock.today())


async def test_a_clock_that_somebody_else_moved_is_never_moved_back(sqlite_db: Database) -> None:
    served, ticked = HouseClock(), HouseClock()
    today = served.today()
    await Travel(ticked, Days(ticked)).until(today + timedelta(days=30))
    days = Days(served)
    travel = Travel(served, days)
    with pytest.raises(Refusal, match="clock_back"):
        await travel.until(today + timedelta(days=7))
    assert await travel.until(today + timedelta(days=31)) == 1
    assert days.lived == [today + timedelta(days=30), today + timedelta(days=31)]
    assert await settings.get(CLOCK_OFFSET) == served.offset.total_seconds() > ticked.offset.total_seconds()


async def test_days_that_somebody_else_lives_meanwhile_are_not_lived_again(sqlite_db: Database) -> None:
    served, ticked = HouseClock(), HouseClock()
    today = served.today()

    async def live_day(*, last: bool) -> None:
        if served.today() == today + timedelta(days=2):
            await Travel(ticked, Days(ticked)).until(today + timedelta(days=5))

    assert await Travel(served, live_day).until(today + timedelta(days=6)) == 3
    assert served.today() == today + timedelta(days=6)


async def test_a_running_house_follows_a_clock_that_was_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "FOLLOW_S", 0.0)
    async with open_house(read_settings({"SCHYSST_HOME": str(tmp_path), "SCHYSST_ENV": "test"})) as opened:
        await settings.put(CLOCK_OFFSET, 86_400)
        async with asyncio.timeout(10):
            while opened.clock.offset != timedelta(days=1):
                await settings.get(CLOCK_OFFSET)
