"""Commands by which a creditor tells of money that it got and of claims that it takes back; staff undo a payment."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import entries, entries_credit
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works, first_and_rest, found_case
from bot.middleware import Visit
from bot.refusals import say
from core.errors import Refusal
from core.party import CREDITOR_SIDE, STAFF


def build_entry_commands() -> Router:
    router = Router(name="entries")
    router.message.filter(Slash())
    router.message.register(paid, Command("paid"), Works(STAFF | CREDITOR_SIDE))
    router.message.register(credit, Command("credit"), Works(STAFF | CREDITOR_SIDE))
    router.message.register(undo, Command("undo"), Works(STAFF))
    return router


async def paid(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """What the debtor paid to the creditor: ``/paid 10000180``, perhaps with amount and day."""
    ocr, said = first_and_rest(command.args)
    if not ocr:
        await answer(visit, visit.text("entries.usage.paid"))
        return
    if (found := await found_case(visit, ocr)) is not None:
        dialog_manager.show_mode = ShowMode.SEND
        await entries.open_direct(dialog_manager, found.id, said)


async def credit(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """A claim that the creditor takes back, all or a part of it."""
    ocr, _rest = first_and_rest(command.args)
    if not ocr:
        await answer(visit, visit.text("entries.usage.credit"))
        return
    if (found := await found_case(visit, ocr)) is not None:
        dialog_manager.show_mode = ShowMode.SEND
        await entries_credit.open_credit(dialog_manager, found.id)


async def undo(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """A payment that was booked in the wrong place, by its receipt: ``/undo 10000180-1``."""
    receipt = (command.args or "").strip()
    if not receipt:
        await answer(visit, visit.text("entries.usage.undo"))
        return
    dialog_manager.show_mode = ShowMode.SEND
    try:
        await entries.open_undo(dialog_manager, receipt)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
