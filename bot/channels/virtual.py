"""Carries a bot's requests out on chats that we keep ourselves.

It answers as Telegram would, with Telegram's limits and error words, on which aiogram-dialog branches, and keeps
every message in the store before anybody sees it.
"""

from collections.abc import AsyncGenerator
from contextvars import ContextVar
from typing import Any, ClassVar, Final

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChat,
    GetChatMember,
    GetFile,
    GetMe,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import (
    AcceptedGiftTypes,
    ChatFullInfo,
    ChatMemberMember,
    File,
    InlineKeyboardMarkup,
    InputFile,
    Message,
    ReplyKeyboardMarkup,
    User,
)

from bot.channels.base import CARD, KEY, SPEAKER
from bot.channels.markup import CAPTION_MAX, TEXT_MAX, NotAccepted, formatted, keyboard_json
from bot.channels.telegram_json import chat_of_query, message_json
from core.ports import Clock
from core.store import chat_files, chats
from core.store.chats import Content, Keyboard, Said
from core.store.database import transaction

FILE_MAX: Final = 10 * 1024 * 1024
TOAST_MAX: Final = 200
SAME: Final = "message is not modified: specified new message content and reply markup are exactly the same"
GONE: Final = "message to edit not found"

#: The screen whose button this task's update pressed, as it stood then.
PRESSED: ContextVar[Said | None] = ContextVar("pressed", default=None)


