"""Reads files of the bank beside the conversation: a few at once, each with one message that says how far it is.

What became of a file is told by the outbox, as part of ending it (`core.services.bank_told`); here is only the way
there. Whatever cuts a reading off, the job ``bank`` takes the file up where it stands.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.channels.intake import describe
from bot.dialogs.wording.bank_file import figures
from bot.told import escaped
from core import words
from core.evidence import MEGABYTE
from core.party import Actor
from core.services import bank_files
from core.services.house import House
from core.store.bank_files import FileRow

log = logging.getLogger(__name__)

#: Others talk with us meanwhile, and SQLite has one writer.
AT_ONCE: Final = 2
LOOK_EVERY_S: Final = 2.0


@dataclass(slots=True)
class Line:
    """The message in which a reading says how far it is: each tenth of the way once, and not oftener than one looks."""

    bot: Bot
    chat_id: int
    message_id: int
    lang: str
    name: str
    _told: tuple[str, int, int] = ("", 0, 0)
    _shown: tuple[str, int] = ("", 0)

    def hear(self, phase: str, done: int, total: int) -> None:
        """As the reading calls it, which may be from a thread of its own."""
        self._told = phase, done, total

    async def follow(self) -> None:
        """Show what was heard, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.show()

    async def show(self) -> None:
        """Show what was heard last, if that is news."""
        phase, done, total = self._told
        now = phase, 10 * done // max(total, 1)
        if phase and now != self._shown:
            self._shown = now
            unit = MEGABYTE if phase == "check" else 1  # rounded up: a small file is one megabyte and not none
            so_far, all_ = (figures(-(-each // unit), self.lang) for each in (done, total))
            await self.say(phase, done=so_far, total=all_)

    async def say(self, what: str, **values: object) -> None:
        text = words.text(self.lang, f"staff.bank.{what}", name=self.name, **values)
        with suppress(TelegramAPIError):  # the message is gone, or says so already
            await self.bot.edit_message_text(escaped(text), chat_id=self.chat_id, message_id=self.message_id)


class BankReader:
    """One task for each file that is read. They end with the process; others go on with what is left."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, house: House, actor: Actor, row: FileRow, line: Line) -> None:
        """Read a file that was taken up for a chat."""
        if not self._tasks:
            self._room = asyncio.Semaphore(AT_ONCE)  # of the event loop that runs now
        task = asyncio.create_task(self._read(house, actor, row, line), name="bank file")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """The process ends: what is half read is left to the next."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def ended(self) -> None:
        """Wait until nothing is read."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def _read(self, house: House, actor: Actor, row: FileRow, line: Line) -> None:
        following = asyncio.create_task(line.follow(), name="bank file: progress")
        try:
            async with bank_files.taken(house, row):
                if self._room.locked():
                    await line.say("queued")
                async with self._room:
                    await bank_files.read_in(house, actor, row, line.hear, batch=bank_files.BESIDE)
            await line.say("over")
        except asyncio.CancelledError:
            await bank_files.let_go(row)
            raise
        except Exception as error:  # its words may be a person's
            log.error("file %d of the bank is not read: %s", row.id, describe(error))
            await line.say("broke")
        finally:
            following.cancel()
