"""What comes back by mail: STOPP and FEL act at once, a bounce ends an address, anything else waits for a person.

Who wrote proves nothing: a mail can be forged. So it never opens, pays or disputes anything; it can only end our mails
to an address, and that address is the one that our own mail went to.
"""

import hmac
from dataclasses import dataclass
from typing import Final

from core import mail_ids, reach, words
from core.errors import Refusal
from core.mail_in import Arrived, Bounce, Fate, Named, Said
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM
from core.rules import RULES
from core.services import delivery, doors, identity
from core.services.house import House
from core.store import audit, mail_sent, sessions, tasks
from core.store.database import transaction
from core.store.mail_sent import SentMail
from core.store.sessions import ChatRow

KIND: Final = "task.mail"
#: What is answered, in neutral words: nothing more comes, or the address was another's.
STOPPED, WRONG = "stopped", "wrong"
STAFF_LANGUAGE: Final = words.ORIGINAL


@dataclass(frozen=True, slots=True)
class Answer:
    """What to write back, once: to which chat, what, and in which language."""

    chat_id: int
    what: str
    language: str


async def take(house: House, mail: Arrived | Bounce, reference: str) -> Answer | None:
    """Act on a mail. ``reference`` is its own, by which a task for it is one task; gives what to answer."""
    async with transaction():
        if isinstance(mail, Bounce):
            await _came_back(house, mail)
            return None
        about = await _about(house, mail.ours) or await mail_sent.to_address(mail.sender)
        if mail.auto:
            await _keep(house, mail, about, "mail.auto")
            return None
        if mail.token:
            about = await _of_token(house, mail.token) or about
        answer = await _obey(house, mail, about) if about else None
        if mail.more or about is None:
            await _let_a_person_read(house, mail, about, reference)
        return answer


async def stop_by_link(house: House, token: str) -> int:
    """Somebody pressed the button behind a mail's stop link, or their mail program did; gives the chat.

    Raises Refusal ``link``. Told twice, it is one stop.
    """
    chat_id = await doors.chat_to_stop(house, token)
    await _stop(house, SentMail(chat_id))
    return chat_id


async def _about(house: House, named: Named) -> SentMail | None:
    """The mail of ours that is answered or came back. Only an id that we made counts."""
    for key, mac in named:
        made = house.keys.find_any(key, mail_ids.PURPOSE)
        ours = any(hmac.compare_digest(one[: mail_ids.MAC_LENGTH], mac) for one in made)
        if ours and (found := await mail_sent.by_key(key)):
            return found
    return None


async def _of_token(house: House, token: str) -> SentMail | None:
    try:
        return SentMail(await doors.chat_to_stop(house, token))
    except Refusal:
        return None


# STOPP and FEL


async def _obey(house: House, mail: Arrived, about: SentMail) -> Answer | None:
    """Do as the word says; who has said it before is not written to again."""
    chat = await sessions.get(about.chat_id)
    if chat is None or mail.said is None:
        return None
    if mail.said is Said.STOP:
        await _stop(house, about)
        return None if chat.stopped else Answer(chat.id, STOPPED, chat.language or words.ORIGINAL)
    if chat.quarantined:
        return None
    await identity.wrong_person(house, chat.id)
    await _let_go(house, chat, about, "wrong_person")
    return Answer(chat.id, WRONG, chat.language or words.ORIGINAL)


async def _stop(house: House, about: SentMail) -> None:
    await identity.stop(house, about.chat_id)
    chat = await sessions.get(about.chat_id)
    if chat is not None:
        await _let_go(house, chat, about, "stop")


async def _let_go(house: House, chat: ChatRow, about: SentMail, why: str) -> None:
    """An address that no link was opened from is known by the notice alone that went there."""
    today, case_id = house.clock.today(), about.case_id
    if case_id is None or chat.linked_debtor_id is not None or chat.debtor_id is not None:
        return
    if why == "stop":
        await house.book.change(
            case_id, lambda case: reach.unbind(case, chat.channel, chat.id, why, today), SYSTEM, action="reach.stop"
        )
    else:
        await house.book.change(
            case_id,
            lambda case: reach.wrong_person(case, chat.channel, chat.id, today),
            SYSTEM,
            action="identity.wrong_person",
        )


# Bounces


async def _came_back(house: House, bounce: Bounce) -> None:
    about = await _about(house, bounce.ours)
    known = about or await mail_sent.to_address(bounce.recipient)
    if known is None or bounce.fate is Fate.LATER:
        return
    # A forged bounce names no mail of ours: it cannot end an address.
    if about is None:
        await audit.record(f"chat:{known.chat_id}", house.clock.now(), SYSTEM.label, "mail.bounced_unproved", {})
        return
    if bounce.fate is Fate.DEAD:
        await delivery.address_is_dead(house, about.chat_id, about.case_id)
    if about.notice_id is not None:
        await delivery.undelivered(house, about.notice_id, about.chat_id, dead=bounce.fate is Fate.DEAD)


# What a person reads


async def _let_a_person_read(house: House, mail: Arrived, about: SentMail | None, reference: str) -> None:
    today, now = house.clock.today(), house.clock.now()
    key, case_id = f"mail:{reference[:40]}", about.case_id if about else None
    text_id = await _keep(house, mail, about, "mail")
    facts = {"chat": about.chat_id} if about else {}
    due_on = RULES["SE"].calendar.add(today, 1)
    if await tasks.add(key, KIND, facts, today, due_on, case_id=case_id, text_id=text_id):
        await tasks.queue_notice(Notice(f"{key}:told", KIND, Receiver.STAFF, Form.CHAT, today, {}), now)


async def _keep(house: House, mail: Arrived, about: SentMail | None, kind: str) -> int:
    """Its words, which erasure may empty, and a line in the audit that they came."""
    t, now = words.text, house.clock.now()
    text = t(STAFF_LANGUAGE, "mail.kept", sender=mail.sender, subject=mail.subject, text=mail.text)
    if mail.attachments:
        text = f"{text}\n\n{t(STAFF_LANGUAGE, 'mail.kept.files', number=mail.attachments)}"
    case_id = about.case_id if about else None
    text_id = await tasks.keep_text(kind, text, now, case_id=case_id)
    if case_id is not None:
        await house.book.note(case_id, SYSTEM, "mail.arrived", text=text_id)
    else:
        chain = f"chat:{about.chat_id}" if about else audit.HOUSE
        await audit.record(chain, now, SYSTEM.label, "mail.arrived", {"text": text_id})
    return text_id
