"""Chats and what was said in them, and the inbox that takes nothing in twice.

Two numbers run per chat: message ids, one counter for both directions as Telegram has it, and ``seq``, which rises
with every change, so that a page that was away asks for "everything after n". ``advance`` takes both under the chat's
row lock; whoever writes a message does it in the same transaction, so a lower number never appears after a higher one.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from tortoise.exceptions import IntegrityError

from core.store.chat_models import FIRST_OWN_CHAT_ID, Chat
from core.store.database import dialect, execute, execute_many, rows, transaction
from core.store.dialect import dump_json, load_json

Direction = Literal["in", "out"]
Content = dict[str, Any]
Keyboard = dict[str, Any]

RECEIVED: Final = "received"
RUNNING: Final = "running"
ATTEMPTS_MAX: Final = 3

#: What this task has kept and taken up in one go.
_MINE: ContextVar[tuple[str, str] | None] = ContextVar("mine", default=None)

_COLUMNS: Final = (
    "id, chat_id, message_id, seq, first_seq, content_seq, direction, content, keyboard, debtor_id, deleted, at"
)
#: Who has shown themselves in a chat and is still there; takes the instant of machine time.
_READER: Final = "CASE WHEN level = 'identified' AND identified_until > ? THEN debtor_id END AS reader"


@dataclass(frozen=True, slots=True)
class Place:
    """The next numbers of a chat, taken, and who is there."""

    chat_id: int
    message_id: int
    seq: int
    reader: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it stands now. ``id`` is unique over all chats and rises."""

    id: int
    chat_id: int
    message_id: int
    seq: int
    first_seq: int
    content_seq: int
    direction: Direction
    content: Content
    keyboard: Keyboard | None
    debtor_id: int | None
    deleted: bool
    at: datetime


class SaidBefore(Exception):
    """The same sender's reference again; the caller's transaction is over."""


async def open_chat(
    channel: str, address: str, now: datetime, *, language: str | None = None, chat_id: int | None = None
) -> Chat:
    """The chat at this address; created when it is new. Without an id of the channel's own it gets one of ours."""
    if found := await Chat.get_or_none(channel=channel, address=address):
        return found
    number = chat_id if chat_id is not None else await next_number("chat", FIRST_OWN_CHAT_ID)
    try:
        async with transaction():
            return await Chat.create(
                id=number, channel=channel, address=address, language=language, created_at=now, last_seen_at=now
            )
    except IntegrityError:
        return await Chat.get(channel=channel, address=address)


async def chat(chat_id: int) -> Chat | None:
    """The chat with this id."""
    return await Chat.get_or_none(id=chat_id)


async def next_number(name: str, first: int = 1) -> int:
    """The next number under a name; each is given once, to one caller."""
    [row] = await rows(
        "INSERT INTO chat_counter (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = chat_counter.value + 1 RETURNING value",
        name,
        first,
    )
    return int(row["value"])


# What was said


async def reader(chat_id: int, machine_now: datetime) -> int | None:
    """The debtor who has shown themselves in this chat and has not been silent for too long since."""
    found = await rows(f"SELECT {_READER} FROM chat WHERE id = ?", dialect().instant(machine_now), chat_id)  # noqa: S608
    return found[0]["reader"] if found else None


async def advance(
    chat_id: int, machine_now: datetime, *, seen_at: datetime | None = None, changes: int = 1
) -> Place | None:
    """Take the chat's next message id and the next seqs, of which the last is the message's own, inside the caller's
    transaction. None: no such chat."""
    found = await rows(
        "UPDATE chat SET next_message_id = next_message_id + 1, last_seq = last_seq + ?, "  # noqa: S608
        "last_seen_at = COALESCE(?, last_seen_at) "
        f"WHERE id = ? RETURNING next_message_id - 1 AS message_id, last_seq, {_READER}",
        changes,
        dialect().instant(seen_at),
        chat_id,
        dialect().instant(machine_now),
    )
    if not found:
        return None
    return Place(chat_id, int(found[0]["message_id"]), int(found[0]["last_seq"]), found[0]["reader"])


