"""Days as people write them: ``31 juli``, ``2025-07-31``, ``31/7``, ``i går``, ``om två veckor``, ``nästa fredag``.

Months and weekdays are Babel's, all other words stand in ``said.po`` of the language, so a new language needs no code
here. The chat's language is tried first, then the others: people write as they like.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, Literal

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.localedata import LocaleDataDict

from core import words

#: Where two days in digits meet: ``11/7 31/7``, ``11/7-31/7``.
_BETWEEN_SLASHED: Final = r"(?:(?<=/\d)|(?<=/\d\d))\s*[-\s]\s*(?=\d\d?/\d)"


class Lean(StrEnum):
    """Which day is meant where the year or the month is left out: ``25``, ``31 juli``, ``fredag``."""

    NEAREST = "nearest"
    PAST = "past"
    FUTURE = "future"


def parse(text: str, lang: str, today: date, lean: Lean = Lean.NEAREST) -> date | None:
    """The day that the whole text names, or None: it names none, or one that no calendar has (``31 april``)."""
    said = _cleaned(text.replace(",", " "))
    for tried in _order(lang):
        form = _grammar(tried).fillers.sub("", said)
        for pattern, read in _grammar(tried).whole:
            if (found := pattern.fullmatch(form)) and (day := read(found, today, lean)):
                return day
    return None


def two(text: str, lang: str, today: date) -> tuple[date, date] | None:
    """Two different days in one text: ``1 juli och 31 juli``, ``2025-07-01 - 2025-07-31``, ``11/7 31/7``."""
    for tried in _order(lang):
        between = rf"\s+(?:{_any(_list(tried, 'said.between'))})\s+|{_BETWEEN_SLASHED}"
        parted = re.split(between, _cleaned(text.replace(",", " ")))
        match [parse(part, lang, today) for part in parted]:
            case [date() as one, date() as other] if one != other:
                return one, other
    return None


def find(text: str, lang: str, today: date, lean: Lean = Lean.NEAREST) -> date | None:
    """The first day that is named somewhere in a longer text; a bare number is none, and a comma ends a day."""
    return next(iter(every(text, lang, today, lean)), None)


def every(text: str, lang: str, today: date, lean: Lean = Lean.NEAREST) -> tuple[date, ...]:
    """The days that are named in a longer text, as they come."""
    said = _cleaned(text.replace(",", " , "))
    for tried in _order(lang):
        hits = sorted(
            (found.start(), -found.end(), day)
            for pattern, read in _grammar(tried).inside
            for found in pattern.finditer(said)
            if (day := read(found, today, lean))
        )
        if hits:
            return tuple(_apart(hits))
    return ()


def no_such_day(text: str, lang: str) -> bool:
    """Whether the text names a day that no calendar has: ``31 februari``, ``2025-02-30``."""
    said, any_day = _cleaned(text.replace(",", " , ")), date(2024, 1, 1)
    for tried in _order(lang):
        found = [(read, hit) for pattern, read in _grammar(tried).inside for hit in pattern.finditer(said)]
        if found:
            return not any(read(hit, any_day, Lean.NEAREST) for read, hit in found)
    return False


def _apart(hits: Iterable[tuple[int, int, date]]) -> Iterator[date]:
    """What was read at one place is one day: the longest reading of it."""
    end = -1
    for start, minus_end, day in hits:
        if start >= end:
            yield day
            end = -minus_end


Read = Callable[[re.Match[str], date, Lean], date | None]


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What a language's days look like: patterns for a whole text and for the inside of one, and empty words."""

    whole: tuple[tuple[re.Pattern[str], Read], ...]
    inside: tuple[tuple[re.Pattern[str], Read], ...]
    fillers: re.Pattern[str]


def _cleaned(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[:200]).casefold()
    return " ".join(composed.split()).strip(" .?!")


def _order(lang: str) -> Iterator[str]:
    first = words.known(lang)
    yield first
    yield from (other for other in words.languages() if other != first)


