"""A demo without an agency behind it: the mock-up's people, and a clock that can be held."""

import asyncio
from datetime import date

from aiohttp import web

from bot.http import pages
from bot.http.demo import DemoPage, DemoView, Door, Event, Hold, Life
from tests.http.pages import AGENCY
from tests.http.toy_chat import ToyTalk, toy_app, toy_clock


def july(day: int) -> date:
    return date(2025, 7, day)


def august(day: int) -> date:
    return date(2025, 8, day)


def letter(day: date, filled: bool = True) -> Event:
    return Event(day, "letter", filled)


LIVES = (
    Life(
        "Sara Lind",
        "/c/sara",
        124822,
        "Krav, har läst det",
        july(2),
        events=(letter(july(11)), letter(july(23)), letter(august(5), False), letter(august(14), False)),
        code="T4WH-9RKC",
    ),
    Life(
        "Olle Nyström",
        "/c/olle",
        461290,
        "Invänder, allt är stoppat",
        july(4),
        events=(letter(july(5)), letter(july(16)), letter(august(13), False)),
        holds=(Hold(july(20), july(31)),),
    ),
    Life("Aino Lahtinen", "/c/aino", 418800, "Delar upp", july(1), events=(Event(july(25), "payment", True),)),
    Life(
        "Erik Sundin",
        "/c/erik",
        0,
        "Betalade i tid, avslutat",
        date(2025, 6, 2),
        ended=july(18),
        events=(letter(july(9)), Event(july(18), "payment", True)),
    ),
)


class ToyMoves:
    """`bot.http.demo.DemoMoves`: keeps what was asked, and waits while the gate is shut."""

    def __init__(self) -> None:
        self.clock = toy_clock()
        self.talk = ToyTalk(self.clock)
        self.made: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.began = asyncio.Event()

    async def view(self, lang: str) -> DemoView:
        return DemoView(
            next_event="mån 4 augusti: utbetalning",
            debtors=LIVES,
            creditors=(Door("Norrhjul AB", "34 ärenden, 2 behöver svar", "/c/norrhjul"),),
            staff=(Door("Amira, handläggare", "3 väntar i kön", "/c/amira", "person"),),
            outside=(Door("Telefonen", "Swish", "/sandbox/phone", "phone"),),
        )

    async def next_day(self) -> None:
        await self._move("day", 1)

    async def next_week(self) -> None:
        await self._move("week", 7)

    async def next_event(self) -> None:
        await self._move("event", 6)

    async def _move(self, name: str, days: int) -> None:
        self.began.set()
        await self.gate.wait()
        self.made.append(name)
        self.clock.advance(days=days)


def demo_app(moves: ToyMoves) -> web.Application:
    app = toy_app(moves.talk, demo=True)
    app.add_routes(DemoPage(moves, pages.Front(AGENCY, moves.clock, True)).routes())
    return app
