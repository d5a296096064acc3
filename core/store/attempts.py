"""What was tried to carry notices out, and the words that were carried."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from core.store.database import dialect, execute, rows
from core.store.models import Document

#: The reference of an announcement that shared another's: nothing rang for it.
SHARED: Final = "shared"


@dataclass(frozen=True, slots=True)
class Try:
    """``reference`` is the chat, and its message once it is known: ``7`` or ``7:42``. ``at`` is business time."""

    channel: str
    outcome: str
    reference: str
    at: datetime

    @property
    def chat_id(self) -> int | None:
        """The chat that it was for; None for paper."""
        chat = self.reference.partition(":")[0]
        return int(chat) if chat.isdigit() else None


async def of_notice(notice_id: int) -> tuple[Try, ...]:
    """A notice's tries, oldest first."""
    return tuple(map(_try, await rows("SELECT * FROM attempts WHERE notice_id = ? ORDER BY id", notice_id)))


async def of_case(case_id: int) -> tuple[tuple[int, str, Try], ...]:
    """Tries to announce or deliver the documents of a case to its debtor, oldest first: notice, its kind, the try.

    What was shown to somebody who came to read it is none.
    """
    found = await rows(
        "SELECT a.*, n.kind FROM attempts a JOIN notices n ON n.id = a.notice_id WHERE n.case_id = ? "
        "AND n.receiver = 'debtor' AND (n.form = 'document' OR n.kind = 'pointer.again') AND a.code <> 'on_screen' "
        "ORDER BY a.id",
        case_id,
    )
    return tuple((int(row["notice_id"]), str(row["kind"]), _try(row)) for row in found)


async def rung(debtor_id: int, since: datetime) -> tuple[Try, ...]:
    """When a person's devices have rung on our initiative: announcements of documents, over cases and channels."""
    found = await rows(
        "SELECT a.* FROM attempts a JOIN notices n ON n.id = a.notice_id WHERE n.receiver = 'debtor' "
        "AND n.receiver_id = ? AND (n.form = 'document' OR n.kind = 'pointer.again') AND a.channel <> 'letter' "
        "AND a.outcome IN ('sent', 'unknown') AND COALESCE(a.provider_ref, '') <> ? AND a.at > ? ORDER BY a.id",
        debtor_id,
        SHARED,
        dialect().instant(since),
    )
    return tuple(map(_try, found))


async def pointed_since(debtor_id: int, since: datetime) -> bool:
    """Whether a person has been told at or after ``since`` that something lies with us to be read."""
    found = await rows(
        "SELECT 1 AS one FROM documents d JOIN notices n ON n.id = d.notice_id WHERE n.receiver = 'debtor' "
        "AND n.receiver_id = ? AND d.kind = 'pointer' AND d.created_at >= ? LIMIT 1",
        debtor_id,
        dialect().instant(since),
    )
    return bool(found)


async def ringing_now(debtor_id: int, but: int) -> bool:
    """Whether another announcement to this person is on its way at this moment, or was when its sender died."""
    found = await rows(
        "SELECT 1 AS one FROM notices WHERE receiver = 'debtor' AND receiver_id = ? AND form = 'document' "
        "AND state = 'claimed' AND channel IS NOT NULL AND channel <> 'letter' AND id <> ?",
        debtor_id,
        but,
    )
    return bool(found)


async def lock_person(debtor_id: int) -> None:
    """Until this transaction ends, nobody else decides whether to ring this person."""
    await rows(f"SELECT id FROM debtors WHERE id = ? {dialect().for_update}", debtor_id)  # noqa: S608 - our own words


async def left_behind() -> tuple[tuple[int, str, date], ...]:
    """Letters that were being printed when their notice was withdrawn: id and key of the notice, and its day."""
    found = await rows(
        "SELECT id, key, on_date FROM notices n WHERE state = 'withdrawn' AND channel = 'letter' AND NOT EXISTS "
        "(SELECT 1 FROM attempts a WHERE a.notice_id = n.id AND a.number = n.attempts)"
    )
    return tuple((int(row["id"]), row["key"], _day(row["on_date"])) for row in found)


async def taken_back(notice_id: int, at: datetime) -> None:
    """A letter that was withdrawn while it was printed is out of the folder again."""
    await execute(
        "INSERT INTO attempts (notice_id, number, channel, outcome, code, at) "
        "SELECT id, attempts, 'letter', 'withdrawn', 'taken_back', ? FROM notices WHERE id = ?",
        dialect().instant(at),
        notice_id,
    )


async def on_screen(notice_id: int, channel: str, chat_id: int, at: datetime) -> None:
    """A notice's words have been shown in a chat to somebody who came to read them."""
    await execute(
        "INSERT INTO attempts (notice_id, number, channel, outcome, code, provider_ref, at) "
        "SELECT id, attempts, ?, 'sent', 'on_screen', ?, ? FROM notices WHERE id = ?",
        channel,
        str(chat_id),
        dialect().instant(at),
        notice_id,
    )


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
) -> None:
    """Keep word for word what was said. A printed letter lies at ``path``; another document is kept itself."""
    await Document.create(
        notice_id=notice_id,
        case_id=case_id,
        kind=kind,
        language=language,
        sha256=hashlib.sha256(text.encode() if pdf is None else pdf).hexdigest(),
        mime="text/html" if pdf is None else "application/pdf",
        pdf=pdf if path is None else None,
        path=path,
        text=text,
        created_at=at,
    )


def _try(row: Mapping[str, Any]) -> Try:
    at = dialect().read_instant(row["at"])
    assert at is not None
    return Try(row["channel"], row["outcome"], row["provider_ref"] or "", at)


def _day(value: Any) -> date:
    day = dialect().read_day(value)
    assert day is not None
    return day
