"""Days as running text tells them: with their year when they lie more than six months from the day that it is told."""

from datetime import date

from core import words

#: Within so many days the year is plain.
NEAR_DAYS = 183


def day(on: date, today: date, lang: str) -> str:
    """``31 juli``, from afar ``31 juli 2025``."""
    return words.day(on, lang) if _near(on, today) else words.day_year(on, lang)


def period(start: date, end: date, today: date, lang: str) -> str:
    """``2 till 31 juli``, from afar ``2 till 31 juli 2025``."""
    near = _near(start, today) and _near(end, today)
    return (words.period if near else words.period_year)(start, end, lang)


def _near(on: date, today: date) -> bool:
    return abs((on - today).days) <= NEAR_DAYS
