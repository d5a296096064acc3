"""A breathing space as an SMS tells it: until when, who writes by when, and when there is time until after it."""

from datetime import date

from core import brief, words
from core.case import Case
from core.dunning import current_deadline
from core.hardship import Breath
from core.standing import open_holds


def breath_text(space: Breath, lang: str) -> str:
    """The receipt of a breathing space."""
    until, answer_by = brief.weekday(space.until, lang), brief.weekday(space.answer_by, lang)
    said = [words.text(lang, "sms.hard.done", until=until, day=answer_by), *_after(space, lang)]
    if space.receipt:
        said.append(words.text(lang, "sms.hard.receipt", receipt=space.receipt))
    return " ".join(said)


def paused_text(space: Breath, lang: str) -> str:
    """What somebody reads who comes back while it lasts."""
    return " ".join([words.text(lang, "sms.hard.paused", until=brief.weekday(space.until, lang)), *_after(space, lang)])


def _after(space: Breath, lang: str) -> tuple[str, ...]:
    if space.deadline is None:
        return ()
    key = "sms.hard.after.elsewhere" if space.elsewhere else "sms.hard.after"
    return (words.text(lang, key, deadline=brief.weekday(space.deadline, lang)),)


def ended_text(case: Case, today: date, lang: str) -> str:
    """The breathing space is over: time runs on, unless something else stops it."""
    due = current_deadline(case)
    if open_holds(case):
        return words.text(lang, "sms.hard.ended.held")
    if due is None or due < today:
        return words.text(lang, "sms.hard.ended")
    return words.text(lang, "sms.hard.ended.deadline", deadline=brief.weekday(due, lang))
