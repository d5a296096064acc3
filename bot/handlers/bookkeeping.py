"""``/sie 2026-03``: a month's vouchers as a file; the creditor's own for its people, the agency's for staff."""

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
from core.errors import Refusal
from core.party import CREDITOR_SIDE, STAFF
from core.services import bookkeeping

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
        await answer(visit, visit.text("books.usage"))
        return
    first, through = bookkeeping.month(date(int(asked[1]), int(asked[2]), 1))
    actor, month = visit.session.actor, asked[0]
    try:
        if actor.creditor_id is None:
            file = await bookkeeping.export(visit.house, actor, first, through)
        else:
            file = await bookkeeping.export_creditor(visit.house, actor, actor.creditor_id, first, through)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    if not file.vouchers:
        await answer(visit, visit.text("books.none", month=month))
        return
    here = words.plural(visit.lang, "books.here", file.vouchers, month=month)
    await visit.bot.send_document(visit.chat_id, BufferedInputFile(file.body, file.name), caption=here)
