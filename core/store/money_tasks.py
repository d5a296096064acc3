"""Tasks about money: how many of each kind wait, and one kind's, what is due first."""

from collections.abc import Sequence
from datetime import date

from core.store import tasks
from core.store.database import dialect, execute, rows
from core.store.tasks import TaskRow


async def counts(kinds: Sequence[str]) -> dict[str, int]:
    """How many tasks of these kinds are not done yet; a kind without any is left out."""
    marks = ", ".join("?" for _ in kinds)
    found = await rows(
        f"SELECT kind, COUNT(*) AS number FROM tasks WHERE done_on IS NULL AND kind IN ({marks}) GROUP BY kind",  # noqa: S608
        *kinds,
    )
    return {row["kind"]: int(row["number"]) for row in found}


async def page(kinds: Sequence[str], limit: int, offset: int) -> tuple[TaskRow, ...]:
    marks = ", ".join("?" for _ in kinds)
    found = await rows(
        f"SELECT id FROM tasks WHERE done_on IS NULL AND kind IN ({marks}) ORDER BY due_on, id LIMIT ? OFFSET ?",  # noqa: S608
        *kinds,
        limit,
        offset,
    )
    known = [await tasks.get(int(row["id"])) for row in found]
    return tuple([row for row in known if row is not None])


async def finish(kind: str, on: date, by: str) -> None:
    """What the tasks of a kind ask for is done."""
    await execute(
        "UPDATE tasks SET done_on = ?, done_by = ? WHERE kind = ? AND done_on IS NULL", dialect().day(on), by, kind
    )


async def give_way(kind: str, on: date, by: str) -> None:
    """What the tasks of a kind ask for is no more; their keys are free for others of the same day."""
    await execute(
        "UPDATE tasks SET done_on = ?, done_by = ?, key = key || '/' || CAST(id AS TEXT)"
        " WHERE kind = ? AND done_on IS NULL",
        dialect().day(on),
        by,
        kind,
    )
