"""What the program writes of itself. Never a name, number, address, text or token, whatever goes wrong.

The words of an exception may be a person's, or the address with a link's token that a stranger's client garbled; so
exceptions are written by their kinds and places alone, also those that libraries catch.
"""

import asyncio
import logging
from types import TracebackType
from typing import Any

from bot.channels.intake import describe

log = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Discreet(logging.Formatter):
    """Writes an exception in one line, without its words."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        return super().format(record)

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return describe(ei[1]) if ei[1] else ""


class Nobody(logging.Filter):
    """The server names who sent what it could not read; we do not keep that."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "a request was not understood, or not answered", ()
        return True


def to_terminal() -> None:
    """Begin to write. Once, at the start of a process that serves."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("aiohttp.server").addFilter(Nobody())
    # A line for each update and each look of the timetable says nothing.
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    asyncio.get_running_loop().set_exception_handler(_lost)


def _lost(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An exception that nobody waited for. The loop's own handler would write the words, and the task's arguments."""
    error = context.get("exception")
    log.error("%s: %s", context.get("message", "lost"), describe(error) if error else "no exception")
