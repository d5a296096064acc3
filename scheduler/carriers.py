"""What the outbox is handed: somebody who speaks in chats, somebody who typesets, somebody who prints.

The scheduler knows no channel. Whoever wires the house gives it these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from core.case import Case
from core.party import Hidden
from core.services.house import House
from core.store.database import Database


class Outcome(StrEnum):
    """What is known of a message after it was to be sent.

    RETRY was not sent and may be sent later; REFUSED was not sent and never will be as it is; DEAD was not sent, and
    the address takes nothing any more; UNKNOWN may have arrived, so it is never sent again by guess.
    """

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """Something to say in one chat. ``kind`` is the notice's, or ``pointer``; the words are the carrier's matter.

    A channel that keeps its own messages writes one message a ``key`` and chat, however often it is asked. ``case``
    is missing in a pointer, which knows nothing, and in an answer to a stranger. ``at`` is when it happened.
    """

    key: str
    chat_id: int
    channel: str
    language: str
    kind: str
    facts: Mapping[str, Any]
    case: Case | None
    verify_code: str
    at: datetime

    def __repr__(self) -> str:
        return f"Message({self.key}, {self.kind})"


@dataclass(frozen=True, slots=True, repr=False)
class Carried:
    """What became of it. ``text`` is what was said, word for word; ``reference`` the channel's number of it.

    ``code`` is the channel's word for a failure; ``retry_after_s`` what it asks us to wait.
    """

    outcome: Outcome
    text: str = ""
    reference: str = ""
    code: str = ""
    retry_after_s: float = 0.0

    def __repr__(self) -> str:
        return f"Carried({self.outcome}, {self.code})"


class Carrier(Protocol):
    """Says things in chats. ``keyed`` are the channels that write one message a key."""

    @property
    def keyed(self) -> frozenset[str]: ...

    async def carry(self, message: Message) -> Carried:
        """Word it and send it. Whatever a channel raises is an outcome here."""

    async def make_neutral(self, chat_id: int, channel: str, language: str) -> None:
        """The proof has run out: screens with details are replaced, where the channel can."""


@dataclass(frozen=True, slots=True, repr=False)
class Codes:
    """What a written notice bears: a one-time code, a personal link, and the code that shows it to be genuine.

    A document in the chat has no one-time code: its reader has proved already who they are.
    """

    code: Hidden
    token: Hidden
    verify_code: str


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A written notice, typeset. ``text`` is what it says, for those who read it in chat."""

    pdf: bytes
    text: str
    language: str
    pages: int = 1


class Press(Protocol):
    """Turns a notice that is about to leave into a document. Raises `core.errors.Refusal` when it lacks something."""

    async def typeset(self, case: Case, key: str, codes: Codes) -> Paper: ...


class PrinterDown(Exception):
    """The print folder takes nothing now; nothing was handed over."""


class Printer(Protocol):
    """Hands letters to print. The same key is the same letter, and is handed over once."""

    async def put(self, on: date, key: str, paper: Paper, case: Case) -> str:
        """Hand a letter over; its path below the print folder. Raises PrinterDown."""

    async def take_back(self, on: date, key: str) -> None:
        """It must not be posted after all. Nothing, if it was never there."""


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything that the jobs need. ``owner`` names this process in leases, ``seals`` is the folder of audit roots."""

    house: House
    database: Database
    carrier: Carrier
    press: Press
    printer: Printer
    seals: Path
    owner: str
