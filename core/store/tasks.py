"""What a person must look at, with its day, and people's own words, which erasure may empty."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from tortoise.expressions import Q

from core.notice import Notice
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json
from core.store.door_models import Task
from core.store.models import Notice as OutboxRow
from core.store.models import PrivateText
from core.store.secrets import salted

_COLUMNS = (
    "SELECT t.id, t.key, t.kind, t.case_id, t.data, t.created_on, t.due_on, t.done_on, t.text_id, p.text, "
    "p.created_at AS asked_at, p.debtor_id AS asker_id, t.taken_by, t.taken_at, c.ocr, c.debtor_id, cr.short_name "
    "FROM tasks t LEFT JOIN private_texts p ON p.id = t.text_id "
    "LEFT JOIN cases c ON c.id = t.case_id LEFT JOIN creditors cr ON cr.id = c.creditor_id"
)

#: A stranger called for a person and has not written a word: about no case, and nobody whom we know.
WORDLESS: Final = (
    "(t.case_id IS NULL AND p.debtor_id IS NULL AND p.kind = 'question' AND p.text = '' "
    "AND CAST(t.data AS TEXT) NOT LIKE '%\"member\"%' "
    "AND NOT EXISTS (SELECT 1 FROM private_texts more WHERE more.kind = 'question:' || CAST(p.id AS TEXT)))"
)


@dataclass(frozen=True, slots=True, repr=False)
class TaskRow:
    """One task. ``text`` is what the person wrote, ``ocr`` and ``creditor_name`` say which case it is about.

    ``taken_by`` is the label of whoever does it, since ``taken_at`` in machine time. ``debtor_id`` is the case's,
    ``asker_id`` the debtor who wrote ``text``, or in whose place it was written.
    """

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
    taken_by: str | None = None
    taken_at: datetime | None = None
    debtor_id: int | None = None
    asked_at: datetime | None = None
    asker_id: int | None = None

    @property
    def number(self) -> str:
        """What the texts of a task's talk are found by: a question's first text, else the task itself."""
        return str(self.text_id) if self.kind == "task.person" and self.text_id else f"t{self.id}"

    def __repr__(self) -> str:
        return f"TaskRow({self.id}, {self.kind})"


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """Something that was written in a talk: by the person who asked, or by one of us."""

    kind: str
    text: str
    at: datetime


async def open_tasks(limit: int = 50, kind: str | None = None) -> tuple[TaskRow, ...]:
    """What is not done yet, what is due first and what came first."""
    only, values = (" AND t.kind = ?", (kind,)) if kind else ("", ())
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL{only} ORDER BY t.due_on, t.id LIMIT ?",
        *values,
        limit,
    )
    return tuple(_row(row) for row in found)


@dataclass(frozen=True, slots=True)
class Ranking:
    """In which order a queue stands: ``waiting``, the kind that nobody has taken ``since`` then, comes first.

    Of those a stranger without a word comes last. Then what is late, then by ``order`` of the kinds' beginnings, then
    what came first. ``patient`` kinds that are due after ``near`` come last.
    """

    waiting: str
    since: datetime
    order: Sequence[str]
    patient: Sequence[str]
    today: date
    near: date


async def in_order(ranking: Ranking, limit: int, offset: int) -> tuple[TaskRow, ...]:
    """A page of the queue."""
    order, patient = ranking.order, ranking.patient
    day = dialect().day
    rank = " ".join(f"WHEN t.kind LIKE ? THEN {number}" for number in range(len(order)))
    wait = " ".join(f"WHEN t.kind LIKE ? AND t.due_on > ? THEN {len(order) + 1}" for _ in patient)
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL ORDER BY "
        "CASE WHEN t.kind = ? AND (t.taken_at IS NULL OR t.taken_at < ?) THEN 0 WHEN t.due_on < ? THEN 1 ELSE 2 END, "
        f"CASE WHEN {WORDLESS} THEN 1 ELSE 0 END, "
        f"CASE {wait} {rank} ELSE {len(order)} END, t.created_on, t.id LIMIT ? OFFSET ?",
        ranking.waiting,
        dialect().instant(ranking.since),
        day(ranking.today),
        *(value for kind in patient for value in (f"{kind}%", day(ranking.near))),
        *(f"{kind}%" for kind in order),
        limit,
        offset,
    )
    return tuple(_row(row) for row in found)


async def count_open() -> int:
    """How many tasks are not done yet."""
    [row] = await rows("SELECT COUNT(*) AS open FROM tasks WHERE done_on IS NULL")
    return int(row["open"])


async def take(task_id: int, label: str, now: datetime, since: datetime, *, over: bool = False) -> bool:
    """Lock a task to one of us; what somebody took before ``since`` (machine time) is free again.

    ``over`` takes it from whoever has it. False when it is somebody else's, or done.
    """
    instant = dialect().instant
    free = "" if over else "AND (taken_by IS NULL OR taken_by = ? OR taken_at IS NULL OR taken_at < ?) "
    found = await rows(
        f"UPDATE tasks SET taken_by = ?, taken_at = ? WHERE id = ? AND done_on IS NULL {free}RETURNING id",  # noqa: S608
        label,
        instant(now),
        task_id,
        *(() if over else (label, instant(since))),
    )
    return bool(found)


async def put_back(task_id: int, label: str) -> bool:
    """Nobody does it any more. False when it was not theirs."""
    return bool(
        await execute(
            "UPDATE tasks SET taken_by = NULL, taken_at = NULL WHERE id = ? AND taken_by = ? AND done_on IS NULL",
            task_id,
            label,
        )
    )


async def taken(since: datetime, *, kind: str | None = None, label: str | None = None) -> tuple[TaskRow, ...]:
    """The open tasks that somebody has (of a kind, or this one of us), the one taken last first."""
    wanted = {"t.kind": kind, "t.taken_by": label}
    given = {column: value for column, value in wanted.items() if value is not None}
    only = "".join(f" AND {column} = ?" for column in given)
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL AND t.taken_by IS NOT NULL AND t.taken_at >= ?{only} "
        "ORDER BY t.taken_at DESC, t.id DESC",
        dialect().instant(since),
        *given.values(),
    )
    return tuple(_row(row) for row in found)


async def open_of_debtor(kind: str, debtor_id: int) -> tuple[TaskRow, ...]:
    """The open tasks of a kind in a debtor's cases, or that they have asked for about none; the latest first."""
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL AND t.kind = ? AND (c.debtor_id = ? OR p.debtor_id = ?) "
        "ORDER BY t.id DESC",
        kind,
        debtor_id,
        debtor_id,
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


