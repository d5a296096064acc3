"""The staff's desk: the queue page by page, one task taken at a time, and finding a case by what one knows of it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core import urgency
from core.party import Actor, Hidden
from core.rules.se import identifiers
from core.rules.se.identifiers import BadIdentifier
from core.services import cases, questions, taking
from core.services.cases import CaseRow
from core.services.house import House
from core.services.taking import TaskView, open_task, staff_only
from core.store import audit, desk, people, search, tasks
from core.store.database import transaction
from core.store.tasks import Ranking, TaskRow

#: With a button each, and two more, a page has no more buttons than a screen may have.
PAGE: Final = 4
FOUND_MAX: Final = 5
PHONE_DIGITS: Final = range(8, 16)


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """A page of the queue, the most urgent first; ``total`` counts all that is open."""

    tasks: tuple[TaskView, ...]
    number: int
    total: int

    @property
    def more(self) -> bool:
        return (self.number + 1) * PAGE < self.total


@dataclass(frozen=True, slots=True, repr=False)
class Spoken:
    """Something said in a talk. ``ours``: by one of us, else by whoever asked."""

    ours: bool
    text: str
    at: datetime


async def queue(house: House, actor: Actor, page: int = 0) -> Page:
    """What waits for staff. That somebody looked is written down."""
    staff_only(actor)
    today = house.clock.today()
    ranking = Ranking(urgency.WAITING, taking.since(house), urgency.ORDER, urgency.PATIENT, today, urgency.near(today))
    found = await tasks.in_order(ranking, PAGE, max(page, 0) * PAGE)
    seen = {"tasks": [row.id for row in found]}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "queue.seen", seen)
    views = tuple([await taking.view(house, row) for row in found])
    return Page(views, max(page, 0), await tasks.count_open())


async def item(house: House, actor: Actor, task_id: int) -> TaskView:
    """One task. Raises NotFound."""
    staff_only(actor)
    return await taking.view(house, await open_task(task_id))


async def take(house: House, actor: Actor, task_id: int) -> TaskView:
    """Lock a task to the actor; whoever waits for a person is told that somebody reads.

    Raises NotFound, Refusal ``taken`` with ``who``.
    """
    staff_only(actor)
    row = await open_task(task_id)
    async with transaction():
        if await taking.take_row(house, actor, row):
            await _note(house, actor, row, "task.taken")
            if row.kind == questions.KIND:
                at = int(house.clock.machine_now().timestamp())
                facts = {"chat": row.data["chat"], "member": actor.id, "task": row.id}
                await questions.tell(house, actor, row, f"taken:{actor.id}:{at}", "person.taken", facts)
    return await taking.view(house, await open_task(task_id))


async def put_back(house: House, actor: Actor, task_id: int) -> None:
    """The actor does not do it after all; it waits in the queue again. Raises NotFound."""
    staff_only(actor)
    row = await open_task(task_id)
    async with transaction():
        if await tasks.put_back(row.id, actor.label):
            await _note(house, actor, row, "task.put_back")


async def to_finish(house: House, actor: Actor, task_id: int) -> TaskView:
    """A task that the actor may take off the queue. Raises NotFound, Refusal ``taken`` when a colleague has it."""
    staff_only(actor)
    row = await open_task(task_id)
    taking.refuse_taken(house, actor, row, await taking.first_name_of(house, row))
    return await taking.view(house, row)


async def mine(house: House, actor: Actor) -> TaskView | None:
    """The task that the actor has taken last, if they have one."""
    staff_only(actor)
    found = await tasks.taken(taking.since(house), label=actor.label)
    return await taking.view(house, found[0]) if found else None


async def talk(house: House, actor: Actor, task_id: int) -> tuple[Spoken, ...]:
    """What has been said in a task's talk by both sides, oldest first."""
    staff_only(actor)
    row = await open_task(task_id)
    return _spoken(await tasks.talk(row.number))


async def talks_of_case(house: House, actor: Actor, case_id: int) -> tuple[Spoken, ...]:
    """Everything that a debtor and we have written to each other about a case; never for its creditor (design 6)."""
    staff_only(actor)
    return _spoken(await tasks.talks_of_case(case_id))


def _spoken(lines: tuple[tasks.Line, ...]) -> tuple[Spoken, ...]:
    return tuple(Spoken(line.kind == "reply", line.text, line.at) for line in lines)


async def find(house: House, actor: Actor, text: str) -> tuple[CaseRow, ...]:
    """Cases by OCR, the creditor's reference, name, personal or organisation number (by its hash), or phone.

    The audit log keeps which cases were shown, never what was looked for.
    """
    staff_only(actor)
    for number in _numbers(house, text):
        person = await people.debtor_by_number(house.keys, Hidden(number))
        if person is not None:
            return await _of_debtors(house, actor, [person.id])
    digits = "".join(filter(str.isdecimal, text))
    if len(digits) in PHONE_DIGITS and (found := await desk.debtors_by_phone(digits)):
        return await _of_debtors(house, actor, found)
    return await cases.search(house, actor, text, FOUND_MAX)


def _numbers(house: House, text: str) -> list[str]:
    """What the text may be as a personal or an organisation number."""
    found = []
    with suppress(BadIdentifier):
        found.append(identifiers.personal_number(text, house.clock.today()))
    with suppress(BadIdentifier):
        found.append(identifiers.organisation_number(text))
    return found


async def _of_debtors(house: House, actor: Actor, debtor_ids: list[int]) -> tuple[CaseRow, ...]:
    ids = [case_id for debtor_id in debtor_ids for case_id in await search.cases_of_debtor(debtor_id)]
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "cases.searched", {"cases": ids[:FOUND_MAX]})
    return await cases.of_ids(house, actor, tuple(ids[:FOUND_MAX]))


async def _note(house: House, actor: Actor, row: TaskRow, action: str) -> None:
    if row.case_id is not None:
        await house.book.note(row.case_id, actor, action, task=row.id)
    else:
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, action, {"task": row.id})
