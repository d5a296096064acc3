"""What the outbox is handed: who speaks in chats, and who prints (`core.ports`)."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from datetime import date

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage
from aiogram.types import Message as Sent
from aiogram_dialog.context.storage import StorageProxy

from bot import notices_sms
from bot.channels.base import CARD, KEY, SMS, SPEAKER, Channel, Fate
from bot.channels.email import NAME as EMAIL
from bot.channels.email import OUTGOING, Pointing, Telling
from bot.channels.letter import Postage, PrintFolder
from bot.channels.telegram import NAME as TELEGRAM
from bot.channels.webchat import NAME as WEB
from bot.dialogs.going import may_see_details
from bot.notices import ANSWERS, answer_of, neutral, word
from bot.notices_note import NOTE, note_by_mail, note_subject
from bot.pointing import STOP, pointer_values
from bot.told import Told, Worded, escaped
from core import words
from core.case import Case
from core.codes import without_tokens
from core.party import SYSTEM
from core.ports import Carried, Message, Outcome, Paper, PrinterDown
from core.sending import on_screen
from core.services import creditor_share, doors, identity, monthly, refund_accounts, reports, settlement_notes
from core.services.house import House

log = logging.getLogger(__name__)

POINTER = "pointer"
_OUTCOMES = {
    Fate.RETRY: Outcome.RETRY,
    Fate.CLOSED: Outcome.CLOSED,
    Fate.REFUSED: Outcome.REFUSED,
    Fate.DEAD: Outcome.DEAD,
    Fate.UNKNOWN: Outcome.UNKNOWN,
}


#: What has been sent lies on the person's own device: nothing there can be replaced, and a word more costs money.
STAYS = frozenset({SMS, EMAIL})


class ChatCarrier:
    """Words a notice and sends it through the channel of its chat."""

    #: Channels that keep their own messages write one message a key, so asking again is harmless; so is SMS, where the
    #: gateway is asked what it has taken.
    keyed = frozenset({WEB, SMS})

    def __init__(
        self, house: House, channels: Mapping[str, Channel], storage: BaseStorage, isolation: BaseEventIsolation
    ) -> None:
        self._house = house
        self._channels = channels
        self._storage = storage
        self._isolation = isolation

    async def carry(self, message: Message) -> Carried:
        """Word it and send it. Whatever the channel raises becomes an outcome."""
        if on_screen(message.kind, message.facts):
            return Carried(Outcome.SENT, code="on_screen")
        channel = self._channels.get(message.channel)
        if channel is None:
            return Carried(Outcome.REFUSED, code="no_channel")
        try:
            worded, kept = await self._worded(message)
        except LookupError:
            return Carried(Outcome.REFUSED, code="not_said_there")
        try:
            OUTGOING.set(await self._mail(message) if message.channel == EMAIL else None)
            sent = await self._send(channel, message, worded)
        except Exception as error:
            return Carried(
                _OUTCOMES[channel.fate_of(error)],
                code=type(error).__name__,
                retry_after_s=float(getattr(error, "retry_after", 0) or getattr(error, "retry_after_s", 0)),
            )
        finally:
            OUTGOING.set(None)
        # A mail is worded by its channel; what it stored of it opens nothing.
        said = escaped(sent.text or "") if message.channel == EMAIL else without_tokens(kept.html)
        return Carried(Outcome.SENT, text=said, reference=str(sent.message_id))

    async def _worded(self, message: Message) -> tuple[Worded, Worded]:
        """The words for this channel, and what may be kept of them: by SMS fewer, and nothing but the pointer for
        whoever has not shown who they are. Raises LookupError for what is not said there.
        """
        if message.channel == EMAIL and message.kind == NOTE:
            worded = note_by_mail(await self._told(message))
        elif message.channel != SMS:
            worded = word(await self._told(message))
        elif message.kind == POINTER or not await self._reads_by_sms(message):
            pointer = await pointer_values(self._house, message.key, message.verify_code)
            lang = message.language
            return notices_sms.pointer(lang, pointer), notices_sms.pointer(lang, pointer.kept)
        else:
            worded = notices_sms.word(await self._told(message))
        return worded, worded

    async def _reads_by_sms(self, message: Message) -> bool:
        """Asked again at the last moment. A stranger's answer goes where they asked, and belongs to no case."""
        return message.case is None or may_see_details(await identity.look(self._house, message.chat_id))

    async def _mail(self, message: Message) -> Pointing | Telling:
        """What goes by mail: a pointer with its links, or a member's news. Raises LookupError for a pointer to no
        debtor."""
        if message.kind != POINTER:
            ocr = message.case.ocr if message.case else ""
            subject = note_subject(message.language, message.facts) if message.kind == NOTE else ""
            return Telling(message.kind, ocr, message.language, await self._attached(message), subject)
        pointer = await pointer_values(self._house, message.key, message.verify_code)
        token = await doors.stop_link(self._house, message.chat_id, message.key)
        return Pointing(pointer, message.language, f"{self._house.public_url}{STOP}/{token}")

    async def _attached(self, message: Message) -> tuple[tuple[str, str, bytes], ...]:
        """What goes along with a mail to a member: a month's report, or a settlement note as PDF and as JSON."""
        if message.kind == monthly.KIND:
            month = date.fromisoformat(message.facts["month"])
            told = await monthly.of_notice(self._house, month, message.facts["creditor"])
            return ((f"{told.name}.pdf", "application/pdf", await reports.pdf(self._house, told, message.language)),)
        if message.kind != NOTE:
            return ()
        note_id, lang = message.facts["note"], message.language
        named = {"number": message.facts["number"]}
        pdf = await settlement_notes.pdf_of(self._house, SYSTEM, note_id, lang)
        data = await settlement_notes.json_of(self._house, SYSTEM, note_id)
        return (
            (words.text(lang, "creditor.note.file", suffix="pdf", **named), "application/pdf", pdf),
            (words.text(lang, "creditor.note.file", suffix="json", **named), "application/json", data.encode()),
        )

    async def make_neutral(self, chat_id: int, channel: str, language: str) -> None:
        """The proof has run out. The web chat hides its screens by itself, and we say why; on Telegram we replace the
        open one."""
        found = self._channels.get(channel)
        if found is None or channel in STAYS:
            return
        worded = neutral(language)
        try:
            if channel == TELEGRAM:
                await self._replace_screen(found.bot, chat_id, worded)
            else:
                await found.bot.send_message(chat_id, worded.html, reply_markup=worded.markup)
        except TelegramAPIError as error:
            log.info("a screen that should be neutral stays: %s", type(error).__name__)

    async def _replace_screen(self, bot: Bot, chat_id: int, worded: Worded) -> None:
        message_id = await self._open_screen(bot, chat_id)
        if message_id is not None:
            await bot.edit_message_text(worded.html, chat_id=chat_id, message_id=message_id, reply_markup=worded.markup)

    async def _open_screen(self, bot: Bot, chat_id: int) -> int | None:
        """The message in which the dialog of a private chat shows its screen."""
        proxy = StorageProxy(self._storage, self._isolation, chat_id, chat_id, None, None, bot, {})
        try:
            stack = await proxy.load_stack()
            return stack.last_message_id
        finally:
            await proxy.unlock()  # type: ignore[no-untyped-call]

    async def _send(self, channel: Channel, message: Message, worded: Worded) -> Sent:
        CARD.set(dict(worded.card) if worded.card else None)
        SPEAKER.set(worded.speaker)
        KEY.set(hashlib.sha256(message.key.encode()).hexdigest()[:40])
        try:
            return await channel.bot.send_message(message.chat_id, worded.html, reply_markup=worded.markup)
        finally:
            CARD.set(None)
            SPEAKER.set(None)
            KEY.set(None)

    async def _told(self, message: Message) -> Told:
        name, text = await answer_of(message.facts) if message.kind in ANSWERS else ("", "")
        return Told(
            kind=message.kind,
            facts=message.facts,
            case=message.case,
            lang=message.language,
            today=self._house.clock.today(),
            at=message.at,
            verify_code=message.verify_code,
            name=name,
            text=text,
            share=await creditor_share.of_notice(self._house, message.kind, message.case, message.facts),
            back=await refund_accounts.of_notice(self._house, message.kind, message.case, message.facts),
        )


class FolderPrinter:
    """Hands letters to the print folder, in a thread of its own: it waits for the disk."""

    def __init__(self, folder: PrintFolder) -> None:
        self._folder = folder

    async def put(self, on: date, key: str, paper: Paper, case: Case) -> str:
        """The letter's path below the print folder. Raises PrinterDown."""
        try:
            printed = await asyncio.to_thread(
                self._folder.put, on, key, paper.pdf, pages=paper.pages, case=case.ocr, postage=Postage.LETTER
            )
        except OSError as error:
            raise PrinterDown(type(error).__name__) from error
        return f"{on.isoformat()}/{printed.file}"

    async def take_back(self, on: date, key: str) -> None:
        await asyncio.to_thread(self._folder.take_back, on, key)
