"""One press in the web chat, kept in every part, against the same switch of windows in bare aiogram-dialog.

The product's press is stored before it is answered, knows who is there, loads the case, words the screen and stores
it for the page. The bare one has the same storage in the same database, the same number of buttons and a fixed text.
"""

import gc
import time
from collections.abc import Awaitable, Callable

from aiogram import Dispatcher, Router
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.test_tools import BotClient, MockMessageManager
from aiogram_dialog.test_tools.keyboard import InlineButtonTextLocator
from aiogram_dialog.widgets.kbd import Button, Column
from aiogram_dialog.widgets.text import Const

from bot.storage import LocalIsolation, SqlStorage
from core import words
from core.services import doors
from core.services.house import House
from core.store import chats
from core.store.database import opened
from tests.bench.figures import Figure, middle
from tests.bench.grounds import Ground
from tests.dialogs.talk import WebTalk
from tests.fakes import FakeClock
from tests.services.world import NOW, build

#: From the case to what is owed and why, and back.
THERE, BACK = "details", "back"

Press = Callable[[str], Awaitable[float]]


async def against_bare_dialogs(ground: Ground, presses: int, rounds: int) -> Figure:
    """How many presses a second the product answers, as a share of what bare aiogram-dialog does."""
    url = await ground.empty("chats")
    async with opened(url):
        world = build(FakeClock.on(NOW))
        case = await world.sara()
        code = await doors.new_code(world.house, case.id, None)
        talk = await WebTalk.begin(world.house)
        await talk.say(code.reveal())
        ours, bare = _ours(world.house, talk), await _bare(world.clock, await _texts(talk))
        pairs = [(await _seconds(ours, presses), await _seconds(bare, presses)) for _ in range(rounds)]
    share = 100 * middle([least / whole for whole, least in pairs])
    each, least = (1e6 * middle(times) / presses for times in zip(*pairs, strict=True))
    detail = f"{each:,.0f} µs a press, {least:,.0f} µs in bare aiogram-dialog"
    name = f"a durable press in the web chat against bare aiogram-dialog, {ground.name}"
    return Figure(name, share, "%", detail, least=40)


async def _seconds(press: Press, presses: int) -> float:
    gc.collect()
    return sum([await press(BACK if number % 2 else THERE) for number in range(presses)])


def _ours(house: House, talk: WebTalk) -> Press:
    async def press(button: str) -> float:
        screen = await chats.last_screen(talk.chat_id)
        assert screen is not None
        [key] = [
            f"{row}.{column}"
            for row, buttons in enumerate(screen.keyboard["inline_keyboard"] if screen.keyboard else ())
            for column, one in enumerate(buttons)
            if str(one.get("callback_data")).endswith(button)
        ]
        house.clock.wait(1)  # type: ignore[attr-defined]  # a person takes their time
        started = time.perf_counter()
        await talk.press_raw(screen.message_id, key)
        return time.perf_counter() - started

    return press


async def _texts(talk: WebTalk) -> tuple[str, str]:
    """What the two screens say, and nobody has to word it again."""
    case = (await talk.last()).text
    owe = (await talk.press(words.text("sv", "btn.details")))[-1].text
    await talk.press(words.text("sv", "btn.back"))
    return case, owe


class Bare(StatesGroup):
    case = State()


class BareOwe(StatesGroup):
    owe = State()


async def _bare(clock: FakeClock, texts: tuple[str, str]) -> Press:
    async def start(message: Message, dialog_manager: DialogManager) -> None:
        await dialog_manager.start(Bare.case, mode=StartMode.RESET_STACK)

    async def there(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
        await manager.start(BareOwe.owe, {"case": 1})

    async def back(query: CallbackQuery, button: Button, manager: DialogManager) -> None:
        await manager.done()

    def column(id: str, click: Callable[..., Awaitable[None]]) -> Column:
        return Column(*(Button(Const(f"Knapp {n}"), f"b{n}") for n in range(5)), Button(Const(id), id, on_click=click))

    messages = MockMessageManager()
    dispatcher = Dispatcher(storage=SqlStorage(clock), events_isolation=LocalIsolation())
    router = Router()
    router.message.register(start, CommandStart())
    dispatcher.include_routers(
        router,
        Dialog(Window(Const(texts[0]), column(THERE, there), state=Bare.case)),
        Dialog(Window(Const(texts[1]), column(BACK, back), state=BareOwe.owe)),
    )
    setup_dialogs(dispatcher, message_manager=messages, events_isolation=LocalIsolation())
    client = BotClient(dispatcher, user_id=2_000_000_000, chat_id=2_000_000_000)
    await client.send("/start")

    async def press(button: str) -> float:
        shown = messages.last_message()
        messages.reset_history()
        started = time.perf_counter()
        await client.click(shown, InlineButtonTextLocator(button))
        return time.perf_counter() - started

    return press
