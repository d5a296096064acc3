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
from core.party import SYSTEM, Actor
from core.rules import RULES
from core.services import notes, taking
from core.services.holds import REVIEW
from core.services.house import House
from core.services.identity import Session
from core.services.taking import TaskView, staff_only
from core.store import audit, chat_replies, desk, sessions, stats, tasks
from core.store.database import transaction
from core.store.tasks import TaskRow

KIND: Final = taking.PERSON
TEXT_MAX: Final = 4_096
#: How long people have waited of late, as far as it is told; longer ones hear "a day".
USUAL_MINUTES: Final = (15, 30, 60, 180)
USUAL_DAYS: Final = 14
#: So long after an answer of ours, what the person writes anywhere goes on with the talk.
TALK_GOES_ON: Final = timedelta(days=1)
#: So long a stranger who has written nothing yet stays in the queue.
WORDLESS_KEPT: Final = timedelta(days=1)


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
    found = await tasks.open_about(session.chat_id, case_id, session.debtor_id, KIND)
    return next((task for task in found if _asked_by(task, session)), None)


async def _ask_about(house: House, session: Session, case_id: int, text_id: int) -> str:
    actor, today = session.actor, house.clock.today()

    def decide(case: Case) -> Decision:
        return question.ask(case.open_to(actor), str(text_id), session.chat_id, today, **_agent(session))

    case = await house.book.change(case_id, decide, actor, action="person.ask")
    return f"{case.ocr}:task:person:{text_id}"


async def _ask_in_general(house: House, session: Session, text_id: int) -> str:
    """A stranger's question, or a member's: staff hear of it as of any other."""
    today, key = house.clock.today(), f"chat:{session.chat_id}:person:{text_id}"
    asker = {"member": session.member.id} if session.member else _agent(session)
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
    """Where the question of whoever is in this chat stands now; None once it is done with."""
    task = await tasks.get(task_id)
    if task is None or task.done_on is not None or not _asked_by(task, session):
        return None
    return await _asked(house, task)


async def add_words(house: House, session: Session, task_id: int, text: str) -> None:
    """More about a question that whoever is in this chat has asked. Raises NotFound, Refusal ``text_long``."""
    async with transaction():
        await _add(house, session, await _own_task(session, task_id), text)


async def in_talk(house: House, session: Session) -> Asked | None:
    """The question that whoever is in this chat has asked, here or elsewhere, and that somebody of us talks about.

    Somebody has taken it, or has answered within a day and it is not done with.
    """
    found = [task for task in await tasks.taken(taking.since(house), kind=KIND) if _asked_by(task, session)]
    if not found and session.debtor_id is not None:
        own = await tasks.open_of_debtor(KIND, session.debtor_id)
        found = [task for task in own if _asked_by(task, session) and await _answered_lately(house, task)]
    return await _asked(house, found[0]) if found else None


async def _answered_lately(house: House, task: TaskRow) -> bool:
    answers = [line.at for line in await tasks.talk(task.number) if line.kind == "reply"]
    return bool(answers) and house.clock.now() - answers[-1] < TALK_GOES_ON


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


async def forget_wordless(house: House) -> int:
    """Strangers who called for a person a day ago and never wrote a word wait for nothing; how many there were."""
    today, now = house.clock.today(), house.clock.now()
    found = await desk.wordless(KIND, now - WORDLESS_KEPT)
    for task_id in found:
        async with transaction():
            if await tasks.finish(task_id, today, SYSTEM.label):
                await audit.record(audit.HOUSE, now, SYSTEM.label, "person.wordless", {"task": task_id})
    return len(found)


async def _own_task(session: Session, task_id: int) -> TaskRow:
    task = await taking.open_task(task_id)
    if not _asked_by(task, session):
        raise NotFound("task")
    return task


def _asked_by(task: TaskRow, session: Session) -> bool:
    """Whether it is the question of whoever is in this chat: asked here, or anywhere by who is identified here.

    A representative's question is theirs, and not the debtor's. Nobody goes on with a question of another person who
    has sat here before.
    """
    if task.kind != KIND:
        return False
    asker = task.debtor_id or task.asker_id
    if session.debtor_id is None or asker is None:
        return task.data.get("chat") == session.chat_id
    open_here = task.case_id is None or not session.case_ids or task.case_id in session.case_ids
    return asker == session.debtor_id and task.data.get("agent") == session.represents and open_here