@cache
def _grammar(lang: str) -> _Grammar:
    months, weekdays, count = _months(lang), _weekdays(lang), _counts(lang)
    month, weekday, number = (_any(names) for names in (months, weekdays, count))
    th = rf"(?:\s?(?:{_any(_list(lang, 'said.ordinal'))}))?"
    before = rf"(?:(?:{weekday})(?:\s(?:{_any(_list(lang, 'said.the'))}))?\s)?"
    year = rf"(?:\s(?P<y>(?:19|20)\d\d)(?!\s?(?:{_any(_list(lang, 'said.currency'))})))?"
    of_month = rf"(?:\s(?:{_any(_list(lang, 'said.of'))}))?\s?(?P<name>{month})\b\.?"
    dated: list[tuple[str, Read]] = [
        (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _of_numbers),
        (r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)", _of_numbers),
        (rf"{before}(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})(?:[/.\s-]\s?(?P<y>\d{{4}}|\d\d))?", _of_numbers),
        (rf"{before}(?P<d>\d{{1,2}}){th}{of_month}{year}", _of_names(months)),
        (rf"{before}(?P<name>{month})\.?\s(?P<d>\d{{1,2}}){th}\b{year}", _of_names(months)),
        *((_any(_list(lang, key)), _away(days)) for key, days in _AWAY.items()),
        (_any(_list(lang, "said.month_end")), _month_end),
        *((_filled(lang, "said.in", number, unit), _later(count, step, 1)) for unit, step in _units(lang)),
        *((_filled(lang, "said.ago", number, unit), _later(count, step, -1)) for unit, step in _units(lang)),
        (_filled_weekday(lang, "said.weekday.next", weekday), _weekday(weekdays, "next")),
        (_filled_weekday(lang, "said.weekday.last", weekday), _weekday(weekdays, "last")),
    ]
    alone: list[tuple[str, Read]] = [
        (rf"(?P<d>\d{{1,2}}){th}", _of_numbers),
        (rf"(?P<weekday>{weekday})", _weekday(weekdays, "coming")),
    ]
    fillers = re.compile(rf"^(?:(?:{_any(_list(lang, 'said.filler'))})\s)+")
    return _Grammar(
        tuple((re.compile(shape), read) for shape, read in (*dated, *alone)),
        tuple((re.compile(rf"(?<![\w/.-])(?:{shape})(?![\w/-])"), read) for shape, read in dated),
        fillers,
    )


# The words of a language


_AWAY = {
    "said.today": 0,
    "said.tomorrow": 1,
    "said.day_after": 2,
    "said.yesterday": -1,
    "said.day_before": -2,
}
#: A step of so many days, or None for a month.
_UNITS: dict[str, int | None] = {"said.days": 1, "said.weeks": 7, "said.months": None}


def _list(lang: str, key: str) -> list[str]:
    """The ways of saying a thing, parted by semicolons."""
    raw = re.sub("[\u2068\u2069]", "", words.text(lang, key, n="{n}", unit="{unit}", weekday="{weekday}"))
    return [part.strip().casefold() for part in raw.split(";")]


def _any(names: Iterable[str]) -> str:
    """One of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _locale(lang: str) -> Locale:
    return Locale.parse(words.text(lang, "format.locale"))


def _months(lang: str) -> dict[str, int]:
    return _names(get_month_names(width, context, _locale(lang)) for width in _WIDTHS for context in _CONTEXTS)


def _weekdays(lang: str) -> dict[str, int]:
    return _names(get_day_names(width, context, _locale(lang)) for width in _WIDTHS for context in _CONTEXTS)


_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")


def _names(tables: Iterable[LocaleDataDict]) -> dict[str, int]:
    return {str(name).casefold().rstrip("."): int(number) for table in tables for number, name in table.items()}


def _counts(lang: str) -> dict[str, int]:
    said = {words.number(n, lang).casefold(): n for n in range(1, 13)}
    said |= {str(n): n for n in range(1, 100)}
    return said | dict.fromkeys(_list(lang, "said.one"), 1)


def _units(lang: str) -> Iterator[tuple[str, int | None]]:
    for key, step in _UNITS.items():
        yield _any(_list(lang, key)), step


def _filled(lang: str, key: str, number: str, unit: str) -> str:
    shapes = (
        re.escape(shape).replace(r"\{n\}", "(?:NUMBER)").replace(r"\{unit\}", f"(?:{unit})").replace(r"\ ", " ")
        for shape in _list(lang, key)
    )
    joined = "|".join(f"(?:{shape})" for shape in shapes)
    return _numbered(joined, number)


def _numbered(shape: str, number: str) -> str:
    """A group's name may stand once in a pattern, so each way of saying it has its own."""
    parts = shape.split("(?:NUMBER)")
    made = parts[0]
    for index, part in enumerate(parts[1:]):
        made += rf"(?P<n{index}>{number}){part}"
    return made


