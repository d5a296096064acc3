"""Mails of ours, found again when something comes back: which chat and notice they were, and that one bounced."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.store.database import dialect, rows

CHANNEL: Final = "email"
BOUNCED: Final = "bounced"


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail: the chat of its address, and the notice that it carried, if it carried one."""

    chat_id: int
    notice_id: int | None = None
    case_id: int | None = None


async def by_key(key: str) -> SentMail | None:
    """The mail of a key, which is the number of its message."""
    if not key.isdecimal() or len(key) > 18:
        return None
    found = await rows(
        "SELECT m.chat_id, m.message_id FROM chat_message m JOIN chat c ON c.id = m.chat_id "
        "WHERE m.id = ? AND m.direction = 'out' AND c.channel = ?",
        int(key),
        CHANNEL,
    )
    if not found:
        return None
    chat_id = int(found[0]["chat_id"])
    carried = await rows(
        "SELECT a.notice_id, n.case_id FROM attempts a JOIN notices n ON n.id = a.notice_id "
        "WHERE a.provider_ref = ? AND a.channel = ? ORDER BY a.id DESC LIMIT 1",
        f"{chat_id}:{found[0]['message_id']}",
        CHANNEL,
    )
    return SentMail(chat_id, carried[0]["notice_id"], carried[0]["case_id"]) if carried else SentMail(chat_id)


async def to_address(address: str) -> SentMail | None:
    """The chat of an address, as that of a mail of which no more is known."""
    found = await rows("SELECT id FROM chat WHERE channel = ? AND address = ?", CHANNEL, address)
    return SentMail(int(found[0]["id"])) if found else None


async def by_message(channel: str, chat_id: int, message_id: int) -> int | None:
    """The notice that a message of ours carried."""
    carried = await rows(
        "SELECT notice_id FROM attempts WHERE provider_ref = ? AND channel = ? ORDER BY id DESC LIMIT 1",
        f"{chat_id}:{message_id}",
        channel,
    )
    return carried[0]["notice_id"] if carried else None


async def came_back(
    notice_id: int, chat_id: int, outcome: str, at: datetime, *, channel: str = CHANNEL, code: str = BOUNCED
) -> bool:
    """Beside the try that left stands what became of it, once for each chat. False when it stood there before."""
    return bool(
        await rows(
            "INSERT INTO attempts (notice_id, number, channel, outcome, code, provider_ref, at) "
            "SELECT n.id, n.attempts, ?, ?, ?, ?, ? FROM notices n WHERE n.id = ? AND NOT EXISTS "
            "(SELECT 1 FROM attempts a WHERE a.notice_id = n.id AND a.code = ? AND a.provider_ref = ?) RETURNING id",
            channel,
            outcome,
            code,
            str(chat_id),
            dialect().instant(at),
            notice_id,
            code,
            str(chat_id),
        )
    )
