"""A notice whose fate nobody knows is never sent again by guess: staff find out, and write it down (design 7)."""

from core.errors import NotAllowed, NotFound
from core.party import STAFF, Actor
from core.services.house import House
from core.store import audit, outbox, tasks
from core.store.database import transaction
from core.store.outbox import Row


async def settle(house: House, actor: Actor, notice_id: int, arrived: bool) -> Row:
    """It did arrive, or it did not; the task to find out is done. Raises NotAllowed, NotFound when it is known."""
    if actor.role not in STAFF:
        raise NotAllowed
    state, now = "sent" if arrived else "failed", house.clock.now()
    async with transaction():
        row = await outbox.get(notice_id)
        if row is None or not await outbox.resolve(row.key, state, now):
            raise NotFound("notice")
        if row.case_id is not None:
            await house.book.note(row.case_id, actor, f"outbox.{state}", key=row.key)
        else:
            await audit.record(audit.HOUSE, now, actor.label, f"outbox.{state}", {"key": row.key})
        if task := await tasks.by_key(f"outbox:{row.id}"):
            await tasks.finish(task.id, house.clock.today(), actor.label)
    return row
