"""What members are shown outside any dialog: a message below, and a case whole."""

import html
from collections.abc import Sequence
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.dialogs import waits
from bot.dialogs.wording.desk import note_lines, talk_texts
from bot.dialogs.wording.work import case_text, said_texts
from bot.middleware import Visit
from bot.refusals import say
from core import words
from core.case import Case
from core.errors import Refusal
from core.party import STAFF
from core.services import cases, desk, disputes, entries_possible, evidence, holds, notes

Button = tuple[str, str]
#: So many payments that a creditor told of today can be taken back below its case; the others by their receipts.
UNDO_SHOWN: Final = 2


async def answer(visit: Visit, text: str, buttons: Sequence[Button] = ()) -> Message:
    """Say something below, with buttons that need no dialog."""
    rows = [[InlineKeyboardButton(text=label, callback_data=data)] for label, data in buttons]
    markup = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    return await visit.bot.send_message(visit.chat_id, html.escape(text, quote=False), reply_markup=markup)


async def show_case(visit: Visit, case_id: int) -> None:
    """Standing and timeline of a case. That staff looked is written down (tystnadsplikt, inkassolagen 11 §).

    Staff also read what was written in the chat, and each other's notes; a creditor never does (design 6).
    """
    actor = visit.session.actor
    try:
        found = await cases.open_case(visit.house, actor, case_id)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    staff = actor.role in STAFF
    entries = await cases.timeline(visit.house, actor, case_id)
    await visit.house.book.note(case_id, actor, "case.seen")
    reasons = await holds.notes(visit.house, actor, found) if staff else {}
    laid = await evidence.of_case(visit.house, actor, case_id)
    buttons = await waits.of_case(visit, case_id) + (
        [(visit.text("btn.read_files"), f"laid:{case_id}")] if laid else []
    )
    buttons += await _entries(visit, found)
    text = case_text(found, entries, actor.role, visit.today, visit.lang, reasons, files=len(laid))
    await answer(visit, text, buttons)
    for said in said_texts(found.ocr, await disputes.words_of(visit.house, actor, case_id), visit.lang):
        await answer(visit, said)
    if staff:
        talk = await desk.talks_of_case(visit.house, actor, case_id)
        for said in talk_texts(found.ocr, talk, visit.lang):
            await answer(visit, said)
        written = await notes.of_case(visit.house, actor, case_id)
        for said in note_lines(found.ocr, written, visit.lang):
            await answer(visit, said)


async def _entries(visit: Visit, case: Case) -> list[Button]:
    """What a creditor can tell of by itself, and staff in its place, as far as the case takes it; and take back."""
    may = await entries_possible.possible(visit.house, visit.session.actor, case.id)
    told = [(visit.text("btn.direct"), f"direct:{case.id}")] if may.direct else []
    taken = [(visit.text("btn.credit"), f"credit:{case.id}")] if may.credit else []
    undone = [
        (
            visit.text("btn.direct.undo_one", amount=words.money(fact.amount, visit.lang)),
            f"undirect:{case.id}:{fact.receipt}",
        )
        for fact in may.undo[-UNDO_SHOWN:]
    ]
    return [*told, *taken, *undone]
