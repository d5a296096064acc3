"""The web channel as the chat page sees it: opening, the head's two commands, the still line, files.

What happens on a link, a command or a press is the dialogs' affair; the page only says what the person did, in the
words that every channel has: `/start <token>`, `/language`, `/person`.
"""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import BinaryIO

from bot.channels.webchat import Taken, WebChat
from bot.http.conversation import ChatFile, ChatFront, Content, Frame, OpenChat, Standing
from core import words
from core.evidence import FILE_MAX
from core.store import chat_files
from core.store.chat_models import Chat

#: What Telegram allows behind `/start`; our tokens keep to it, and what does not is no link of ours.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NO_LINK = "-"

#: Whether somebody who has shown who they are sits there now; asking does not make them stay longer.
Identified = Callable[[int], Awaitable[bool]]
StandingOf = Callable[[int], Awaitable[Standing | None]]
#: The body of evidence by its number, for whoever sits in a chat now; None for what is not theirs, or gone.
EvidenceOf = Callable[[int, int], Awaitable[bytes | None]]
#: How many octets a file may have that whoever sits in a chat sends.
FileMaxOf = Callable[[int], Awaitable[int]]


class WebTalk(ChatFront):
    """`ChatFront` over the web channel."""

    def __init__(
        self,
        web: WebChat,
        identified: Identified,
        standing_of: StandingOf,
        evidence_of: EvidenceOf | None = None,
        file_max_of: FileMaxOf | None = None,
    ) -> None:
        self._evidence_of = evidence_of
        self._file_max_of = file_max_of
        self._web = web
        self._identified = identified
        self._standing_of = standing_of

    async def open(self, address: str, link: str | None, language: str) -> OpenChat:
        known = await self._web.find(address)
        chat = known or await self._web.open(address, language)
        if link is not None:
            token = link if _TOKEN.fullmatch(link) else _NO_LINK
            await self._web.command(chat.id, f"/start {token}", f"link.{secrets.token_urlsafe(12)}")
        elif known is None:
            # One reference for all tries: two tabs that open at once begin one conversation.
            await self._web.command(chat.id, "/start", "start")
        return await self.find(address) or _open(chat)

    async def find(self, address: str) -> OpenChat | None:
        chat = await self._web.find(address)
        return _open(chat) if chat else None

    async def history(self, chat_id: int) -> Sequence[Content]:
        return await self._web.history(chat_id)

    async def changes(self, chat_id: int, after: int) -> Sequence[Frame]:
        return await self._web.changes(chat_id, after)

    def listen(self, chat_id: int, after: int) -> AbstractAsyncContextManager[AsyncIterator[Frame]]:
        return self._web.listen(chat_id, after)

    async def text(self, chat_id: int, text: str, client_id: str) -> Taken:
        return await self._web.text(chat_id, text, client_id)

    async def press(self, chat_id: int, message_id: int, key: str, client_id: str) -> Taken:
        return await self._web.press(chat_id, message_id, key, client_id)

    async def document(self, chat_id: int, name: str, mime: str, body: bytes, client_id: str) -> Taken:
        return await self._web.document(chat_id, name, mime, body, client_id)

    async def file_max(self, chat_id: int) -> int:
        return await self._file_max_of(chat_id) if self._file_max_of else FILE_MAX

    def aside(self) -> BinaryIO:
        return self._web.aside()

    async def long_document(
        self, chat_id: int, name: str, mime: str, file: BinaryIO, size: int, client_id: str
    ) -> Taken:
        return await self._web.long_document(chat_id, name, mime, file, size, client_id)

    async def too_large(self, chat_id: int, name: str, mime: str, size: int, client_id: str) -> Taken:
        return await self._web.too_large(chat_id, name, mime, size, client_id)

    async def command(self, chat_id: int, name: str, client_id: str) -> Taken:
        return await self._web.command(chat_id, f"/{name}", client_id)

    async def standing(self, chat_id: int) -> Standing | None:
        return await self._standing_of(chat_id) if await self._identified(chat_id) else None

    async def file(self, chat_id: int, file_id: str) -> ChatFile | None:
        """A document is shown to whom it was sent, while that person is known to sit there."""
        card = await chat_files.card(file_id)
        if card is None or card.chat_id != chat_id or not await self._identified(chat_id):
            return None
        evidence_id = chat_files.evidence_behind(file_id)
        if evidence_id is None:
            body = await chat_files.body(file_id)
        else:
            body = await self._evidence_of(chat_id, evidence_id) if self._evidence_of else None
        return ChatFile(card.name, card.mime, body) if body is not None else None


def _open(chat: Chat) -> OpenChat:
    lang, desk = words.known(chat.language or words.ORIGINAL), chat.member_id is not None
    return OpenChat(chat.id, words.of_the_house(lang) if desk else lang, desk)
