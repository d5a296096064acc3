"""Files of the bank that staff send into their chat: taken in at once, with what became of them and what waits."""

from tempfile import TemporaryFile
from typing import BinaryIO, Final

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import matching
from bot.dialogs.showing import answer
from bot.dialogs.uploads import Upload, upload_of
from bot.handlers.work import Works
from bot.middleware import Visit
from core import words
from core.bank import BankFileRefused
from core.evidence import FILE_MB_MAX
from core.files import bank_file
from core.party import STAFF
from core.services import bank_arrivals
from core.services.bank_files import FileError, Imported
from core.services.payout_status import Taken

ERRORS_SHOWN: Final = 5
NAME_SHOWN: Final = 60


def build_bank_upload() -> Router:
    """Stands before the dialogs: a screen that takes files would take a bank's for evidence."""
    router = Router(name="bank_upload")
    staff = Works(STAFF)
    router.message.register(how, Command("import"), staff)
    router.message.register(take, F.document, staff)
    return router


async def how(message: Message, visit: Visit) -> None:
    """What to send."""
    await answer(visit, visit.text("staff.bank.how", max=FILE_MB_MAX))


async def take(message: Message, visit: Visit, dialog_manager: DialogManager) -> None:
    """A file of the bank is taken in; any other is left to whichever screen takes files."""
    upload = upload_of(message)
    assert upload is not None
    with TemporaryFile() as file:
        if not await _fetched(upload, file):
            raise SkipHandler
        name = (upload.name or "?")[:NAME_SHOWN]
        await answer(visit, visit.text("staff.bank.begun", name=name))
        try:
            told = await bank_arrivals.take_in(
                visit.house, visit.session.actor, file, upload.name, chat_id=visit.chat_id
            )
        except BankFileRefused as refused:
            error = FileError(refused.line, refused.code, f"bank.file.{refused.code}", refused.values)
            told = Imported(0, "", refused=1, errors=(error,))
    await answer(visit, _result(told, name, visit.lang))
    if isinstance(told, Imported) and told.waiting:
        dialog_manager.show_mode = ShowMode.SEND
        await matching.go_to_list(dialog_manager)


async def _fetched(upload: Upload, file: BinaryIO) -> bool:
    """Bring a file here, if its first bytes are those of a bank's."""
    head, known = b"", False
    async for piece in upload.stream():
        if not known:
            head += piece
            known = len(head) >= bank_file.HEAD
            if known and not bank_arrivals.is_of_a_bank(head):
                return False
        file.write(piece)
    file.seek(0)
    return known or bank_arrivals.is_of_a_bank(head)


def _result(told: Imported | Taken, name: str, lang: str) -> str:
    """What became of a file, and the first of what was not taken in."""
    if isinstance(told, Taken):
        counts = {"accepted": told.accepted, "already": told.already, "refused": told.refused}
        return words.text(lang, "staff.bank.statuses", name=name, **counts)
    if told.as_a_whole:
        text = words.text(lang, "staff.bank.refused", name=name)
    else:
        counts = {"accepted": told.accepted, "already": told.already, "refused": told.refused}
        placed = {"matched": told.matched, "waiting": told.waiting}
        text = words.text(lang, "staff.bank.booked", name=name, **counts, **placed)
    lines = [_line(error, lang) for error in told.errors[:ERRORS_SHOWN]]
    if told.closing_on and told.difference_ore:
        day, difference = words.day_year(told.closing_on, lang), words.money(abs(told.difference_ore), lang)
        lines.append(words.text(lang, "cmd.import.balance_differs", day=day, difference=difference))
    return "\n\n".join((text, "\n".join(lines))) if lines else text


def _line(error: FileError, lang: str) -> str:
    reason = words.text(lang, error.key, **error.values)
    return words.text(lang, "import.row", line=error.line, reason=reason) if error.line else reason
