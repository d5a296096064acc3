"""Files of the bank that staff send into their chat: laid aside at once, read beside the conversation, told here."""

from contextlib import closing
from typing import BinaryIO, Final

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command
from aiogram.types import Message

from bot.bank_reader import BankReader, Line
from bot.channels.telegram import NAME as TELEGRAM
from bot.dialogs.showing import answer
from bot.dialogs.uploads import Upload, upload_of
from bot.dialogs.wording.bank_file import (
    NAME_SHOWN,
    PAGE,
    lines_text,
    result_buttons,
    result_text,
    statuses_text,
)
from bot.handlers.work import Works
from bot.middleware import Visit
from bot.refusals import say
from core.bank import BankFileRefused
from core.errors import Refusal
from core.evidence import MEGABYTE, Kind
from core.files import bank_file
from core.party import CREDITOR_SIDE, STAFF
from core.services import bank_arrivals, bank_files
from core.services.bank_told import Imported, as_kept, facts_of, whole_file
from core.services.payout_status import Taken

#: What Telegram lets a bot fetch.
TELEGRAM_MB: Final = 20


def build_bank_upload() -> Router:
    """Stands before the dialogs: a screen that takes files would take a bank's for evidence."""
    router, desk = Router(name="bank_upload"), _Desk()
    staff = Works(STAFF)
    router.message.register(how, Command("import"), staff)
    router.message.register(desk.take, F.document, staff)
    router.message.register(not_yours, F.document, Works(CREDITOR_SIDE))
    router.shutdown.register(desk.reader.close)
    return router


async def how(message: Message, visit: Visit) -> None:
    """What to send."""
    if visit.session.channel == TELEGRAM:
        await answer(visit, visit.text("staff.bank.how.telegram", max=_limit(visit), web=visit.house.bank_file_mb))
    else:
        await answer(visit, visit.text("staff.bank.how", max=_limit(visit)))


async def not_yours(message: Message, visit: Visit) -> None:
    """A creditor's people send us no payments: they would only have seen them on their own account."""
    upload = upload_of(message)
    assert upload is not None
    try:
        if not await _is_of_a_bank(upload):
            raise SkipHandler
    except Refusal as refusal:
        raise SkipHandler from refusal
    await answer(visit, visit.text("staff.bank.not_yours"))


class _Desk:
    """Takes files, and has them read."""

    def __init__(self) -> None:
        self.reader = BankReader()

    async def take(self, message: Message, visit: Visit) -> None:
        """A file of the bank is taken in; any other is left to whichever screen takes files."""
        upload = upload_of(message)
        assert upload is not None
        name = (upload.name or "?")[:NAME_SHOWN]
        if (upload.size or 0) > _limit(visit) * MEGABYTE:
            if upload.mime_claimed in frozenset(Kind):
                raise SkipHandler
            await _too_large(visit, name, upload.size or 0)
            return
        assert visit.house.bank is not None
        with closing(visit.house.bank.aside()) as file:
            try:
                if not await _fetched(upload, file):
                    raise SkipHandler
            except BankFileRefused as refused:
                await answer(visit, result_text(facts_of(whole_file(refused), name), visit.lang))
                return
            except Refusal as refusal:
                await answer(visit, say(refusal, visit.lang))
                return
            await self._bring(visit, file, name)

    async def _bring(self, visit: Visit, file: BinaryIO, name: str) -> None:
        actor = visit.session.actor
        try:
            found = await bank_arrivals.bring(visit.house, actor, file, name, visit.chat_id)
        except BankFileRefused as refused:
            found = whole_file(refused)
        if found is None:
            await answer(visit, visit.text("staff.bank.in_hand", name=name))
        elif isinstance(found, Taken):
            await answer(visit, statuses_text(found, name, visit.lang))
        elif isinstance(found, Imported):
            facts = facts_of(found, name)
            await answer(visit, result_text(facts, visit.lang), result_buttons(facts, visit.lang))
        else:
            said = await answer(visit, visit.text("staff.bank.begun", name=name))
            line = Line(visit.bot, visit.chat_id, said.message_id, visit.lang, name)
            self.reader.begin(visit.house, actor, found, line)


async def show_lines(visit: Visit, file_id: int, before: int) -> None:
    """More of the lines of a file that were not taken in, from a place on."""
    try:
        found, in_all = await bank_files.not_taken_in(visit.house, visit.session.actor, file_id)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    shown = found[before : before + PAGE]
    text = lines_text([as_kept(error) for error in shown], in_all, visit.lang, before)
    after = before + len(shown)
    more = [(visit.text("btn.bank.lines"), f"badlines:{file_id}:{after}")] if after < len(found) else []
    await answer(visit, text or visit.text("staff.bank.no_lines"), more)


def _limit(visit: Visit) -> int:
    most = visit.house.bank_file_mb
    return min(most, TELEGRAM_MB) if visit.session.channel == TELEGRAM else most


async def _too_large(visit: Visit, name: str, octets: int) -> None:
    values = {"name": name, "max": _limit(visit), "size": max(octets // 1_000_000, _limit(visit) + 1)}
    if visit.session.channel == TELEGRAM:
        await answer(visit, visit.text("staff.bank.too_large.telegram", web=visit.house.bank_file_mb, **values))
    else:
        await answer(visit, visit.text("staff.bank.too_large", **values))


async def _is_of_a_bank(upload: Upload) -> bool:
    head = b""
    async for piece in upload.stream():
        head += piece
        if len(head) >= bank_file.HEAD:
            break
    return bank_arrivals.is_of_a_bank(head)


async def _fetched(upload: Upload, file: BinaryIO) -> bool:
    """Bring a file here, if its first bytes are a bank's. Raises BankFileRefused for a kind that we do not read."""
    head, ours = b"", None
    async for piece in upload.stream():
        if ours is None:
            head += piece
            ours = _is_ours(head) if len(head) >= bank_file.HEAD else None
            if ours is False:
                return False
        file.write(piece)
    file.seek(0)
    return _is_ours(head) if ours is None else ours


def _is_ours(head: bytes) -> bool:
    if bank_arrivals.is_of_a_bank(head):
        return True
    if bank_file.recognise(head) is None and bank_file.like_a_banks(head):
        raise BankFileRefused("unknown")
    return False
