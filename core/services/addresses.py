"""A person tells us that they have moved: staff read the words, mend the address and may answer in the same chat.

Nothing is changed by a machine: an address decides where letters with deadlines go.
"""

from datetime import date
from typing import Final

from core.errors import Refusal
from core.notice import Form, Notice, Receiver
from core.party import require
from core.rules import RULES
from core.services.house import House
from core.services.identity import Session
from core.store import audit, sessions, tasks
from core.store.database import transaction

KIND: Final = "task.address"
TEXT_MAX: Final = 4_096
#: Staff see to it within so many banking days; letters leave with days to go.
ANSWER_BANK_DAYS: Final = 1


async def report(house: House, session: Session, words: str) -> date:
    """Ask staff to see to an address, with the person's own words; the day by which they do. Words lie a task each.

    Raises NotAllowed, Refusal ``text_long``.
    """
    require(session.actor, "talk")
    if len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    today, now, due = house.clock.today(), house.clock.now(), answered_by(house)
    async with transaction():
        case_id = await sessions.first_case(session.debtor_id) if session.debtor_id else None
        text_id = await tasks.keep_text("address", words.strip(), now, case_id=case_id, debtor_id=session.debtor_id)
        key = f"chat:{session.chat_id}:address:{text_id}"
        await tasks.add(key, KIND, {"chat": session.chat_id}, today, due, case_id=case_id, text_id=text_id)
        await tasks.queue_notice(Notice(f"{key}:told", KIND, Receiver.STAFF, Form.CHAT, today, {}), now)
        await audit.record(f"chat:{session.chat_id}", now, session.actor.label, "address.told", {"text": text_id})
    return due


def answered_by(house: House) -> date:
    """The day by which staff have seen to it."""
    return RULES["SE"].calendar.add(house.clock.today(), ANSWER_BANK_DAYS)
