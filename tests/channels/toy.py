"""A small house behind a channel: three windows, a few handlers, and a count of what really happened.

Dialogs are made anew for each dispatcher, since one may be attached only once; so a restart is simply a second house.
"""

from typing import Any

from aiogram import BaseMiddleware, Dispatcher, F, Router
from aiogram.filters import Command, CommandStart, ExceptionTypeFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import BufferedInputFile, CallbackQuery, ErrorEvent, Message, Update
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.api.exceptions import OutdatedIntent, UnknownIntent
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Back, Button, Select, SwitchTo
from aiogram_dialog.widgets.text import Const, Format

from bot.channels.intake import Intake, source_of
from bot.storage import LocalIsolation, SqlStorage
from core.ports import Clock
from core.store import chats


class Tea(StatesGroup):
    name = State()
    size = State()
    check = State()


class Killed(BaseException):
    """The process ends here and now."""


class Inbox(BaseMiddleware):
    """What the product's own first middleware does: nothing is taken up twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.dies = False

    async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        source, reference = source_of(data["bot"].id), str(event.update_id)
        if await chats.seen(source, reference, self._clock.now()):
            return None
        if self.dies:
            raise Killed
        try:
            return await handler(event, data)
        finally:
            await chats.mark_done(source, reference, self._clock.now())


class House:
    """A dispatcher with everything in it. ``brewed`` is the effect that must happen once."""

    def __init__(self, clock: Clock) -> None:
        self.brewed: list[str] = []
        self.received: list[bytes] = []
        self.inbox = Inbox(clock)
        isolation = LocalIsolation()
        self.dispatcher = Dispatcher(storage=SqlStorage(clock), events_isolation=LocalIsolation())
        self.dispatcher.update.outer_middleware(self.inbox)
        self.dispatcher.include_router(self._handlers())
        self.dispatcher.include_router(tea())
        self.dispatcher["house"] = self
        setup_dialogs(self.dispatcher, events_isolation=isolation)
        self.intake = Intake(self.dispatcher)

    def _handlers(self) -> Router:
        router = Router()

        @router.message(CommandStart())
        async def start(message: Message, dialog_manager: DialogManager) -> None:
            await dialog_manager.start(Tea.name, mode=StartMode.RESET_STACK)

        @router.message(Command("paper"))
        async def paper(message: Message) -> None:
            await message.answer_document(BufferedInputFile(b"%PDF-1.7 paper", "kvitto.pdf"), caption="Här är den.")

        @router.message(Command("broken"))
        async def broken(message: Message) -> None:
            raise RuntimeError(f"private words: {message.text}")

        @router.message(F.document)
        async def document(message: Message) -> None:
            assert message.bot is not None
            assert message.document is not None
            stream = await message.bot.download(message.document)
            assert stream is not None
            self.received.append(stream.read())
            await message.answer(f"{message.document.file_name}, {len(self.received[-1])} byte")

        @router.callback_query(F.data == "greet")
        async def greet(query: CallbackQuery) -> None:
            self.brewed.append("greeted")
            await query.answer("Hej")

        @router.errors(ExceptionTypeFilter(UnknownIntent, OutdatedIntent))
        async def stale(event: ErrorEvent) -> None:
            assert event.update.callback_query is not None
            await event.update.callback_query.answer("Den knappen gäller inte längre.")

        return router


def tea() -> Dialog:
    """Three windows: a name in words, a size by button, and a last look."""

    async def named(message: Message, widget: Any, manager: DialogManager, name: str) -> None:
        manager.dialog_data["name"] = name
        await manager.next()

    async def sized(query: CallbackQuery, widget: Any, manager: DialogManager, item: str) -> None:
        manager.dialog_data["size"] = item
        await manager.next()

    async def brew(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
        house: House = manager.middleware_data["house"]
        house.brewed.append(f"{manager.dialog_data['name']}: {manager.dialog_data['size']}")
        assert query.message is not None
        await query.message.answer("Teet är klart.")
        await manager.done()

    async def data(dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
        return {"name": "", "size": "", "sizes": ["liten", "stor"], **dialog_manager.dialog_data}

    return Dialog(
        Window(Const("Vad heter du?"), TextInput(id="name", on_success=named), state=Tea.name),
        Window(
            Format("Hej {name}. Hur stort te?"),
            Select(Format("En {item}"), id="size", item_id_getter=str, items="sizes", on_click=sized),
            Back(Const("Gå tillbaka"), id="back"),
            state=Tea.size,
        ),
        Window(
            Format("<b>{name}</b>: {size}"),
            Button(Const("Brygg"), id="brew", on_click=brew),
            SwitchTo(Const("Byt storlek"), id="other", state=Tea.size),
            state=Tea.check,
        ),
        getter=data,
    )
