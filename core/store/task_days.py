"""The days of tasks that are put off."""

from datetime import date

from core.store.database import dialect, execute


async def postpone(task_id: int, due_on: date) -> bool:
    """Nobody does it now; it is due on a later day. False when it is done."""
    return bool(
        await execute(
            "UPDATE tasks SET due_on = ?, taken_by = NULL, taken_at = NULL WHERE id = ? AND done_on IS NULL",
            dialect().day(due_on),
            task_id,
        )
    )
