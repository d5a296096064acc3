"""A payment as people tell of it: ``18 juli, 1000, bankgiro``: day, sum and way, in any order; nothing is required."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core import amounts_said, dates_said, words
from core.dates_said import Lean
from core.money import Ore
from core.near_days import NEAR_DAYS

#: How somebody can have paid; the words for each are ``said.way.<name>``.
WAYS: Final = ("swish", "bank", "card", "cash")
#: So soon comes a day that is told without its year and is not taken for last year's.
SOON_DAYS: Final = 42
#: The longest day or sum, in words: ``den 18 juli 2025``, ``about SEK 1 000``.
_LONGEST: Final = 4
#: Stands where a day or a sum has been read, and the keys of the small words that may stand around them.
_READ: Final = "|"
_SMALL: Final = ("said.currency", "said.about", "said.filler")
#: Marks around what somebody wrote as they saw it in an example.
_QUOTES: Final = str.maketrans("", "", '"“”„«»')


@dataclass(frozen=True, slots=True)
class PaidSaid:
    """What somebody said of a payment; 0, None and empty are what they did not say.

    ``unread``: they said something besides that we do not understand, which may be a day or a part of the sum.
    """

    amount: Ore = 0
    paid_on: date | None = None
    way: str = ""
    unread: bool = field(default=False, compare=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not said yet: ``day``, ``amount``, ``way``."""
        said = {"day": self.paid_on, "amount": self.amount, "way": self.way}
        return tuple(name for name, value in said.items() if not value)

    def filled_by(self, later: "PaidSaid") -> "PaidSaid":
        """This with what is said afterwards, which counts where both say something."""
        return PaidSaid(later.amount or self.amount, later.paid_on or self.paid_on, later.way or self.way, later.unread)


def read(text: str, lang: str, today: date, *, soon: bool = False) -> PaidSaid:
    """What the text says of a payment, as far as we understand it.

    ``soon``: a day without its year that comes within `SOON_DAYS` is that one, and not last year's.
    """
    plain = text[:400].translate(_QUOTES).strip(" '‘’")
    parts = [part.split() for part in re.split(r"[,;:.]\s+|[\n;]", plain) if part.strip()]
    day = _day(parts, lang, today, soon=soon)
    amount = _amount(parts)
    return PaidSaid(amount, day, _way(text), _unread(parts))


def _day(parts: list[list[str]], lang: str, today: date, *, soon: bool) -> date | None:
    """The first day that is named, taken out of the words; a bare number is a sum and no day."""
    for part in parts:
        for start, end in _windows(part):
            said = " ".join(part[start:end])
            if said.isdecimal():
                continue
            if day := dates_said.parse(said, lang, today, Lean.PAST):
                part[start:end] = [_READ]
                return _meant(day, said, lang, today) if soon else day
    return None


def _meant(past: date, said: str, lang: str, today: date) -> date:
    """``29 augusti`` in July is a day that comes soon, rather than one of last year; ``fredag`` is the last one."""
    near = dates_said.parse(said, lang, today)
    if near is None or (today - past).days <= NEAR_DAYS:
        return past
    return near if 0 < (near - today).days <= SOON_DAYS else past


def _amount(parts: list[list[str]]) -> Ore:
    for part in parts:
        for start, end in _windows(part):
            amount = amounts_said.parse(" ".join(part[start:end]))
            if amount is not None and amount > 0:
                part[start:end] = [_READ]
                return amount
    return 0


def _unread(parts: list[list[str]]) -> bool:
    """Whether anything is left beside day, sum and way but the small words between them."""
    left = {word.casefold().strip(".,;:!?") for part in parts for word in part if word != _READ}
    small = {name for key in _SMALL for lang in words.languages() for name in _names(key, lang)}
    return any(word not in small and not _way(word) for word in left)


def _windows(part: list[str]) -> list[tuple[int, int]]:
    """The longest runs of words first, each length from the left."""
    longest = min(_LONGEST, len(part))
    return [(start, start + size) for size in range(longest, 0, -1) for start in range(len(part) - size + 1)]


def _way(text: str) -> str:
    said = text.casefold()
    for way in WAYS:
        names = {name for lang in words.languages() for name in _names(f"said.way.{way}", lang)}
        if any(re.search(rf"\b{re.escape(name)}", said) for name in names):
            return way
    return ""


def _names(key: str, lang: str) -> list[str]:
    """The ways of saying a thing, parted by semicolons."""
    return [name.strip().casefold() for name in words.text(lang, key).split(";")]
