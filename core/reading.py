"""A document has left, or somebody has asked for it: the two facts that start or stop a clock."""

from datetime import date

from core.case import NOTHING, Case, Decision
from core.facts import NoticeIssued, NoticeOpened
from core.notice import Form, Notice, Receiver
from core.sending import RING_AGAIN, ringing_chats
from core.standing import steps_taken

CHAT = "chat"


def issued(case: Case, key: str, via: str, today: date) -> Decision:
    """The document left: announced and open in the chat, or handed to print. Told twice, it is one fact.

    Where more than one channel rings, the next one says so too if nobody has opened it after the policy's time.
    """
    if any(fact.key == key for fact in case.all(NoticeIssued)) or not _stands(case, key):
        return NOTHING
    left = NoticeIssued(on=today, recorded_on=today, key=key, via=via)
    return Decision((left,), (), (_ring_again(case, key, today),) if via == CHAT and _has_next(case) else ())


def _has_next(case: Case) -> bool:
    return len({channel for channel, _ in ringing_chats(case)}) > 1


def _ring_again(case: Case, key: str, today: date) -> Notice:
    on = case.rules.calendar.add(today, case.policy.rings_again_after)
    return Notice(f"{key}:again", RING_AGAIN, Receiver.DEBTOR, Form.POINTER, on, {"document": key})


def opened(case: Case, key: str, channel: str, how: str, today: date) -> Decision:
    """An identified person asked for the document, which also proves that it was received (preskriptionslagen 5 §)."""
    if any(fact.key == key for fact in case.all(NoticeOpened)):
        return NOTHING
    return Decision((NoticeOpened(on=today, recorded_on=today, key=key, channel=channel, how=how),))


def _stands(case: Case, key: str) -> bool:
    return any(taken.key == key for taken in steps_taken(case))
