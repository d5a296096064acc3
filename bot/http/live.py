"""The web chat's socket: what is new, while the page is open.

The page says how far it has come (`hello`), gets all that changed since, and then each change as it happens, as ready
HTML. It may ask again after any break; what it sends bears its own reference, so sending twice is the same as once.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from bot.channels.webchat import Outcome, Taken
from bot.http import pages, render
from bot.http.chat import TEXT_MAX, ChatPages
from bot.http.conversation import COMMANDS, ChatFront, Frame, OpenChat
from bot.http.render import Message, Transcript
from bot.http.security import RateLimit
from bot.http.upload import ChatUploads
from bot.http.visitor import Visitor
from core.ports import Clock

log = logging.getLogger(__name__)

#: One text of 4 096 characters at four octets each, and the envelope around it.
FRAME_OCTETS_MAX = 32 * 1024
HEARTBEAT_S = 25.0
_REFERENCE_MAX = 64
_NUMBERED = frozenset({"new", "edit", "kb", "del"})


class ChatSockets:
    """All open sockets of this process."""

    def __init__(
        self, talk: ChatFront, visitor: Visitor, clock: Clock, *, public_url: str, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self._talk = talk
        self._visitor = visitor
        self._clock = clock
        self._origin = public_url.rstrip("/")
        self._heartbeat_s = heartbeat_s
        # A person presses and writes; a machine that does so for a minute on end is asked to wait.
        self._sent = RateLimit(clock, 40, 60)
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/chat/ws", self.socket)]

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """One page's connection, from its hello until it goes."""
        if not self._same_origin(request):
            raise web.HTTPForbidden
        address = self._visitor.address(request)
        chat = await self._talk.find(address) if address else None
        if address is None or chat is None:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=self._heartbeat_s, max_msg_size=FRAME_OCTETS_MAX)
        await socket.prepare(request)
        self._open.add(socket)
        page = _Page(socket, self._talk, chat, address, self._clock, self._visitor.form_token(address), self._sent)
        try:
            await page.serve()
        finally:
            self._open.discard(socket)
        return socket

    async def close(self, _app: web.Application) -> None:
        """For `on_shutdown`: pages come back by themselves; an open socket would hold up the stop."""
        for socket in set(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"restart")

    def _same_origin(self, request: web.Request) -> bool:
        """A browser always names where a socket's page came from; another site's page gets none (CSWSH)."""
        origin = request.headers.get("Origin", "")
        return bool(origin) and (origin == self._origin or urlsplit(origin).netloc == request.host)


def add_chat(
    app: web.Application,
    talk: ChatFront,
    front: pages.Front,
    *,
    secret: bytes,
    public_url: str,
    demo_code: Callable[[int], Awaitable[str | None]] | None = None,
    demo_token: Callable[[str], Awaitable[str]] | None = None,
    demo_sit: Callable[[str, str, str], Awaitable[bool]] | None = None,
    demo_log_in: Callable[[int], Awaitable[bool]] | None = None,
    link_language: Callable[[str], Awaitable[str | None]] | None = None,
) -> None:
    """The whole web chat: its pages, its socket, and the closing of sockets before anything else stops."""
    visitor = Visitor(secret, https=public_url.startswith("https://"))
    sockets = ChatSockets(talk, visitor, front.clock, public_url=public_url)
    chat_pages = ChatPages(
        talk,
        visitor,
        front,
        demo_code=demo_code,
        demo_token=demo_token,
        demo_sit=demo_sit,
        demo_log_in=demo_log_in,
        link_language=link_language,
    )
    app.add_routes([*chat_pages.routes(), *sockets.routes(), *ChatUploads(talk, visitor, front.clock).routes()])
    app.on_shutdown.append(sockets.close)


