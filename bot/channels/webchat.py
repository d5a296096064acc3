"""The web chat: what a page sends becomes an update, and what we answer is stored and then shown.

A page is never trusted with more than an index into the buttons that the store holds for a message.
Everything that comes in is stored together with its inbox row in one transaction, so it is either not taken or never
lost; the sender's own reference makes "sent twice" the same as "sent once".
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties

from bot.channels import webframes
from bot.channels.base import CHAT, DOCUMENT, POINTER, Channel
from bot.channels.fanout import Ear, Hub
from bot.channels.intake import Intake, source_of
from bot.channels.markup import TEXT_MAX
from bot.channels.telegram_json import message_json, query_id, user_json
from bot.channels.virtual import FILE_MAX, PRESSED, VirtualSession
from bot.channels.webframes import Frame
from core.evidence import shown_name
from core.masking import without_cards
from core.ports import Clock
from core.store import chat_files, chats
from core.store.chat_files import FileCard
from core.store.chat_models import Chat
from core.store.chats import Content, Place, Said
from core.store.database import transaction
from core.store.upload_folder import UploadFolder

log = logging.getLogger(__name__)

NAME: Final = "web"
BOT_TOKEN: Final = "1:web"  # noqa: S105 - no secret: only its number counts, and nobody outside is asked
CLIENT_ID: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)

#: A person presses and writes in bursts; a chat that keeps it up for a minute is asked to wait.
BURST: Final = 20
PER_SECOND: Final = 1.0
CHATS_WATCHED_MAX: Final = 10_000


_Take = Callable[[Place], Awaitable[tuple[Said, dict[str, Any]]]]


class Outcome(StrEnum):
    """What became of something that a page sent. All but TAKEN changed nothing."""

    TAKEN = "taken"
    STALE = "stale"
    TOO_LONG = "too_long"
    SLOW = "slow"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """How it went, and the id of the person's own message if there is one."""

    outcome: Outcome
    message_id: int | None = None


class _Stale(Exception):
    """The press was not on a button of the chat's last screen."""


class WebChatSession(VirtualSession):
    """Carries our messages to the store, and wakes the pages that show them."""

    answers_below = True
    names_speakers = True

    def __init__(self, clock: Clock, hub: Hub, uploads: UploadFolder | None = None) -> None:
        super().__init__(clock, NAME)
        self._hub = hub
        self._uploads = uploads

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        file_id = url.removeprefix("virtual:")
        if self._uploads and file_id.startswith(chat_files.APART):
            pieces = self._uploads.read(file_id, chunk_size)
            while piece := await asyncio.to_thread(next, pieces, b""):
                yield piece
            return
        async for piece in super().stream_content(url, headers, timeout, chunk_size, raise_for_status):
            yield piece

    async def changed(self, chat_id: int) -> None:
        await self._hub.publish(chat_id)

    async def toast(self, chat_id: int, text: str, *, alert: bool) -> None:
        await self._hub.publish(chat_id, {"op": "toast", "message": {"plain": text, "alert": alert}})

    async def typing(self, chat_id: int) -> None:
        await self._hub.publish(chat_id, {"op": "typing"})


