"""Hours of the day as people write them: ``17-19``, ``mellan 17 och 19``, ``efter klockan 17``, ``5 pm to 7 pm``."""

import re
from functools import cache
from typing import Final

from core import words

#: A time: its hour, its minutes if any are written, and which half of the day.
_TIME: Final = r"(\d{1,2})(?:[.:](\d\d))?\s*(am|pm)?"


def parse(text: str, opens: int, closes: int) -> tuple[int, int] | None:
    """From and until as full hours, within the hours of a day that ``opens`` and ``closes``; None: none are named.

    ``after 17`` goes on until it closes, ``before 12`` begins when it opens. A part of an hour is no full one.
    """
    said = " ".join(text[:100].casefold().split()).strip(" .?!")
    if found := _shape("between").search(said):
        start, end = _hour(*found.groups()[:3], later=found[6]), _hour(*found.groups()[3:6], later=None)
        return None if start is None or end is None else (start, end)
    if (found := _shape("after").search(said)) and (start := _hour(*found.groups(), later=None)) is not None:
        return start, closes
    if (found := _shape("before").search(said)) and (end := _hour(*found.groups(), later=None)) is not None:
        return opens, end
    return None


def _hour(hour: str, minutes: str | None, half: str | None, *, later: str | None) -> int | None:
    """A full hour of 24. ``5-7 pm``: the half that stands behind the later time is meant for both."""
    if minutes not in (None, "00"):
        return None
    half, number = half or later, int(hour)
    if half and not 1 <= number <= 12:
        return None
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    return number if number <= 24 else None


@cache
def _shape(kind: str) -> re.Pattern[str]:
    """A pattern in every language at once: people write as they like."""
    named = {"between": "said.hours.to", "after": "said.hours.after", "before": "said.hours.before"}
    marks = "|".join(re.escape(mark.strip()) for lang in words.languages() for mark in _list(lang, named[kind]))
    clock = "|".join(re.escape(mark.strip()) for lang in words.languages() for mark in _list(lang, "said.hours.clock"))
    time = rf"(?:(?:{clock})\.?\s*)?{_TIME}"
    if kind == "between":
        return re.compile(rf"(?<!\d){time}\s*(?:{marks})\s*{time}(?!\d)")
    return re.compile(rf"\b(?:{marks})\s+{time}(?!\d)")


def _list(lang: str, key: str) -> list[str]:
    return words.text(lang, key).split(";")
