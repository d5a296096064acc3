"""The demo's clock as staff commands: the same moves as on its page. Without a demo they do not exist."""

from typing import Any, Protocol

from aiogram import Router
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import Message

from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works
from bot.middleware import Visit
from core import words
from core.party import STAFF

#: Under this name a demo puts its moves into the dispatcher.
MOVES = "moves"


class Moves(Protocol):
    """Forward only, and through every day's jobs."""

    async def next_day(self) -> None: ...

    async def next_week(self) -> None: ...

    async def next_event(self) -> None: ...


class InDemo(BaseFilter):
    """There is a clock that may be moved."""

    async def __call__(self, message: Message, **data: Any) -> bool:
        return data.get(MOVES) is not None


def build_demo_commands() -> Router:
    router = Router(name="demo")
    router.message.filter(Slash())
    router.message.register(move, Command("next_day", "next_week", "next_event"), InDemo(), Works(STAFF))
    return router


async def move(message: Message, command: CommandObject, visit: Visit, moves: Moves) -> None:
    """Live on, and say which day it has become."""
    steps = {"next_day": moves.next_day, "next_week": moves.next_week, "next_event": moves.next_event}
    await steps[command.command]()
    await answer(visit, visit.text("demo.now", day=words.weekday_day_year(visit.today, visit.lang)))
