"""The buttons under what we said on our own initiative. They work without an open dialog, and on every screen."""

import re
from contextlib import suppress
from datetime import date
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import (
    desk,
    entries,
    entries_credit,
    going,
    judge,
    judge_plan,
    judge_settlement,
    matching,
    notes,
    notme,
    proving,
    states,
    uploads,
)
from bot.dialogs.balance import open_balance
from bot.dialogs.going import Place, visit_of
from bot.dialogs.money_files import send_report
from bot.dialogs.showing import show_case
from bot.handlers.bank_upload import show_lines
from bot.handlers.work import settle_outbox, show_cases
from core.party import CREDITOR_SIDE, STAFF
from core.services import cases, evidence, letters

_PRESSED: Final = re.compile(r"([a-z]+):(\d*)(?::(\d+))?")
_MONTH: Final = re.compile(r"20\d\d(?:0[1-9]|1[0-2])")
#: Screens that a button of a notice opens.
OPENS: Final = {
    "person": states.Person.wait,
    "help": states.Help.main,
    "pay": states.Pay.main,
    "plan": states.Plan.running,
    "split": states.Plan.offers,
    "refund": states.Refund.main,
    "answer": states.Dispute.answer,
    "dispute": states.Dispute.add,
    "code": states.Id.code,
    "verify": states.Verify.ask,
    "language": states.Language.main,
}

#: What a creditor's button about a dispute begins with; nothing: it is read first.
ANSWERS: Final = {"judge": "", "judgepart": "partly", "judgeno": "rejected", "judgeyes": "upheld"}


class OnNotice(BaseFilter):
    """A press on a button of a notice: its data has no dialog in front."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, list[str]]:
        found = _PRESSED.fullmatch(query.data or "")
        return {"pressed": [part or "" for part in found.groups()]} if found else False


def build_notice_buttons() -> Router:
    router = Router(name="notices")
    router.callback_query.register(press, OnNotice())
    return router


async def press(query: CallbackQuery, pressed: list[str], dialog_manager: DialogManager) -> None:
    """Answer below: what a notice said stays as it was said."""
    await query.answer()
    dialog_manager.show_mode = ShowMode.SEND
    before = dialog_manager.current_stack().last_message_id
    await _follow(dialog_manager, *pressed)
    after = dialog_manager.current_stack().last_message_id
    pressed_id = query.message.message_id if query.message else None
    if before is not None and before not in (after, pressed_id):
        # The screen that was open is left: its buttons would lead nowhere.
        visit = visit_of(dialog_manager)
        with suppress(TelegramBadRequest):
            await visit.bot.edit_message_reply_markup(chat_id=visit.chat_id, message_id=before)


async def _follow(dialog_manager: DialogManager, name: str, case_id: str, number: str) -> None:
    match name:
        case "receipt":
            await _receipt(dialog_manager, int(case_id or 0), int(number or 0))
        case "notme":
            await notme.say_not_me(dialog_manager)
        case "work":
            await show_case(visit_of(dialog_manager), int(case_id or 0))
        case "cases" if _member(dialog_manager):
            await show_cases(visit_of(dialog_manager), first=int(case_id or 0))
        case "laid" if _member(dialog_manager):
            await _laid(dialog_manager, int(case_id or 0))
        case "arrived" | "lost":
            await settle_outbox(visit_of(dialog_manager), int(case_id or 0), name == "arrived")
        case "judge" | "judgepart" | "judgeno" | "judgeyes" if _member(dialog_manager):
            await judge.open_dispute(dialog_manager, int(case_id or 0), int(number or 0), ANSWERS[name])
        case "direct" if _member(dialog_manager):
            await entries.open_direct(dialog_manager, int(case_id or 0))
        case "undirect" if _member(dialog_manager):
            await entries.open_undo_of(dialog_manager, int(case_id or 0), int(number or 0))
        case "credit" if _member(dialog_manager):
            await entries_credit.open_credit(dialog_manager, int(case_id or 0))
        case "judgeall" if _member(dialog_manager):
            await judge.open_all(dialog_manager)
        case "judgeplan" if _member(dialog_manager):
            await judge_plan.open_plan(dialog_manager, int(case_id or 0), int(number or 0))
        case "note" | "notedata" if _member(dialog_manager):
            kind = notes.PDF if name == "note" else notes.JSON
            await notes.send_note(dialog_manager, int(case_id or 0), kind)
        case "report" if _member(dialog_manager):
            await _report(dialog_manager, case_id)
        case "offer" if _member(dialog_manager):
            await judge_settlement.open_settlement(dialog_manager, int(case_id or 0))
        case "balance" if _creditor(dialog_manager):
            await open_balance(dialog_manager)
        case "bankid":
            await proving.open_bankid(dialog_manager)
        case "queue" if _staff(dialog_manager):
            await desk.go_to_queue(dialog_manager)
        case "unmatched" if _staff(dialog_manager):
            await matching.go_to_list(dialog_manager)
        case "badlines" if _staff(dialog_manager):
            await show_lines(visit_of(dialog_manager), int(case_id or 0), int(number or 0))
        case "task" if _staff(dialog_manager):
            await desk.open_task(dialog_manager, int(case_id or 0))
        case "home":
            await going.go_home(dialog_manager)
        case _ if name in OPENS:
            await _open(dialog_manager, name, case_id, number)
        case _:
            await going.go_home(dialog_manager)


async def _report(manager: DialogManager, month: str) -> None:
    """The report that a notice told of: the month stands in its button as ``202507``."""
    if not _MONTH.fullmatch(month):
        await going.go_home(manager)
        return
    await send_report(visit_of(manager), date(int(month[:4]), int(month[4:]), 1))
    await going.go(manager, Place(states.Work.main, {"brief": True}))


def _member(manager: DialogManager) -> bool:
    return visit_of(manager).session.member is not None


def _creditor(manager: DialogManager) -> bool:
    member = visit_of(manager).session.member
    return member is not None and member.role in CREDITOR_SIDE


def _staff(manager: DialogManager) -> bool:
    member = visit_of(manager).session.member
    return member is not None and member.role in STAFF


async def _open(manager: DialogManager, name: str, case_id: str, number: str) -> None:
    about = {"case": int(case_id), **({"receipt": int(number)} if number else {})} if case_id else None
    data = about if going.may_see_details(visit_of(manager).session) else None
    if OPENS[name].group in states.IDENTIFIED:
        await going.open_screen(manager, OPENS[name], data)
    else:
        await going.go(manager, await going.ground(visit_of(manager)), Place(OPENS[name], data))


async def _laid(manager: DialogManager, case_id: int) -> None:
    """What lies beside a case, as whoever works with it may read it."""
    visit = visit_of(manager)
    for row in await evidence.of_case(visit.house, visit.session.actor, case_id):
        await uploads.send_kept(manager, row.id)


async def _receipt(manager: DialogManager, case_id: int, number: int) -> None:
    """The receipt as PDF, while the person is known; then where they are."""
    visit = visit_of(manager)
    if not going.may_see_details(visit.session):
        going.say_first(manager, "id.lapsed")
        await going.go_home(manager)
        return
    actor = visit.session.actor
    case = await cases.open_case(visit.house, actor, case_id)
    body = await letters.receipt_pdf(visit.house, actor, case_id, number, visit.lang)
    name = visit.text("file.name.receipt", receipt=f"{case.ocr}-{number}")
    await going.send_file(manager, name, body)
    await going.go_home(manager)
