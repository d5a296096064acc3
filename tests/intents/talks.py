"""One person at the web chat, with Telegram or an old phone, over the real dispatcher: what they do, and all that they
then see.
"""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Protocol

from aiogram import Bot

from bot.bankid_watch import Speak, speaker
from bot.channels.base import CHAT, DOCUMENT, POINTER, Channel
from bot.channels.fanout import Hub
from bot.channels.intake import Intake
from bot.channels.sms import SmsChat
from bot.channels.sms_menu import FRESH
from bot.channels.webchat import Outcome, Taken, WebChat
from bot.channels.webframes import button_at
from core import gsm
from core.ports import SmsArrived
from core.services.house import House
from core.store import chats, sms
from core.store.database import rows
from tests.channels.botapi import BotApi, PrivateChat, Sent
from tests.dialogs.sms_talk import OURS, THEIRS, FakeGateway
from tests.golden.parser import plain

#: The number of the person's private chat on Telegram.
PERSON = 31_337
_REFERENCES = count(1)


@dataclass(frozen=True)
class Button:
    """What a button says, how it is pressed, and the page that it opens instead if it is a link."""

    label: str
    key: str
    url: str | None


@dataclass(frozen=True)
class Shown:
    """One message of ours as the person sees it now."""

    id: int
    text: str
    buttons: tuple[Button, ...] = ()
    file: str | None = None
    size: gsm.Size | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)


class Talk(Protocol):
    """A person with a messenger."""

    chat_id: int

    async def begin(self, lang: str) -> None: ...
    async def say(self, text: str) -> None: ...
    async def command(self, text: str) -> None: ...
    async def send(self, name: str, body: bytes, mime: str, caption: str) -> None: ...
    async def press(self, message_id: int, key: str) -> None: ...
    async def shown(self) -> list[Shown]: ...


@dataclass
class WebTalk:
    """The web chat as a page uses it."""

    web: WebChat
    chat_id: int = 0

    async def begin(self, lang: str) -> None:
        self.chat_id = (await self.web.open("browser", lang)).id

    async def say(self, text: str) -> None:
        _taken(await self.web.text(self.chat_id, text, _reference()))

    async def command(self, text: str) -> None:
        _taken(await self.web.command(self.chat_id, text, _reference()))

    async def send(self, name: str, body: bytes, mime: str, caption: str) -> None:
        _taken(await self.web.document(self.chat_id, name, mime, body, _reference(), caption))

    async def press(self, message_id: int, key: str) -> None:
        _taken(await self.web.press(self.chat_id, message_id, key, _reference()))

    async def shown(self) -> list[Shown]:
        history = await self.web.history(self.chat_id)
        return [_on_the_page(raw) for raw in history if raw["by"] != "you"]


def _reference() -> str:
    return f"i{next(_REFERENCES)}"


def _taken(taken: Taken) -> None:
    assert taken.outcome is Outcome.TAKEN, taken


def _on_the_page(raw: dict[str, Any]) -> Shown:
    buttons = tuple(Button(plain(b["text"]), b["key"], b["url"]) for row in raw["buttons"] for b in row)
    # What one of us writes bears their name beside it; on Telegram the name stands in the text.
    text = f"{raw['name']}: {raw['plain']}" if raw["name"] else raw["plain"]
    return Shown(raw["id"], plain(text), buttons, raw["file"]["name"] if raw["file"] else None)


@dataclass
class TelegramTalk:
    """Telegram on its own wire."""

    api: BotApi
    bot: Bot
    intake: Intake
    lang: str
    chat_id: int = PERSON

    async def begin(self, lang: str) -> None:
        self.api.chats[PERSON] = PrivateChat()

    async def say(self, text: str) -> None:
        await self._feed(await self.api.write(PERSON, text))

    async def command(self, text: str) -> None:
        await self.say(text)

    async def send(self, name: str, body: bytes, mime: str, caption: str) -> None:
        update = await self.api.upload(PERSON, name, mime, body)
        if caption:
            update["message"]["caption"] = caption
        await self._feed(update)

    async def press(self, message_id: int, key: str) -> None:
        assert await self.intake.feed(self.bot, await self.api.press(PERSON, message_id, key))

    async def shown(self) -> list[Shown]:
        return [
            Shown(sent.message_id, plain(sent.text), _keys(sent), sent.file["file_name"] if sent.file else None)
            for sent in self.api.visible(PERSON)
            if sent.by_bot
        ]

    async def _feed(self, update: dict[str, Any]) -> None:
        update["message"]["from"]["language_code"] = self.lang
        assert await self.intake.feed(self.bot, update)


