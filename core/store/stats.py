"""Figures of how people are answered: counted from tasks, texts and the audit log, never from anybody's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.store.database import dialect, rows

#: So many of the latest talks tell how long people wait.
TALKS_MAX = 50


@dataclass(frozen=True, slots=True)
class Open:
    """Open tasks of a kind: how many, and since when the oldest waits."""

    kind: str
    number: int
    oldest_on: date


async def minutes_to_answer(since: date) -> tuple[float, ...]:
    """Minutes from a question to the first answer, of talks that are open or were done with from a day on."""
    found = await rows(
        "SELECT q.created_at AS asked, MIN(r.created_at) AS answered FROM tasks t "
        "JOIN private_texts q ON q.id = t.text_id JOIN private_texts r ON r.kind = 'reply:' || t.text_id "
        "WHERE t.kind = 'task.person' AND (t.done_on IS NULL OR t.done_on >= ?) "
        "GROUP BY t.id, q.created_at ORDER BY t.id DESC LIMIT ?",
        dialect().day(since),
        TALKS_MAX,
    )
    return tuple(_minutes(row["asked"], row["answered"]) for row in found)


def _minutes(asked: object, answered: object) -> float:
    begun, ended = dialect().read_instant(asked), dialect().read_instant(answered)
    assert begun is not None
    assert ended is not None
    return (ended - begun).total_seconds() / 60


async def open_tasks() -> tuple[Open, ...]:
    """What is open, by kind, the kind that has waited longest first."""
    found = await rows(
        "SELECT kind, COUNT(*) AS number, MIN(created_on) AS oldest FROM tasks WHERE done_on IS NULL "
        "GROUP BY kind ORDER BY MIN(created_on), kind"
    )
    return tuple(Open(row["kind"], int(row["number"]), _day(row["oldest"])) for row in found)


async def done_since(day: date) -> int:
    """How many tasks were done from a day on."""
    [row] = await rows("SELECT COUNT(*) AS number FROM tasks WHERE done_on >= ?", dialect().day(day))
    return int(row["number"])


async def handlings() -> Mapping[str, int]:
    """How many open cases are disputed, held, or run."""
    found = await rows("SELECT handling, COUNT(*) AS number FROM cases WHERE closed_on IS NULL GROUP BY handling")
    return {row["handling"]: int(row["number"]) for row in found}


async def people_since(at: datetime) -> tuple[int, int]:
    """People who showed who they are from an instant on, and how many of them asked for a person meanwhile."""
    instant = dialect().instant(at)
    [row] = await rows(
        "SELECT COUNT(*) AS came, SUM(CASE WHEN EXISTS (SELECT 1 FROM private_texts p WHERE p.kind = 'question' "
        "AND p.created_at >= ? AND 'debtor:' || p.debtor_id = a.chain) THEN 1 ELSE 0 END) AS asked "
        "FROM (SELECT DISTINCT chain FROM audit WHERE action IN ('identity.code', 'identity.bankid') "
        "AND at >= ? AND chain LIKE 'debtor:%') a",
        instant,
        instant,
    )
    return int(row["came"] or 0), int(row["asked"] or 0)


def _day(value: object) -> date:
    day = dialect().read_day(value)
    assert day is not None
    return day
