"""Every try to carry a notice out, and the words that it carried.

A try is written down before it is made (``started``) and gets its outcome afterwards: a crash between the two leaves
the row as it is, and the next claimer sees that a message may have gone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from core.store.database import dialect, execute, rows
from core.store.models import Attempt, Document

STARTED: Final = "started"
SENT: Final = "sent"
UNKNOWN: Final = "unknown"
#: Outcomes after which a device has rung, or may have.
RANG: Final = (STARTED, SENT, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Try:
    """``reference`` is the chat, and its message once it is known: ``7`` or ``7:42``. ``at`` is business time."""

    id: int
    notice_id: int
    channel: str
    outcome: str
    reference: str
    at: datetime

    @property
    def chat_id(self) -> int | None:
        """The chat that it was for; None for paper."""
        chat = self.reference.partition(":")[0]
        return int(chat) if chat.isdigit() else None


async def begin(notice_id: int, number: int, channel: str, reference: str, at: datetime) -> int:
    """Write a try down before it is made."""
    found = await Attempt.create(
        notice_id=notice_id, number=number, channel=channel, outcome=STARTED, provider_ref=reference, at=at
    )
    return int(found.id)


async def end(try_id: int, outcome: str, code: str = "", reference: str | None = None) -> None:
    """What became of it. ``code`` is the channel's word, never a text."""
    await execute(
        "UPDATE attempts SET outcome = ?, code = ?, provider_ref = COALESCE(?, provider_ref) WHERE id = ?",
        outcome,
        code[:80],
        reference,
        try_id,
    )


async def of_notice(notice_id: int) -> tuple[Try, ...]:
    """A notice's tries, oldest first."""
    found = await rows("SELECT * FROM attempts WHERE notice_id = ? ORDER BY id", notice_id)
    return tuple(map(_try, found))


async def rung(debtor_id: int, since: datetime) -> tuple[Try, ...]:
    """When a person's devices have rung on our initiative: announcements of documents, over cases and channels."""
    marks = ", ".join("?" for _ in RANG)
    found = await rows(
        "SELECT a.* FROM attempts a JOIN notices n ON n.id = a.notice_id WHERE n.receiver = 'debtor' "  # noqa: S608
        f"AND n.receiver_id = ? AND n.form = 'document' AND a.channel <> 'letter' AND a.outcome IN ({marks}) "
        "AND a.at > ? ORDER BY a.id",
        debtor_id,
        *RANG,
        dialect().instant(since),
    )
    return tuple(map(_try, found))


async def lock_person(debtor_id: int) -> None:
    """Until this transaction ends, nobody else decides whether to ring this person."""
    await rows(f"SELECT id FROM debtors WHERE id = ? {dialect().for_update}", debtor_id)  # noqa: S608


async def left_behind() -> tuple[tuple[str, Try], ...]:
    """Letters that were on their way to print when their notice was withdrawn: key of the notice, and the try."""
    found = await rows(
        "SELECT a.*, n.key FROM attempts a JOIN notices n ON n.id = a.notice_id "
        "WHERE a.outcome = ? AND a.channel = 'letter' AND n.state = 'withdrawn'",
        STARTED,
    )
    return tuple((row["key"], _try(row)) for row in found)


async def keep_document(
    notice_id: int,
    case_id: int | None,
    kind: str,
    language: str,
    at: datetime,
    *,
    text: str,
    pdf: bytes | None = None,
    path: str | None = None,
    sha256: str | None = None,
) -> None:
    """Keep word for word what was said. ``path`` is below the print folder; else the bytes themselves are kept."""
    await Document.create(
        notice_id=notice_id,
        case_id=case_id,
        kind=kind,
        language=language,
        sha256=sha256 or hashlib.sha256(pdf if pdf is not None else text.encode()).hexdigest(),
        mime="application/pdf" if pdf is not None or path is not None else "text/html",
        pdf=pdf,
        path=path,
        text=text,
        created_at=at,
    )


def _try(row: Mapping[str, Any]) -> Try:
    at = dialect().read_instant(row["at"])
    assert at is not None
    return Try(int(row["id"]), int(row["notice_id"]), row["channel"], row["outcome"], row["provider_ref"] or "", at)
