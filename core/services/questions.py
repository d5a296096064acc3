"""Asking a person. The question waits in a queue, the case stands still, and the answer comes into the same chat.

Once somebody has taken a question, the two talk: what either writes is kept, and goes to the other one alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from core import hold, question
from core.case import Case, Decision
from core.errors import NotFound, Refusal
from core.notice import Form, Notice, Receiver
from core.party import Actor
from core.rules import RULES
from core.services import taking
from core.services.holds import REVIEW
from core.services.house import House
from core.services.identity import Session
from core.services.taking import TaskView, staff_only
from core.store import audit, chat_replies, members, search, stats, tasks
from core.store.database import transaction
from core.store.tasks import TaskRow

KIND: Final = taking.PERSON
TEXT_MAX: Final = 4_096
#: How long people have waited of late, as far as it is told; longer ones hear "a day".
USUAL_MINUTES: Final = (15, 30, 60, 180)
USUAL_DAYS: Final = 14


class Time(StrEnum):
    """What asking does to the time in the case: it stands still, it runs on this time, or there is none."""

    STILL = "still"
    RUNS = "runs"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a question stands: its place in the queue, when somebody answers, and who has taken it.

    ``usual`` is how long people wait, in minutes, as one of `USUAL_MINUTES`; None is up to a day.
    """

    task_id: int
    queue_place: int
    open_now: bool
    opens_at: datetime
    time: Time = Time.NONE
    taken_by: str | None = None
    usual: int | None = USUAL_MINUTES[0]


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """An answer on its way: to whom (None: a stranger), in which channel (None: wherever they show themselves)."""

    task_id: int
    name: str | None
    channel: str | None
    proved: bool


async def ask(house: House, session: Session, case_id: int | None, text: str) -> Asked:
    """Put a question to a person. Who has proved who they are pauses the case that it is about.

    A stranger's question waits in the same queue and touches no case. Who waits already keeps their place, and the
    words are added. Raises Refusal ``text_long``, NotFound.
    """
    _fits(text)
    async with transaction():
        if waiting := await _waiting(house, session, case_id):
            if text.strip():
                await _add(house, session, waiting, text)
            return await _asked(house, waiting)
        text_id = await tasks.keep_text(
            "question", text.strip(), house.clock.now(), case_id=case_id, debtor_id=session.debtor_id
        )
        if case_id is not None:
            key = await _ask_about(house, session, case_id, text_id)
        else:
            key = await _ask_in_general(house, session, text_id)
        await tasks.give_text(key, text_id)
    return await _asked(house, await _by_key(key))


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


async def _ask_in_general(house: House, session: Session, text_id: int) -> str:
    """A stranger's question, or a member's: staff hear of it as of any other."""
    today, key = house.clock.today(), f"chat:{session.chat_id}:person:{text_id}"
    asker = {"member": session.member.id} if session.member else {}
    await tasks.add(key, KIND, {"chat": session.chat_id, **asker}, today, today)
    told = Notice(f"{key}:told", KIND, Receiver.STAFF, Form.CHAT, today, {})
    await tasks.queue_notice(told, house.clock.now())
    return key


async def _by_key(key: str) -> TaskRow:
    task = await tasks.by_key(key)
    assert task is not None
    return task


async def _asked(house: House, task: TaskRow) -> Asked:
    now, hours, calendar = house.clock.now(), house.agency.hours, RULES["SE"].calendar
    return Asked(
        task.id,
        await tasks.place_in_queue(task.key, KIND, taking.since(house)),
        hours.open_at(now, calendar),
        hours.next_opening(now, calendar),
        await _time(house, task),
        await taking.first_name_of(house, task),
        _rounded(await stats.minutes_to_answer(house.clock.today() - timedelta(days=USUAL_DAYS))),
    )


async def _time(house: House, task: TaskRow) -> Time:
    if task.case_id is None:
        return Time.NONE
    case = await house.book.load(task.case_id)
    if question.stands_still(case):
        return Time.STILL
    return Time.RUNS if question.runs(case) else Time.NONE


