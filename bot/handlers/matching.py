"""Commands of staff for the account: payments that found no case, and payments that found a wrong one."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import matching as screens
from bot.dialogs import matching_undo
from bot.handlers.work import Slash, Works
from core.party import STAFF


def build_matching_commands() -> Router:
    router = Router(name="matching")
    router.message.filter(Slash())
    staff = Works(STAFF)
    router.message.register(unmatched, Command("unmatched"), staff)
    router.message.register(bank, Command("bank"), staff)
    return router


async def unmatched(message: Message, command: CommandObject, dialog_manager: DialogManager) -> None:
    """What waits on the account for its case, what came first, first; or what a search meets: ``/unmatched 1,50``."""
    dialog_manager.show_mode = ShowMode.SEND
    await screens.go_to_list(dialog_manager, (command.args or "").strip())


async def bank(message: Message, command: CommandObject, dialog_manager: DialogManager) -> None:
    """A payment that is in a case, by its sum or the case: ``/bank 1 248,22``, ``/bank 10000180``."""
    dialog_manager.show_mode = ShowMode.SEND
    await matching_undo.go_to_booked(dialog_manager, (command.args or "").strip())