def _filled_weekday(lang: str, key: str, weekday: str) -> str:
    shapes = [re.escape(shape).replace(r"\ ", " ").split(r"\{weekday\}") for shape in _list(lang, key)]
    return "|".join(f"(?:{before}(?P<weekday{index}>{weekday}){after})" for index, (before, after) in enumerate(shapes))


def _group(found: re.Match[str], stem: str) -> str:
    return next(value for name, value in found.groupdict().items() if name.startswith(stem) and value)


# From a match to a day


def _of_numbers(found: re.Match[str], today: date, lean: Lean) -> date | None:
    said = found.groupdict()
    year, month, day = said.get("y"), said.get("m"), int(said["d"])
    if month is None:
        return _near(today, lean, [_made(*_month_away(today, away), day) for away in (-1, 0, 1)])
    if year is None and int(month) > 12 >= day:
        return _in_year(int(day), int(month), None, today, lean)  # 7/31, as some write it
    return _in_year(int(month), day, year, today, lean)


def _of_names(months: dict[str, int]) -> Read:
    def read(found: re.Match[str], today: date, lean: Lean) -> date | None:
        return _in_year(months[found["name"]], int(found["d"]), found["y"], today, lean)

    return read


def _in_year(month: int, day: int, year: str | None, today: date, lean: Lean) -> date | None:
    if year is not None:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _near(today, lean, [_made(today.year + away, month, day) for away in (-1, 0, 1)])


def _near(today: date, lean: Lean, days: Iterable[date | None]) -> date | None:
    fitting = [
        day
        for day in days
        if day and not (lean is Lean.PAST and day > today) and not (lean is Lean.FUTURE and day < today)
    ]
    return min(fitting, key=lambda day: abs(day - today), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_away(today: date, months: int) -> tuple[int, int]:
    years, month = divmod(today.month - 1 + months, 12)
    return today.year + years, month + 1


def _away(days: int) -> Read:
    return lambda _found, today, _lean: today + timedelta(days=days)


def _month_end(_found: re.Match[str], today: date, _lean: Lean) -> date:
    return today.replace(day=monthrange(today.year, today.month)[1])


def _later(counts: dict[str, int], step: int | None, sign: int) -> Read:
    def read(found: re.Match[str], today: date, _lean: Lean) -> date | None:
        count = sign * counts[_group(found, "n")]
        if step is not None:
            return today + timedelta(days=step * count)
        year, month = _month_away(today, count)
        return date(year, month, min(today.day, monthrange(year, month)[1]))

    return read


def _weekday(weekdays: dict[str, int], which: str) -> Read:
    """``coming``: the first such day after today, or before it; ``next``: that of next week; ``last``: the latest."""

    def read(found: re.Match[str], today: date, lean: Lean) -> date | None:
        ahead = (weekdays[_group(found, "weekday")] - today.weekday()) % 7
        if which == "next":
            monday = today + timedelta(days=7 - today.weekday())
            return monday + timedelta(days=weekdays[_group(found, "weekday")])
        if which == "last" or lean is Lean.PAST:
            return today - timedelta(days=(7 - ahead) % 7 or 7)
        return today + timedelta(days=ahead or 7)

    return read