def _rounded(minutes: tuple[float, ...]) -> int | None:
    """The middle one of so many waits, as we speak of it; a quarter of an hour while nobody has waited yet."""
    if not minutes:
        return USUAL_MINUTES[0]
    middle = sorted(minutes)[len(minutes) // 2]
    return next((usual for usual in USUAL_MINUTES if middle <= usual), None)


async def place(house: House, session: Session, task_id: int) -> Asked | None:
    """Where this chat's question stands now; None once it is done with."""
    task = await tasks.get(task_id)
    if task is None or task.done_on is not None or not _of_chat(task, session):
        return None
    return await _asked(house, task)


async def add_words(house: House, session: Session, task_id: int, text: str) -> None:
    """More about a question that this chat has asked. Raises NotFound, Refusal ``text_long``."""
    async with transaction():
        await _add(house, session, await _own_task(session, task_id), text)


async def in_talk(house: House, session: Session) -> Asked | None:
    """The question of this chat that somebody of us has taken, if there is one: then they talk."""
    found = [task for task in await taking.taken(house, KIND) if _of_chat(task, session)]
    return await _asked(house, found[0]) if found else None


async def _add(house: House, session: Session, task: TaskRow, text: str) -> None:
    """Keep what the person writes, and let whoever has taken it read it at once."""
    _fits(text)
    text_id = await tasks.keep_text(
        f"question:{task.number}",
        text.strip(),
        house.clock.now(),
        case_id=task.case_id,
        debtor_id=session.debtor_id,
    )
    if (reader := taking.holder(house, task)) is not None:
        proved = session.identified or task.case_id is None
        facts = {"to": reader, "text": text_id, "task": task.id, "ocr": task.ocr or "", "proved": proved}
        key = f"{task.key}:said:{text_id}"
        told = Notice(key, "person.wrote", Receiver.STAFF, Form.CHAT, house.clock.today(), facts)
        await tasks.queue_notice(told, house.clock.now())


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
    task = await taking.open_task(task_id)
    if not _of_chat(task, session):
        raise NotFound("task")
    return task


def _of_chat(task: TaskRow, session: Session) -> bool:
    return task.kind == KIND and task.data.get("chat") == session.chat_id


# For staff


async def queue(house: House, actor: Actor, limit: int = 20) -> tuple[TaskView, ...]:
    """What waits for staff, what is due first and then what came first."""
    staff_only(actor)
    found = await tasks.open_tasks(limit)
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "queue.seen", {"tasks": [row.id for row in found]})
    return tuple([await taking.view(house, row) for row in found])


async def reply(house: House, actor: Actor, task_id: int, text: str) -> Sent:
    """Answer in the person's own chat, word for word, through the outbox. Whoever answers has taken the task.

    About a case without a chat it goes to wherever the person is, or waits until they come. Raises NotFound, Refusal
    ``reason``, ``text_long``, ``taken``, or ``no_chat`` when there is neither a chat nor a case.
    """
    staff_only(actor)
    if not text.strip():
        raise Refusal("reason")
    _fits(text)
    task = await taking.open_task(task_id)
    chat_id = task.data.get("chat")
    if not isinstance(chat_id, int) and task.case_id is None:
        raise Refusal("no_chat")
    async with transaction():
        await taking.take_row(house, actor, task)
        text_id = await tasks.keep_text(
            f"reply:{task.number}", text.strip(), house.clock.now(), case_id=task.case_id, debtor_id=task.debtor_id
        )
        where = {"chat": chat_id} if isinstance(chat_id, int) else {}
        facts = {**where, "text": text_id, "member": actor.id, "task": task.id}
        await tell(house, actor, task, f"reply:{text_id}", "person.reply", facts)
    return await _sent(house, task)