async def write(
    place: Place,
    direction: Direction,
    content: Content,
    keyboard: Keyboard | None,
    at: datetime,
    *,
    client_id: str | None = None,
    hidden: bool = False,
) -> Said:
    """Put a message at a place. Raises SaidBefore when the sender's reference was there already.

    A hidden one (a command that a page sends by itself) is numbered but never shown.
    """
    try:
        [row] = await rows(
            "INSERT INTO chat_message (chat_id, message_id, seq, first_seq, content_seq, direction, content, keyboard, "
            "client_id, debtor_id, deleted, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            place.chat_id,
            place.message_id,
            place.seq,
            place.seq,
            place.seq,
            direction,
            dump_json(content),
            None if keyboard is None else dump_json(keyboard),
            client_id,
            place.reader,
            hidden,
            dialect().instant(at),
        )
    except IntegrityError as error:
        raise SaidBefore from error
    return Said(
        id=int(row["id"]),
        chat_id=place.chat_id,
        message_id=place.message_id,
        seq=place.seq,
        first_seq=place.seq,
        content_seq=place.seq,
        direction=direction,
        content=content,
        keyboard=keyboard,
        debtor_id=place.reader,
        deleted=hidden,
        at=at,
    )


async def rewrite(
    said: Said, content: Content, keyboard: Keyboard | None, machine_now: datetime, *, deleted: bool = False
) -> Said | None:
    """Change a message; None if it was deleted meanwhile. In the caller's transaction.

    New content belongs to who is there now; buttons alone leave it with whom it was said to.
    """
    [chat] = await rows(
        f"UPDATE chat SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq, {_READER}",  # noqa: S608
        said.chat_id,
        dialect().instant(machine_now),
    )
    after = replace(said, content=content, keyboard=keyboard, deleted=deleted, seq=int(chat["last_seq"]))
    if content != said.content:
        after = replace(after, content_seq=after.seq, debtor_id=chat["reader"])
    changed = await execute(
        "UPDATE chat_message SET content = ?, keyboard = ?, deleted = ?, seq = ?, content_seq = ?, debtor_id = ? "
        "WHERE id = ? AND NOT deleted",
        dump_json(content),
        None if keyboard is None else dump_json(keyboard),
        deleted,
        after.seq,
        after.content_seq,
        after.debtor_id,
        said.id,
    )
    return after if changed else None


async def keep_words(said: Said, content: Content) -> None:
    """What was said elsewhere already stands here in other words from now on: no change that a page has to show."""
    await execute("UPDATE chat_message SET content = ? WHERE id = ?", dump_json(content), said.id)


async def drop_keyboard(said: Said, seq: int) -> None:
    """Take a message's buttons away, under a seq that the caller has taken."""
    await execute("UPDATE chat_message SET keyboard = NULL, seq = ? WHERE id = ? AND NOT deleted", seq, said.id)


async def message(chat_id: int, message_id: int) -> Said | None:
    """The message with this id, unless it is deleted."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat_message WHERE chat_id = ? AND message_id = ? AND NOT deleted",  # noqa: S608
        chat_id,
        message_id,
    )
    return next(iter(_all_said(found)), None)


async def last_screen(chat_id: int) -> Said | None:
    """The lowest message of ours that has buttons: the only one whose buttons may be pressed, but for desks."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat_message WHERE chat_id = ? AND direction = 'out' "  # noqa: S608
        "AND keyboard IS NOT NULL AND NOT deleted ORDER BY message_id DESC LIMIT 1",
        chat_id,
    )
    return next(iter(_all_said(found)), None)


async def pressable(chat_id: int, message_id: int) -> Said | None:
    """The message with this id, if its buttons may be pressed: the last screen, or at a desk any that has some.

    Who works has several things to do at a time, and what is told of one takes no button of another away.
    """
    last = await last_screen(chat_id)
    if last is None or last.message_id == message_id:
        return last
    place = await chat(chat_id)
    return await message(chat_id, message_id) if place is not None and place.member_id is not None else None


async def sent_before(chat_id: int, client_id: str) -> Said | None:
    """What the sender sent under this reference of its own."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat_message WHERE chat_id = ? AND client_id = ?",  # noqa: S608
        chat_id,
        client_id,
    )
    return next(iter(_all_said(found)), None)


async def changes(chat_id: int, after: int, limit: int = 500) -> list[Said]:
    """Everything that changed after a seq, in the order of the changes; deleted messages are in it."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat_message WHERE chat_id = ? AND seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
        chat_id,
        after,
        limit,
    )
    return _all_said(found)


async def hidden_from(chat_id: int, reader: int | None, until_seq: int) -> list[int]:
    """Ids of messages that a page may have shown by a seq, and that are not for who is there now."""
    found = await rows(
        "SELECT message_id FROM chat_message WHERE chat_id = ? AND debtor_id IS NOT NULL AND debtor_id <> ? "
        "AND first_seq <= ? AND NOT deleted ORDER BY message_id",
        chat_id,
        reader or 0,
        until_seq,
    )
    return [int(row["message_id"]) for row in found]


