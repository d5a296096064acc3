"""Telegram keeps the contract of all channels: aiogram's real HTTP session against the emulated Bot API."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.utils.backoff import BackoffConfig

from bot.channels.base import Channel
from bot.channels.telegram import Telegram, telegram_bot
from core.store.database import Database
from tests.channels.botapi import TOKEN, BotApi, PrivateChat
from tests.channels.contract import ChannelContract, Line, Phone
from tests.channels.toy import House
from tests.fakes import FakeClock

PERSON = 31_337
AT_ONCE = BackoffConfig(min_delay=0.001, max_delay=0.002, factor=1.1, jitter=0.0)


class Handset(Phone):
    """A telephone with Telegram on it; the house polls."""

    chat_id = PERSON

    def __init__(self, api: BotApi, clock: FakeClock) -> None:
        self.api = api
        self._clock = clock
        self._last: dict[str, Any] = {}
        self._data: dict[str, tuple[int, str]] = {}
        self._build()

    def _build(self) -> None:
        self.house = House(self._clock)
        bot = telegram_bot(TOKEN, self.api.url)
        self.telegram = Telegram(self.house.intake, self._clock, bot, backoff=AT_ONCE)

    @property
    def channel(self) -> Channel:
        return self.telegram.channel

    async def settle(self) -> None:
        await self.api.taken()
        assert await self.telegram.idle(5)

    async def say(self, text: str) -> None:
        self._last = await self.api.write(PERSON, text)
        await self.settle()

    async def press(self, label: str) -> None:
        for message in reversed(self.api.visible(PERSON)):
            for button in (button for row in message.keyboard for button in row):
                if button["text"] == label:
                    self._data[label] = (message.message_id, button["callback_data"])
                    self._last = await self.api.press(PERSON, *self._data[label])
                    await self.settle()
                    return
        raise AssertionError(f"no button {label}")

    async def press_old(self, label: str) -> None:
        await self.api.press(PERSON, *self._data[label])
        await self.settle()
        assert (await self.toasts())[-1] == "Den knappen gäller inte längre."

    async def forge(self) -> None:
        screen = self.api.visible(PERSON)[-1].message_id
        for data in ("abc\x1dbrew", "\x1dbrew", "x" * 64):
            await self.api.press(PERSON, screen, data)
            await self.settle()

    async def upload(self, name: str, body: bytes) -> None:
        self._last = await self.api.upload(PERSON, name, "application/pdf", body)
        await self.settle()

    async def download(self, name: str) -> bytes:
        files = [message.file for message in self.api.visible(PERSON) if message.file]
        [*_, file] = [file for file in files if file["file_name"] == name]
        return self.api.files[file["file_id"]]

    async def repeat(self) -> None:
        await self.api.replay(self._last)
        await self.settle()

    async def lines(self) -> list[Line]:
        return [
            Line(
                message.by_bot,
                message.text,
                tuple(button["text"] for row in message.keyboard for button in row),
                message.file["file_name"] if message.file else None,
            )
            for message in self.api.visible(PERSON)
        ]

    async def toasts(self) -> list[str]:
        return [text for chat_id, text in self.api.toasts if chat_id == PERSON]

    async def restart(self) -> None:
        await self.close()
        self._build()
        await self.telegram.start()
        await self.settle()

    async def close(self) -> None:
        await self.telegram.stop()
        await self.telegram.bot.session.close()

    async def crash_while_saying(self, text: str) -> None:
        self.house.inbox.dies = True
        await self.api.write(PERSON, text)
        await self.api.taken()
        await self.restart()

    async def lose_connection_while(self, text: str) -> None:
        """Telegram hangs up on the poll that carries the message; it was not confirmed, so it comes again."""
        await self.close()
        self.api.faults["getUpdates"].append("drop")
        self._build()
        self._last = await self.api.write(PERSON, text)
        await self.telegram.start()
        await self.settle()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def phone(sqlite_db: Database, clock: FakeClock, api: BotApi) -> AsyncIterator[Handset]:
    handset = Handset(api, clock)
    api.chats[PERSON] = PrivateChat()
    await handset.telegram.start()
    yield handset
    await handset.close()


class TestTelegram(ChannelContract):
    pass
