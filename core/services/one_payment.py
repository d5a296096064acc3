"""One payment of the bank under its lock: as long as a transaction lasts, nobody else decides about it.

Whoever comes second is told who was first. What is decided about it is written in its own audit chain.
"""

from typing import Final

from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.services.house import House
from core.store import audit, bank, members
from core.store import matching as store
from core.store.matching import EntryRow

TASK: Final = "task.unmatched"


async def locked(house: House, entry_id: int, seen: Ore | None) -> EntryRow:
    """A payment that waits. ``seen`` is the rest that the actor was shown.

    Raises NotFound, Refusal ``already_matched`` with ``who`` when the payment is not as it was.
    """
    row = await store.get(entry_id, lock=True)
    if row is None:
        raise NotFound("entry")
    if row.state != bank.OPEN or (seen is not None and seen != row.rest):
        raise Refusal("already_matched", who=await _who_was_first(entry_id))
    return row


async def doubtful(entry_id: int) -> EntryRow:
    """A payment that may be another once more. Raises as `locked`."""
    row = await store.get(entry_id, lock=True)
    if row is None:
        raise NotFound("entry")
    if row.state != bank.DOUBTFUL:
        raise Refusal("already_matched", who=await _who_was_first(entry_id))
    return row


async def note(house: House, actor: Actor, entry_id: int, action: str, **data: object) -> None:
    """A row in the payment's audit chain; with the last payment that waited, the task is done too."""
    await audit.record(chain(entry_id), house.clock.now(), actor.label, action, data)
    await task_done(house, actor)


async def task_done(house: House, actor: Actor) -> None:
    """With the last payment that waited, nobody need be asked to look."""
    await store.finish_tasks(TASK, house.clock.today(), actor.label)


def chain(entry_id: int) -> str:
    """The audit chain that vouches for what is moved for a payment outside cases."""
    return f"entry:{entry_id}"


async def first_name(label: str) -> str:
    """Of the member behind a label."""
    number = label.rpartition(":")[2]
    member = await members.get(int(number)) if number.isdecimal() and int(number) else None
    return member.name.split()[0] if member and member.name else "?"


async def _who_was_first(entry_id: int) -> str:
    """The first name of whoever decided about a payment last."""
    found = await audit.entries(chain(entry_id))
    return await first_name(found[-1].actor) if found else "?"
