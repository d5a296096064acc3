"""``/report`` and ``/report 2025-07``: how collecting goes, in a few lines, as PDF with plots and as CSV."""

import re
from datetime import date
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.dialogs.money_files import month_before, send_report
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works
from bot.middleware import Visit
from core.party import CREDITOR_SIDE, STAFF

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def build_report_commands() -> Router:
    router = Router(name="reports")
    router.message.filter(Slash())
    router.message.register(report, Command("report", "rapport"), Works(STAFF | CREDITOR_SIDE))
    return router


async def report(message: Message, command: CommandObject, visit: Visit) -> None:
    """The figures of the last twelve weeks, or of a month that is over."""
    asked = (command.args or "").strip()
    month = _MONTH.fullmatch(asked)
    if asked and month is None:
        await answer(visit, visit.text("report.usage", month=f"{month_before(visit.today):%Y-%m}"))
        return
    await send_report(visit, date(int(month[1]), int(month[2]), 1) if month else None)
