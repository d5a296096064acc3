"""``/sie 2026-03``: a month's vouchers as a file; the creditor's own for its people, the agency's for staff."""

import re
from datetime import date
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.dialogs.money_files import month_before, send_books
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works
from bot.middleware import Visit
from core.party import CREDITOR_SIDE, STAFF

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def build_bookkeeping_commands() -> Router:
    router = Router(name="bookkeeping")
    router.message.filter(Slash())
    router.message.register(sie, Command("sie"), Works(STAFF | CREDITOR_SIDE))
    return router


async def sie(message: Message, command: CommandObject, visit: Visit) -> None:
    """A month that is over, as a document."""
    asked = _MONTH.fullmatch((command.args or "").strip())
    if asked is None:
        await answer(visit, visit.text("books.usage", month=f"{month_before(visit.today):%Y-%m}"))
        return
    await send_books(visit, date(int(asked[1]), int(asked[2]), 1))