class WebChat:
    """The channel as its pages use it."""

    def __init__(self, intake: Intake, clock: Clock, hub: Hub, uploads: UploadFolder | None = None) -> None:
        self._intake = intake
        self._clock = clock
        self._hub = hub
        self._uploads = uploads
        self._pace = _Pace(clock)
        session = WebChatSession(clock, hub, uploads)
        self.bot = Bot(BOT_TOKEN, session, default=DefaultBotProperties(parse_mode="HTML"))

    @property
    def channel(self) -> Channel:
        """As notices use it. Nothing rings: a page is closed most of the time."""
        return Channel(NAME, self.bot, frozenset({CHAT, POINTER, DOCUMENT}), False, self.start, self.stop)

    async def start(self) -> None:
        """Take up what a crash interrupted."""
        await self._intake.recover(self.bot, self._clock.now())

    async def stop(self) -> None:
        """Let the pages go; what they sent is drained by the intake's owner before."""
        await self._hub.close()

    # For pages

    async def open(self, address: str, language: str | None = None) -> Chat:
        """The chat of a browser, by the random address that its cookie holds."""
        return await chats.open_chat(NAME, address, self._clock.now(), language=language)

    async def find(self, address: str) -> Chat | None:
        """The chat at an address, if there is one."""
        return await Chat.get_or_none(channel=NAME, address=address)

    async def history(self, chat_id: int, limit: int = 200) -> list[dict[str, Any]]:
        """The last messages as pages show them, from old to new; of a person's details, only the one's who is there."""
        reader = await self._reader(chat_id)
        said = await chats.history(chat_id, limit)
        return [webframes.content(one) for one in said if webframes.is_for(one, reader)]

    async def changes(self, chat_id: int, after: int) -> list[Frame]:
        """Everything after a seq, in the order of the changes; where a message belongs is told by its id.

        Messages that are not for who is there now come first, as deleted.
        """
        reader = await self._reader(chat_id)
        hidden = webframes.gone(await chats.hidden_from(chat_id, reader, after))
        return hidden + webframes.frames(await chats.changes(chat_id, after), after, reader)

    @asynccontextmanager
    async def listen(self, chat_id: int, after: int | None = None) -> AsyncIterator[AsyncIterator[Frame]]:
        """What changes from now on, or after a seq. It listens from the moment it is entered.

        When the person who was there has been silent for too long, their messages are told to be deleted.
        """
        with self._hub.ear(chat_id) as ear:
            if after is None:
                chat = await chats.chat(chat_id)
                after = chat.last_seq if chat else 0
            yield self._follow(chat_id, ear, after)

    async def _follow(self, chat_id: int, ear: Ear, seq: int) -> AsyncIterator[Frame]:
        shown_to: int | None = -1
        while not ear.closed:
            ear.quiet()
            reader = await self._reader(chat_id)
            if reader != shown_to:
                for frame in webframes.gone(await chats.hidden_from(chat_id, reader, seq)):
                    yield frame
                shown_to = reader
            while changed := await chats.changes(chat_id, seq):
                for frame in webframes.frames(changed, seq, reader):
                    yield frame
                seq = changed[-1].seq
            for note in ear.notes():
                yield {"seq": seq, **note}
            if not ear.closed:
                await ear.wait()

    async def _reader(self, chat_id: int) -> int | None:
        return await chats.reader(chat_id, self._clock.machine_now())

    # From pages

    async def text(self, chat_id: int, text: str, client_id: str) -> Taken:
        """The person wrote."""
        text = _storable(text).strip()
        if len(text) > TEXT_MAX:
            return Taken(Outcome.TOO_LONG)
        if not text:
            return Taken(Outcome.FAILED)
        content = webframes.plain("text", without_cards(text))
        return await self._say(chat_id, client_id, {**content, "client_id": client_id})

    async def document(
        self, chat_id: int, name: str, mime: str, body: bytes, client_id: str, caption: str = ""
    ) -> Taken:
        """The person sent a file. Whether its kind is welcome is for the dialog to say; it is kept until it has."""
        if len(body) > FILE_MAX or len(caption) > TEXT_MAX:
            return Taken(Outcome.TOO_LONG)

        cards: list[FileCard] = []

        async def kept(now: datetime) -> FileCard:
            shown = without_cards(shown_name(name))
            cards.append(await chat_files.keep_upload(shown, _storable(mime[:127]), body, now, chat_id))
            return cards[-1]

        taken = await self._file(chat_id, client_id, caption, kept)
        for card in cards:
            await chat_files.drop(card.file_id)
        return taken

    def aside(self) -> BinaryIO:
        """A file on disk for what is on its way and may be long."""
        assert self._uploads is not None
        return self._uploads.aside()

    async def long_document(
        self, chat_id: int, name: str, mime: str, file: BinaryIO, size: int, client_id: str
    ) -> Taken:
        """The person sent a file that is too long for memory: it lies on disk until the dialog has taken it."""
        assert self._uploads is not None
        file_id, shown, now = chat_files.new_apart(), without_cards(shown_name(name)), self._clock.machine_now()
        sha256 = await asyncio.to_thread(self._uploads.keep, file_id, file, now)

        async def kept(now: datetime) -> FileCard:
            return await chat_files.note_upload(file_id, shown, _storable(mime[:127]), size, sha256, now, chat_id)

        try:
            return await self._file(chat_id, client_id, "", kept)
        finally:
            await chat_files.drop(file_id)
            await asyncio.to_thread(self._uploads.drop, file_id)

    async def too_large(self, chat_id: int, name: str, mime: str, size: int, client_id: str) -> Taken:
        """The person wanted to send a file of more octets than we take; the dialog says what would work."""

        async def kept(_now: datetime) -> FileCard:
            return chat_files.not_kept(without_cards(shown_name(name)), _storable(mime[:127]), size, chat_id)

        return await self._file(chat_id, client_id, "", kept)

    async def _file(
        self, chat_id: int, client_id: str, caption: str, kept: Callable[[datetime], Awaitable[FileCard]]
    ) -> Taken:
        async def take(place: Place) -> tuple[Said, dict[str, Any]]:
            now = self._clock.now()
            card = await kept(now)
            content = {
                **webframes.plain("document", without_cards(_storable(caption))),
                "file": card.as_content(),
                "client_id": client_id,
            }
            said = await chats.write(place, "in", content, None, now, client_id=client_id)
            return said, {"update_id": said.id, "message": message_json(self.bot.id, said)}

        return await self._take_in(chat_id, client_id, take)

    async def command(self, chat_id: int, text: str, client_id: str) -> Taken:
        """The page itself says something for the person, such as ``/start``; it is not shown in the conversation."""
        if len(text) > TEXT_MAX:
            return Taken(Outcome.TOO_LONG)
        text = without_cards(_storable(text))
        return await self._say(chat_id, client_id, {"kind": "text", "plain": text, "html": ""}, hidden=True)

    async def press(self, chat_id: int, message_id: int, key: str, client_id: str) -> Taken:
        """The person pressed the button at ``key`` ("row.column"). The choice becomes the person's own line."""

        async def take(place: Place) -> tuple[Said, dict[str, Any]]:
            screen = await chats.pressable(chat_id, message_id)
            button = webframes.button_at(screen.keyboard, key) if screen else None
            if screen is None or button is None or "callback_data" not in button:
                raise _Stale
            PRESSED.set(screen)
            content = {
                **webframes.plain("press", button["text"]),
                "pressed": message_id,
                "client_id": client_id,
            }
            said = await chats.write(place, "in", content, None, self._clock.now(), client_id=client_id)
            return said, {
                "update_id": said.id,
                "callback_query": {
                    "id": query_id(chat_id, said.id),
                    "from": user_json(chat_id),
                    "chat_instance": str(chat_id),
                    "data": button["callback_data"],
                    "message": message_json(self.bot.id, screen),
                },
            }

        return await self._take_in(chat_id, client_id, take)

    async def _say(self, chat_id: int, client_id: str, content: Content, *, hidden: bool = False) -> Taken:
        async def take(place: Place) -> tuple[Said, dict[str, Any]]:
            now = self._clock.now()
            said = await chats.write(place, "in", content, None, now, client_id=client_id, hidden=hidden)
            return said, {"update_id": said.id, "message": message_json(self.bot.id, said)}

        return await self._take_in(chat_id, client_id, take)

    async def _take_in(self, chat_id: int, client_id: str, take: _Take) -> Taken:
        if not CLIENT_ID.fullmatch(client_id):
            return Taken(Outcome.FAILED)
        if not self._pace.allows(chat_id):
            return Taken(Outcome.SLOW)
        now = self._clock.now()
        try:
            async with transaction():
                place = await chats.advance(chat_id, self._clock.machine_now(), seen_at=now)
                if place is None:
                    return Taken(Outcome.FAILED)
                said, update = await take(place)
                await chats.take_up(source_of(self.bot.id), str(said.id), update, now)
        except (_Stale, chats.SaidBefore):
            # Sent before, and then its screen may well be gone; or really stale.
            known = await self._known(chat_id, client_id)
            if known is None:
                log.info("refused: a press on a button that is not shown, chat %d", chat_id)
            return known or Taken(Outcome.STALE)
        await self._hub.publish(chat_id)
        # Taken is taken: should an answer fail, the words are still kept and shown, and are not to be sent again.
        await self._intake.feed(self.bot, update)
        PRESSED.set(None)
        return Taken(Outcome.TAKEN, None if said.deleted else said.message_id)

    async def _known(self, chat_id: int, client_id: str) -> Taken | None:
        """What was taken under this reference before: said again, and nothing is done."""
        said = await chats.sent_before(chat_id, client_id)
        return None if said is None else Taken(Outcome.TAKEN, None if said.deleted else said.message_id)


class _Pace:
    """A bucket per chat that fills by the second. Only the busiest chats of late are remembered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, chat_id: int) -> bool:
        now = self._clock.monotonic()
        left, since = self._left.pop(chat_id, (float(BURST), now))
        left = min(float(BURST), left + (now - since) * PER_SECOND)
        allowed = left >= 1
        self._left[chat_id] = (left - 1 if allowed else left, now)
        if len(self._left) > CHATS_WATCHED_MAX:
            self._left.popitem(last=False)
        return allowed


def _storable(text: str) -> str:
    """Without NUL, which PostgreSQL cannot hold, and half characters, which nobody can."""
    return text.replace("\x00", "").encode(errors="replace").decode()
