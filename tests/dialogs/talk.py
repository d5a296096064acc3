"""Conversations through the real dispatcher: the web chat as a page uses it, over a house on a database."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiogram import BaseMiddleware, Dispatcher
from aiogram.types import TelegramObject

from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.webchat import Outcome, Taken, WebChat
from bot.dialogs.plan_budget import BEGUN
from bot.handlers import set_up
from bot.middleware import Handler, Reception
from bot.storage import LocalIsolation, SqlStorage
from core.services.house import House
from tests.golden.parser import plain

_NUMBERS = count(1)
#: So many messages hold what was said last; to read a long conversation at every press takes longer than the press.
_LAST = 12


@dataclass(frozen=True)
class Said:
    """One message of ours as a page shows it."""

    text: str
    buttons: tuple[str, ...]
    card: dict[str, Any] | None
    file: str | None


class _Desk(BaseMiddleware):
    """Where a dispatcher's reception sits; another test's has another house."""

    def __init__(self, reception: Reception) -> None:
        self.reception = reception

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        return await self.reception(handler, event, data)


@dataclass
class _Built:
    """A dispatcher with all its dialogs, and the loop of the test that has it."""

    dispatcher: Dispatcher
    desk: _Desk
    loop: asyncio.AbstractEventLoop


_BUILT: list[_Built] = []


def dispatcher(house: House, channels: Mapping[int, str]) -> Dispatcher:
    """All that we say and hear, no other's: a restart is another one over the same database.

    It takes longer to build than most tests talk, so one whose test is over serves again: what it remembers of a
    conversation is the database's, but for one thing that is forgotten here.
    """
    BEGUN.forget()
    loop, reception = asyncio.get_running_loop(), Reception(house, channels)
    built = next((built for built in _BUILT if built.loop.is_closed()), None)
    if built is None:
        built = _build(reception, loop)
    built.loop, built.desk.reception = loop, reception
    fsm = built.dispatcher.fsm
    fsm.storage, fsm.events_isolation = SqlStorage(house.clock), LocalIsolation()
    return built.dispatcher


def _build(reception: Reception, loop: asyncio.AbstractEventLoop) -> _Built:
    built = _Built(Dispatcher(events_isolation=LocalIsolation()), _Desk(reception), loop)
    set_up(built.dispatcher, built.desk, LocalIsolation())
    _BUILT.append(built)
    return built


@dataclass
class WebTalk:
    """One person at the web chat."""

    house: House
    web: WebChat
    chat_id: int
    seen: int = 0
    screen: dict[str, Any] | None = field(default=None)

    @classmethod
    async def begin(cls, house: House, address: str = "browser", lang: str = "sv") -> "WebTalk":
        talk = cls(house, _web(house), 0)
        chat = await talk.web.open(address, lang)
        talk.chat_id = chat.id
        await talk.command("/start")
        return talk

    def restart(self) -> None:
        """Another process takes over."""
        self.web = _web(self.house)

    async def say(self, text: str) -> tuple[Said, ...]:
        """Write, and what we answer."""
        await self._look()
        return await self._answers(await self.web.text(self.chat_id, text, f"t{next(_NUMBERS)}"))

    async def send(self, name: str, body: bytes, mime: str = "image/jpeg", caption: str = "") -> tuple[Said, ...]:
        """Send a picture or a document, and what we answer."""
        await self._look()
        return await self._answers(
            await self.web.document(self.chat_id, name, mime, body, f"f{next(_NUMBERS)}", caption)
        )

    async def command(self, text: str) -> tuple[Said, ...]:
        await self._look()
        return await self._answers(await self.web.command(self.chat_id, text, f"c{next(_NUMBERS)}"))

    async def press(self, label: str) -> tuple[Said, ...]:
        """Press the button with these words on the last screen."""
        message_id, key = await self.button(label)
        return await self.press_at(message_id, key)

    async def press_at(self, message_id: int, key: str) -> tuple[Said, ...]:
        await self._look()
        return await self._answers(await self.press_raw(message_id, key))

    async def press_raw(self, message_id: int, key: str) -> Taken:
        return await self.web.press(self.chat_id, message_id, key, f"p{next(_NUMBERS)}")

    async def last(self) -> Said:
        """The last message of ours that has buttons."""
        return _said(await self._last_screen())

    async def links(self) -> dict[str, str]:
        """Buttons that open a page."""
        buttons = (button for row in (await self._last_screen())["buttons"] for button in row)
        return {plain(button["text"]): button["url"] for button in buttons if button["url"]}

    async def everything(self) -> str:
        """Every word that we have said in this chat."""
        return "\n".join(raw["plain"] for raw in await self.web.history(self.chat_id) if raw["by"] != "you")

    async def _last_screen(self) -> dict[str, Any]:
        for limit in (_LAST, 1_000):
            for raw in reversed(await self.web.history(self.chat_id, limit)):
                if raw["by"] != "you" and raw["buttons"]:
                    return raw
        raise AssertionError("no screen has buttons")

    async def button(self, label: str) -> tuple[int, str]:
        raw = await self._last_screen()
        for row in raw["buttons"]:
            for button in row:
                if plain(button["text"]) == label:
                    return raw["id"], button["key"]
        raise AssertionError(f"no button {label!r} among {_said(raw).buttons}")

    async def _answers(self, taken: Taken) -> tuple[Said, ...]:
        assert taken.outcome is Outcome.TAKEN, taken
        self.house.clock.wait(2)  # type: ignore[attr-defined]  # a person takes their time; the pace is another test's
        said = [raw for raw in await self.web.history(self.chat_id, _LAST) if raw["id"] > self.seen]
        assert len(said) < _LAST
        return tuple(_said(raw) for raw in said if raw["by"] != "you")

    async def _look(self) -> None:
        """What has been said until now is not an answer to what comes."""
        self.seen = max((raw["id"] for raw in await self.web.history(self.chat_id, _LAST)), default=0)


def _web(house: House) -> WebChat:
    dp = dispatcher(house, {1: "web"})
    return WebChat(Intake(dp), house.clock, Hub())


def _said(raw: dict[str, Any]) -> Said:
    labels = tuple(plain(button["text"]) for row in raw["buttons"] for button in row)
    return Said(plain(raw["plain"]), labels, raw["card"], raw["file"]["name"] if raw["file"] else None)
