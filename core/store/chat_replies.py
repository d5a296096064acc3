"""Answers by a person, as far as they have left us: to find those that whoever asked has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.store import sessions
from core.store.chat_models import Chat
from core.store.database import dialect, rows
from core.store.dialect import load_json
from core.store.sessions import ChatRow

KIND = "person.reply"


@dataclass(frozen=True, slots=True)
class Answer:
    """A notice with an answer; its words stand in the text that ``data`` names.

    ``shown``: the words themselves have stood in a chat, and not only a pointer to them. ``at`` is when it was written.
    """

    id: int
    case_id: int | None
    data: Mapping[str, Any]
    at: datetime
    shown: bool


async def sent(case_ids: Sequence[int], debtor_id: int) -> tuple[Answer, ...]:
    """Answers about these cases, and to this debtor about none, that have left us; oldest first."""
    found = await rows(
        "SELECT id, case_id, data, created_at, EXISTS (SELECT 1 FROM documents d WHERE d.notice_id = n.id "  # noqa: S608
        "AND d.kind = ?) AS shown FROM notices n WHERE kind = ? AND state IN ('sent', 'kept', 'failed') "
        f"AND (case_id {dialect().in_ids} OR (case_id IS NULL AND receiver = 'debtor' AND receiver_id = ?)) "
        "ORDER BY id",
        KIND,
        KIND,
        dialect().ids(list(case_ids)),
        debtor_id,
    )
    return tuple(_answer(row) for row in found)


def _answer(row: Mapping[str, Any]) -> Answer:
    at = dialect().read_instant(row["created_at"])
    assert at is not None
    return Answer(int(row["id"]), row["case_id"], load_json(row["data"]), at, bool(row["shown"]))


async def last_seen(chat_id: int) -> datetime | None:
    """When somebody last did something in a web chat, in business time."""
    found = await Chat.get_or_none(id=chat_id)
    return found.last_seen_at if found else None


async def reader(chat_id: int, now: datetime) -> ChatRow | None:
    """The chat as it stands at this moment: whoever proved who they are and is still there, or nobody."""
    chat = await sessions.get(chat_id)
    if chat is None or chat.quarantined:
        return None
    return chat if chat.until is None or chat.until > now else None