async def _sent(house: House, task: TaskRow) -> Sent:
    chat_id = task.data.get("chat")
    name = (await house.book.load(task.case_id)).debtor.name if task.case_id is not None else None
    found = await chat_replies.reader(int(chat_id), house.clock.machine_now()) if chat_id is not None else None
    if found is None:
        return Sent(task.id, name, None, False)
    return Sent(task.id, name, found.channel, task.case_id is None or found.debtor_id == task.debtor_id)


async def tell(house: House, actor: Actor, task: TaskRow, ref: str, kind: str, facts: dict[str, Any]) -> None:
    """Something said to whoever asked, about their case or about none; with its line in the audit log."""
    notice = Notice(f"{task.key}:{ref}", kind, Receiver.DEBTOR, Form.CHAT, house.clock.today(), facts)
    if task.case_id is not None:
        await house.book.change(task.case_id, lambda _: Decision((), (), (notice,)), actor, action=kind)
    else:
        await tasks.queue_notice(notice, house.clock.now())
        chain, data = f"chat:{facts['chat']}", {"text": facts["text"]} if "text" in facts else {"task": task.id}
        await audit.record(chain, house.clock.now(), actor.label, kind, data)


async def done(house: House, actor: Actor, task_id: int) -> TaskView:
    """Take a task off the queue. A question's pause ends with its last open question, and whoever asked is told.

    Raises NotFound, Refusal ``taken`` when somebody else has it.
    """
    staff_only(actor)
    task = await taking.open_task(task_id)
    taking.refuse_taken(house, actor, task, await taking.first_name_of(house, task))
    today = house.clock.today()
    async with transaction():
        await tasks.finish(task.id, today, actor.label)
        if task.case_id is None:
            await audit.record(audit.HOUSE, house.clock.now(), actor.label, "task.done", {"task": task.id})
            if task.kind == KIND and task.taken_by:
                await tell(house, actor, task, "left", "person.left", await _who(task))
            return await taking.view(house, task)
        await house.book.note(task.case_id, actor, "task.done", task=task.id)
        if task.kind == KIND:
            await _end_talk(house, actor, task, task.case_id)
        elif task.kind == REVIEW and "hold" in task.data:
            await house.book.change(
                task.case_id, lambda case: hold.keep(case, task.data["hold"], today), actor, action="hold.reviewed"
            )
    return await taking.view(house, task)


async def _end_talk(house: House, actor: Actor, task: TaskRow, case_id: int) -> None:
    """Time runs on unless another question waits; who was in the chat has left it."""
    today, who = house.clock.today(), await _who(task)
    others = await tasks.open_of_case(case_id, KIND)

    def decide(case: Case) -> Decision:
        ended = Decision((), (), ()) if others else question.answered(case, today)
        if not task.taken_by:
            return ended
        told = question.left(case.with_facts(ended.facts), task.number, today, **who)
        return Decision(ended.facts, ended.transfers, (*ended.notices, told))

    await house.book.change(case_id, decide, actor, action="person.answered")


async def _who(task: TaskRow) -> dict[str, Any]:
    """The chat, and the member who was in it."""
    label = (task.taken_by or "").rpartition(":")[2]
    member = {"member": int(label)} if label else {}
    return {"chat": task.data["chat"], **member}


# Answers that came while nobody could read them


async def unread(house: House, session: Session) -> tuple[tuple[str, str], ...]:
    """Answers that a chat could not show when they came: first name and words of each. From now on they are read."""
    if not session.identified:
        return ()
    own = await search.cases_of_debtor(session.actor.id)
    case_ids = [case_id for case_id in own if not session.case_ids or case_id in session.case_ids]
    found = []
    async with transaction():
        for row in await chat_replies.unread(case_ids):
            said = await tasks.text(row.data["text"])
            member = await members.get(row.data["member"])
            if said:
                found.append((member.name.split()[0] if member and member.name else "", said))
            await chat_replies.read_on_screen(row.id, row.case_id, session.language, house.clock.now(), said or "")
            await house.book.note(row.case_id, session.actor, "person.read", notice=row.id)
    return tuple(found)


def _fits(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
