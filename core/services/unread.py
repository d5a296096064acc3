"""Answers by a person that whoever asked has not seen: they come first wherever they show who they are.

An answer that was put into another chat counts as seen once they have done something there after it came, or where the
channel rings. A page that nobody looks at shows nothing.
"""

from datetime import timedelta
from typing import Final

from core.case import RINGING
from core.services.house import House
from core.services.identity import Session
from core.store import attempts, audit, chat_replies, members, search, tasks
from core.store.chat_replies import Answer
from core.store.database import transaction

#: What was put into a chat longer ago than this is not said again.
KEPT: Final = timedelta(days=14)


async def answers(house: House, session: Session) -> tuple[tuple[str, str], ...]:
    """First name and words of each answer that is new to whoever is here. From now on they are read."""
    if not session.identified:
        return ()
    found = []
    async with transaction():
        for row in await _unread(house, session):
            said = await tasks.text(row.data["text"])
            member = await members.get(row.data["member"])
            if said:
                found.append((member.name.split()[0] if member and member.name else "", said))
            await _read(house, session, row, said or "")
    return tuple(found)


async def _unread(house: House, session: Session) -> list[Answer]:
    own = await search.cases_of_debtor(session.actor.id)
    case_ids = [case_id for case_id in own if not session.case_ids or case_id in session.case_ids]
    since = house.clock.now() - KEPT
    return [
        row
        for row in await chat_replies.sent(case_ids, session.actor.id)
        if row.data.get("agent") == session.represents
        and (not row.shown or (row.at > since and not await _seen(row, session.chat_id)))
    ]


async def _seen(row: Answer, chat_id: int) -> bool:
    """Whether it stands in this chat already, or where the person has been since, or where it rang."""
    for tried in await attempts.of_notice(row.id):
        if tried.outcome != "sent" or tried.chat_id is None:
            continue
        seen_at = await chat_replies.last_seen(tried.chat_id)
        if tried.chat_id == chat_id or tried.channel in RINGING or (seen_at is not None and seen_at > tried.at):
            return True
    return False


async def _read(house: House, session: Session, row: Answer, said: str) -> None:
    now = house.clock.now()
    await attempts.keep_document(row.id, row.case_id, chat_replies.KIND, session.language or "sv", now, text=said)
    await attempts.on_screen(row.id, session.channel, session.chat_id, now)
    if row.case_id is not None:
        await house.book.note(row.case_id, session.actor, "person.read", notice=row.id)
    else:
        chain = f"chat:{row.data['chat']}"
        await audit.record(chain, now, session.actor.label, "person.read", {"notice": row.id})
