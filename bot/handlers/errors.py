"""When things go wrong: an old button, a lost or unreadable half-done dialog, and errors of our own."""

import logging
from typing import Final

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.api.exceptions import (
    DialogStackOverflow,
    NoContextError,
    OutdatedIntent,
    UnknownIntent,
    UnknownState,
    UnregisteredDialogError,
    UnregisteredWindowError,
)
from aiogram_dialog.utils import remove_intent_id

from bot.channels.base import SMS
from bot.channels.intake import describe
from bot.dialogs import going
from bot.dialogs.going import say_first
from bot.dialogs.guard import may_stay, send_away
from bot.dialogs.showing import answer
from bot.dialogs.widgets import HOME
from bot.middleware import Visit

log = logging.getLogger(__name__)

#: What a half-done dialog raises that is too old, gone, or from another version of ours.
STALE = (
    *(UnknownIntent, OutdatedIntent, UnknownState, NoContextError),
    *(UnregisteredDialogError, UnregisteredWindowError, DialogStackOverflow),
)
#: Under the message of an error of ours; the screen above may be what failed, so "back" leads to the lowest one.
WAYS_ON: Final = (("btn.person", "person:"), ("btn.back", "home:"))


def build_errors() -> Router:
    router = Router(name="errors")
    router.errors.register(stale, ExceptionTypeFilter(*STALE))
    router.errors.register(ours)
    return router


async def stale(event: ErrorEvent, dialog_manager: DialogManager | None = None) -> None:
    """Nothing has changed: say so, and show how things stand now. The way home leads there from any screen."""
    await _answer(event)
    if dialog_manager is None:
        await ours(event)
        return
    dialog_manager.show_mode = ShowMode.SEND
    happened = event.update.event
    goes_home = isinstance(happened, CallbackQuery) and remove_intent_id(happened.data or "")[1] == HOME
    if isinstance(happened, CallbackQuery) and not goes_home:
        say_first(dialog_manager, "error.stale")
    if not may_stay(dialog_manager):
        await send_away(dialog_manager)
    elif not goes_home and dialog_manager.has_context() and not isinstance(event.exception, DialogStackOverflow):
        await dialog_manager.show(ShowMode.SEND)
    else:
        await going.go_home(dialog_manager)


async def ours(event: ErrorEvent, visit: Visit | None = None) -> None:
    """A bug or an outage. It is said in the chat, with ways on, and logged by its kinds and places only."""
    log.error("update %d failed: %s", event.update.update_id, describe(event.exception))
    await _answer(event)
    if visit is None:
        return
    try:
        await answer(visit, _said(visit, "error.ours"), [(_said(visit, key), data) for key, data in WAYS_ON])
    except TelegramAPIError as error:
        log.warning("could not say that we failed: %s", type(error).__name__)


def _said(visit: Visit, key: str) -> str:
    """By SMS in fewer words."""
    return visit.text(f"sms.{key}" if visit.session.channel == SMS else key)


async def _answer(event: ErrorEvent) -> None:
    """Let go of the button, so that it does not turn for ever."""
    happened = event.update.event
    if isinstance(happened, CallbackQuery):
        try:
            await happened.answer()
        except TelegramAPIError:
            return  # too old to be answered
