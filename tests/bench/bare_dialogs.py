"""aiogram-dialog alone: two dialogs of one window, one opened over the other and closed again.

Updates come as plain data, as a channel's do. What is sent goes nowhere: the bot's session answers at once.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import CallbackQuery, Chat, InlineKeyboardMarkup, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Column
from aiogram_dialog.widgets.text import Const

from bot.channels.telegram_json import user_json
from bot.storage import LocalIsolation, SqlStorage
from core.ports import Clock

#: From the case to what is owed and why, and back: the ids of the product's buttons.
THERE, BACK = "details", "back"
OTHER_BUTTONS = 5
PERSON = 2_000_000_000
NOON = datetime(2025, 7, 31, 12, tzinfo=UTC)


class Case(StatesGroup):
    main = State()


class Owe(StatesGroup):
    main = State()


class Nowhere(BaseSession):
    """Takes every message and keeps the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.last: Message | None = None

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        if not isinstance(method, SendMessage | EditMessageText):
            return True
        markup = method.reply_markup if isinstance(method.reply_markup, InlineKeyboardMarkup) else None
        chat = Chat(id=PERSON, type="private")
        self.last = Message(message_id=1, date=NOON, chat=chat, text=method.text, reply_markup=markup).as_(bot)
        return self.last

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class BarePerson:
    """One person who presses to and fro."""

    bot: Bot
    session: Nowhere
    dispatcher: Dispatcher
    updates: int = field(default=0)

    @classmethod
    async def begin(cls, clock: Clock, case: str, owe: str) -> "BarePerson":
        session = Nowhere()
        dispatcher = Dispatcher(storage=SqlStorage(clock), events_isolation=LocalIsolation())
        router = Router()
        router.message.register(_start, CommandStart())
        dispatcher.include_routers(router, _dialog(Case.main, case, THERE, _there), _dialog(Owe.main, owe, BACK, _back))
        setup_dialogs(dispatcher, events_isolation=LocalIsolation())
        person = cls(Bot("7:bench", session), session, dispatcher)
        await person._feed("message", _message("/start"))
        return person

    async def press(self, id: str) -> None:
        assert self.session.last is not None
        assert self.session.last.reply_markup is not None
        buttons = [button for row in self.session.last.reply_markup.inline_keyboard for button in row]
        [data] = [button.callback_data for button in buttons if str(button.callback_data).endswith(id)]
        message = _message(self.session.last.text or "")
        query = {"id": "q", "from": user_json(PERSON), "chat_instance": "c", "data": data, "message": message}
        await self._feed("callback_query", query)

    async def _feed(self, kind: str, what: dict[str, Any]) -> None:
        self.updates += 1
        await self.dispatcher.feed_raw_update(self.bot, {"update_id": self.updates, kind: what})


def _message(text: str) -> dict[str, Any]:
    chat = {"id": PERSON, "type": "private"}
    return {"message_id": 1, "date": int(NOON.timestamp()), "chat": chat, "from": user_json(PERSON), "text": text}


def _dialog(state: State, text: str, id: str, click: Callable[..., Awaitable[None]]) -> Dialog:
    others = (Button(Const(f"Knapp {number}"), f"other{number}") for number in range(OTHER_BUTTONS))
    return Dialog(Window(Const(text), Column(*others, Button(Const(id), id, on_click=click)), state=state))


async def _start(message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Case.main, mode=StartMode.RESET_STACK)


async def _there(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
    await manager.start(Owe.main, {"case": 1})


async def _back(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
    await manager.done()