async def open_about(chat_id: int, case_id: int | None, debtor_id: int | None, kind: str) -> tuple[TaskRow, ...]:
    """What somebody in a chat may wait for already: about this case, or about none, from this chat or by this debtor.

    In a transaction, which another press in the chat awaits.
    """
    await rows(f"SELECT id FROM chat WHERE id = ? {dialect().for_update}", chat_id)  # noqa: S608 - our own words alone
    if case_id is not None:
        return await all_of_case(case_id, kind)
    found = await rows(
        f"{_COLUMNS} WHERE t.case_id IS NULL AND t.kind = ? AND (t.key LIKE ? OR p.debtor_id = ?) "
        "AND t.done_on IS NULL ORDER BY t.id",
        kind,
        f"chat:{chat_id}:%",
        debtor_id or 0,
    )
    return tuple(_row(row) for row in found)


async def of_creditor(
    creditor_id: int | None, kinds: Sequence[str], limit: int, case_id: int | None = None
) -> tuple[TaskRow, ...]:
    """The open tasks of these kinds in a creditor's cases (None: in everybody's) or in one, what is due first."""
    marks = ", ".join("?" for _ in kinds)
    asked = {"c.creditor_id": creditor_id, "t.case_id": case_id}
    values = tuple(value for value in asked.values() if value is not None)
    whose = "".join(f" AND {column} = ?" for column, value in asked.items() if value is not None)
    found = await rows(
        f"{_COLUMNS} WHERE t.done_on IS NULL AND t.kind IN ({marks}){whose} ORDER BY t.due_on, t.id LIMIT ?",
        *kinds,
        *values,
        limit,
    )
    return tuple(_row(row) for row in found)


async def place_in_queue(key: str, kind: str, since: datetime) -> int:
    """How many tasks of a kind wait up to this one, itself included, but for strangers without a word; one taken
    after ``since`` waits no more.
    """
    [row] = await rows(
        "SELECT COUNT(*) AS place FROM tasks t LEFT JOIN private_texts p ON p.id = t.text_id "  # noqa: S608
        "WHERE t.kind = ? AND t.done_on IS NULL AND t.id <= COALESCE((SELECT id FROM tasks WHERE key = ?), 0) "
        f"AND (t.key = ? OR ((t.taken_at IS NULL OR t.taken_at < ?) AND NOT COALESCE({WORDLESS}, FALSE)))",
        kind,
        key,
        key,
        dialect().instant(since),
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


async def queue_notice(notice: Notice, now: datetime, receiver_id: int = 0, *, due_at: datetime | None = None) -> None:
    """Something to say that belongs to no case; its facts name the chat, ``receiver_id`` a debtor who is known."""
    await OutboxRow.create(
        key=notice.key,
        receiver=str(notice.receiver),
        receiver_id=receiver_id,
        kind=notice.kind,
        form=str(notice.form),
        on_date=notice.on,
        proactive=False,
        data=dict(notice.facts),
        due_at=due_at or now,
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


async def add_to_text(text_id: int, more: str) -> None:
    """Write more below a text, unless it is erased."""
    found = await PrivateText.get_or_none(id=text_id)
    if found is not None and found.text is not None:
        found.text = f"{found.text}\n{more}"
        await found.save(update_fields=["text"])


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


async def talk(number: str) -> tuple[Line, ...]:
    """What both sides have written in the talk of this number, oldest first."""
    said = Q(kind__in=[f"question:{number}", f"reply:{number}"])
    return _lines(await PrivateText.filter(said | Q(kind="question", id=int(number)) if number.isdecimal() else said))


async def talks_of_case(case_id: int) -> tuple[Line, ...]:
    """What a debtor and we have written to each other about a case, oldest first."""
    said = Q(kind="question") | Q(kind__startswith="question:") | Q(kind__startswith="reply")
    return _lines(await PrivateText.filter(said, case_id=case_id))


def _lines(found: list[PrivateText]) -> tuple[Line, ...]:
    ordered = sorted(found, key=lambda row: row.id)
    return tuple(Line(row.kind.partition(":")[0], row.text, row.created_at) for row in ordered if row.text)


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
        row["taken_by"],
        dialect().read_instant(row["taken_at"]),
        row["debtor_id"],
        dialect().read_instant(row["asked_at"]),
        row["asker_id"],
    )
