"""Somebody asks for a person. Time stands still in the case until they have an answer (god inkassosed)."""

from datetime import date, timedelta

from core import hold
from core.case import NOTHING, Case, Decision
from core.standing import open_holds
from core.steps import task

#: A question that nobody closes is looked at again after this many days.
REVIEW_DAYS = 7


def ask(case: Case, number: str, chat: int, today: date) -> Decision:
    """Put a question in the queue. An open case is held once, however many questions come.

    ``number`` tells this question from others; the words themselves stand in a private text.
    """
    notice = task(case, f"person:{number}", "person", today, chat=chat)
    if case.closed:
        return Decision((), (), (notice,))
    held = hold.place(case, "question", today, today + timedelta(days=REVIEW_DAYS))
    return Decision(held.facts, held.transfers, (*held.notices, notice))


def answered(case: Case, today: date) -> Decision:
    """The question is done with: the days that were left run on, and the person is told the new last day."""
    if case.closed or not any(paused.reason == "question" for paused in open_holds(case)):
        return NOTHING
    return hold.lift(case, today, frozenset({"question"}))
