"""What happens to every update before anybody answers it, in this order: seen before? whose chat? which language?"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, TelegramObject, Update

from bot.channels.intake import source_of
from core import words
from core.services import identity
from core.services.house import House
from core.services.identity import Session
from core.store import chats

#: The one thing that handlers, getters and widgets are handed by us, under this name.
VISIT: Final = "visit"
PRIVATE: Final = "private"

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who talks with us in this update, and what the house has for them."""

    house: House
    bot: Bot
    session: Session
    lang: str

    @property
    def chat_id(self) -> int:
        return self.session.chat_id

    @property
    def today(self) -> date:
        return self.house.clock.today()

    def text(self, key: str, **values: object) -> str:
        """A text in the reader's language."""
        return words.text(self.lang, key, **values)


def spoken(session: Session, wanted: str) -> str:
    """The language of a chat; at a desk, one that has the house's words."""
    lang = words.known(session.language or wanted)
    return words.of_the_house(lang) if session.member else lang


class Reception(BaseMiddleware):
    """The outer middleware of all updates. ``channels`` names each bot's channel by the bot's number."""

    def __init__(self, house: House, channels: Mapping[int, str]) -> None:
        self._house = house
        self._channels = channels

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        bot: Bot = data["bot"]
        source, reference = source_of(bot.id), str(event.update_id)
        clock = self._house.clock
        if await chats.seen(source, reference, clock.now()):
            return None
        outcome = "failed"
        try:
            answer = await self._receive(handler, event, data, bot)
            outcome = "handled"
        finally:
            await chats.mark_done(source, reference, clock.now(), outcome)
        return answer

    async def _receive(self, handler: Handler, event: Update, data: dict[str, Any], bot: Bot) -> Any:
        chat = data.get("event_chat")
        if chat is None:
            return None  # nobody to answer: an inline query, a poll
        if chat.type != PRIVATE:
            return await _turn_away(event, bot)
        data[VISIT] = await self._visit(event, bot, chat.id)
        return await handler(event, data)

    async def _visit(self, event: Update, bot: Bot, chat_id: int) -> Visit:
        stated = words.choose([_language_code(event)], default="")
        wanted = stated or words.ORIGINAL
        try:
            session = await identity.session(self._house, chat_id)
        except LookupError:
            # A messenger numbers its chats itself; the web chat has opened its own before anything is said in it.
            channel, now = self._channels[bot.id], self._house.clock.now()
            # A device that states none of ours leaves it open: whoever shows who they are gets their letters' language.
            await chats.open_chat(channel, str(chat_id), now, language=stated or None, chat_id=chat_id)
            session = await identity.session(self._house, chat_id)
        return Visit(self._house, bot, session, spoken(session, wanted))


async def _turn_away(event: Update, bot: Bot) -> None:
    """In a group others can read: we say so, once, and leave."""
    if not isinstance(event.event, Message):
        return
    said = words.text(words.choose([_language_code(event)]), "error.private")
    try:
        await bot.send_message(event.event.chat.id, said)
        await bot.leave_chat(event.event.chat.id)
    except TelegramAPIError:
        return  # we were put out before we could leave


def _language_code(event: Update) -> str:
    happened = event.event
    person = happened.from_user if isinstance(happened, Message | CallbackQuery | ChatMemberUpdated) else None
    return (person.language_code if person else None) or ""
