"""Somebody asks for a person. Time stands still in the case until they have an answer (god inkassosed)."""

from datetime import date, timedelta
from typing import Any, Final

from core import hold
from core.case import NOTHING, Case, Decision
from core.dunning import current_deadline
from core.facts import (
    DisputeAnswered,
    HoldLifted,
    PlanAnswered,
    PlanEnded,
    SettlementAnswered,
    StepTaken,
)
from core.notice import Form, Notice, Receiver
from core.standing import open_holds
from core.steps import task

#: A question that nobody closes is looked at again after this many days.
REVIEW_DAYS: Final = 7
#: So long after a question was done with, another one is about the same matter, unless something new has come.
SAME_MATTER_DAYS: Final = 14
#: What makes a new matter of the next question: a new document, or an answer about something else.
NEWS: Final = (StepTaken, DisputeAnswered, PlanAnswered, PlanEnded, SettlementAnswered)
REASON: Final = "question"


def ask(case: Case, number: str, chat: int, today: date, **who: Any) -> Decision:
    """Put a question in the queue. An open case is held once, however many questions come.

    ``number`` tells this question from others; the words themselves stand in a private text. ``who``: the right
    (``agent``) of a representative who asks.
    """
    notice = task(case, f"person:{number}", "person", today, chat=chat, **who)
    if case.closed or same_matter(case, today):
        return Decision((), (), (notice,))
    held = hold.place(case, REASON, today, today + timedelta(days=REVIEW_DAYS))
    return Decision(held.facts, held.transfers, (*held.notices, notice))


def same_matter(case: Case, today: date) -> bool:
    """Whether a question today is a second call on the same matter, which does not stop time again.

    It is, within fourteen days after the last question's pause ended, if nothing in the case is new since. Otherwise
    a call a week would put every last day off for ever.
    """
    for fact in reversed(case.facts):
        if isinstance(fact, NEWS):
            return False
        if isinstance(fact, HoldLifted) and fact.ref.startswith(f"{REASON}:"):
            return today <= fact.on + timedelta(days=SAME_MATTER_DAYS)
    return False


def stands_still(case: Case) -> bool:
    """Whether time stands still because somebody waits for a person."""
    return not case.closed and any(paused.reason == REASON for paused in open_holds(case))


def runs(case: Case) -> bool:
    """Whether time runs in the case: it is open, and nothing holds it."""
    return not case.closed and not open_holds(case)


def answered(case: Case, today: date) -> Decision:
    """The question is done with: the days that were left run on, and the person is told the new last day."""
    return hold.lift(case, today, frozenset({REASON})) if stands_still(case) else NOTHING


def left(case: Case, number: str, today: date, **who: Any) -> Notice:
    """A person has left the chat: the reader is told, with the last day where there is one and time runs.

    ``who``: the chat, and the member who was in it.
    """
    due = current_deadline(case)
    told = {"deadline": due.isoformat()} if due and due >= today and runs(case) else {}
    return Notice(f"{case.ocr}:person:{number}:left", "person.left", Receiver.DEBTOR, Form.CHAT, today, {**who, **told})
