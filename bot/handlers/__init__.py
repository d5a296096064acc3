"""What is no dialog: commands, words that work anywhere, buttons of notices, and what goes wrong."""

from aiogram import Dispatcher
from aiogram.fsm.storage.base import BaseEventIsolation
from aiogram_dialog import setup_dialogs

from bot.channels.sms import Turns
from bot.dialogs import intents
from bot.dialogs.building import build_dialogs
from bot.dialogs.guard import Guard
from bot.dialogs.guesses import BUILT
from bot.handlers.bank_upload import build_bank_upload
from bot.handlers.bookkeeping import build_bookkeeping_commands
from bot.handlers.commands import build_commands
from bot.handlers.demo import build_demo_commands
from bot.handlers.desk import build_desk_commands
from bot.handlers.entries import build_entry_commands
from bot.handlers.errors import build_errors
from bot.handlers.matching import build_matching_commands
from bot.handlers.money import build_money_commands
from bot.handlers.notices import build_notice_buttons
from bot.handlers.other import build_other
from bot.handlers.payouts import build_payout_commands
from bot.handlers.reports import build_report_commands
from bot.handlers.settlement_notes import build_note_commands
from bot.handlers.work import build_work_commands
from bot.middleware import Reception


def set_up(dispatcher: Dispatcher, reception: Reception, dialog_isolation: BaseEventIsolation) -> None:
    """Give a dispatcher all that we say and hear. The isolation is the dialogs' own, apart from the dispatcher's."""
    intents.make_unique()
    dispatcher.update.outer_middleware(Turns())
    dispatcher.update.outer_middleware(reception)
    dispatcher.include_routers(build_errors(), build_notice_buttons(), build_commands(), build_work_commands())
    dispatcher.include_routers(build_note_commands(), build_payout_commands())
    dispatcher.include_routers(build_bookkeeping_commands(), build_report_commands())
    dispatcher.include_routers(build_matching_commands(), build_money_commands())
    dispatcher.include_routers(build_entry_commands(), build_bank_upload())
    dialogs = build_dialogs()
    dispatcher[BUILT] = frozenset(state for dialog in dialogs for state in dialog.states())
    dispatcher.include_routers(build_desk_commands(), build_demo_commands(), *dialogs, build_other())
    setup_dialogs(dispatcher, events_isolation=dialog_isolation)
    # After aiogram-dialog's own, and so inside them: the guard needs to know which screen is open.
    guard = Guard()
    dispatcher.message.middleware(guard)
    dispatcher.callback_query.middleware(guard)
