"""Telegram's Bot API on localhost, as far as we use it: a second opinion on the channels that we carry ourselves.

It shares no code with them. Chats are private; a chat exists once its person has written. Faults are laid in wait for
a method and strike once each: 429, 500, "hang" (never answers), "drop" (hangs up after taking the request), "mute"
(does what is asked and never says so).
"""

import asyncio
import json
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

BOT_ID = 4242
TOKEN = f"{BOT_ID}:emulated"
TAGS = re.compile(r"</?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|blockquote|tg-spoiler|span)(?:\s[^<>]*)?>")


class BadRequest(Exception):
    """Telegram's "no"; the text is its own."""


@dataclass(frozen=True)
class Sent:
    """One message of a chat, by the bot or by the person."""

    message_id: int
    by_bot: bool
    text: str = ""
    keyboard: tuple[tuple[dict[str, Any], ...], ...] = ()
    file: dict[str, Any] | None = None
    photo: bool = False


@dataclass
class PrivateChat:
    messages: dict[int, Sent] = field(default_factory=dict)
    last_id: int = 0
    blocked: bool = False


class BotApi:
    """The server, the phones of all persons, and the wire between them."""

    def __init__(self) -> None:
        self.chats: dict[int, PrivateChat] = {}
        self.toasts: list[tuple[int, str]] = []
        self.files: dict[str, bytes] = {}
        self.faults: defaultdict[str, deque[int | str]] = defaultdict(deque)
        self.calls: list[str] = []
        self.menus: dict[str, list[str]] = {}
        self.webhook: dict[str, str] | None = None
        self.webhook_set = asyncio.Event()
        self._updates: list[dict[str, Any]] = []
        self._last_update = 700
        self._queries: dict[str, int] = {}
        self._news = asyncio.Condition()
        self._let_go = asyncio.Event()
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path}", self._download)
        self.server = TestServer(app)

    async def __aenter__(self) -> "BotApi":
        await self.server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._let_go.set()
        async with self._news:
            self._news.notify_all()
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    # The phone

    async def write(self, chat_id: int, text: str) -> dict[str, Any]:
        return await self._message_from(chat_id, Sent(0, False, text), {"text": text})

    async def upload(self, chat_id: int, name: str, mime: str, body: bytes) -> dict[str, Any]:
        file = self._keep(name, mime, body)
        return await self._message_from(chat_id, Sent(0, False, file=file), {"document": file})

    async def press(self, chat_id: int, message_id: int, data: str) -> dict[str, Any]:
        """A modified phone may send any data; Telegram passes it on."""
        query_id = str(9_000_000 + self._last_update)
        self._queries[query_id] = chat_id
        message = self.chats[chat_id].messages.get(message_id)
        where = {"chat": {"id": chat_id, "type": "private"}, "message_id": message_id, "date": 0}
        query = {
            "id": query_id,
            "from": _person(chat_id),
            "chat_instance": "1",
            "data": data,
            "message": self._shown(chat_id, message) if message else where,
        }
        return await self._deliver({"callback_query": query})

    async def replay(self, update: dict[str, Any]) -> None:
        """The same update once more, as after a lost confirmation."""
        async with self._news:
            self._updates.append(update)
            self._news.notify_all()

    async def taken(self) -> None:
        """Until every update has been fetched and confirmed."""
        async with self._news:
            await self._news.wait_for(lambda: not self._updates)

    def visible(self, chat_id: int) -> list[Sent]:
        return [message for _, message in sorted(self.chats[chat_id].messages.items())]

    # The wire

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _no(401, "Unauthorized")
        method = request.match_info["method"]
        form = dict(await request.post())
        self.calls.append(method)
        fault = self.faults[method].popleft() if self.faults[method] else None
        if fault == 429:
            extra = {"parameters": {"retry_after": 7}}
            return _no(429, "Too Many Requests: retry after 7", **extra)
        if isinstance(fault, int):
            return _no(fault, "Internal Server Error")
        if fault == "hang":
            await self._let_go.wait()
        answer = await self._answer(method, form)
        if fault == "mute":
            await self._let_go.wait()
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def _answer(self, method: str, form: dict[str, Any]) -> web.Response:
        try:
            if method == "getUpdates":
                result = await self._get_updates(form)
            else:
                handler = getattr(self, f"_do_{method}", None)
                if handler is None:
                    return _no(404, "Not Found: method not found")
                result = handler(form)
        except BadRequest as no:
            return _no(400, f"Bad Request: {no}")
        except PermissionError:
            return _no(403, "Forbidden: bot was blocked by the user")
        return web.json_response({"ok": True, "result": result})

    async def _get_updates(self, form: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise BadRequest("can't use getUpdates method while webhook is active")
        offset = int(form.get("offset", 0))
        async with self._news:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self._news.notify_all()
            if not self._updates and int(form.get("timeout", 0)):
                await self._news.wait_for(lambda: bool(self._updates) or self._let_go.is_set())
            return self._updates[:100]

    async def _download(self, request: web.Request) -> web.Response:
        body = self.files.get(request.match_info["path"])
        return web.Response(status=404) if body is None else web.Response(body=body)

    async def _deliver(self, event: dict[str, Any]) -> dict[str, Any]:
        self._last_update += 1
        update = {"update_id": self._last_update, **event}
        async with self._news:
            self._updates.append(update)
            self._news.notify_all()
        return update

    async def _message_from(self, chat_id: int, sent: Sent, words: dict[str, Any]) -> dict[str, Any]:
        chat = self.chats.setdefault(chat_id, PrivateChat())
        chat.last_id += 1
        chat.messages[chat.last_id] = replace(sent, message_id=chat.last_id)
        where = {"message_id": chat.last_id, "date": 1_770_000_000, "chat": {"id": chat_id, "type": "private"}}
        return await self._deliver({"message": {**where, "from": _person(chat_id), **words}})

    # Methods

    def _do_getMe(self, form: dict[str, Any]) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Bot", "username": "emulated_bot"}

    def _do_getChat(self, form: dict[str, Any]) -> dict[str, Any]:
        self._chat(form)
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        extra = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return {"id": int(form["chat_id"]), "type": "private", "first_name": "Person", **extra}

    def _do_getChatMember(self, form: dict[str, Any]) -> dict[str, Any]:
        return {"status": "member", "user": _person(int(form["user_id"]))}

    def _do_setMyCommands(self, form: dict[str, Any]) -> bool:
        names = [one["command"] for one in json.loads(form["commands"])]
        self.menus[form.get("scope", "")] = names
        return True

    def _do_deleteMyCommands(self, form: dict[str, Any]) -> bool:
        self.menus.pop(form["scope"], None)
        return True

    def _do_setWebhook(self, form: dict[str, Any]) -> bool:
        self.webhook = {"url": form["url"], "secret": form.get("secret_token", "")}
        self.webhook_set.set()
        return True

    def _do_deleteWebhook(self, form: dict[str, Any]) -> bool:
        self.webhook = None
        return True

    def _do_sendChatAction(self, form: dict[str, Any]) -> bool:
        self._chat(form)
        return True

    def _do_sendMessage(self, form: dict[str, Any]) -> dict[str, Any]:
        text = _text(form, "text", 4096)
        return self._send(form, Sent(0, True, text))

    def _do_sendDocument(self, form: dict[str, Any]) -> dict[str, Any]:
        caption = _text(form, "caption", 1024, empty=True)
        return self._send(form, Sent(0, True, caption, file=self._file_of(form, form["document"])))

    def _do_sendPhoto(self, form: dict[str, Any]) -> dict[str, Any]:
        caption = _text(form, "caption", 1024, empty=True)
        return self._send(form, Sent(0, True, caption, file=self._file_of(form, form["photo"]), photo=True))

    def _do_editMessageText(self, form: dict[str, Any]) -> dict[str, Any]:
        old = self._editable(form)
        if old.file:
            raise BadRequest("there is no text in the message to edit")
        return self._edit(form, old, replace(old, text=_text(form, "text", 4096), keyboard=_keyboard(form)))

    def _do_editMessageCaption(self, form: dict[str, Any]) -> dict[str, Any]:
        old = self._editable(form)
        if not old.file:
            raise BadRequest("there is no caption in the message to edit")
        caption = _text(form, "caption", 1024, empty=True)
        return self._edit(form, old, replace(old, text=caption, keyboard=_keyboard(form)))

    def _do_editMessageReplyMarkup(self, form: dict[str, Any]) -> dict[str, Any]:
        old = self._editable(form)
        return self._edit(form, old, replace(old, keyboard=_keyboard(form)))

    def _do_editMessageMedia(self, form: dict[str, Any]) -> dict[str, Any]:
        old, media = self._editable(form), json.loads(form["media"])
        caption = _text(media, "caption", 1024, empty=True)
        file = self._file_of(form, media["media"])
        new = replace(old, text=caption, file=file, photo=media["type"] == "photo", keyboard=_keyboard(form))
        return self._edit(form, old, new)

    def _do_deleteMessage(self, form: dict[str, Any]) -> bool:
        if self._chat(form).messages.pop(int(form["message_id"]), None) is None:
            raise BadRequest("message to delete not found")
        return True

    def _do_answerCallbackQuery(self, form: dict[str, Any]) -> bool:
        chat_id = self._queries.get(form["callback_query_id"])
        if chat_id is None:
            raise BadRequest("query is too old and response timeout expired or query ID is invalid")
        if form.get("text"):
            self.toasts.append((chat_id, form["text"]))
        return True

    def _do_getFile(self, form: dict[str, Any]) -> dict[str, Any]:
        body = self.files.get(form["file_id"])
        if body is None:
            raise BadRequest("wrong file_id or the file is temporarily unavailable")
        file_id = form["file_id"]
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(body), "file_path": file_id}

    # Parts

    def _chat(self, form: dict[str, Any]) -> PrivateChat:
        number = form["chat_id"]
        chat = self.chats.get(int(number)) if re.fullmatch(r"-?\d+", number) else None
        if chat is None:
            raise BadRequest("chat not found")
        if chat.blocked:
            raise PermissionError
        return chat

    def _send(self, form: dict[str, Any], sent: Sent) -> dict[str, Any]:
        chat = self._chat(form)
        sent = replace(sent, message_id=chat.last_id + 1, keyboard=_keyboard(form))
        chat.last_id += 1
        chat.messages[chat.last_id] = sent
        return self._shown(int(form["chat_id"]), sent)

    def _editable(self, form: dict[str, Any]) -> Sent:
        message = self._chat(form).messages.get(int(form["message_id"]))
        if message is None:
            raise BadRequest("message to edit not found")
        if not message.by_bot:
            raise BadRequest("message can't be edited")
        return message

    def _edit(self, form: dict[str, Any], old: Sent, new: Sent) -> dict[str, Any]:
        if new == old:
            raise BadRequest(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self._chat(form).messages[old.message_id] = new
        return self._shown(int(form["chat_id"]), new)

    def _file_of(self, form: dict[str, Any], reference: Any) -> dict[str, Any]:
        if isinstance(reference, str) and reference.startswith("attach://"):
            reference = form[reference.removeprefix("attach://")]
        if isinstance(reference, web.FileField):
            return self._keep(reference.filename, reference.content_type, reference.file.read())
        for chat in self.chats.values():
            for message in chat.messages.values():
                if message.file and message.file["file_id"] == reference:
                    return message.file
        raise BadRequest("wrong file identifier/HTTP URL specified")

    def _keep(self, name: str, mime: str, body: bytes) -> dict[str, Any]:
        file_id = f"AgAD{len(self.files)}"
        self.files[file_id] = body
        size = len(body)
        return {
            "file_id": file_id, "file_unique_id": f"u{file_id}", "file_name": name, "mime_type": mime, "file_size": size
        }  # fmt: skip

    def _shown(self, chat_id: int, sent: Sent) -> dict[str, Any]:
        sender = {"id": BOT_ID, "is_bot": True, "first_name": "Bot"} if sent.by_bot else _person(chat_id)
        shown: dict[str, Any] = {
            "message_id": sent.message_id,
            "date": 1_770_000_000,
            "chat": {"id": chat_id, "type": "private", "first_name": "Person"},
            "from": sender,
        }
        if sent.file and sent.photo:
            size = {key: sent.file[key] for key in ("file_id", "file_unique_id", "file_size")}
            shown["photo"] = [{**size, "width": 90, "height": 90}]
        elif sent.file:
            shown["document"] = sent.file
        if sent.text:
            shown["caption" if sent.file else "text"] = sent.text
        if sent.keyboard:
            shown["reply_markup"] = {"inline_keyboard": [list(row) for row in sent.keyboard]}
        return shown


def _person(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "Person", "language_code": "sv"}


def _text(form: dict[str, Any], name: str, longest: int, *, empty: bool = False) -> str:
    raw = (form.get(name) or "").strip()
    if form.get("parse_mode") == "HTML":
        bare = TAGS.sub("", raw)
        if "<" in bare:
            raise BadRequest("can't parse entities: Unsupported start tag")
        raw = unescape(bare)
    if not raw and not empty:
        raise BadRequest("message text is empty")
    if len(raw) > longest:
        raise BadRequest("message caption is too long" if empty else "message is too long")
    return raw


def _keyboard(form: dict[str, Any]) -> tuple[tuple[dict[str, Any], ...], ...]:
    markup = json.loads(form.get("reply_markup") or "{}")
    rows = tuple(tuple(row) for row in markup.get("inline_keyboard", ()) if row)
    for button in (button for row in rows for button in row):
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise BadRequest("BUTTON_DATA_INVALID")
        if data is None and not button.get("url") and not button.get("copy_text"):
            raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return rows


def _no(status: int, description: str, **extra: Any) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": description, **extra}, status=status)
