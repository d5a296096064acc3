"""What `make run` opens: the clock of the made-up agency, its people as lines through their months, and all the doors.

The page knows a `DemoView`; who moves the clock and what that sets off is `DemoMoves`' affair.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal, Protocol

from aiohttp import web
from babel.dates import format_date

from bot.http import pages
from core import words

MONTHS_SHOWN = 4
Kind = Literal["letter", "payment"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something in a case's life: it has happened (`filled`), or may happen."""

    day: date
    kind: Kind
    filled: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause, from its first to its last day."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Life:
    """One debtor as the demo shows them: who, how much, where it stands, and the way into the chat."""

    name: str
    href: str
    balance_ore: int
    status: str
    began: date
    ended: date | None = None
    events: tuple[Event, ...] = ()
    holds: tuple[Hold, ...] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A way to be somebody else, or to play the outside world."""

    name: str
    small: str
    href: str
    icon: str = "eq"


@dataclass(frozen=True, slots=True)
class DemoView:
    """Everything on the page, on the day that the demo's clock shows. `next_event` says when and what, if known."""

    next_event: str | None
    debtors: tuple[Life, ...]
    creditors: tuple[Door, ...]
    staff: tuple[Door, ...]
    outside: tuple[Door, ...]


class DemoMoves(Protocol):
    """The demo's clock: forward only, and through every day's jobs."""

    async def view(self, lang: str) -> DemoView:
        """How things stand now, in the reader's language."""

    async def next_day(self) -> None: ...

    async def next_week(self) -> None: ...

    async def next_event(self) -> None:
        """To the next day on which something happens."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The months that the lines run through, the one before today's first. Places are per cent of the width."""

    today: date

    @property
    def start(self) -> date:
        """The whole month before today's: what has been fits, and more of what may come."""
        return (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)

    @property
    def months(self) -> tuple[date, ...]:
        months = [self.start]
        while len(months) < MONTHS_SHOWN:
            months.append((months[-1] + timedelta(days=32)).replace(day=1))
        return tuple(months)

    @property
    def days(self) -> int:
        return ((self.months[-1] + timedelta(days=32)).replace(day=1) - self.start).days

    def at(self, day: date) -> float:
        """Where a day stands; what lies outside is held at the edge."""
        return round(min(max((day - self.start).days / self.days, 0.0), 1.0) * 100, 1)

    def shows(self, day: date) -> bool:
        return 0 <= (day - self.start).days < self.days


class DemoPage:
    """The handlers of the demo. One move at a time; a second press while the days go by changes nothing."""

    def __init__(self, moves: DemoMoves, front: pages.Front) -> None:
        self._moves = moves
        self._front = front
        self._moving = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/demo", self.page, allow_head=False), web.post("/demo/{move}", self.move)]

    async def page(self, request: web.Request) -> web.Response:
        lang = pages.language_of(request)
        today = self._front.clock.today()
        scale = Scale(today)
        return pages.page(
            self._front,
            "demo.html",
            lang,
            view=await self._moves.view(lang),
            scale=scale,
            moving=self._moving.locked(),
            now=words.weekday_day_year(today, lang),
            month_name=partial(format_date, format="LLLL", locale=lang),
        )

    async def move(self, request: web.Request) -> web.Response:
        """Waits until the days have gone by, which the page says meanwhile."""
        move = {
            "next-day": self._moves.next_day,
            "next-week": self._moves.next_week,
            "next-event": self._moves.next_event,
        }.get(request.match_info["move"])
        if move is None:
            raise web.HTTPNotFound
        if not self._moving.locked():
            async with self._moving:
                await move()
        return web.Response(status=303, headers={"Location": "/demo"})
