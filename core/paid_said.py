"""A payment as people tell of it: ``18 juli, 1000, bankgiro``: day, sum and way, in any order; nothing is required."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import amounts_said, dates_said, words
from core.dates_said import Lean
from core.money import Ore

#: How somebody can have paid; the words for each are ``said.way.<name>``.
WAYS: Final = ("swish", "bank", "card", "cash")
#: The longest day or sum, in words: ``den 18 juli 2025``, ``about SEK 1 000``.
_LONGEST: Final = 4


@dataclass(frozen=True, slots=True)
class PaidSaid:
    """What somebody said of a payment; 0, None and empty are what they did not say."""

    amount: Ore = 0
    paid_on: date | None = None
    way: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not said yet: ``day``, ``amount``, ``way``."""
        said = {"day": self.paid_on, "amount": self.amount, "way": self.way}
        return tuple(name for name, value in said.items() if not value)

    def filled_by(self, later: "PaidSaid") -> "PaidSaid":
        """This with what is said afterwards, which counts where both say something."""
        return PaidSaid(later.amount or self.amount, later.paid_on or self.paid_on, later.way or self.way)


def read(text: str, lang: str, today: date) -> PaidSaid:
    """What the text says of a payment, as far as we understand it."""
    parts = [part.split() for part in re.split(r"[,;:.]\s+|[\n;]", text[:400]) if part.strip()]
    day = _day(parts, lang, today)
    amount = _amount(parts)
    return PaidSaid(amount, day, _way(text))


def _day(parts: list[list[str]], lang: str, today: date) -> date | None:
    """The first day that is named, taken out of the words; a bare number is a sum and no day."""
    for part in parts:
        for start, end in _windows(part):
            said = " ".join(part[start:end])
            if said.isdecimal():
                continue
            if day := dates_said.parse(said, lang, today, Lean.PAST):
                part[start:end] = ["|"]
                return day
    return None


def _amount(parts: list[list[str]]) -> Ore:
    for part in parts:
        for start, end in _windows(part):
            amount = amounts_said.parse(" ".join(part[start:end]))
            if amount is not None and amount > 0:
                return amount
    return 0


def _windows(part: list[str]) -> list[tuple[int, int]]:
    """The longest runs of words first, each length from the left."""
    longest = min(_LONGEST, len(part))
    return [(start, start + size) for size in range(longest, 0, -1) for start in range(len(part) - size + 1)]


def _way(text: str) -> str:
    said = text.casefold()
    for way in WAYS:
        names = {name.strip() for lang in words.languages() for name in words.text(lang, f"said.way.{way}").split(";")}
        if any(re.search(rf"\b{re.escape(name)}", said) for name in names):
            return way
    return ""
