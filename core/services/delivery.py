"""What comes to light after a message has left: that it did not arrive, or that nobody lives at its address."""

from core import reach
from core.party import SYSTEM
from core.ports import Outcome
from core.services.house import House
from core.store import audit, mail_sent, outbox, sessions
from core.store.database import transaction


async def undelivered(house: House, notice_id: int, chat_id: int, *, dead: bool = True) -> bool:
    """A notice that we took for sent did not arrive in this chat; it is told once. False when we knew.

    ``dead``: nor will anything else. Its next way is chosen from its tries.
    """
    async with transaction():
        outcome = Outcome.DEAD if dead else Outcome.REFUSED
        new = await mail_sent.came_back(notice_id, chat_id, outcome, house.clock.now())
        row = await outbox.get(notice_id)
        if new and row is not None and row.case_id is not None:
            await house.book.note(row.case_id, SYSTEM, "notice.undelivered", notice=notice_id, chat=chat_id)
    return new


async def address_is_dead(house: House, chat_id: int, case_id: int | None) -> None:
    """The address takes nothing: we never write there again, unless its owner proves it anew."""
    today = house.clock.today()
    async with transaction():
        chat = await sessions.get(chat_id)
        if chat is None or chat.quarantined:
            return
        await sessions.quarantine(chat_id)
        await audit.record(f"chat:{chat_id}", house.clock.now(), SYSTEM.label, "reach.dead", {"chat": chat_id})
        if case_id is None and chat.linked_debtor_id:
            case_id = await sessions.first_case(chat.linked_debtor_id)
        if case_id is not None:
            await house.book.change(
                case_id,
                lambda case: reach.unbind(case, chat.channel, chat.id, "dead", today),
                SYSTEM,
                action="reach.dead",
            )
