"""The contract of all channels: what a channel is, what it may carry, and what a failed sending means.

A channel is an aiogram `Bot` whose session carries the conversation; our own sessions are in `virtual`.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aiogram import Bot
from aiogram.exceptions import (
    RestartingTelegram,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

#: What a channel may carry: free conversation, a hint without content, a document of the law.
CHAT: Final = "CHAT"
POINTER: Final = "POINTER"
DOCUMENT: Final = "DOCUMENT"

#: The channel whose screens are short and whose choices are numbers.
SMS: Final = "sms"

#: A richer form of the next message that this task sends or edits, for channels that can show one.
CARD: ContextVar[dict[str, Any] | None] = ContextVar("card", default=None)


@dataclass(frozen=True, slots=True, repr=False)
class Speaker:
    """One of us who speaks: their first name, and their words as Telegram's HTML without the name before them."""

    name: str
    html: str


#: Who speaks the next message that this task sends, for channels that show it beside the words.
SPEAKER: ContextVar[Speaker | None] = ContextVar("speaker", default=None)

#: The reference of a notice that is said in a channel which keeps its own messages: said twice, it is one message.
KEY: ContextVar[str | None] = ContextVar("key", default=None)


class Fate(StrEnum):
    """What is known of a message whose sending failed.

    RETRY was not sent and may be sent later; CLOSED was not sent, and the channel as a whole takes nothing now;
    REFUSED was not sent and never will be as it is; DEAD was not sent, and the address takes nothing any more; UNKNOWN
    may have arrived, so it is never sent again by guess.
    """

    RETRY = "retry"
    CLOSED = "closed"
    REFUSED = "refused"
    DEAD = "dead"
    UNKNOWN = "unknown"


def fate_of(error: BaseException) -> Fate:
    """Sort an error of sending by what it says about the message."""
    match error:
        case TelegramRetryAfter() | RestartingTelegram():
            return Fate.CLOSED
        case TelegramForbiddenError():
            return Fate.DEAD
        case TelegramBadRequest() if "chat not found" in error.message or "user is deactivated" in error.message:
            return Fate.DEAD
        case TelegramBadRequest() | TelegramNotFound() | TelegramUnauthorizedError() | TelegramEntityTooLarge():
            return Fate.REFUSED
        case TelegramNetworkError() if isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError):
            return Fate.CLOSED
        case _:
            return Fate.UNKNOWN


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to talk with people. ``rings``: a message makes itself heard on a device that is put away.

    ``per_second`` is how fast it takes messages, of all processes together; None where nobody minds.
    """

    name: str
    bot: Bot
    may_carry: frozenset[str]
    rings: bool
    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]
    fate_of: Callable[[BaseException], Fate] = fate_of
    per_second: float | None = None
