"""/money: where staff and creditors find everything about money."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.money import open_money
from bot.handlers.work import Slash, Works
from core.party import CREDITOR_SIDE, STAFF


def build_money_commands() -> Router:
    router = Router(name="money")
    router.message.filter(Slash())
    router.message.register(money, Command("money", "pengar"), Works(STAFF | CREDITOR_SIDE))
    return router


async def money(message: Message, dialog_manager: DialogManager) -> None:
    """What waits, and where it is."""
    dialog_manager.show_mode = ShowMode.SEND
    await open_money(dialog_manager)
