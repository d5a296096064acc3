"""What must be said, to whom and in which form; never the words. A notice is a row of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Receiver(StrEnum):
    DEBTOR = "debtor"
    CREDITOR = "creditor"
    STAFF = "staff"


class Form(StrEnum):
    """POINTER: something waits. DOCUMENT: the thing itself. CHAT: a message to one who has proved who they are."""

    POINTER = "pointer"
    DOCUMENT = "document"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``key`` is unique for ever; ``facts`` are fixed now and hold no personal data.

    ``via`` for a document: ``letter`` or ``chat``. A notice to staff is also a task, to be done by ``due_on``.
    """

    key: str
    kind: str
    receiver: Receiver
    form: Form
    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    via: str | None = None
    due_on: date | None = None
