"""Commands of payouts: staff put runs together and approve them, a creditor's people see what is theirs."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.balance import open_balance
from bot.dialogs.payouts import open_payouts
from bot.handlers.work import Slash, Works
from core.party import CREDITOR_SIDE, STAFF


def build_payout_commands() -> Router:
    router = Router(name="payouts")
    router.message.filter(Slash())
    router.message.register(payouts, Command("payouts"), Works(STAFF))
    router.message.register(balance, Command("balance"), Works(CREDITOR_SIDE))
    return router


async def payouts(message: Message, dialog_manager: DialogManager) -> None:
    """What is due, and the run that waits for approval."""
    dialog_manager.show_mode = ShowMode.SEND
    await open_payouts(dialog_manager)


async def balance(message: Message, dialog_manager: DialogManager) -> None:
    """What is payable now, when it comes, and what is on its way."""
    dialog_manager.show_mode = ShowMode.SEND
    await open_balance(dialog_manager)
