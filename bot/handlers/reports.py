"""``/report`` and ``/report 2025-07``: how collecting goes, in a few lines, as PDF with plots and as CSV."""

import re
from datetime import date
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import BufferedInputFile, Message

from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works
from bot.middleware import Visit
from bot.refusals import say
from core import words
from core.documents import report as paper
from core.errors import Refusal
from core.party import CREDITOR_SIDE, STAFF
from core.services import bookkeeping, reports
from core.services.reports import Told

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
        await answer(visit, visit.text("report.usage"))
        return
    try:
        told = await _told(visit, month)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    if not told.report.figure("aging").total and not told.report.figure("collected").total:
        await answer(visit, visit.text("report.none"))
        return
    period = words.period_year(told.report.from_on, told.report.through_on, visit.lang)
    lines = [visit.text("report.title", period=period), *paper.summary(told.report, visit.lang)]
    await answer(visit, "\n".join(lines))
    pdf = await reports.pdf(visit.house, told, visit.lang)
    await _send(visit, f"{told.name}.pdf", pdf, "report.here")
    await _send(visit, f"{told.name}.csv", paper.table(told.report).encode("utf-8-sig"), "report.csv")


async def _told(visit: Visit, month: re.Match[str] | None) -> Told:
    actor = visit.session.actor
    if month is None:
        return await reports.latest(visit.house, actor)
    first, through = bookkeeping.month(date(int(month[1]), int(month[2]), 1))
    return await reports.of(visit.house, actor, first, through)


async def _send(visit: Visit, name: str, body: bytes, key: str) -> None:
    await visit.bot.send_document(visit.chat_id, BufferedInputFile(body, name), caption=visit.text(key))
