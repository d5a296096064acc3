"""What somebody wrote is taken out of the chat again: numbers that we use once and keep nowhere."""

from contextlib import suppress

from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message
from aiogram_dialog import DialogManager

from bot.dialogs.going import visit_of
from core.services import erasure


async def take_away(manager: DialogManager) -> None:
    """The message that is answered now leaves the chat, and what we keep of it."""
    if not isinstance(manager.event, Message):
        return
    visit = visit_of(manager)
    with suppress(TelegramAPIError):  # too old to be taken away, or gone already
        await visit.bot.delete_message(visit.chat_id, manager.event.message_id)
    await erasure.forget_message(visit.chat_id, manager.event.message_id)
