"""Pictures and documents that people send, the same on every channel: a screen says what it does with one.

`bot.dialogs.widgets.screen` takes ``takes=``: an async function of an `Upload` and the dialog's manager, which makes
one call to a service with ``upload.name`` and ``upload.stream()``. An album is several uploads, one after another.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, ShowMode, Window
from aiogram_dialog.manager.manager import ManagerImpl
from aiohttp import ClientError

from bot.dialogs import going, states
from bot.dialogs.going import visit_of
from core.errors import Refusal
from core.evidence import check_size
from core.party import STAFF
from core.services import evidence

_CHUNK = 64 * 1024
_FETCH_S = 60


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """One file as its sender describes it. Nothing of that is to be believed; ``size`` is None where none is given."""

    name: str
    size: int | None
    mime_claimed: str
    _bot: Bot
    _file_id: str

    async def stream(self) -> AsyncIterator[bytes]:
        """The octets as the channel brings them. Raises Refusal ``file_unfetched`` when it does not."""
        try:
            file = await self._bot.get_file(self._file_id)
            if file.file_path is None:
                raise Refusal("file_unfetched")
            url = self._bot.session.api.file_url(self._bot.token, file.file_path)
            chunks = self._bot.session.stream_content(url, timeout=_FETCH_S, chunk_size=_CHUNK, raise_for_status=True)
            async for chunk in chunks:
                yield chunk
        except (TelegramAPIError, ClientError, OSError) as error:
            # The address of a file bears the bot's token: nothing of the error is told or logged.
            raise Refusal("file_unfetched") from error


Take = Callable[[Upload, DialogManager], Awaitable[None]]


class Screen(Window):
    """A window that says itself what it does with a file, so that another screen may hand one to it."""

    def __init__(self, *parts: Any, takes: Take | None = None, **more: Any) -> None:
        super().__init__(*parts, **more)
        self.takes = takes


def upload_of(message: Message) -> Upload | None:
    """The file of a message, of a picture the largest size; None when it brings none."""
    assert message.bot is not None
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Upload("", largest.file_size, "image/jpeg", message.bot, largest.file_id)
    if document := message.document:
        return Upload(
            document.file_name or "",
            document.file_size,
            document.mime_type or "application/octet-stream",
            message.bot,
            document.file_id,
        )
    return None


def say_unexpected(manager: DialogManager) -> None:
    """Nobody asked for a file here. Of staff, files of the bank are taken anywhere, so theirs was none that we know."""
    member = visit_of(manager).session.member
    ours = member is not None and member.role in STAFF
    going.say_first(manager, "staff.bank.other" if ours else "error.file.unexpected")


async def take(upload: Upload, manager: DialogManager, takes: Take) -> None:
    """Hand a file to the screen that takes it. What is wrong with a file is said above the screen; one that is too
    large has a screen of its own."""
    try:
        check_size(upload.size)
        await takes(upload, manager)
    except Refusal as refusal:
        if refusal.code == "file_big":
            await _too_big(manager, refusal)
        elif refusal.code.startswith("file_"):
            going.refuse(manager, refusal)
        else:
            raise


async def take_below(upload: Upload, manager: DialogManager) -> None:
    """A better file, sent at once where the one before was refused: back to the screen that asked, and to it."""
    await manager.done(show_mode=ShowMode.NO_UPDATE)
    assert isinstance(manager, ManagerImpl)
    context, dialog = manager.current_context(), manager.dialog()
    assert isinstance(dialog, Dialog)
    asking = dialog.windows[context.state]
    manager.show_mode = ShowMode.SEND
    if isinstance(asking, Screen) and asking.takes:
        await take(upload, manager, asking.takes)
    else:
        say_unexpected(manager)
    if manager.has_context() and manager.current_context() == context:
        await manager.show()


async def _too_big(manager: DialogManager, refusal: Refusal) -> None:
    case_id = going.about_case(manager)
    about = {"case": case_id} if case_id else {}
    await manager.start(states.Error.file, {**about, **refusal.facts})


async def send_kept(manager: DialogManager, evidence_id: int) -> None:
    """Give somebody a file that lies beside a matter, as a download. Raises NotFound, Refusal ``file_erased``.

    Where the channel is our own, the body stays where it is until somebody fetches it.
    """
    visit = visit_of(manager)
    row = await evidence.look(visit.house, visit.session.actor, evidence_id)
    warning = visit.text("evidence.acts") if row.acts else None
    if visit.session.channel in going.ELSEWHERE:
        kept = await evidence.read(visit.house, visit.session.actor, evidence_id)
        await going.send_file(manager, row.name, kept.body, warning)
    else:
        file_id = await evidence.offer(visit.house, visit.session.actor, evidence_id, visit.chat_id)
        await visit.bot.send_document(visit.chat_id, file_id, caption=warning)
        manager.show_mode = ShowMode.SEND
