"""Asked once more when a notice is about to leave: may it still be said, and where does this person's device ring?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.case import RINGING, Case
from core.dunning import current_deadline
from core.facts import ChannelBound, ChannelUnbound, StepTaken
from core.standing import open_holds
from core.steps import why_not_send

#: Said already by the screen that the person was looking at when it happened; it stays among their receipts.
SAID_ON_SCREEN = frozenset({"dispute.receipt"})


def why_not(case: Case, kind: str, key: str, facts: Mapping[str, Any], today: date) -> str | None:
    """A reason not to say it any more, or None. Answers and receipts are always said."""
    if any(taken.key == key and taken.via != "question" for taken in case.all(StepTaken)):
        return why_not_send(case, key, today)
    if kind == "creditor.decide" and case.closed:
        return "closed"
    return _why_not_resumed(case, facts, today) if kind == "resumed" else None


def _why_not_resumed(case: Case, facts: Mapping[str, Any], today: date) -> str | None:
    """The new last day after a pause: true only until the next pause, the next document, or the day itself."""
    if case.closed:
        return "closed"
    if open_holds(case):
        return "paused"
    due = current_deadline(case)
    if due is None or due.isoformat() != facts["deadline"]:
        return "overtaken"
    return "late" if due < today else None


def ringing_chats(case: Case, prefers: str | None = None) -> tuple[tuple[str, int], ...]:
    """Channel and chat of every place that can announce a document to this person.

    The channel that they prefer comes first, then the first bound; none where they prefer ``letter``.
    """
    if prefers == "letter":
        return ()
    bound: dict[tuple[str, int], None] = {}
    for fact in case.person:
        if isinstance(fact, ChannelBound) and fact.channel in RINGING:
            bound[fact.channel, fact.chat] = None
        elif isinstance(fact, ChannelUnbound):
            bound.pop((fact.channel, fact.chat), None)
    return tuple(sorted(bound, key=lambda place: place[0] != prefers))
