"""An objection by somebody who has several cases and has not said which: it is not lost if they leave it at that.

Staff ask within a banking day; once a case is chosen the objection is there, and nobody need ask.
"""

from typing import Final

from core.errors import Refusal
from core.notice import Form, Notice, Receiver
from core.party import require
from core.rules import RULES
from core.services.disputes import TEXT_MAX
from core.services.house import House
from core.services.identity import Session
from core.store import audit, tasks
from core.store.database import transaction

KIND: Final = "task.dispute_unplaced"


async def keep(house: House, session: Session, words: str) -> str:
    """Let staff have the words until a case is chosen: the key of their task.

    Raises NotAllowed, Refusal ``text_long``.
    """
    require(session.actor, "talk")
    if len(words) > TEXT_MAX:
        raise Refusal("text_long", most=TEXT_MAX)
    today, now = house.clock.today(), house.clock.now()
    due_on = RULES["SE"].calendar.add(today, 1)
    async with transaction():
        text_id = await tasks.keep_text("objection", words.strip(), now, debtor_id=session.debtor_id)
        key = f"chat:{session.chat_id}:objection:{text_id}"
        await tasks.add(key, KIND, {"chat": session.chat_id}, today, due_on, text_id=text_id)
        await tasks.queue_notice(Notice(f"{key}:told", KIND, Receiver.STAFF, Form.CHAT, today, {}), now)
        await audit.record(f"chat:{session.chat_id}", now, session.actor.label, "objection.unplaced", {"text": text_id})
    return key


async def placed(house: House, session: Session, key: str) -> None:
    """A case was chosen, or a person was asked: nobody need ask any more."""
    task = await tasks.by_key(key)
    if task is not None and task.data.get("chat") == session.chat_id:
        await tasks.finish(task.id, house.clock.today(), session.actor.label)