def _keys(sent: Sent) -> tuple[Button, ...]:
    return tuple(
        Button(plain(b["text"]), b.get("callback_data", ""), b.get("url")) for row in sent.keyboard for b in row
    )


@dataclass
class SmsTalk:
    """A phone that shows one SMS after the other. What is pressed is the number that stands in the last of them."""

    sms: SmsChat
    house: House
    chat_id: int = 0

    async def begin(self, lang: str) -> None:
        self.chat_id = (await chats.open_chat("sms", THEIRS, self.house.clock.now(), language=lang)).id

    async def say(self, text: str) -> None:
        await self.sms.arrived(SmsArrived("fake", _reference(), THEIRS, OURS, text))

    async def command(self, text: str) -> None:
        await self.say(text)

    async def send(self, name: str, body: bytes, mime: str, caption: str) -> None:
        raise NotImplementedError("an SMS holds no picture")

    async def press(self, message_id: int, key: str) -> None:
        await self.say(key)

    async def shown(self) -> list[Shown]:
        found = await rows("SELECT id, text, answers, message_id FROM sms WHERE chat_id = ? ORDER BY id", self.chat_id)
        last = await sms.last_menu(self.chat_id)
        gateway = self.house.sms
        assert isinstance(gateway, FakeGateway)
        # What was kept of them opens nothing; the phone has the links.
        sent = [text for _, text in gateway.sent][-len(found) :]
        texts = [*(row["text"] for row in found[: len(found) - len(sent)]), *sent]
        said = [Shown(row["id"], text, (), None, gsm.size(text)) for row, text in zip(found, texts, strict=True)]
        if last is not None:
            said[-1] = replace(said[-1], buttons=await self._numbers(last))
        return said

    async def _numbers(self, last: sms.SmsRow) -> tuple[Button, ...]:
        screen = await chats.message(self.chat_id, last.message_id) if last.message_id else None
        if screen is None:
            return ()
        places = {number: button_at(screen.keyboard, place) for number, place in last.answers.items()}
        return tuple(
            Button(plain(str(button["text"]).removeprefix(FRESH)), number, None)
            for number, button in places.items()
            if button is not None
        )


@dataclass(frozen=True)
class Wires:
    """All channels over one dispatcher, as they hear and as notices use them."""

    house: House
    web: WebChat
    sms: SmsChat
    api: BotApi
    bot: Bot
    intake: Intake

    @classmethod
    def over(cls, house: House, api: BotApi, bot: Bot, intake: Intake) -> "Wires":
        return cls(house, WebChat(intake, house.clock, Hub()), SmsChat(intake, house), api, bot, intake)

    def anew(self) -> "Wires":
        """With chats that have not been spoken to yet: they remember how fast people write."""
        return Wires.over(self.house, self.api, self.bot, self.intake)

    @property
    def speak(self) -> Speak:
        """How our page tells a chat what came of BankID."""
        return speaker(self.intake, self.web, {"telegram": self.bot, "sms": self.sms.bot})

    def talk(self, channel: str, lang: str) -> Talk:
        match channel:
            case "web":
                return WebTalk(self.web)
            case "telegram":
                return TelegramTalk(self.api, self.bot, self.intake, lang)
            case _:
                return SmsTalk(self.sms, self.house)

    def channels(self) -> dict[str, Channel]:
        telegram = Channel("telegram", self.bot, frozenset({CHAT, POINTER, DOCUMENT}), True, _nothing, _nothing)
        return {"web": self.web.channel, "telegram": telegram, "sms": self.sms.channel}


async def _nothing() -> None:
    return None
