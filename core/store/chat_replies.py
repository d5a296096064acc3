"""Answers by a person that a chat could not show when they came, because nobody had proved who was there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.store import attempts, sessions
from core.store.database import dialect, rows
from core.store.dialect import load_json
from core.store.sessions import ChatRow

KIND = "person.reply"


@dataclass(frozen=True, slots=True)
class Unread:
    """A notice with an answer; its words stand in the text that ``data`` names."""

    id: int
    case_id: int
    data: Mapping[str, Any]


async def unread(case_ids: Sequence[int]) -> tuple[Unread, ...]:
    """Answers about these cases that have left us as a pointer at most, oldest first."""
    if not case_ids:
        return ()
    found = await rows(
        "SELECT id, case_id, data FROM notices n WHERE kind = ? AND state IN ('sent', 'kept', 'failed') "  # noqa: S608
        f"AND case_id {dialect().in_ids} AND NOT EXISTS "
        "(SELECT 1 FROM documents d WHERE d.notice_id = n.id AND d.kind = ?) ORDER BY id",
        KIND,
        dialect().ids(list(case_ids)),
        KIND,
    )
    return tuple(Unread(int(row["id"]), int(row["case_id"]), load_json(row["data"])) for row in found)


async def read_on_screen(notice_id: int, case_id: int, language: str, at: datetime, text: str) -> None:
    """The answer has been shown, word for word."""
    await attempts.keep_document(notice_id, case_id, KIND, language or "sv", at, text=text)


async def reader(chat_id: int, now: datetime) -> ChatRow | None:
    """The chat as it stands at this moment: whoever proved who they are and is still there, or nobody."""
    chat = await sessions.get(chat_id)
    if chat is None or chat.quarantined:
        return None
    return chat if chat.until is None or chat.until > now else None
