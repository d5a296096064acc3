"""Before a screen answers: may this person still see it? And after: an expected "no" becomes words."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import CallbackQuery, Message, TelegramObject
from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import going, letter_codes, states
from bot.dialogs.going import refuse, say_first, visit_of
from core.errors import Refusal
from core.party import STAFF

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Guard(BaseMiddleware):
    """The inner middleware of messages and presses; it stands inside aiogram-dialog's own."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        manager: DialogManager | None = data.get("dialog_manager")
        if manager is None:
            return await handler(event, data)
        if _is_screen(data) and not may_stay(manager):
            if not await _comes_with_code(event, manager):
                await send_away(manager)
            return await _answered(event)
        try:
            return await handler(event, data)
        except Refusal as refusal:
            await tell(manager, refusal)
            return await _answered(event)


def _is_screen(data: dict[str, Any]) -> bool:
    """Whether a dialog answers. Commands and buttons of notices see to rights by themselves, and always work."""
    found: HandlerObject = data["handler"]
    return isinstance(getattr(found.callback, "__self__", None), Dialog)


def may_stay(manager: DialogManager) -> bool:
    """Whether the open screen is still for whoever sits there: a proof lapses after half an hour of silence."""
    if not manager.has_context():
        return True
    group = manager.current_context().state.group
    session = visit_of(manager).session
    if group is states.Work:
        return session.member is not None
    if group in (states.Desk, states.Interest):
        return session.member is not None and session.member.role in STAFF
    return group not in states.IDENTIFIED or going.may_see_details(session)


async def send_away(manager: DialogManager) -> None:
    """Back to the first screen, which says why; where the channel can, the last details give way to it."""
    say_first(manager, "id.lapsed")
    await going.go_home(manager)


async def _comes_with_code(event: TelegramObject, manager: DialogManager) -> bool:
    """Whether whoever was away so long writes the code of a letter, which shows who they are at once."""
    if not isinstance(event, Message) or not event.text or letter_codes.code_in(event.text) is None:
        return False
    manager.show_mode = ShowMode.NO_UPDATE
    await going.go_home(manager)
    manager.show_mode = ShowMode.SEND
    return await letter_codes.heard(event.text, manager, asked=False)


async def tell(manager: DialogManager, refusal: Refusal) -> None:
    """Say no in words, above the screen that is still there; what is not theirs leads home."""
    refuse(manager, refusal)
    if manager.has_context() and refusal.code not in ("case", "not_allowed"):
        await manager.show(ShowMode.SEND)
    else:
        await going.go_home(manager)


async def _answered(event: TelegramObject) -> None:
    if isinstance(event, CallbackQuery):
        await event.answer()
