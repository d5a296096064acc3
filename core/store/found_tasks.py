"""The tasks that the nightly questions make: one of a kind at a time, with what the last night has found."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.store import tasks
from core.store.database import execute
from core.store.dialect import dump_json
from core.store.problem import Problem, told


async def tell(kind: str, key: str, problems: Sequence[Problem], today: date) -> None:
    """Staff are asked to look, or the task that they have already says what is found now."""
    if not problems:
        return
    facts: dict[str, Any] = {
        "problems": sum(problem.number for problem in problems),
        "on": today.isoformat(),
        "found": told(problems),
    }
    renewed = await execute("UPDATE tasks SET data = ? WHERE kind = ? AND done_on IS NULL", dump_json(facts), kind)
    if not renewed:
        await tasks.add(f"{key}:{today:%Y%m%d}", kind, facts, today, today)
