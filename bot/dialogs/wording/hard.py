"""A breathing space in words: until when it lasts, who writes by when, and when there is time until after it."""

from datetime import date

from core import words
from core.case import Case
from core.dunning import current_deadline
from core.hardship import Breath
from core.standing import open_holds


def breath_text(space: Breath, today: date, lang: str) -> str:
    """The receipt of a breathing space."""
    until = words.weekday_day_year(space.until, lang)
    key = "hard.done" if space.receipt else "hard.done.other"
    lines = [words.text(lang, key, until=until, receipt=space.receipt), _person(space, today, lang)]
    return "\n".join(lines)


def _person(space: Breath, today: date, lang: str) -> str:
    answer_by = words.deadline(space.answer_by, today, lang)
    if space.deadline is None:
        return words.text(lang, "hard.done.person", day=answer_by)
    after = words.deadline(space.deadline, today, lang)
    key = "hard.done.after.elsewhere" if space.elsewhere else "hard.done.after"
    return words.text(lang, key, day=answer_by, deadline=after)


def paused_text(space: Breath, today: date, lang: str) -> str:
    """What somebody reads who comes back while it lasts."""
    lines = [words.text(lang, "hard.paused", until=words.deadline(space.until, today, lang))]
    if space.deadline is not None:
        key = "hard.paused.after.elsewhere" if space.elsewhere else "hard.paused.after"
        lines.append(words.text(lang, key, deadline=words.deadline(space.deadline, today, lang)))
    return "\n".join(lines)


def ended_text(case: Case, today: date, lang: str) -> str:
    """The breathing space is over: time runs on, unless something else stops it."""
    due = current_deadline(case)
    if open_holds(case):
        return words.text(lang, "hard.ended.held")
    if due is None or due < today:
        return words.text(lang, "hard.ended")
    return words.text(lang, "hard.ended.deadline", deadline=words.deadline(due, today, lang))
