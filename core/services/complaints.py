"""Complaints (klagomål): registered with a number, answered by a person within fourteen days, in the same chat."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.calendar import ONE_DAY, Calendar
from core.case import Decision
from core.errors import NotAllowed, NotFound, Refusal
from core.notice import Form, Notice, Receiver
from core.party import STAFF, Actor, Role, require
from core.rules import RULES
from core.services.house import House
from core.services.identity import Session
from core.steps import task
from core.store import audit, complaints, tasks
from core.store.complaints import ComplaintRow
from core.store.database import transaction

ANSWERED_WITHIN: Final = timedelta(days=14)
#: What staff see in the queue: a complaint to answer, and one whose day has passed.
KIND: Final = "complaint"
LATE: Final = "task.complaint_late"
TEXT_MAX: Final = 4_096
#: An answer is shown below the words that it answers, on one screen.
ANSWER_MAX: Final = 3_000


@dataclass(frozen=True, slots=True, repr=False)
class ComplaintView:
    """A complaint as its maker, or staff, see it. ``text`` and ``answer`` are None once they are erased."""

    id: int
    case_id: int | None
    made_on: date
    answer_by: date
    answered_on: date | None
    text: str | None
    answer: str | None

    @property
    def number(self) -> str:
        """As people write it: ``K12``."""
        return f"K{self.id}"

    def late(self, today: date) -> bool:
        return self.answered_on is None and self.answer_by < today


def answer_day(made_on: date, calendar: Calendar) -> date:
    """The last banking day within fourteen days: on another nobody is here to answer."""
    day = made_on + ANSWERED_WITHIN
    while not calendar.is_banking_day(day):
        day -= ONE_DAY
    return day


async def make(house: House, session: Session, case_id: int | None, text: str, client_key: str) -> ComplaintView:
    """Register a complaint, of anybody. The same sender's reference again is the same complaint.

    Raises Refusal ``complaint_empty`` or ``text_long``, NotFound for a case that is not theirs, NotAllowed.
    """
    words = text.strip()
    if not words:
        raise Refusal("complaint_empty")
    if len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    if found := await complaints.by_client_key(client_key):
        return await _view(found)
    debtor = session.actor if session.identified else None
    if debtor is not None:
        require(debtor, "talk")
    if case_id is not None:
        (await house.book.load(case_id)).open_to(session.actor)
    today = house.clock.today()
    async with transaction():
        debtor_id = debtor.id if debtor and debtor.role is Role.DEBTOR else None
        text_id = await tasks.keep_text("complaint", words, house.clock.now(), case_id=case_id, debtor_id=debtor_id)
        day = answer_day(today, RULES["SE"].calendar)
        row = await complaints.add(
            client_key, session.chat_id, text_id, today, day, debtor_id=debtor_id, case_id=case_id
        )
        await _tell_staff(house, debtor, row, text_id)
    return await _view(row)


async def add_words(house: House, session: Session, complaint_id: int, text: str) -> None:
    """More words to a complaint of theirs that is not answered yet; staff read them in the same place.

    Raises Refusal ``complaint_empty``, ``text_long`` or ``complaint_answered``, NotFound.
    """
    words = text.strip()
    if not words:
        raise Refusal("complaint_empty")
    if not any(view.id == complaint_id for view in await mine(house, session)):
        raise NotFound(f"complaint {complaint_id}")
    row = await complaints.get(complaint_id)
    if row is None or row.text_id is None or row.answered_on is not None:
        raise Refusal("complaint_answered")
    if len(await complaints.words(row.text_id) or "") + len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    async with transaction():
        await tasks.add_to_text(row.text_id, words)
        chain = f"debtor:{row.debtor_id}" if row.debtor_id else f"chat:{row.chat_id}"
        label = session.actor.label if session.identified else "stranger:0"
        await audit.record(chain, house.clock.now(), label, "complaint.words", {"complaint": row.id})


async def _tell_staff(house: House, debtor: Actor | None, row: ComplaintRow, text_id: int) -> None:
    """Staff have it in their queue, under its day."""
    facts = {"complaint": row.id, "chat": row.chat_id}
    if row.case_id is not None and debtor is not None:
        case = await house.book.change(
            row.case_id,
            lambda case: Decision((), (), (task(case, _ref(row), KIND, row.answer_by, **facts),)),
            debtor,
            action="complaint.made",
        )
        await tasks.give_text(f"{case.ocr}:task:{_ref(row)}", text_id)
        return
    await tasks.add(_key(row), f"task.{KIND}", facts, row.made_on, row.answer_by, text_id=text_id)
    chain = f"debtor:{row.debtor_id}" if row.debtor_id else f"chat:{row.chat_id}"
    label = debtor.label if debtor else "stranger:0"
    await audit.record(chain, house.clock.now(), label, "complaint.made", {"complaint": row.id})


async def mine(house: House, session: Session) -> tuple[ComplaintView, ...]:
    """What the person has complained of, the newest first; a stranger sees what was said in this chat."""
    if session.identified and session.debtor_id:
        if session.represents is not None and "talk" not in session.rights:
            return ()
        found = await complaints.of_debtor(session.debtor_id)
        opened = [row for row in found if not session.case_ids or row.case_id in (None, *session.case_ids)]
    else:
        opened = list(await complaints.of_chat(session.chat_id))
    return tuple([await _view(row) for row in opened])


async def look(house: House, actor: Actor, complaint_id: int) -> ComplaintView:
    """A complaint, for staff; that they looked is written down. Raises NotAllowed, NotFound."""
    row = await _of_staff(actor, complaint_id)
    await audit.record(
        audit.HOUSE, house.clock.now(), actor.label, "complaint.seen", {"complaint": row.id, "case": row.case_id}
    )
    return await _view(row)


async def answer(house: House, actor: Actor, complaint_id: int, text: str) -> None:
    """Staff answer, word for word, in the chat it came from; the answer also stands in the register.

    Raises NotAllowed, NotFound, Refusal ``reason``, ``text_long`` or ``complaint_answered``.
    """
    row = await _of_staff(actor, complaint_id)
    words = text.strip()
    if not words:
        raise Refusal("reason")
    if len(words) > ANSWER_MAX:
        raise Refusal("text_long", most=ANSWER_MAX)
    today = house.clock.today()
    async with transaction():
        text_id = await tasks.keep_text(
            "complaint.answer", words, house.clock.now(), case_id=row.case_id, debtor_id=row.debtor_id
        )
        if not await complaints.answered(row.id, text_id, today, actor.label):
            raise Refusal("complaint_answered", number=f"K{row.id}")
        await _say(house, actor, row, text_id)
        await _off_the_queue(house, actor, row)


async def _say(house: House, actor: Actor, row: ComplaintRow, text_id: int) -> None:
    today = house.clock.today()
    facts = {"complaint": row.id, "chat": row.chat_id, "text": text_id, "member": actor.id}
    notice = Notice(f"complaint:{row.id}:answer", "complaint.answer", Receiver.DEBTOR, Form.CHAT, today, facts)
    if row.case_id is not None:
        await house.book.change(row.case_id, lambda _: Decision((), (), (notice,)), actor, action="complaint.answered")
        return
    await tasks.queue_notice(notice, house.clock.now())
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "complaint.answered", {"complaint": row.id})


async def _off_the_queue(house: House, actor: Actor, row: ComplaintRow) -> None:
    keys = [_key(row), _late_key(row)]
    if row.case_id is not None:
        case = await house.book.load(row.case_id)
        keys.append(f"{case.ocr}:task:{_ref(row)}")
    for key in keys:
        if found := await tasks.by_key(key):
            await tasks.finish(found.id, house.clock.today(), actor.label)


async def remind(house: House) -> int:
    """Each day: a complaint whose day has passed becomes a task of its own, once. How many there are."""
    today = house.clock.today()
    late = await complaints.late(today)
    for row in late:
        facts = {"complaint": row.id, "chat": row.chat_id}
        await tasks.add(_late_key(row), LATE, facts, today, today, case_id=row.case_id, text_id=row.text_id)
    return len(late)


async def _of_staff(actor: Actor, complaint_id: int) -> ComplaintRow:
    if actor.role not in STAFF:
        raise NotAllowed
    row = await complaints.get(complaint_id)
    if row is None:
        raise NotFound("complaint_gone")
    return row


async def _view(row: ComplaintRow) -> ComplaintView:
    return ComplaintView(
        row.id,
        row.case_id,
        row.made_on,
        row.answer_by,
        row.answered_on,
        await complaints.words(row.text_id),
        await complaints.words(row.answer_id),
    )


def _ref(row: ComplaintRow) -> str:
    return f"complaint:{row.id}"


def _key(row: ComplaintRow) -> str:
    return f"chat:{row.chat_id}:complaint:{row.id}"


def _late_key(row: ComplaintRow) -> str:
    return f"complaint:{row.id}:late"
