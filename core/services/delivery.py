"""What comes to light after a message has left: that it arrived, that it did not, or that nobody lives there."""

from datetime import date

from core import reach
from core.case import NOTHING, Case, Decision
from core.facts import NoticeOpened
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM
from core.ports import Outcome, SmsState
from core.sending import RING_AGAIN
from core.services.house import House
from core.store import audit, mail_sent, outbox, sessions, sms
from core.store.database import transaction
from core.store.outbox import Row

SMS, EMAIL = "sms", "email"
ARRIVED, CAME_BACK = "arrived", "bounced"


async def undelivered(house: House, notice_id: int, chat_id: int, *, dead: bool = True, channel: str = EMAIL) -> bool:
    """A notice that we took for sent did not arrive in this chat; it is told once. False when we knew.

    ``dead``: nor will anything else. The next channel of the ladder has its turn at once.
    """
    async with transaction():
        outcome = Outcome.DEAD if dead else Outcome.REFUSED
        now = house.clock.now()
        new = await mail_sent.came_back(notice_id, chat_id, outcome, now, channel=channel, code=CAME_BACK)
        await sms.failed_in(chat_id, now)
        row = await outbox.get(notice_id)
        if new and row is not None and row.case_id is not None:
            await house.book.note(row.case_id, SYSTEM, "notice.undelivered", notice=notice_id, chat=chat_id)
            await _go_on(house, row, row.case_id)
    return new


async def _go_on(house: House, row: Row, case_id: int) -> None:
    """What was announced there is announced elsewhere; what was said there is said again where it can be."""
    today = house.clock.today()
    if row.form == Form.DOCUMENT:
        await outbox.hasten(f"{row.key}:again", house.clock.now())
        await house.book.change(case_id, lambda case: _ring_now(case, row.key, today), SYSTEM, action="reach.next")
    elif row.receiver == Receiver.DEBTOR:
        await outbox.reopen(row.id)


def _ring_now(case: Case, key: str, today: date) -> Decision:
    """Another channel says that the document lies there, unless it has been opened; told twice, it is one notice."""
    if any(fact.key == key for fact in case.all(NoticeOpened)):
        return NOTHING
    told = Notice(f"{key}:again", RING_AGAIN, Receiver.DEBTOR, Form.POINTER, today, {"document": key})
    return Decision((), (), (told,))


async def address_is_dead(house: House, chat_id: int, case_id: int | None = None) -> None:
    """The address takes nothing: we never write there again, unless its owner proves it anew."""
    today = house.clock.today()
    async with transaction():
        chat = await sessions.get(chat_id)
        if chat is None or chat.quarantined:
            return
        await sessions.quarantine(chat_id)
        await audit.record(f"chat:{chat_id}", house.clock.now(), SYSTEM.label, "reach.dead", {"chat": chat_id})
        debtor_id = chat.debtor_id or chat.linked_debtor_id
        if case_id is None and debtor_id:
            case_id = await sessions.first_case(debtor_id)
        if case_id is not None:
            await house.book.change(
                case_id,
                lambda case: reach.unbind(case, chat.channel, chat.id, "dead", today),
                SYSTEM,
                action="reach.dead",
            )


async def take_reports(house: House) -> int:
    """Act on what gateways have reported of SMS, each report once; how many there were."""
    found = await sms.reported()
    for told in found:
        async with transaction():
            if await sms.handled(told.id):
                await _reported(house, told)
    return len(found)


async def _reported(house: House, told: sms.Reported) -> None:
    now = house.clock.now()
    notice_id = await mail_sent.by_message(SMS, told.chat_id, told.message_id) if told.message_id else None
    if told.state == SmsState.DELIVERED:
        await sms.worked(told.chat_id, now)
        if notice_id is not None:
            await mail_sent.came_back(notice_id, told.chat_id, "delivered", now, channel=SMS, code=ARRIVED)
    elif told.state == SmsState.FAILED:
        await sms.failed_in(told.chat_id, now)
        if told.dead:
            await address_is_dead(house, told.chat_id)
        if notice_id is not None:
            await undelivered(house, notice_id, told.chat_id, dead=told.dead, channel=SMS)