async def history(chat_id: int, limit: int = 200, before: int | None = None) -> list[Said]:
    """The last messages as they stand, from old to new; ``before`` a message id for older ones."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat_message WHERE chat_id = ? AND message_id < ? AND NOT deleted "  # noqa: S608
        "ORDER BY message_id DESC LIMIT ?",
        chat_id,
        before if before is not None else 2**62,
        limit,
    )
    return _all_said(reversed(found))


def _all_said(found: Iterable[dict[str, Any]]) -> list[Said]:
    instant = dialect().read_instant
    return [_said(row, instant(row["at"])) for row in found]


def _said(row: dict[str, Any], at: datetime | None) -> Said:
    assert at is not None
    keyboard = None if row["keyboard"] is None else load_json(row["keyboard"])
    return Said(
        id=int(row["id"]),
        chat_id=int(row["chat_id"]),
        message_id=int(row["message_id"]),
        seq=int(row["seq"]),
        first_seq=int(row["first_seq"]),
        content_seq=int(row["content_seq"]),
        direction="in" if row["direction"] == "in" else "out",
        content=load_json(row["content"]),
        keyboard=keyboard,
        debtor_id=row["debtor_id"],
        deleted=bool(row["deleted"]),
        at=at,
    )


# The inbox


async def receive(source: str, items: list[tuple[str, dict[str, Any]]], now: datetime) -> None:
    """Keep (reference, payload) before it is worked on, so that a crash loses nothing; known ones are left alone."""
    await execute_many(
        "INSERT INTO inbox_item (source, reference, received_at, outcome, attempts, payload) "
        "VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT (source, reference) DO NOTHING",
        [(source, reference, dialect().instant(now), RECEIVED, dump_json(payload)) for reference, payload in items],
    )


async def take_up(source: str, reference: str, payload: dict[str, Any], now: datetime) -> None:
    """Keep one item in the caller's transaction, as taken up by this task: its next ``seen`` says so without asking."""
    await execute(
        "INSERT INTO inbox_item (source, reference, received_at, outcome, attempts, payload) VALUES (?, ?, ?, ?, 1, ?)",
        source,
        reference,
        dialect().instant(now),
        RUNNING,
        dump_json(payload),
    )
    _MINE.set((source, reference))


async def seen(source: str, reference: str, now: datetime) -> bool:
    """Whether somebody has taken this up already. If not, the caller has it now and ends it with ``mark_done``."""
    if _MINE.get() == (source, reference):
        _MINE.set(None)
        return False
    claimed = await execute(
        "UPDATE inbox_item SET outcome = ?, attempts = attempts + 1 WHERE source = ? AND reference = ? AND outcome = ?",
        RUNNING,
        source,
        reference,
        RECEIVED,
    )
    if claimed:
        return False
    added = await rows(
        "INSERT INTO inbox_item (source, reference, received_at, outcome, attempts) VALUES (?, ?, ?, ?, 1) "
        "ON CONFLICT (source, reference) DO NOTHING RETURNING id",
        source,
        reference,
        dialect().instant(now),
        RUNNING,
    )
    return not added


async def mark_done(source: str, reference: str, now: datetime, outcome: str = "handled") -> None:
    """How it ended. The payload, which may hold a person's words, is let go."""
    await execute(
        "UPDATE inbox_item SET outcome = ?, done_at = ?, payload = NULL WHERE source = ? AND reference = ?",
        outcome,
        dialect().instant(now),
        source,
        reference,
    )


async def unfinished(source: str, before: datetime) -> list[dict[str, Any]]:
    """Payloads that came in until then and that nobody ended, oldest first; they count as not seen again.

    For a start after a crash. What has brought three processes down with it is left to a person.
    """
    found = await rows(
        "UPDATE inbox_item SET outcome = ? WHERE source = ? AND done_at IS NULL AND payload IS NOT NULL "
        "AND attempts < ? AND received_at <= ? RETURNING id, payload",
        RECEIVED,
        source,
        ATTEMPTS_MAX,
        dialect().instant(before),
    )
    return [load_json(row["payload"]) for row in sorted(found, key=lambda row: int(row["id"]))]


async def forget_inbox(before: datetime) -> int:
    """Remove what was done before then; returns how many. Senders do not repeat themselves for that long."""
    return await execute("DELETE FROM inbox_item WHERE done_at IS NOT NULL AND done_at < ?", dialect().instant(before))
