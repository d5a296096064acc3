"""Files about money that members fetch in the chat: a report as PDF and CSV, a month's vouchers."""

from datetime import date
from typing import Final

from aiogram.types import BufferedInputFile

from bot.dialogs.showing import answer
from bot.middleware import Visit
from bot.refusals import say
from core import words
from core.calendar import ONE_DAY
from core.documents import report as paper
from core.errors import Refusal
from core.services import bookkeeping, reports
from core.services.reports import Told

#: Figures without which there is nothing to tell.
_SHOWS: Final = ("aging", "collected")


async def send_report(visit: Visit, month: date | None = None) -> None:
    """The figures of the last twelve weeks, or of a month that is over, in a few lines, as PDF and as CSV."""
    try:
        told = await _told(visit, month)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    if not any(told.report.figure(key).total for key in _SHOWS):
        await answer(visit, visit.text("report.none"))
        return
    period = words.period_year(told.report.from_on, told.report.through_on, visit.lang)
    lines = [visit.text("report.title", period=period), *paper.summary(told.report, visit.lang)]
    await answer(visit, "\n".join(lines))
    pdf = await reports.pdf(visit.house, told, visit.lang)
    await _send(visit, f"{told.name}.pdf", pdf, visit.text("report.here"))
    csv = paper.table(told.report).encode("utf-8-sig")
    await _send(visit, f"{told.name}.csv", csv, visit.text("report.csv"))


async def _told(visit: Visit, month: date | None) -> Told:
    actor = visit.session.actor
    if month is None:
        return await reports.latest(visit.house, actor)
    return await reports.of(visit.house, actor, *bookkeeping.month(month))


async def send_books(visit: Visit, month: date) -> None:
    """The vouchers of a month that is over (SIE 4): the creditor's own for its people, the agency's for staff."""
    first, through = bookkeeping.month(month)
    actor, said = visit.session.actor, f"{first:%Y-%m}"
    try:
        if actor.creditor_id is None:
            file = await bookkeeping.export(visit.house, actor, first, through)
        else:
            file = await bookkeeping.export_creditor(visit.house, actor, actor.creditor_id, first, through)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    if not file.vouchers:
        await answer(visit, visit.text("books.none", month=said))
        return
    await _send(visit, file.name, file.body, words.plural(visit.lang, "books.here", file.vouchers, month=said))


def month_before(today: date) -> date:
    """A day in the month before: the last one that is over."""
    return today.replace(day=1) - ONE_DAY


async def _send(visit: Visit, name: str, body: bytes, caption: str) -> None:
    await visit.bot.send_document(visit.chat_id, BufferedInputFile(body, name), caption=caption)
