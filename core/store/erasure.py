"""Emptying what is personal. Rows stay where something points at them; words, names, numbers and bodies go.

Facts, transfers and the audit log are never touched: they hold ids, codes, dates, amounts and salted hashes only, so
`verify` finds the book as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from core.erasure import Held, Scope, What
from core.store.database import dialect, execute, execute_many, rows
from core.store.dialect import dump_json
from core.words import HERE

EMPTY: Final = {"kind": "text", "plain": "", "html": ""}
#: Own words that somebody is still waiting for an answer to stay until they have it.
_UNANSWERED: Final = (
    "id NOT IN (SELECT text_id FROM complaints WHERE text_id IS NOT NULL AND answered_on IS NULL) "
    "AND id NOT IN (SELECT text_id FROM tasks WHERE text_id IS NOT NULL AND done_on IS NULL)"
)
#: What was said in a chat, apart from documents and receipts, which are accounting material.
_SAID: Final = "mime = 'text/html' AND text <> ''"


@dataclass(frozen=True, slots=True)
class Target:
    """Whose data, how far, and the chat in which they ask for it: the screen that they press is left to be changed."""

    debtor_id: int
    scope: Scope
    today: date
    chat_id: int = 0


async def held(debtor_id: int) -> tuple[Held, ...]:
    """Every case of a person as far as it decides what stays."""
    found = await rows(
        "SELECT c.id, c.opened_on, c.closed_on, max(t.booked_on) AS booked, max(t.value_on) AS valued FROM cases c "
        "LEFT JOIN transfers t ON t.case_id = c.id WHERE c.debtor_id = ? GROUP BY c.id, c.opened_on, c.closed_on "
        "ORDER BY c.id",
        debtor_id,
    )
    return tuple(_held(row) for row in found)


def _held(row: dict[str, Any]) -> Held:
    day = dialect().read_day
    opened = day(row["opened_on"])
    assert opened is not None
    days = [found for name in ("booked", "valued") if (found := day(row[name])) is not None]
    return Held(int(row["id"]), opened, day(row["closed_on"]), max(days, default=None))


async def there(target: Target) -> dict[What, int]:
    """How much the scope reaches that is still there."""
    return {what: sum([await _count(part) for part in parts]) for what, parts in (await _parts(target)).items()}


async def empty(target: Target) -> dict[What, int]:
    """Empty it, in the caller's transaction. How much there was, by kind; the evidence's bodies are the caller's."""
    gone: dict[What, int] = {}
    for what, parts in (await _parts(target)).items():
        gone[what] = sum([await part.empty() for part in parts])
    await execute(
        "UPDATE debtors SET erased_on = COALESCE(erased_on, ?) WHERE id = ?",
        dialect().day(target.today),
        target.debtor_id,
    )
    return gone


async def waiting(debtor_id: int) -> bool:
    """Whether the person waits for an answer to a complaint or a question: its words stay until they have it."""
    found = await rows(
        "SELECT 1 AS one FROM complaints WHERE debtor_id = ? AND answered_on IS NULL UNION ALL "
        "SELECT 1 FROM tasks t JOIN private_texts p ON p.id = t.text_id WHERE t.done_on IS NULL AND p.debtor_id = ?",
        debtor_id,
        debtor_id,
    )
    return bool(found)


async def asked_before() -> tuple[int, ...]:
    """Who has asked to be erased, and is not nameless yet: what is kept goes when its time is over."""
    found = await rows("SELECT id FROM debtors WHERE erased_on IS NOT NULL AND name <> '' ORDER BY id")
    return tuple(int(row["id"]) for row in found)


async def bodies(target: Target) -> tuple[str, ...]:
    """The keys of evidence that goes and that no other matter shares."""
    going: set[int] = set()
    keys: set[str] = set()
    for part in _evidence(target):
        for row in await rows(f"SELECT id, path FROM evidence WHERE {part.where}", *part.values):  # noqa: S608
            going.add(int(row["id"]))
            keys.add(row["path"])
    shared = {key for key in keys if await _stays_elsewhere(key, going)}
    return tuple(sorted(keys - shared))


async def _stays_elsewhere(key: str, going: set[int]) -> bool:
    found = await rows("SELECT id FROM evidence WHERE path = ?", key)
    return any(int(row["id"]) not in going for row in found)


async def empty_message(chat_id: int, message_id: int) -> None:
    """The message stays as a place in the chat, without its words."""
    await execute(
        "UPDATE chat_message SET content = ? WHERE chat_id = ? AND message_id = ?",
        dump_json(EMPTY),
        chat_id,
        message_id,
    )


