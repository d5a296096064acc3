"""Asking a person. The question waits in a queue, the case stands still, and the answer comes into the same chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import hold, question
from core.case import Case, Decision
from core.errors import NotAllowed, NotFound, Refusal
from core.notice import Form, Notice, Receiver
from core.party import STAFF, Actor
from core.rules import RULES
from core.services.holds import REVIEW
from core.services.house import House
from core.services.identity import Session
from core.store import audit, members, people, tasks
from core.store.database import transaction
from core.store.tasks import TaskRow

KIND = "task.person"
TEXT_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a question stands in the queue, and when somebody answers."""

    task_id: int
    queue_place: int
    open_now: bool
    opens_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class TaskView:
    """A task as staff see it in the queue."""

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


async def ask(house: House, session: Session, case_id: int | None, text: str) -> Asked:
    """Put a question to a person. Who has proved who they are pauses the case that it is about.

    A stranger's question waits in the same queue and touches no case. Who waits already keeps their place, and the
    words are added. Raises Refusal ``text_long``, NotFound.
    """
    if len(text) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    async with transaction():
        if waiting := await _waiting(house, session, case_id):
            if text.strip():
                await add_words(house, session, waiting.id, text)
            return await _asked(house, waiting.key)
        text_id = await tasks.keep_text(
            "question", text, house.clock.now(), case_id=case_id, debtor_id=session.debtor_id
        )
        key = f"chat:{session.chat_id}:person:{text_id}"
        if case_id is not None:
            key = await _ask_about(house, session, case_id, text_id)
        else:
            today = house.clock.today()
            asker = {"member": session.member.id} if session.member else {}
            await tasks.add(key, KIND, {"chat": session.chat_id, **asker}, today, today)
        await tasks.give_text(key, text_id)
    return await _asked(house, key)


async def _waiting(house: House, session: Session, case_id: int | None) -> TaskRow | None:
    if case_id is not None:
        (await house.book.load(case_id)).open_to(session.actor)
    return await tasks.open_in_chat(session.chat_id, case_id, KIND)


async def _ask_about(house: House, session: Session, case_id: int, text_id: int) -> str:
    actor, today = session.actor, house.clock.today()

    def decide(case: Case) -> Decision:
        return question.ask(case.open_to(actor), str(text_id), session.chat_id, today)

    case = await house.book.change(case_id, decide, actor, action="person.ask")
    return f"{case.ocr}:task:person:{text_id}"


async def _asked(house: House, key: str) -> Asked:
    task = await tasks.by_key(key)
    assert task is not None
    now, hours, calendar = house.clock.now(), house.agency.hours, RULES["SE"].calendar
    place = await tasks.place_in_queue(key, KIND)
    return Asked(task.id, place, hours.open_at(now, calendar), hours.next_opening(now, calendar))


async def add_words(house: House, session: Session, task_id: int, text: str) -> None:
    """More about a question that this chat has asked. Raises NotFound, Refusal ``text_long``."""
    async with transaction():
        task = await _own_task(session, task_id)
        whole = "\n".join(filter(None, (task.text, text.strip())))
        if len(whole) > TEXT_MAX:
            raise Refusal("text_long", most=TEXT_MAX)
        text_id = await tasks.keep_text(
            "question", whole, house.clock.now(), case_id=task.case_id, debtor_id=session.debtor_id
        )
        await tasks.give_text(task.key, text_id)


async def leave(house: House, session: Session, task_id: int) -> None:
    """Whoever asked does not want an answer any more; time in the case runs on. Raises NotFound."""
    today = house.clock.today()
    async with transaction():
        task = await _own_task(session, task_id)
        label = session.actor.label if task.case_id is not None else f"chat:{session.chat_id}"
        await tasks.finish(task.id, today, label)
        if task.case_id is not None and not await tasks.open_of_case(task.case_id, KIND):
            actor = session.actor
            await house.book.change(
                task.case_id,
                lambda case: question.answered(case.open_to(actor), today),
                actor,
                action="person.left_queue",
            )


async def _own_task(session: Session, task_id: int) -> TaskRow:
    task = await _open_task(task_id)
    if task.kind != KIND or task.data.get("chat") != session.chat_id:
        raise NotFound("task")
    return task


async def queue(house: House, actor: Actor, limit: int = 20) -> tuple[TaskView, ...]:
    """What waits for staff, what is due first and then what came first."""
    _staff_only(actor)
    found = await tasks.open_tasks(limit)
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "queue.seen", {"tasks": [row.id for row in found]})
    return tuple([_view(row, await _asker(row)) for row in found])


async def _asker(row: TaskRow) -> str | None:
    """Name and company of a member who asks; None for everybody else."""
    member = await members.get(row.data["member"]) if "member" in row.data else None
    if member is None:
        return None
    creditor = await people.load_creditor(member.creditor_id) if member.creditor_id is not None else None
    return ", ".join(filter(None, (member.name, creditor.name if creditor else "")))


async def reply(house: House, actor: Actor, task_id: int, text: str) -> None:
    """Answer a question in the person's own chat, word for word, through the outbox.

    Raises NotFound, Refusal ``text_long`` or ``no_chat`` when the task came from no chat.
    """
    _staff_only(actor)
    if not text.strip():
        raise Refusal("reason")
    if len(text) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    task = await _open_task(task_id)
    chat_id = task.data.get("chat")
    if not isinstance(chat_id, int):
        raise Refusal("no_chat")
    today = house.clock.today()
    async with transaction():
        text_id = await tasks.keep_text("reply", text.strip(), house.clock.now(), case_id=task.case_id)
        facts = {"chat": chat_id, "text": text_id, "member": actor.id, "task": task.id}
        notice = Notice(f"{task.key}:reply:{text_id}", "person.reply", Receiver.DEBTOR, Form.CHAT, today, facts)
        if task.case_id is not None:
            await house.book.change(task.case_id, lambda _: Decision((), (), (notice,)), actor, action="person.reply")
        else:
            await tasks.queue_notice(notice, house.clock.now())
            await audit.record(f"chat:{chat_id}", house.clock.now(), actor.label, "person.reply", {"text": text_id})


async def done(house: House, actor: Actor, task_id: int) -> None:
    """Take a task off the queue. A question's pause ends with its last open question. Raises NotFound."""
    _staff_only(actor)
    task = await _open_task(task_id)
    today = house.clock.today()
    async with transaction():
        await tasks.finish(task.id, today, actor.label)
        if task.case_id is None:
            await audit.record(audit.HOUSE, house.clock.now(), actor.label, "task.done", {"task": task.id})
            return
        await house.book.note(task.case_id, actor, "task.done", task=task.id)
        if task.kind == KIND and not await tasks.open_of_case(task.case_id, KIND):
            await house.book.change(
                task.case_id, lambda case: question.answered(case, today), actor, action="person.answered"
            )
        elif task.kind == REVIEW and "hold" in task.data:
            await house.book.change(
                task.case_id, lambda case: hold.keep(case, task.data["hold"], today), actor, action="hold.reviewed"
            )


async def _open_task(task_id: int) -> TaskRow:
    task = await tasks.get(task_id)
    if task is None or task.done_on is not None:
        raise NotFound("task")
    return task


def _view(row: TaskRow, asker: str | None) -> TaskView:
    return TaskView(
        row.id, row.kind, row.case_id, row.ocr, row.creditor_name, row.text, row.data, row.created_on, row.due_on, asker
    )


def _staff_only(actor: Actor) -> None:
    if actor.role not in STAFF:
        raise NotAllowed