class _Page:
    """One open page: what it shows, and how far it has come."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        talk: ChatFront,
        chat: OpenChat,
        address: str,
        clock: Clock,
        form_token: str,
        sent: RateLimit,
    ) -> None:
        self._socket = socket
        self._talk = talk
        self._chat = chat
        self._address = address
        self._language = chat.language
        self._clock = clock
        self._form_token = form_token
        self._sent = sent
        self._transcript = Transcript(chat.language, clock.today(), form_token, desk=chat.desk)
        self._seq = 0
        self._standing: str | None = None

    async def serve(self) -> None:
        follower: asyncio.Task[None] | None = None
        try:
            async for message in self._socket:
                frame = _read(message)
                if frame is None:
                    await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"frame")
                    return
                if frame["op"] == "hello":
                    if frame.get("token") != self._form_token:
                        # Another tab has gone on to another conversation: the page looks anew and mixes nothing.
                        await self._send({"op": "moved"})
                    elif follower is None:
                        self._language = str(frame.get("lang") or self._language)
                        follower = asyncio.create_task(self._follow(_number(frame.get("after"))))
                elif follower is not None:
                    await self._take(frame)
        finally:
            if follower is not None:
                follower.cancel()
                with suppress(asyncio.CancelledError):
                    await follower

    async def _follow(self, after: int) -> None:
        """Catch up, say so, then go on from there: nothing falls between, and nothing is shown twice."""
        try:
            for content in await self._talk.history(self._chat.id):
                self._transcript.put(Message.read(content))
            self._seq = after
            for frame in await self._talk.changes(self._chat.id, after):
                await self._show(frame)
            await self._show_around()
            await self._send({"op": "ready", "seq": self._seq})
            async with self._talk.listen(self._chat.id, self._seq) as frames:
                async for frame in frames:
                    await self._show(frame)
                    await self._show_around()
            await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"restart")
        except ConnectionError:
            log.debug("a page went while it was told something")
        except Exception:
            # Close, so that the page comes back and catches up, instead of sitting there deaf.
            log.exception("a page could not be followed, chat %s", self._chat.id)
            await self._socket.close(code=WSCloseCode.INTERNAL_ERROR, message=b"again")

    async def _show(self, frame: Frame) -> None:
        # What is kept has a number; toasts, dots and what is hidden from the next person have none of their own.
        seq = frame.get("seq") if frame["op"] in _NUMBERED else None
        if seq is not None:
            if seq <= self._seq:
                return
            self._seq = seq
        if shown := self._rendered(frame):
            await self._send({"seq": self._seq, **shown})

    def _rendered(self, frame: Frame) -> dict[str, Any] | None:
        """A change as the page takes it: ready HTML, and what is spoken."""
        said = frame.get("message") or {}
        match frame["op"]:
            case "new" | "edit":
                message = Message.read(said)
                self._transcript.put(message)
                return self._put(message.id)
            case "kb" if said["id"] in self._transcript:
                self._transcript.rekey(said["id"], said.get("buttons") or ())
                return {**self._put(said["id"]), "said": ""}
            case "del":
                self._transcript.drop(said["id"])
                return {"op": "del", "id": said["id"]}
            case "toast" if text := said.get("plain"):
                return {"op": "note", "html": render.note(text), "said": text}
            case "typing":
                return {"op": "typing", "html": render.typing(self._chat.language)}
        return None

    def _put(self, message_id: int) -> dict[str, Any]:
        shown = self._transcript.fragment(message_id)
        return {
            "op": "put",
            "id": message_id,
            "mine": shown.message.by == "you",
            "ref": shown.message.client_id,
            "html": shown.html,
            "said": shown.said,
            # At a desk one thing that is told takes no button of another away.
            "screen": bool(shown.message.buttons) and not self._chat.desk,
        }

    async def _show_around(self) -> None:
        """What stands around the messages: in another language the page is made anew, else the still line is."""
        chat = await self._talk.find(self._address)
        if chat is not None and chat.language != self._language:
            self._language = chat.language
            await self._send({"op": "reload", "lang": chat.language})
        else:
            await self._show_standing()

    async def _show_standing(self) -> None:
        """The still line, where it has changed."""
        standing = await self._talk.standing(self._chat.id)
        html = render.standing(standing, self._chat.language) if standing else ""
        if html != self._standing:
            self._standing = html
            await self._send({"op": "standing", "html": html})

    async def _take(self, frame: dict[str, Any]) -> None:
        """Something that the person sent. It is always answered, also when it failed."""
        client_id = str(frame.get("client_id") or "")[:_REFERENCE_MAX]
        try:
            taken = await self._taken(frame, client_id)
        except Exception:
            log.exception("a message could not be taken, chat %s", self._chat.id)
            taken = Taken(Outcome.FAILED)
        await self._send({"op": "ack", "client_id": client_id, "outcome": taken.outcome.value, "id": taken.message_id})

    async def _taken(self, frame: dict[str, Any], client_id: str) -> Taken:
        if not self._sent.allows(str(self._chat.id)):
            return Taken(Outcome.SLOW)
        match frame["op"]:
            case "text":
                text = str(frame.get("text") or "").strip()
                if len(text) > TEXT_MAX:
                    return Taken(Outcome.TOO_LONG)
                return await self._talk.text(self._chat.id, text, client_id) if text else Taken(Outcome.TAKEN)
            case "press":
                key = str(frame.get("key") or "")[:_REFERENCE_MAX]
                return await self._talk.press(self._chat.id, _number(frame.get("message_id")), key, client_id)
            case "command" if frame.get("name") in COMMANDS:
                return await self._talk.command(self._chat.id, frame["name"], client_id)
        return Taken(Outcome.FAILED)

    async def _send(self, frame: dict[str, Any]) -> None:
        if not self._socket.closed:
            await self._socket.send_str(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))


def _read(message: WSMessage) -> dict[str, Any] | None:
    """A frame of ours, or None for anything else."""
    if message.type is not WSMsgType.TEXT:
        return None
    try:
        frame = json.loads(message.data)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and isinstance(frame.get("op"), str) else None


def _number(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**63 else 0