# The parts


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a table, and what becomes of them: ``becomes`` is the SQL of their new columns; empty: they go."""

    table: str
    where: str
    values: tuple[Any, ...]
    becomes: str = ""
    with_values: tuple[Any, ...] = ()

    async def empty(self) -> int:
        if not self.becomes:
            return await execute(f"DELETE FROM {self.table} WHERE {self.where}", *self.values)  # noqa: S608
        return await execute(
            f"UPDATE {self.table} SET {self.becomes} WHERE {self.where}",  # noqa: S608 - our own words alone
            *self.with_values,
            *self.values,
        )


class _Chats(_Part):
    """Messages: each is emptied under a number of its own, so that an open page lets go of it."""

    async def empty(self) -> int:
        found = await rows(
            f"SELECT id, chat_id FROM chat_message WHERE {self.where} ORDER BY id",  # noqa: S608
            *self.values,
        )
        by_chat: dict[int, list[int]] = {}
        for row in found:
            by_chat.setdefault(int(row["chat_id"]), []).append(int(row["id"]))
        for chat_id, ids in by_chat.items():
            [last] = await rows(
                "UPDATE chat SET last_seq = last_seq + ? WHERE id = ? RETURNING last_seq", len(ids), chat_id
            )
            first = int(last["last_seq"]) - len(ids)
            await execute_many(
                "UPDATE chat_message SET content = ?, keyboard = NULL, deleted = ?, client_id = NULL, seq = ? "
                "WHERE id = ?",
                [(dump_json(EMPTY), True, first + number, id) for number, id in enumerate(ids, 1)],
            )
        return len(found)


async def _count(part: _Part) -> int:
    [row] = await rows(f"SELECT count(*) AS n FROM {part.table} WHERE {part.where}", *part.values)  # noqa: S608
    return int(row["n"])


async def _parts(target: Target) -> dict[What, tuple[_Part, ...]]:
    scope, chats = target.scope, await _chats_of(target.debtor_id)
    parts: dict[What, tuple[_Part, ...]] = {
        What.CHATS: await _said_in(target, chats),
        What.TEXTS: _texts(target),
        What.EVIDENCE: _evidence(target),
        What.MESSAGES: (_of_cases("documents", _SAID, scope.closed, "text = ''"),),
        What.PEOPLE: (_representatives(target),),
        What.PAPERS: _papers(target),
    }
    if scope.alone:
        parts[What.CONTACT] = _contact(target, chats)
    if scope.nameless:
        parts[What.IDENTITY] = (_identity(target),)
    return parts


async def _chats_of(debtor_id: int) -> tuple[int, ...]:
    found = await rows("SELECT id FROM chat WHERE debtor_id = ? OR linked_debtor_id = ?", debtor_id, debtor_id)
    return tuple(int(row["id"]) for row in found)


async def _said_in(target: Target, chats: Sequence[int]) -> tuple[_Part, ...]:
    """What was said by and to this person, but not the screen at which they are looking."""
    where = f"(debtor_id = ? OR (debtor_id IS NULL AND chat_id {dialect().in_ids})) AND content <> ?"
    values: tuple[Any, ...] = (target.debtor_id, dialect().ids(list(chats)), dump_json(EMPTY))
    files = f"chat_id {dialect().in_ids}"
    file_values: tuple[Any, ...] = (dialect().ids(list(chats)),)
    if target.chat_id:
        where += " AND NOT (chat_id = ? AND message_id >= ?)"
        values += (target.chat_id, await _last_screen(target.chat_id))
    if target.scope.before is not None:
        began = dialect().instant(datetime.combine(target.scope.before, time.min, HERE))
        where, values = f"{where} AND at < ?", (*values, began)
        files, file_values = f"{files} AND created_at < ?", (*file_values, began)
    others = [_half_done(chat) for chat in chats if chat != target.chat_id and target.scope.alone]
    return _Chats("chat_message", where, values), _Part("chat_file", files, file_values), *others


def _half_done(chat_id: int) -> _Part:
    """A dialog that was left in a chat, with what was chosen and typed so far: its key names bot, chat and user."""
    return _Part("fsm_entry", "key LIKE ?", (f"%:{chat_id}:{chat_id}:%",))


async def _last_screen(chat_id: int) -> int:
    """The screen with buttons that stands last; above any number where there is none."""
    found = await rows(
        "SELECT message_id FROM chat_message WHERE chat_id = ? AND direction = 'out' AND keyboard IS NOT NULL "
        "AND NOT deleted ORDER BY message_id DESC LIMIT 1",
        chat_id,
    )
    return int(found[0]["message_id"]) if found else 2**62


def _texts(target: Target) -> tuple[_Part, ...]:
    """Own words and staff's notes. The salt goes along, so that the hash in the facts says nothing any more."""
    becomes = "text = NULL, salt = NULL, erased_on = ?"
    there = f"text IS NOT NULL AND {_UNANSWERED}"
    parts = [
        _of_cases("private_texts", there, target.scope.closed, becomes, target),
        _of_cases("drafts", "closed_at IS NOT NULL AND CAST(data AS text) <> '{}'", target.scope.closed, "data = '{}'"),
    ]
    if target.scope.alone:
        where = f"debtor_id = ? AND case_id IS NULL AND {there}"
        parts.append(_Part("private_texts", where, (target.debtor_id,), becomes, (dialect().day(target.today),)))
    return tuple(parts)


