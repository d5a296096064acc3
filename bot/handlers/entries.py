"""Commands by which a creditor tells of money that it got and of claims that it takes back; and a payment is undone."""

import re
from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.state import State
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import entries, entries_credit, meant, states
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works, first_and_rest
from bot.middleware import Visit
from bot.refusals import say
from core.errors import NotFound, Refusal
from core.party import CREDITOR_SIDE, STAFF

_NAME: Final = re.compile(r"\D*")


def build_entry_commands() -> Router:
    router = Router(name="entries")
    router.message.filter(Slash())
    router.message.register(paid, Command("paid"), Works(STAFF | CREDITOR_SIDE))
    router.message.register(credit, Command("credit"), Works(STAFF | CREDITOR_SIDE))
    router.message.register(undo, Command("undo"), Works(STAFF | CREDITOR_SIDE))
    return router


async def paid(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """What the debtor paid to the creditor: ``/paid 10000180``, perhaps with amount and day; or by a name."""
    which, said = _case_and_rest(command.args or "")
    if (found := await _meant(which, visit, dialog_manager, states.Money.direct, said)) is not None:
        await entries.open_direct(dialog_manager, found, said)


async def credit(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """A claim that the creditor takes back, all or a part of it."""
    which, said = _case_and_rest(command.args or "")
    if (found := await _meant(which, visit, dialog_manager, states.Money.credit, said)) is not None:
        await entries_credit.open_credit(dialog_manager, found, said)


def _case_and_rest(args: str) -> tuple[str, str]:
    """The case and what is said of it: a number is one word, a name goes on until the first figure."""
    if args[:1].isdecimal():
        return first_and_rest(args)
    name = _NAME.match(args)
    return (name[0].strip(), args[name.end() :]) if name else (args, "")


async def _meant(which: str, visit: Visit, manager: DialogManager, state: State, said: str = "") -> int | None:
    """The one case that is meant; none is said, of several one is chosen, and without any word we ask."""
    manager.show_mode = ShowMode.SEND
    if not which:
        await meant.ask(manager, state, said=said)
        return None
    rows = await meant.search(which, manager)
    if len(rows) == 1:
        return int(rows[0].id)
    if rows:
        await meant.ask(manager, state, rows, said)
    elif which.isdecimal():
        await answer(visit, say(NotFound("case"), visit.lang))
    else:
        await answer(visit, visit.text("creditor.cases.none"))
    return None


async def undo(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """A payment that was told or booked in the wrong place, by its receipt: ``/undo 10000180-1``."""
    receipt = (command.args or "").strip()
    dialog_manager.show_mode = ShowMode.SEND
    if not receipt:
        await entries.ask_undo(dialog_manager)
        return
    try:
        await entries.open_undo(dialog_manager, receipt)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
