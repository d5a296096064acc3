"""What somebody with only a keypad asks us for: staff post a letter again, their data or a form, or erase.

Nothing is done by a machine: a number that can be forged changes nothing, and paper goes to the address that we have.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from core.errors import NotAllowed
from core.notice import Form, Notice, Receiver
from core.party import Role
from core.rules import RULES
from core.services.house import House
from core.services.identity import Session
from core.services.letters import LetterView
from core.store import audit, tasks
from core.store.database import transaction

#: The task of what is asked for.
AGAIN: Final = "task.post_again"
MY_DATA: Final = "task.post_mydata"
FORM: Final = "task.post_form"
ERASE: Final = "task.erase"
#: Staff do it within so many banking days.
BANK_DAYS: Final = 2


async def ask(house: House, session: Session, kind: str, case_id: int | None, letter: LetterView | None = None) -> date:
    """Put it in the queue of staff, once a day; the day by which it is done.

    Raises NotAllowed for strangers and for whoever acts for another, NotFound for a case that is not theirs.
    """
    actor = session.actor
    if actor.role is not Role.DEBTOR or session.represents is not None:
        raise NotAllowed
    if case_id is not None:
        (await house.book.load(case_id)).open_to(actor)
    today, now, due = house.clock.today(), house.clock.now(), done_by(house)
    facts = {"chat": session.chat_id, **(_facts(letter) if letter else {})}
    key = f"debtor:{actor.id}:{kind}:{letter.key if letter else ''}:{today:%Y%m%d}"
    async with transaction():
        if await tasks.add(key, kind, facts, today, due, case_id=case_id):
            await tasks.queue_notice(Notice(f"{key}:told", kind, Receiver.STAFF, Form.CHAT, today, {}), now)
            await audit.record(f"chat:{session.chat_id}", now, actor.label, "post.asked", {"kind": kind, **facts})
    return due


def done_by(house: House) -> date:
    """The day by which staff have done it."""
    return RULES["SE"].calendar.add(house.clock.today(), BANK_DAYS)


def _facts(letter: LetterView) -> Mapping[str, Any]:
    """Which letter, as staff find and name it."""
    return {"letter": letter.key, "what": letter.kind, "on": letter.on.isoformat(), "receipt": letter.number}
