"""What a person must look at, with its day, and people's own words, which erasure may empty."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.notice import Notice
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json
from core.store.door_models import Task
from core.store.models import Notice as OutboxRow
from core.store.models import PrivateText
from core.store.secrets import salted

_COLUMNS = (
    "SELECT t.id, t.key, t.kind, t.case_id, t.data, t.created_on, t.due_on, t.done_on, t.text_id, p.text, "
    "c.ocr, cr.short_name FROM tasks t LEFT JOIN private_texts p ON p.id = t.text_id "
    "LEFT JOIN cases c ON c.id = t.case_id LEFT JOIN creditors cr ON cr.id = c.creditor_id"
)


@dataclass(frozen=True, slots=True, repr=False)
class TaskRow:
    """One task. ``text`` is what the person wrote, ``ocr`` and ``creditor_name`` say which case it is about."""

    id: int
    key: str
    kind: str
    case_id: int | None
    ocr: str | None
    creditor_name: str | None
    data: Mapping[str, Any]
    text: str | None
    text_id: int | None
    created_on: date
    due_on: date
    done_on: date | None

    def __repr__(self) -> str:
        return f"TaskRow({self.id}, {self.kind})"


async def open_tasks(limit: int = 50, kind: str | None = None) -> tuple[TaskRow, ...]:
    """What is not done yet, what is due first and what came first."""
    only, values = (" AND t.kind = ?", (kind,)) if kind else ("", ())
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL{only} ORDER BY t.due_on, t.id LIMIT ?",
        *values,
        limit,
    )
    return tuple(_row(row) for row in found)


async def get(task_id: int) -> TaskRow | None:
    found = await rows(f"{_COLUMNS} WHERE t.id = ?", task_id)
    return _row(found[0]) if found else None


async def by_key(key: str) -> TaskRow | None:
    found = await rows(f"{_COLUMNS} WHERE t.key = ?", key)
    return _row(found[0]) if found else None


async def open_of_case(case_id: int, kind: str) -> int:
    """How many tasks of a kind are open in a case."""
    [row] = await rows(
        "SELECT COUNT(*) AS open FROM tasks WHERE case_id = ? AND kind = ? AND done_on IS NULL", case_id, kind
    )
    return int(row["open"])


async def all_of_case(case_id: int, kind: str) -> tuple[TaskRow, ...]:
    """The open tasks of a kind in a case, the oldest first."""
    found = await rows(
        f"{_COLUMNS} WHERE t.case_id = ? AND t.kind = ? AND t.done_on IS NULL ORDER BY t.id", case_id, kind
    )
    return tuple(_row(row) for row in found)


async def open_in_chat(chat_id: int, case_id: int | None, kind: str) -> TaskRow | None:
    """What a chat waits for already: about this case, or about none. In a transaction, which another press awaits."""
    await rows(f"SELECT id FROM chat WHERE id = ? {dialect().for_update}", chat_id)  # noqa: S608 - our own words alone
    if case_id is not None:
        found = await all_of_case(case_id, kind)
    else:
        pattern = f"chat:{chat_id}:%"
        rest = await rows(
            f"{_COLUMNS} WHERE t.case_id IS NULL AND t.kind = ? AND t.key LIKE ? AND t.done_on IS NULL ORDER BY t.id",
            kind,
            pattern,
        )
        found = tuple(_row(row) for row in rest)
    return next((task for task in found if task.data.get("chat") == chat_id), None)


async def place_in_queue(key: str, kind: str) -> int:
    """How many tasks of a kind are open up to this one, itself included."""
    [row] = await rows(
        "SELECT COUNT(*) AS place FROM tasks WHERE kind = ? AND done_on IS NULL "
        "AND id <= COALESCE((SELECT id FROM tasks WHERE key = ?), 0)",
        kind,
        key,
    )
    return int(row["place"])


async def add(
    key: str,
    kind: str,
    data: Mapping[str, Any],
    today: date,
    due_on: date,
    *,
    case_id: int | None = None,
    text_id: int | None = None,
) -> bool:
    """A task that no decision about a case asked for. The same key again is the same task; True when it is new."""
    found = await rows(
        "INSERT INTO tasks (key, kind, data, created_on, due_on, case_id, text_id) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key) DO NOTHING RETURNING id",
        key,
        kind,
        dump_json(dict(data)),
        dialect().day(today),
        dialect().day(due_on),
        case_id,
        text_id,
    )
    return bool(found)


async def queue_notice(notice: Notice, now: datetime) -> None:
    """Something to say that belongs to no case; its facts name the chat."""
    await OutboxRow.create(
        key=notice.key,
        receiver=str(notice.receiver),
        receiver_id=0,
        kind=notice.kind,
        form=str(notice.form),
        on_date=notice.on,
        proactive=False,
        data=dict(notice.facts),
        due_at=now,
        created_at=now,
    )


async def finish(task_id: int, today: date, actor: str) -> bool:
    """The task is done. False when it was before."""
    return bool(
        await execute(
            "UPDATE tasks SET done_on = ?, done_by = ? WHERE id = ? AND done_on IS NULL",
            dialect().day(today),
            actor,
            task_id,
        )
    )


async def keep_text(
    kind: str, text: str, now: datetime, *, case_id: int | None = None, debtor_id: int | None = None
) -> int:
    """Keep a person's own words; its id stands for them everywhere else."""
    found = await PrivateText.create(
        case_id=case_id, debtor_id=debtor_id, kind=kind, text=text, salt=secrets.token_hex(16), created_at=now
    )
    return int(found.id)


async def fingerprint(text_id: int) -> str | None:
    """The salted hash of a text, for facts and audit; None once it is erased."""
    found = await PrivateText.get_or_none(id=text_id)
    if found is None or found.text is None or found.salt is None:
        return None
    return salted(found.text, found.salt)


async def text(text_id: int) -> str | None:
    """The words themselves; None once they are erased."""
    found = await PrivateText.get_or_none(id=text_id)
    return found.text if found else None


async def texts_of_case(case_id: int, kind: str) -> tuple[str, ...]:
    """What was written about a case, oldest first."""
    found = await PrivateText.filter(case_id=case_id, kind=kind).order_by("id")
    return tuple(row.text for row in found if row.text)


async def give_text(key: str, text_id: int) -> None:
    """Lay words beside a task."""
    await Task.filter(key=key).update(text_id=text_id)


def _row(row: Mapping[str, Any]) -> TaskRow:
    days = dialect().read_day
    created, due = days(row["created_on"]), days(row["due_on"])
    assert created is not None
    assert due is not None
    return TaskRow(
        int(row["id"]),
        row["key"],
        row["kind"],
        row["case_id"],
        row["ocr"],
        row["short_name"],
        load_json(row["data"]),
        row["text"],
        row["text_id"],
        created,
        due,
        days(row["done_on"]),
    )
