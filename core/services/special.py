"""Somebody tells us of a death, a bankruptcy, debt relief, being under age or being protected; from any chat.

Who is identified or came by a personal link speaks of that person, and all their cases rest. A stranger's word goes to
staff. The answer is in the same words for all of them, and tells nothing.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from core import reach, special
from core.case import Case, CaseId, Decision
from core.errors import NotAllowed
from core.notice import Form, Notice, Receiver
from core.party import Actor, Debtor, PartyKind, Role
from core.rules import RULES
from core.rules.se.identifiers import BadIdentifier, birth_date
from core.services import identity
from core.services.house import House
from core.services.identity import Session
from core.store import audit, people, search, sessions, tasks
from core.store.database import transaction
from core.store.sessions import ChatRow

_STRANGER = Actor(Role.STRANGER)


async def report(house: House, chat_id: int, kind: str) -> date:
    """What rests by it rests from now on; a person of ours takes over by the day that is returned. Twice is once.

    Whoever tells of a death is not written to any more. Raises NotAllowed in a member's chat, KeyError for no kind.
    """
    chat, session = await sessions.get(chat_id), await identity.look(house, chat_id)
    if chat is None or session.seat is not None:
        raise NotAllowed
    debtor_id = chat.debtor_id or chat.linked_debtor_id
    async with transaction():
        asked = debtor_id is not None and await _stop(house, session, debtor_id, kind)
        if not asked:
            await _ask_staff(house, chat_id, kind)
        if kind == "protected" and session.identified and debtor_id is not None:
            await people.set_protected(debtor_id)
        if kind == "deceased":
            await _let_go(house, chat, debtor_id)
    return answered_by(house)


def answered_by(house: House) -> date:
    """The day by which a person of ours takes over."""
    return RULES["SE"].calendar.add(house.clock.today(), special.ANSWER_BANK_DAYS)


async def _stop(house: House, session: Session, debtor_id: int, kind: str) -> bool:
    """Hold the person's cases. False when none of them is open, so that staff are asked without one."""
    ids, today = await search.cases_of_debtor(debtor_id), house.clock.today()
    debtor = await people.load_debtor(house.keys, debtor_id)
    born = _born(debtor, today) if debtor else None
    actor = session.actor if session.identified else _STRANGER

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return special.stop(cases, kind, session.chat_id, today, born)

    after = await house.book.change_many(ids, decide, actor, action=f"special.{kind}")
    return any(not case.closed for case in after.values())


def _born(debtor: Debtor, today: date) -> date | None:
    if debtor.kind is not PartyKind.PERSON or not debtor.number:
        return None
    with suppress(BadIdentifier):
        return birth_date(debtor.number.reveal(), today)
    return None


async def _ask_staff(house: House, chat_id: int, kind: str) -> None:
    """A word about nobody whom we know here: staff look, and can write back into the chat."""
    today, key = house.clock.today(), f"chat:{chat_id}:special:{kind}"
    if await tasks.add(key, f"task.special.{kind}", {"chat": chat_id}, today, answered_by(house)):
        told = Notice(f"{key}:told", f"task.special.{kind}", Receiver.STAFF, Form.CHAT, today, {})
        await tasks.queue_notice(told, house.clock.now())
        await audit.record(f"chat:{chat_id}", house.clock.now(), _STRANGER.label, f"special.{kind}", {})


async def _let_go(house: House, chat: ChatRow, debtor_id: int | None) -> None:
    """Nothing more is written to this address."""
    await sessions.quarantine(chat.id)
    await audit.record(f"chat:{chat.id}", house.clock.now(), _STRANGER.label, "special.quarantine", {})
    case_id = await sessions.first_case(debtor_id) if debtor_id else None
    if case_id is not None:
        today = house.clock.today()
        await house.book.change(
            case_id,
            lambda case: reach.unbind(case, chat.channel, chat.id, "wrong_person", today),
            _STRANGER,
            action="special.unbind",
        )
