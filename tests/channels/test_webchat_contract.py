"""The web chat keeps the contract of all channels, on both databases."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.base import Channel
from bot.channels.fanout import Hub
from bot.channels.webchat import Outcome, Taken, WebChat
from core.store import chat_files
from core.store.database import Database
from tests.channels.contract import ChannelContract, Line, Phone
from tests.channels.toy import House, Killed
from tests.fakes import FakeClock


class Page(Phone):
    """A browser: it knows what frames told it, and no more."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._sent = 0
        self._last: tuple[str, ...] = ()
        self._toasts: list[str] = []
        self._pressed: dict[str, tuple[int, str]] = {}
        self._build()

    def _build(self) -> None:
        self.house = House(self._clock)
        self.hub = Hub()
        self.web = WebChat(self.house.intake, self._clock, self.hub)

    @classmethod
    async def opened(cls, clock: FakeClock) -> "Page":
        page = cls(clock)
        page.chat_id = (await page.web.open("a-browser")).id
        return page

    @property
    def channel(self) -> Channel:
        return self.web.channel

    def _reference(self) -> str:
        self._sent += 1
        self._clock.wait(2)
        return f"c{self._sent}"

    async def say(self, text: str) -> None:
        self._last = ("text", text, self._reference())
        await self._again()

    async def _again(self) -> Taken:
        match self._last:
            case ("text", text, reference):
                return await self.web.text(self.chat_id, text, reference)
            case ("press", message_id, key, reference):
                return await self.web.press(self.chat_id, int(message_id), key, reference)
        raise AssertionError

    async def repeat(self) -> None:
        assert (await self._again()).outcome is Outcome.TAKEN

    async def _find(self, label: str) -> tuple[int, str]:
        for message in reversed(await self.web.history(self.chat_id)):
            for row in message["buttons"]:
                for button in row:
                    if button["text"] == label:
                        return message["id"], button["key"]
        raise AssertionError(f"no button {label}")

    async def press(self, label: str) -> None:
        message_id, key = self._pressed[label] = await self._find(label)
        self._last = ("press", str(message_id), key, self._reference())
        with self.hub.ear(self.chat_id) as ear:
            taken = await self._again()
            self._toasts += [note["message"]["plain"] for note in ear.notes() if note["op"] == "toast"]
        assert taken.outcome is Outcome.TAKEN

    async def press_old(self, label: str) -> None:
        message_id, key = self._pressed[label]
        taken = await self.web.press(self.chat_id, message_id, key, self._reference())
        assert taken == Taken(Outcome.STALE)

    async def forge(self) -> None:
        screen = (await self.web.history(self.chat_id))[-1]["id"]
        for message_id, key in ((screen, "9.9"), (screen, "0"), (screen, "-1.0"), (screen + 1, "0.0"), (0, "0.0")):
            taken = await self.web.press(self.chat_id, message_id, key, self._reference())
            assert taken == Taken(Outcome.STALE)

    async def upload(self, name: str, body: bytes) -> None:
        taken = await self.web.document(self.chat_id, name, "application/pdf", body, self._reference())
        assert taken.outcome is Outcome.TAKEN

    async def download(self, name: str) -> bytes:
        files = [message["file"] for message in await self.web.history(self.chat_id) if message["file"]]
        [*_, file] = [file for file in files if file["name"] == name]
        body = await chat_files.body(file["href"].rpartition("/")[2])
        assert body is not None
        return body

    async def lines(self) -> list[Line]:
        return [
            Line(
                message["by"] == "us",
                message["plain"],
                tuple(button["text"] for row in message["buttons"] for button in row),
                message["file"] and message["file"]["name"],
            )
            for message in await self.web.history(self.chat_id)
        ]

    async def toasts(self) -> list[str]:
        return self._toasts

    async def restart(self) -> None:
        await self.web.stop()
        self._build()
        await self.web.start()

    async def crash_while_saying(self, text: str) -> None:
        self.house.inbox.dies = True
        with pytest.raises(Killed):
            await self.say(text)
        await self.restart()

    async def lose_connection_while(self, text: str) -> None:
        """The page was told everything up to now, goes away, and asks for what came after."""
        shown = {message["id"]: message for message in await self.web.history(self.chat_id)}
        seq = max(message["seq"] for message in shown.values())
        await self.say(text)
        for frame in await self.web.changes(self.chat_id, seq):
            message = frame["message"]
            if frame["op"] == "del":
                del shown[message["id"]]
            else:
                assert (message["id"] in shown) == (frame["op"] in {"edit", "kb"})
                shown[message["id"]] = message
        assert [shown[number] for number in sorted(shown)] == await self.web.history(self.chat_id)


@pytest.fixture
async def phone(db: Database, clock: FakeClock) -> AsyncIterator[Page]:
    page = await Page.opened(clock)
    yield page
    await page.web.stop()


class TestWebChat(ChannelContract):
    pass
