"""Sending a picture or a document from the chat page: a form, with script and without, read piece by piece.

The form's own token comes first, so that nothing is read for somebody else's page. A file that is too large is read
no further than it takes to answer; its name and size go to the conversation, which says what would work. Staff may send
longer files than others; what is long goes to disk as it comes, and is never in memory as a whole.
"""

import asyncio
import re
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from aiohttp import BodyPartReader, MultipartReader, web

from bot.channels.webchat import CLIENT_ID, Outcome, Taken
from bot.http.conversation import ChatFront, OpenChat
from bot.http.security import RateLimit, client_of
from bot.http.visitor import Visitor
from core.evidence import FILE_MAX, MEGABYTE
from core.ports import Clock

#: A browser hears our answer only after it has sent all; beyond so many times what we take it is not worth the wait.
READ_TIMES = 4
#: Of somebody who may send long files: what is longer than this lies on disk.
MEMORY_MAX = MEGABYTE
FIELD_MAX = 1_024
CHUNK = 64 * 1024
#: A large picture over a slow phone's line.
PATIENCE_S = 180.0
#: Each may hold one whole file in memory.
AT_ONCE = 12
_MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Sent:
    """One file as it came. ``body`` is None when it was larger than we take; ``octets`` is what it said or had.

    ``aside``: it lies on disk.
    """

    name: str
    mime: str
    body: BinaryIO | None
    octets: int
    aside: bool


class ChatUploads:
    """The handler. One instance for the application; `routes` registers it."""

    def __init__(self, talk: ChatFront, visitor: Visitor, clock: Clock) -> None:
        self._talk = talk
        self._visitor = visitor
        self._of_chat = RateLimit(clock, 20, 60)
        self._of_client = RateLimit(clock, 60, 600)
        self._room = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/chat/upload", self.upload)]

    async def upload(self, request: web.Request) -> web.Response:
        """One file or several, as the person chose them. Script asks for JSON, a plain form goes back to the chat."""
        address = self._visitor.address(request)
        chat = await self._talk.find(address) if address else None
        if address is None or chat is None:
            raise web.HTTPForbidden
        if not request.content_type.startswith("multipart/"):
            raise web.HTTPUnsupportedMediaType
        if not (self._of_chat.allows(address) and self._of_client.allows(client_of(request))) or self._room.locked():
            return _answer(request, Taken(Outcome.SLOW))
        async with self._room:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    taken = await self._read(await request.multipart(), chat, address)
            except (TimeoutError, ValueError):
                taken = Taken(Outcome.FAILED)
        return _answer(request, taken)

    async def _read(self, form: MultipartReader, chat: OpenChat, address: str) -> Taken:
        """Token, then reference, then files: in this order, each once but the files."""
        fields: dict[str, str] = {}
        taken = Taken(Outcome.FAILED)
        count, most = 0, await self._talk.file_max(chat.id)
        while (part := await form.next()) is not None:
            if not isinstance(part, BodyPartReader):
                return Taken(Outcome.FAILED)
            if part.filename is None:
                fields[part.name or ""] = await _text(part)
                continue
            if not self._visitor.is_form_token(address, fields.get("csrf", "")):
                raise web.HTTPForbidden
            with ExitStack() as open_:
                sent = await self._file(part, _whole(fields.get("octets", "")), most, open_)
                if not (sent.name or sent.octets):
                    continue  # a plain form without a choice still sends an empty part
                count += 1
                taken = await self._hand_over(chat, sent, _reference(fields.get("client_id", ""), count))
            if not part.at_eof():
                break  # far too large: nobody waits for the rest
        return taken

    async def _hand_over(self, chat: OpenChat, sent: _Sent, reference: str) -> Taken:
        if sent.body is None:
            return await self._talk.too_large(chat.id, sent.name, sent.mime, sent.octets, reference)
        if sent.aside:
            return await self._talk.long_document(chat.id, sent.name, sent.mime, sent.body, sent.octets, reference)
        return await self._talk.document(chat.id, sent.name, sent.mime, sent.body.read(), reference)

    async def _file(self, part: BodyPartReader, said: int, most: int, open_: ExitStack) -> _Sent:
        """``said`` is how large the page knew it to be: a file that is too large need not be sent at all."""
        begun = BytesIO()
        file: BinaryIO = begun
        octets, aside = 0, False
        while chunk := await part.read_chunk(CHUNK):
            octets += len(chunk)
            if octets > READ_TIMES * most:
                break
            if octets > most:
                file.truncate(0)
                continue
            if octets > MEMORY_MAX and most > FILE_MAX and not aside:
                file, aside = open_.enter_context(self._talk.aside()), True
                file.write(begun.getvalue())
            file.write(chunk)
        mime = part.headers.get("Content-Type", "")
        octets = max(octets, said)
        file.seek(0)
        return _Sent(
            name=(part.filename or "")[:FIELD_MAX],
            mime=mime if _MIME.fullmatch(mime) else "application/octet-stream",
            body=file if octets <= most else None,
            octets=octets,
            aside=aside,
        )


async def _text(part: BodyPartReader) -> str:
    body = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        body += chunk
        if len(body) > FIELD_MAX:
            raise ValueError("a field of our form is short")
    return body.decode(errors="replace")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _reference(client_id: str, number: int) -> str:
    """The page's own reference of a file; of several in one form each has one of its own."""
    if not CLIENT_ID.fullmatch(client_id) or len(client_id) > 56:
        return secrets.token_urlsafe(12)
    return client_id if number == 1 else f"{client_id}.{number}"


def _answer(request: web.Request, taken: Taken) -> web.Response:
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response({"outcome": taken.outcome.value, "id": taken.message_id})
    place = f"/#m{taken.message_id}" if taken.message_id else "/#write"
    return web.Response(status=303, headers={"Location": place, "Cache-Control": "no-store"})