def _agent(session: Session) -> dict[str, Any]:
    """The right by which a representative asks."""
    return {"agent": session.represents} if session.represents is not None else {}


# For staff


async def queue(house: House, actor: Actor, limit: int = 20) -> tuple[TaskView, ...]:
    """What waits for staff, what is due first and then what came first."""
    staff_only(actor)
    found = await tasks.open_tasks(limit)
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "queue.seen", {"tasks": [row.id for row in found]})
    return tuple([await taking.view(house, row) for row in found])


async def reply(house: House, actor: Actor, task_id: int, text: str) -> Sent:
    """Answer in the person's own chats, word for word, through the outbox. Whoever answers has taken the task.

    It goes to where they asked, if they are there still, and to wherever they have shown who they are. Raises
    NotFound, Refusal ``reason``, ``text_long``, ``taken``, or ``no_chat`` when there is neither a chat nor a case.
    """
    staff_only(actor)
    if not text.strip():
        raise Refusal("reason")
    _fits(text)
    task = await taking.open_task(task_id)
    if "chat" not in task.data and task.case_id is None:
        raise Refusal("no_chat")
    async with transaction():
        await taking.take_row(house, actor, task)
        text_id = await tasks.keep_text(
            f"reply:{task.number}", text.strip(), house.clock.now(), case_id=task.case_id, debtor_id=task.debtor_id
        )
        facts = {**_where(task), "text": text_id, "member": actor.id, "task": task.id}
        await tell(house, actor, task, f"reply:{text_id}", "person.reply", facts)
    return await _sent(house, task)


def _where(task: TaskRow) -> dict[str, Any]:
    """What the outbox finds the person of a talk by: the chat where they asked, and who they are."""
    known = {"asker": task.asker_id} if task.case_id is None and task.asker_id is not None else {}
    return {**{name: task.data[name] for name in ("chat", "agent") if name in task.data}, **known}


async def _sent(house: House, task: TaskRow) -> Sent:
    chat_id, now = task.data.get("chat"), house.clock.machine_now()
    name = (await house.book.load(task.case_id)).debtor.name if task.case_id is not None else None
    asker = task.debtor_id or task.asker_id
    found = await chat_replies.reader(int(chat_id), now) if chat_id is not None else None
    if asker is not None and (found is None or found.debtor_id != asker) and "agent" not in task.data:
        found = next(iter(await sessions.of_debtor(asker, now)), found)
    if found is None:
        return Sent(task.id, name, None, False)
    return Sent(task.id, name, found.channel, asker is None or found.debtor_id == asker)


async def tell(house: House, actor: Actor, task: TaskRow, ref: str, kind: str, facts: dict[str, Any]) -> None:
    """Something said to whoever asked, about their case or about none; with its line in the audit log."""
    notice = Notice(f"{task.key}:{ref}", kind, Receiver.DEBTOR, Form.CHAT, house.clock.today(), facts)
    if task.case_id is not None:
        await house.book.change(task.case_id, lambda _: Decision((), (), (notice,)), actor, action=kind)
    else:
        await tasks.queue_notice(notice, house.clock.now(), task.asker_id or 0)
        chain, data = f"chat:{facts['chat']}", {"text": facts["text"]} if "text" in facts else {"task": task.id}
        await audit.record(chain, house.clock.now(), actor.label, kind, data)


async def done(house: House, actor: Actor, task_id: int, why: str = "") -> TaskView:
    """Take a task off the queue. A question's pause ends with its last open question, and whoever asked is told.

    ``why`` is kept as a note about the case. Raises NotFound, Refusal ``taken`` when somebody else has it.
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
        if why.strip():
            await notes.write(house, actor, task.case_id, why)
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
    return {**_where(task), **member}


def _fits(text: str) -> None:
    if len(text) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
