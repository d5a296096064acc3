"""One press in the web chat, kept in every part, against the same switch of windows in bare aiogram-dialog.

The product's press is stored before it is answered, knows who is there, loads the case, words the screen and stores
it for the page. The bare one (`bare_dialogs`) has the same storage in the same database and nothing else.
"""

import gc
import time
from collections.abc import Awaitable, Callable

from core import words
from core.services import doors
from core.services.house import House
from core.store import chats
from core.store.database import opened
from tests.bench.bare_dialogs import BACK, THERE, BarePerson
from tests.bench.figures import Figure, middle
from tests.bench.grounds import Ground
from tests.dialogs.talk import WebTalk
from tests.fakes import FakeClock
from tests.services.world import NOW, build

Press = Callable[[str], Awaitable[float]]


async def against_bare_dialogs(ground: Ground, trips: int) -> Figure:
    """How many presses a second the product answers, as a share of what bare aiogram-dialog does."""
    url = await ground.empty("chats")
    async with opened(url):
        world = build(FakeClock.on(NOW))
        case = await world.sara()
        code = await doors.new_code(world.house, case.id, None)
        talk = await WebTalk.begin(world.house)
        await talk.say(code.reveal())
        ours, bare = _ours(world.house, talk), await _bare(world.clock, *await _texts(talk))
        gc.collect()
        # Press by press in turn, so that other work on the machine falls on both.
        times = [(await ours(button), await bare(button)) for _ in range(trips) for button in (THERE, BACK)]
    each, least = (1e6 * middle(column) for column in zip(*times, strict=True))
    detail = f"{each:,.0f} µs a press, {least:,.0f} µs in bare aiogram-dialog"
    name = f"a durable press in the web chat against bare aiogram-dialog, {ground.name}"
    return Figure(name, 100 * least / each, "%", detail, least=40)


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


async def _bare(clock: FakeClock, case: str, owe: str) -> Press:
    person = await BarePerson.begin(clock, case, owe)

    async def press(button: str) -> float:
        started = time.perf_counter()
        await person.press(button)
        return time.perf_counter() - started

    return press
