"""What may be erased and what must stay, in words: before it goes, and as a receipt afterwards."""

from collections.abc import Iterator
from datetime import date

from core import words
from core.erasure import Plan


def plan_text(plan: Plan, lang: str) -> str:
    """What would go now, what stays, why, and until when."""
    if not plan.goes:
        return "\n".join((words.text(lang, "erase.nothing"), *_stays(plan, lang)))
    gone = words.listed([words.text(lang, f"erase.what.{what}") for what in plan.goes], lang)
    return "\n".join((words.text(lang, "erase.goes", what=gone), *_stays(plan, lang), words.text(lang, "erase.sure")))


def erased_text(plan: Plan, number: str, today: date, lang: str) -> str:
    """The receipt; ``plan`` is what follows from the rules after it."""
    done = words.text(lang, "erase.done", day=words.day_year(today, lang), number=number)
    return "\n".join((done, *_stays(plan, lang), words.text(lang, "erase.elsewhere")))


def _stays(plan: Plan, lang: str) -> Iterator[str]:
    if plan.open_cases:
        yield words.plural(lang, "erase.stays.open", plan.open_cases)
    if plan.until and plan.free_on:
        until, free = words.day_year(plan.until, lang), words.day_year(plan.free_on, lang)
        yield words.text(
            lang, "erase.stays.books" if not plan.open_cases else "erase.stays.books.open", until=until, free=free
        )
    if plan.waiting:
        yield words.text(lang, "erase.stays.waiting")
    yield words.text(lang, "erase.stays.log")
