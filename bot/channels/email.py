"""E-mail: a chat whose messages leave as mails. What is written back comes in by another door (`bot.mail_in`).

An address that is no member's is a debtor's, or somebody's whom we mistook for one. Nothing goes there but a pointer
and the answer to STOPP and FEL, and this session words both itself: whatever else it is asked to send is refused.
"""

import html
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import InlineKeyboardMarkup, Message

from bot import mail_words
from bot.channels import base
from bot.channels.base import POINTER, Channel, Fate
from bot.channels.markup import NotAccepted
from bot.channels.virtual import VirtualSession
from bot.mail_words import MailWords
from bot.pointing import Pointer
from core.agency import Agency
from core.ports import Clock, Mail, Mailer, ProviderBusy, ProviderDown, ProviderError, ProviderRefused
from core.providers.mail_message import BadMail, ascii_address
from core.store import chats
from core.store.chat_models import Chat
from core.store.chats import Content
from core.store.database import transaction

NAME: Final = "email"
BOT_TOKEN: Final = "3:email"  # noqa: S105 - no secret: only its number counts, and nobody outside is asked

#: "Service closing": said to everybody. Any other "not now" may be about this one mailbox.
CLOSING: Final = "421"


@dataclass(frozen=True, slots=True, repr=False)
class Pointing:
    """The next mail is this pointer. ``stop_url`` ends the mails to its address."""

    pointer: Pointer
    language: str
    stop_url: str


@dataclass(frozen=True, slots=True)
class Answering:
    """The next mail answers a STOPP or a FEL (`mail_words.STOPPED`, `mail_words.WRONG`)."""

    what: str
    language: str


@dataclass(frozen=True, slots=True)
class Telling:
    """The next mail is a notice to a member: its kind, its case's number, the member's language.

    ``attachments``: name, media type and content of each. ``subject``: one that says more than its kind's.
    """

    kind: str
    ocr: str
    language: str
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    subject: str = ""


#: What the next message of this task is. Without it a member's mail is a message of no kind, and nobody else gets any.
OUTGOING: ContextVar[Pointing | Answering | Telling | None] = ContextVar("outgoing_mail", default=None)


def fate_of(error: BaseException) -> Fate:
    """Sort an error of sending by what it says about the mail."""
    match error:
        case ProviderBusy() if str(error) != CLOSING:
            return Fate.RETRY
        case ProviderDown():
            return Fate.CLOSED
        case ProviderRefused(code="dead"):
            return Fate.DEAD
        case ProviderRefused():
            return Fate.REFUSED
        case ProviderError():
            return Fate.UNKNOWN
        case _:
            return base.fate_of(error)


class EmailSession(VirtualSession):
    """Stores a message in its chat and lets it leave as a mail. A mail that has left is never changed."""

    def __init__(self, clock: Clock, mailer: Mailer, agency: Agency) -> None:
        super().__init__(clock, NAME)
        self._mailer = mailer
        self._agency = agency

    async def _carry_out(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        match method:
            case SendMessage():
                return await self._mail(bot, method)
            case (
                SendDocument()
                | SendPhoto()
                | EditMessageText()
                | EditMessageCaption()
                | EditMessageMedia()
                | EditMessageReplyMarkup()
                | DeleteMessage()
            ):
                raise NotAccepted(f"{type(method).__name__} is not carried by this channel")
            case _:
                return await super()._carry_out(bot, method)

    async def _mail(self, bot: Bot, method: SendMessage) -> Message:
        content = self._text(bot, method)
        place = await chats.chat(method.chat_id) if isinstance(method.chat_id, int) else None
        if place is None or place.channel != NAME:
            raise NotAccepted("chat not found")
        going = OUTGOING.get()
        written, stop_url = self._worded(place, going, content, method.reply_markup)
        kept: Content = {"kind": "text", "plain": written.kept, "html": _escaped(written.kept)}
        async with transaction():
            said = await self._write(place.id, kept, None)
        mail = Mail(
            key=str(said.id),
            to=place.address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            language=going.language if going else place.language or "sv",
            stop_url=stop_url,
            attachments=going.attachments if isinstance(going, Telling) else (),
        )
        await self._mailer.send(mail)
        return self._message(bot, said)

    def _worded(
        self, place: Chat, going: Pointing | Answering | Telling | None, content: Content, markup: Any
    ) -> tuple[MailWords, str]:
        """The mail, and the link that ends mails like it. The gate: what is no member's gets no words but these."""
        match going:
            case Pointing() if place.member_id is None:
                if place.stopped or place.quarantined:
                    raise NotAccepted("this address gets no more mail")
                return mail_words.pointer(going.language, going.pointer), going.stop_url
            case Answering():
                return mail_words.answer(going.language, going.what), ""
            case Telling() | None if place.member_id is not None:
                told = going or Telling("", "", place.language or "sv")
                plain, shown = content["plain"], content["html"]
                for label, url in _links(markup):
                    plain, shown = f"{plain}\n{label}: {url}", f"{shown}<br>{_escaped(f'{label}: {url}')}"
                subject = told.subject or mail_words.subject_of(told.language, told.kind, told.ocr)
                if told.attachments:
                    return mail_words.with_papers(told.language, subject, plain, shown, self._agency), ""
                return mail_words.of_member(told.language, subject, plain, shown, self._agency), ""
            case _:
                raise NotAccepted("only a pointer goes to this address")


class EmailChat:
    """The channel, as the house uses it."""

    def __init__(self, clock: Clock, mailer: Mailer, agency: Agency) -> None:
        self._clock = clock
        self._per_second = mailer.per_second
        session = EmailSession(clock, mailer, agency)
        self.bot = Bot(BOT_TOKEN, session, default=DefaultBotProperties(parse_mode="HTML"))

    @property
    def channel(self) -> Channel:
        """As notices use it: it rings, and in the open."""
        return Channel(NAME, self.bot, frozenset({POINTER}), True, _nothing, _nothing, fate_of, self._per_second)

    async def open(self, address: str, language: str | None = None) -> Chat:
        """The chat of an address; its domain's capitals make no other."""
        return await chats.open_chat(NAME, plain_address(address), self._clock.now(), language=language)

    async def answer(self, chat_id: int, what: str, language: str) -> None:
        """Say that a STOPP or FEL was heard. Raises what the mailer raises."""
        before = OUTGOING.set(Answering(what, language))
        try:
            await self.bot.send_message(chat_id, what)
        finally:
            OUTGOING.reset(before)


def plain_address(address: str) -> str:
    """An address as chats have it: small letters, since no server that we meet tells them apart, and its domain as it
    travels. One that no mail can go to stays as it was written.
    """
    try:
        return ascii_address(address).lower()
    except BadMail:
        return address.strip().lower()


def _links(markup: Any) -> list[tuple[str, str]]:
    """Buttons that lead somewhere. What answers us has no meaning in a mail and is left out."""
    rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else []
    return [(button.text, button.url) for row in rows for button in row if button.url]


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


async def _nothing() -> None:
    """Mails need no start, and what is on its way no stop: each is handed over in its own task."""
