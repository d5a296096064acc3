"""/notes: a creditor's people see their settlement notes, staff those of any creditor."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.notes import open_list
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works
from bot.middleware import Visit
from bot.refusals import say
from core.errors import Refusal
from core.party import CREDITOR_SIDE, STAFF
from core.services import creditors


def build_note_commands() -> Router:
    router = Router(name="settlement_notes")
    router.message.filter(Slash())
    router.message.register(notes, Command("notes", "notor"), Works(STAFF | CREDITOR_SIDE))
    return router


async def notes(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """The list of notes. Staff name the creditor by its organisation number."""
    actor = visit.session.actor
    creditor_id = actor.creditor_id
    if actor.role in STAFF:
        if not command.args:
            await answer(visit, visit.text("staff.usage.notes"))
            return
        try:
            creditor_id = (await creditors.by_number(visit.house, actor, command.args)).id
        except Refusal as refusal:
            await answer(visit, say(refusal, visit.lang))
            return
    assert creditor_id is not None
    dialog_manager.show_mode = ShowMode.SEND
    await open_list(dialog_manager, creditor_id)
