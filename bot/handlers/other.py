"""Whatever nobody else answers: words without an open dialog, a press on nothing, a chat that was left."""

from aiogram import Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import free_text, going, uploads
from bot.dialogs.going import say_first
from bot.dialogs.widgets import TEXT_MAX
from bot.middleware import Visit
from core.services import identity

GONE = frozenset({"kicked", "left"})


def build_other() -> Router:
    """Stands last."""
    router = Router(name="other")
    router.message.register(words)
    router.callback_query.register(press)
    router.my_chat_member.register(came_or_went)
    return router


async def words(message: Message, dialog_manager: DialogManager) -> None:
    """Nothing was open: a first message, or one after a long time. It is understood from the first screen."""
    dialog_manager.show_mode = ShowMode.SEND
    text = message.text or message.caption
    if message.document or message.photo:
        uploads.say_unexpected(dialog_manager)
    elif text is None:
        say_first(dialog_manager, "error.unreadable")
    elif len(text) > TEXT_MAX:
        say_first(dialog_manager, "error.long", limit=TEXT_MAX)
    if not text or len(text) > TEXT_MAX or free_text.is_lost_number(text.strip(), going.visit_of(dialog_manager)):
        await going.go_home(dialog_manager)
        return
    dialog_manager.show_mode = ShowMode.NO_UPDATE
    await going.go_home(dialog_manager)
    dialog_manager.show_mode = ShowMode.SEND
    await free_text.listen(text.strip(), dialog_manager)


async def press(query: CallbackQuery, dialog_manager: DialogManager) -> None:
    await query.answer()
    dialog_manager.show_mode = ShowMode.SEND
    say_first(dialog_manager, "error.stale")
    await going.go_home(dialog_manager)


async def came_or_went(event: ChatMemberUpdated, visit: Visit) -> None:
    """Whoever blocks the bot has stopped the channel; coming back takes a word from them."""
    if event.new_chat_member.status in GONE:
        await identity.stop(visit.house, visit.chat_id)
