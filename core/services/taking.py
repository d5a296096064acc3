"""A task that one of us has taken: nobody else does it meanwhile. After two hours without a sign it is free again.

A supervisor (arbetsledare) may take over. Two hours are machine time: a moved clock neither keeps nor frees a task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core import question
from core.claimed import CLAIMED as PAYMENT
from core.errors import NotAllowed, NotFound, Refusal
from core.party import STAFF, Actor, Role
from core.services.house import House
from core.store import members, people, tasks
from core.store.tasks import TaskRow

KEPT: Final = timedelta(hours=2)
#: The kind of task in which somebody waits for a person.
PERSON: Final = "task.person"
#: The kind of task in which a payment was told of and not found by itself.
CLAIMED: Final = f"task.{PAYMENT}"


@dataclass(frozen=True, slots=True, repr=False)
class TaskView:
    """A task as staff see it. ``text`` is all that whoever asks has written, ``asker`` a member's name and company.

    ``asked_at`` is when they first wrote, ``paused`` whether time stands still for it. ``taken_by`` is the first name
    of whoever has it now, ``holder`` their number.
    """

    id: int
    kind: str
    case_id: int | None
    ocr: str | None
    creditor_name: str | None
    text: str | None
    facts: Mapping[str, Any]
    created_on: date
    due_on: date
    asker: str | None = None
    taken_by: str | None = None
    holder: int | None = None
    done: bool = False
    asked_at: datetime | None = None
    paused: bool = False


async def view(house: House, row: TaskRow) -> TaskView:
    lines = await tasks.talk(row.number) if row.kind == PERSON else ()
    said = "\n".join([line.text for line in lines if line.kind == "question"])
    return TaskView(
        row.id,
        row.kind,
        row.case_id,
        row.ocr,
        row.creditor_name or await _creditor(row),
        said or row.text or await _claimed(row),
        row.data,
        row.created_on,
        row.due_on,
        await _asker(row),
        await first_name_of(house, row),
        holder(house, row),
        row.done_on is not None,
        row.asked_at,
        await _paused(house, row),
    )


async def _creditor(row: TaskRow) -> str | None:
    """The company that a task of no case is about."""
    found = await people.load_creditor(row.data["creditor"]) if row.data.get("creditor") is not None else None
    return found.short_name if found else None


async def _claimed(row: TaskRow) -> str | None:
    """What the person wrote of a payment that is looked for: long before anybody was asked to look."""
    if row.kind != CLAIMED or row.case_id is None:
        return None
    return "\n".join(await tasks.texts_of_case(row.case_id, PAYMENT)) or None


async def _paused(house: House, row: TaskRow) -> bool:
    if row.kind != PERSON or row.case_id is None:
        return False
    return question.stands_still(await house.book.load(row.case_id))


async def _asker(row: TaskRow) -> str | None:
    """Name and company of a member who asks; None for everybody else."""
    member = await members.get(row.data["member"]) if "member" in row.data else None
    if member is None:
        return None
    creditor = await people.load_creditor(member.creditor_id) if member.creditor_id is not None else None
    return ", ".join(filter(None, (member.name, creditor.name if creditor else "")))


def holder(house: House, row: TaskRow) -> int | None:
    """The member who has the task now; None when it is free."""
    if row.taken_by is None or row.taken_at is None or row.taken_at < since(house):
        return None
    return int(row.taken_by.rpartition(":")[2])


async def first_name_of(house: House, row: TaskRow) -> str | None:
    """The first name of whoever has the task now."""
    if (number := holder(house, row)) is None:
        return None
    member = await members.get(number)
    return member.name.split()[0] if member and member.name else ""


async def take_row(house: House, actor: Actor, row: TaskRow) -> bool:
    """Lock a task to the actor, in the caller's transaction. True when they did not have it before.

    Raises Refusal ``taken`` with ``who`` when a colleague has it and the actor may not take over.
    """
    before, over = holder(house, row), actor.role is Role.SUPERVISOR
    if not await tasks.take(row.id, actor.label, house.clock.machine_now(), since(house), over=over):
        current = await open_task(row.id)
        raise Refusal("taken", who=await first_name_of(house, current) or "?")
    return before != actor.id


def refuse_taken(house: House, actor: Actor, row: TaskRow, who: str | None) -> None:
    """Raises Refusal ``taken`` when a colleague has it and the actor may not take over."""
    if holder(house, row) not in (None, actor.id) and actor.role is not Role.SUPERVISOR:
        raise Refusal("taken", who=who or "?")


async def open_task(task_id: int) -> TaskRow:
    """Raises NotFound for one that is not there, or is done."""
    row = await tasks.get(task_id)
    if row is None or row.done_on is not None:
        raise NotFound("task")
    return row


def staff_only(actor: Actor) -> None:
    if actor.role not in STAFF:
        raise NotAllowed


def since(house: House) -> datetime:
    """What was taken before this instant of machine time is free again."""
    return house.clock.machine_now() - KEPT