def _evidence(target: Target) -> tuple[_Part, ...]:
    """Pictures and files, of closed cases; without an open case also those that belong to none. Hashes stay."""
    becomes = "path = NULL, name = '', erased_on = ?"
    of_cases = _of_cases("evidence", "path IS NOT NULL", target.scope.closed, becomes, target)
    if not target.scope.alone:
        return (of_cases,)
    where = "debtor_id = ? AND case_id IS NULL AND path IS NOT NULL"
    return of_cases, _Part("evidence", where, (target.debtor_id,), becomes, (dialect().day(target.today),))


def _representatives(target: Target) -> _Part:
    """Who once acted for them; without an open case, whoever may act now as well."""
    day = dialect().day(target.today)
    becomes = "name = '', number = NULL, number_hash = NULL, ended_on = COALESCE(ended_on, ?)"
    where = "debtor_id = ? AND name <> ''"
    values: tuple[Any, ...] = (target.debtor_id,)
    if not target.scope.alone:
        where, values = f"{where} AND (ended_on IS NOT NULL OR until_on < ?)", (*values, day)
    return _Part("representatives", where, values, becomes, (day,))


def _papers(target: Target) -> tuple[_Part, ...]:
    """Letters, receipts and signed agreements, once the law lets go of them."""
    over = target.scope.over
    return (
        _of_cases("documents", "(text <> '' OR pdf IS NOT NULL)", over, "text = '', pdf = NULL"),
        _of_cases("signatures", "text <> ''", over, "text = '', signature = '', ocsp = ''"),
        _of_cases("claims", "ground <> ''", over, "ground = ''"),
        _of_cases("refunds", "(account IS NOT NULL OR name IS NOT NULL)", over, "account = NULL, name = NULL"),
    )


def _contact(target: Target, chats: Sequence[int]) -> tuple[_Part, ...]:
    """How they were reached: nobody needs to any more. The chat in which they ask stays theirs until they leave."""
    day, number = dialect().day(target.today), target.debtor_id
    others = [chat_id for chat_id in chats if chat_id != target.chat_id]
    return (
        _Part(
            "debtors",
            "id = ? AND (street <> '' OR email IS NOT NULL OR phone IS NOT NULL)",
            (number,),
            "street = '', postcode = '', city = '', email = NULL, phone = NULL",
        ),
        _Part("wishes", "debtor_id = ?", (number,)),
        _Part("links", "debtor_id = ? AND revoked_at IS NULL", (number,), "revoked_at = expires_at"),
        _Part(
            "chat",
            f"id {dialect().in_ids}",
            (dialect().ids(others),),
            "linked_debtor_id = NULL, debtor_id = NULL, level = 'stranger', identified_until = NULL",
        ),
        _Part(
            "signatories",
            "debtor_id = ? AND name <> ''",
            (number,),
            "name = '', until_on = COALESCE(until_on, ?)",
            (day,),
        ),
    )


def _identity(target: Target) -> _Part:
    return _Part(
        "debtors",
        "id = ? AND name <> ''",
        (target.debtor_id,),
        "name = '', search_name = '', number = NULL, number_hash = NULL",
    )


def _of_cases(table: str, where: str, ids: Iterable[int], becomes: str = "", dated: Target | None = None) -> _Part:
    """The rows of these cases; ``dated``: what becomes of them bears the day."""
    with_values = (dialect().day(dated.today),) if dated else ()
    return _Part(table, f"case_id {dialect().in_ids} AND {where}", (dialect().ids(list(ids)),), becomes, with_values)