class VirtualSession(BaseSession):
    """Carries a bot's requests out on chats that we keep ourselves."""

    #: Edit in place, as Telegram does. A channel that people read from top to bottom, with the person's choices shown
    #: in between, sends what answers a press as a new message below; aiogram-dialog goes on with the id it gets back.
    answers_below: ClassVar[bool] = False
    #: Show the name of one of us who speaks beside the words, so that it need not stand in them.
    names_speakers: ClassVar[bool] = False

    def __init__(self, clock: Clock, name: str) -> None:
        super().__init__(api=TelegramAPIServer(base="virtual:{method}", file="virtual:{path}"))
        self._clock = clock
        self._name = name

    async def changed(self, chat_id: int) -> None:
        """Something in this chat was added or changed, and is committed."""

    async def toast(self, chat_id: int, text: str, *, alert: bool) -> None:
        """Say something short that is not kept."""

    async def typing(self, chat_id: int) -> None:
        """Show that an answer is on its way."""

    async def close(self) -> None:
        """Nothing is held open here."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> TelegramType:
        try:
            answer: Any = await self._carry_out(bot, method)
        except NotAccepted as no:
            raise TelegramBadRequest(method=method, message=f"Bad Request: {no}") from no
        result: TelegramType = answer
        return result

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        body = await chat_files.body(url.removeprefix("virtual:"))
        if body is None:
            raise FileNotFoundError("no such file")
        for start in range(0, len(body), chunk_size):
            yield body[start : start + chunk_size]

    async def _carry_out(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        match method:
            case SendMessage():
                return await self._send(bot, method.chat_id, self._text(bot, method), method.reply_markup)
            case SendDocument():
                content = await self._media(bot, method, "document", method.document, method.chat_id)
                return await self._send(bot, method.chat_id, content, method.reply_markup)
            case SendPhoto():
                content = await self._media(bot, method, "photo", method.photo, method.chat_id)
                return await self._send(bot, method.chat_id, content, method.reply_markup)
            case EditMessageText():
                return await self._edit(bot, method, self._text(bot, method))
            case EditMessageCaption():
                return await self._edit_caption(bot, method)
            case EditMessageMedia():
                media = method.media
                content = await self._media(bot, media, media.type, media.media, method.chat_id)
                return await self._edit(bot, method, content)
            case EditMessageReplyMarkup():
                return await self._edit_keyboard(bot, method)
            case DeleteMessage():
                return await self._delete(method)
            case AnswerCallbackQuery():
                return await self._answer(method)
            case SendChatAction():
                await self.typing(_number(method.chat_id))
                return True
            case _:
                return await self._look_up(bot, method)

    async def _look_up(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        match method:
            case GetMe():
                return User(id=bot.id, is_bot=True, first_name="Schysst", username=f"schysst_{self._name}_bot")
            case GetFile():
                return await self._file(method)
            case GetChat():
                return await self._full_chat(bot, _number(method.chat_id))
            case GetChatMember():
                return ChatMemberMember(user=User(id=method.user_id, is_bot=False, first_name=""))
            case SetMyCommands():
                return True
            case _:
                raise NotAccepted(f"{type(method).__name__} is not carried by this channel")

    # Contents

    def _text(self, bot: Bot, method: SendMessage | EditMessageText) -> Content:
        speaker = SPEAKER.get() if self.names_speakers else None
        said = speaker.html if speaker else method.text or ""
        text = formatted(said, _resolved(bot, method.parse_mode), method.entities, TEXT_MAX)
        if not text.plain.strip():
            raise NotAccepted("message text is empty")
        spoken = {"speaker": speaker.name} if speaker else {}
        return _with_card({"kind": "text", "plain": text.plain, "html": text.html, **spoken})

    async def _media(self, bot: Bot, words: Any, kind: str, media: InputFile | str, chat: int | str | None) -> Content:
        """``words`` is whatever bears caption, parse_mode and caption_entities."""
        if kind not in {"document", "photo"}:
            raise NotAccepted(f"{kind} is not carried by this channel")
        caption = formatted(words.caption or "", _resolved(bot, words.parse_mode), words.caption_entities, CAPTION_MAX)
        card = await self._stored(bot, media, _number(chat))
        return _with_card({"kind": kind, "plain": caption.plain, "html": caption.html, "file": card.as_content()})

    async def _stored(self, bot: Bot, media: InputFile | str, chat_id: int) -> chat_files.FileCard:
        """The file under an id of this chat's own: an id is also the right to read, so another chat's is copied."""
        if isinstance(media, str):
            card = await chat_files.card(media)
            if card is None:
                raise NotAccepted("wrong file identifier/HTTP URL specified")
            if card.chat_id == chat_id:
                return card
            body = await chat_files.body(media)
            assert body is not None
            name, mime = card.name, card.mime
        else:
            body = await _read(bot, media)
            name = media.filename or "file"
            mime = chat_files.mime_of(name)
        return await chat_files.keep(name, mime, body, self._clock.now(), chat_id=chat_id)

    # Messages

    async def _send(self, bot: Bot, chat: int | str, content: Content, markup: Any) -> Message:
        keyboard = _inline(markup)
        async with transaction():
            said = await self._write(_number(chat), content, keyboard)
        await self.changed(said.chat_id)
        return self._message(bot, said)

    async def _write(self, chat_id: int, content: Content, keyboard: Keyboard | None) -> Said:
        key = KEY.get()
        if key is not None and (said_before := await chats.sent_before(chat_id, key)):
            return said_before
        place = await chats.advance(chat_id, self._clock.machine_now())
        if place is None:
            raise NotAccepted("chat not found")
        return await chats.write(place, "out", content, keyboard, self._clock.now(), client_id=key)

    async def _edit(self, bot: Bot, method: EditMessageText | EditMessageMedia, content: Content) -> Message:
        said = await self._ours(method)
        if content["kind"] == "text" and said.content["kind"] != "text":
            raise NotAccepted("there is no text in the message to edit")
        return await self._change(bot, said, content, _inline(method.reply_markup))

    async def _edit_caption(self, bot: Bot, method: EditMessageCaption) -> Message:
        said = await self._ours(method)
        if said.content["kind"] == "text":
            raise NotAccepted("there is no caption in the message to edit")
        text = formatted(method.caption or "", _resolved(bot, method.parse_mode), method.caption_entities, CAPTION_MAX)
        old = {key: value for key, value in said.content.items() if key != "card"}
        content = _with_card({**old, "plain": text.plain, "html": text.html})
        return await self._change(bot, said, content, _inline(method.reply_markup))

    async def _edit_keyboard(self, bot: Bot, method: EditMessageReplyMarkup) -> Message:
        said = await self._ours(method)
        keyboard = _inline(method.reply_markup)
        if keyboard == said.keyboard:
            raise NotAccepted(SAME)
        return self._message(bot, await self._rewrite(said, said.content, keyboard))

    async def _change(self, bot: Bot, said: Said, content: Content, keyboard: Keyboard | None) -> Message:
        if self.answers_below and PRESSED.get() is said:
            PRESSED.set(None)
            return self._message(bot, await self._continue_below(said, content, keyboard))
        if content == said.content and keyboard == said.keyboard:
            raise NotAccepted(SAME)
        return self._message(bot, await self._rewrite(said, content, keyboard))

    async def _continue_below(self, said: Said, content: Content, keyboard: Keyboard | None) -> Said:
        async with transaction():
            place = await chats.advance(said.chat_id, self._clock.machine_now(), changes=2)
            assert place is not None
            await chats.drop_keyboard(said, place.seq - 1)
            below = await chats.write(place, "out", content, keyboard, self._clock.now())
        await self.changed(said.chat_id)
        return below

    async def _rewrite(self, said: Said, content: Content, keyboard: Keyboard | None) -> Said:
        async with transaction():
            after = await chats.rewrite(said, content, keyboard, self._clock.machine_now())
        if after is None:
            raise NotAccepted(GONE)
        if PRESSED.get() is said:
            PRESSED.set(after)
        await self.changed(said.chat_id)
        return after

    async def _delete(self, method: DeleteMessage) -> bool:
        said = await chats.message(_number(method.chat_id), method.message_id)
        if said is None:
            raise NotAccepted("message to delete not found")
        PRESSED.set(None)
        async with transaction():
            await chats.rewrite(said, said.content, None, self._clock.machine_now(), deleted=True)
        await self.changed(said.chat_id)
        return True

    async def _ours(
        self, method: EditMessageText | EditMessageMedia | EditMessageCaption | EditMessageReplyMarkup
    ) -> Said:
        if method.message_id is None:
            raise NotAccepted("message identifier is not specified")
        chat_id, pressed = _number(method.chat_id), PRESSED.get()
        if pressed and (pressed.chat_id, pressed.message_id) == (chat_id, method.message_id):
            return pressed
        said = await chats.message(chat_id, method.message_id)
        if said is None:
            raise NotAccepted(GONE)
        if said.direction != "out":
            raise NotAccepted("message can't be edited")
        return said

    def _message(self, bot: Bot, said: Said) -> Message:
        return Message.model_validate(message_json(bot.id, said), context={"bot": bot})

    # The rest

    async def _answer(self, method: AnswerCallbackQuery) -> bool:
        chat_id = chat_of_query(method.callback_query_id)
        if chat_id is None:
            raise NotAccepted("query is too old and response timeout expired or query ID is invalid")
        if method.text and len(method.text) > TOAST_MAX:
            raise NotAccepted("MESSAGE_TOO_LONG")
        if method.text:
            await self.toast(chat_id, method.text, alert=bool(method.show_alert))
        return True

    async def _file(self, method: GetFile) -> File:
        card = await chat_files.card(method.file_id)
        if card is None:
            raise NotAccepted("wrong file_id or the file is temporarily unavailable")
        return File(file_id=card.file_id, file_unique_id=card.sha256[:32], file_size=card.size, file_path=card.file_id)

    async def _full_chat(self, bot: Bot, chat_id: int) -> ChatFullInfo:
        if await chats.chat(chat_id) is None:
            raise NotAccepted("chat not found")
        none = AcceptedGiftTypes(
            unlimited_gifts=False, limited_gifts=False, unique_gifts=False, premium_subscription=False,
            gifts_from_channels=False,
        )  # fmt: skip
        return ChatFullInfo(
            id=chat_id, type="private", accent_color_id=0, max_reaction_count=0, accepted_gift_types=none
        )


def _resolved(bot: Bot, value: str | Default | None) -> str | None:
    resolved = bot.default[value.name] if isinstance(value, Default) else value
    return None if resolved is None else str(resolved)


def _inline(markup: Any) -> Keyboard | None:
    if isinstance(markup, ReplyKeyboardMarkup):
        raise NotAccepted("reply keyboards are not carried by this channel")
    return keyboard_json(markup if isinstance(markup, InlineKeyboardMarkup) else None)


def _number(chat: int | str | None) -> int:
    if isinstance(chat, int) or (isinstance(chat, str) and chat.isascii() and chat.isdigit()):
        return int(chat)
    raise NotAccepted("chat not found")


def _with_card(content: Content) -> Content:
    card = CARD.get()
    CARD.set(None)
    return content if card is None else {**content, "card": card}


async def _read(bot: Bot, file: InputFile) -> bytes:
    body = bytearray()
    async for chunk in file.read(bot):
        body += chunk
        if len(body) > FILE_MAX:
            raise NotAccepted("file is too big")
    return bytes(body)
