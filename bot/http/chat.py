"""The web chat's pages: `/`, the personal link `/c/<token>`, and the forms that work without script.

What was said comes through `ChatFront` (`conversation.py`); here it only becomes a page. The socket is in `live.py`.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.channels.webchat import Outcome, Taken
from bot.channels.webframes import FILE_PATH
from bot.http import pages
from bot.http.conversation import COMMANDS, ChatFront, OpenChat
from bot.http.render import Message, Transcript
from bot.http.security import RateLimit, client_of
from bot.http.visitor import Visitor
from core import words
from core.evidence import FILE_MAX, Kind

TEXT_MAX = 4096
#: A form with a text of that length, every letter percent-encoded at four octets, and the rest of its fields.
FORM_OCTETS_MAX = 64 * 1024
HISTORY_SHOWN = 40
#: What the script may need to say, as attributes of the page: `data-sent` and so on.
SPOKEN = {
    name: f"page.chat.{key}"
    for name, key in {
        "sent": "said.sent",
        "waiting-said": "said.waiting",
        "offline-said": "said.offline",
        "back-said": "said.back",
        "copied-said": "said.copied",
        "copied": "copied",
        "uncopied": "copy.failed",
        "waiting": "waiting",
        "sending": "sending",
        "too_long": "refused.too_long",
        "slow": "refused.slow",
        "failed": "refused.failed",
        "stale": "refused.stale",
    }.items()
}


class ChatPages:
    """The handlers. One instance for the application; `routes` registers them.

    `demo_code` gives the code that stands in a demo person's letter, so that one need not open the letter to play.
    `demo_token` says what opens a demo person's door today, also when the invitation that it began with is used up.
    `demo_sit` seats whoever opens a member's door in a new conversation, and `demo_log_in` logs them in.
    `link_language` is the one in which the letters of a link's receiver are written.
    """

    def __init__(
        self,
        talk: ChatFront,
        visitor: Visitor,
        front: pages.Front,
        *,
        new_chats_per_minute: int = 30,
        demo_code: Callable[[int], Awaitable[str | None]] | None = None,
        demo_token: Callable[[str], Awaitable[str]] | None = None,
        demo_sit: Callable[[str, str, str], Awaitable[bool]] | None = None,
        demo_log_in: Callable[[int], Awaitable[bool]] | None = None,
        link_language: Callable[[str], Awaitable[str | None]] | None = None,
    ) -> None:
        self._talk = talk
        self._visitor = visitor
        self._front = front
        self._demo_code = demo_code
        self._demo_token = demo_token
        self._demo_sit = demo_sit
        self._demo_log_in = demo_log_in
        self._link_language = link_language
        self._new_chats = RateLimit(front.clock, new_chats_per_minute, 60)
        self._sent = RateLimit(front.clock, 30, 60)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page, allow_head=False),
            web.get("/c/{token}", self.link, allow_head=False),
            web.get(FILE_PATH + "{id}", self.file),
            web.post("/chat/text", self.text),
            web.post("/chat/press", self.press),
            web.post("/chat/command", self.command),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """The conversation. The first visit begins one."""
        address = self._visitor.address(request)
        chat = await self._talk.find(address) if address else None
        if address is None or chat is None:
            if not self._may_begin(request):
                raise web.HTTPTooManyRequests
            address = self._visitor.new_address()
            chat = await self._talk.open(address, None, pages.language_of(request))
        answer = await self._shown(request, chat, address)
        self._visitor.remember(answer, address)
        return answer

    async def link(self, request: web.Request) -> web.Response:
        """The personal link. Its token leaves the address bar at once, so that it is not shared by a screenshot."""
        if not self._may_begin(request):
            raise web.HTTPTooManyRequests
        answer, token = _see_chat(), request.match_info["token"]
        known = None
        if self._front.demo:
            address = self._visitor.play(request, answer, token)
            if await self._talk.find(address) is None and self._demo_sit:
                await self._demo_sit(address, token, await self._language_for(request, token))
            known = await self._talk.find(address)
        else:
            address = self._visitor.address(request) or self._visitor.new_address()
        if known:
            # Back as somebody one has played before: an invitation is used up, and the conversation goes on.
            if self._demo_log_in:
                await self._demo_log_in(known.id)
            await self._talk.command(known.id, "start", secrets.token_urlsafe(12))
        else:
            if self._demo_token:
                token = await self._demo_token(token)
            await self._talk.open(address, token, await self._language_for(request, token))
        self._visitor.remember(answer, address)
        return answer

    async def _language_for(self, request: web.Request, token: str) -> str:
        """A new conversation's: chosen before, else the receiver's, else what the browser asks for."""
        known = await self._link_language(token) if self._link_language else None
        return pages.language_chosen(request) or (known and words.known(known)) or pages.language_of(request)

    async def file(self, request: web.Request) -> web.Response:
        """A document or picture. Always a download: nothing that somebody sent runs as a page of ours."""
        address = self._visitor.address(request)
        chat = await self._talk.find(address) if address else None
        found = await self._talk.file(chat.id, request.match_info["id"][:64]) if chat else None
        if found is None:
            raise web.HTTPNotFound
        kept_as = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        headers = {
            "Content-Disposition": kept_as,
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=found.body, content_type=found.mime, headers=headers)

    async def text(self, request: web.Request) -> web.Response:
        """A message written without script. What could not be taken comes back in its field."""
        address, chat, form = await self._form(request)
        if chat is None:
            return _see_chat()
        text = str(form.get("text", "")).strip()
        problem = self._problem_with(request, address, form, text)
        if problem is None:
            client_id = str(form.get("client_id", ""))[:64] or secrets.token_urlsafe(12)
            taken = await self._talk.text(chat.id, text, client_id)
            if taken.outcome is Outcome.TAKEN:
                return await self._after(request, chat, address, taken)
            problem = taken.outcome.value
        return await self._shown(request, chat, address, draft=text, problem=f"page.chat.refused.{problem}", status=422)

    async def press(self, request: web.Request) -> web.Response:
        """A choice made without script."""
        address, chat, form = await self._form(request)
        if chat is None:
            return _see_chat()
        problem = self._problem_with(request, address, form)
        if problem is None:
            message_id, key = str(form.get("message_id", "")), str(form.get("key", ""))
            taken = await self._talk.press(chat.id, _number(message_id), key[:64], secrets.token_urlsafe(12))
            return await self._after(request, chat, address, taken)
        return await self._shown(request, chat, address, problem=f"page.chat.refused.{problem}", status=422)

    async def command(self, request: web.Request) -> web.Response:
        """A button in the head of the page."""
        address, chat, form = await self._form(request)
        if chat is None:
            return _see_chat()
        name = str(form.get("command", ""))
        problem = self._problem_with(request, address, form)
        if problem is not None or name not in COMMANDS:
            problem = problem or "form"
            return await self._shown(request, chat, address, problem=f"page.chat.refused.{problem}", status=422)
        return await self._after(
            request, chat, address, await self._talk.command(chat.id, name, secrets.token_urlsafe(12))
        )

    async def _after(self, request: web.Request, chat: OpenChat, address: str, taken: Taken) -> web.Response:
        if taken.outcome is Outcome.TAKEN:
            now = await self._talk.find(address)
            # The language that was chosen here holds for our other pages too.
            return _see_chat(
                now.language if now and now.language != chat.language else None,
                taken.message_id or max((content["id"] for content in await self._talk.history(chat.id)), default=None),
            )
        problem = f"page.chat.refused.{taken.outcome.value}"
        return await self._shown(request, chat, address, problem=problem, status=409)

    async def _form(self, request: web.Request) -> tuple[str, OpenChat | None, Mapping[str, Any]]:
        if (request.content_length or 0) > FORM_OCTETS_MAX:
            raise web.HTTPRequestEntityTooLarge(FORM_OCTETS_MAX, request.content_length or 0)
        address = self._visitor.address(request) or ""
        chat = await self._talk.find(address) if address else None
        return address, chat, await request.post()

    def _problem_with(
        self, request: web.Request, address: str, form: Mapping[str, Any], text: str | None = None
    ) -> str | None:
        """Why a form is not taken: in order of what the person can do about it."""
        if not self._visitor.is_form_token(address, str(form.get("csrf", ""))):
            return "form"
        if text is not None and not text:
            return "empty"
        if text is not None and len(text) > TEXT_MAX:
            return "too_long"
        return None if self._sent.allows(address) else "slow"

    async def _shown(
        self,
        request: web.Request,
        chat: OpenChat,
        address: str,
        *,
        draft: str = "",
        problem: str | None = None,
        status: int = 200,
    ) -> web.Response:
        messages = [Message.read(content) for content in await self._talk.history(chat.id)]
        token, file_max = self._visitor.form_token(address), await self._talk.file_max(chat.id)
        transcript = Transcript(chat.language, self._front.clock.today(), token, messages, desk=chat.desk)
        shown = None if "all" in request.query else HISTORY_SHOWN
        return pages.page(
            self._front,
            "chat.html",
            chat.language,
            status=status,
            theme=_theme(request),
            messages=transcript.page(shown),
            earlier=shown is not None and len(messages) > shown,
            seq=transcript.seq,
            standing=await self._talk.standing(chat.id),
            demo_code=await self._demo_code(chat.id) if self._demo_code else None,
            desk=chat.desk,
            csrf=token,
            client_id=secrets.token_urlsafe(12),
            spoken={name: words.text(chat.language, key, what="{what}") for name, key in SPOKEN.items()},
            file_max=file_max,
            # Whoever sends more than pictures and documents chooses among all kinds.
            file_kinds=",".join(Kind) if file_max == FILE_MAX else "",
            draft=draft,
            problem=problem,
        )

    def _may_begin(self, request: web.Request) -> bool:
        """A browser that only guesses where its person will go next (prefetch) begins nothing, nor does a flood."""
        guess = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
        return "prefetch" not in guess and self._new_chats.allows(client_of(request))


def _see_chat(language: str | None = None, message_id: int | None = None) -> web.Response:
    """After every form the browser looks anew, so that reloading sends nothing again, and from what was said on."""
    there = f"/?lang={language}" if language else "/"
    there += f"#m{message_id}" if message_id else "#write"
    return web.Response(status=303, headers={"Location": there, "Cache-Control": "no-store"})


def _theme(request: web.Request) -> str | None:
    theme = request.cookies.get("theme")
    return theme if theme in {"light", "dark"} else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
