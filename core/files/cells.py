"""Single cells of a file as values: dates, amounts, yes and no, interest. What cannot be read is a `BadCell`."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TypeVar

from babel import Locale

from core.claim import ClaimKind, DayCount
from core.money import TOLERANCE_ORE, Ore, parse_kronor
from core.party import PartyKind

E = TypeVar("E", bound=StrEnum)

_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
)
_YEARS = range(1900, 2100)
_RATE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?", re.ASCII)
_REFERENCE = re.compile(r"ref\w*\.?(?:\s+rate)?\s*\+\s*(.+)")
_EMAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]{2,}")
_YES = frozenset({"yes", "y", "ja", "j", "true", "sant", "1", "x"})
_NO = frozenset({"no", "n", "nej", "false", "falskt", "0"})
_EMPTY_WORDS = re.compile(r"(?i)\b(faktura\w*|invoice|räkning|enligt|nr|no|number|as per)\b")

_PARTY_KINDS = {
    "privatperson": PartyKind.PERSON,
    "företag": PartyKind.ORGANISATION,
    "bolag": PartyKind.ORGANISATION,
    "company": PartyKind.ORGANISATION,
}
_CLAIM_KINDS = {
    "konsument": ClaimKind.CONSUMER,
    "näringsidkare": ClaimKind.BUSINESS,
    "företag": ClaimKind.BUSINESS,
    "konsumentkredit": ClaimKind.CONSUMER_CREDIT,
    "kredit": ClaimKind.CONSUMER_CREDIT,
    "hyra": ClaimKind.RENT,
}
_DAY_COUNTS = {
    "act/365": DayCount.ACT_365F,
    "actual/365": DayCount.ACT_365F,
    "actual/actual": DayCount.ACT_ACT,
    "30/360": DayCount.E30_360,
}


class BadCell(ValueError):
    """A cell that cannot be taken. ``values`` fill in the words; they never hold what stood in the cell."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, str] = values


@dataclass(frozen=True, slots=True)
class Interest:
    """What the interest cell says: none, a margin over the reference rate, or a yearly rate, in basis points."""

    runs: bool = True
    rate_bp: int | None = None
    margin_bp: int = 800


def no_control_characters(text: str) -> None:
    """Line breaks aside, what does not print has no business in a letter."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co") and char != "\n" for char in text):
        raise BadCell("control_character")


def text(length_max: int) -> Callable[[str], str]:
    """A text of limited length; runs of spaces count as one, line breaks stay."""

    def parse(cell: str) -> str:
        value = "\n".join(" ".join(line.split()) for line in cell.split("\n") if line.strip())
        if len(value) > length_max:
            raise BadCell("too_long", limit=str(length_max))
        return value

    return parse


def says_something(ground: str, reference: str) -> bool:
    """Whether a ground has a word of its own, beside the invoice number and the word invoice."""
    rest = _EMPTY_WORDS.sub(" ", ground.replace(reference or " ", " "))
    return sum(char.isalpha() for char in rest) >= 3


def day(cell: str) -> date:
    """A date: ``2025-07-01``, ``20250701`` or ``01.07.2025``."""
    for form in _DATES:
        found = form.fullmatch(cell)
        if found and int(found["y"]) in _YEARS:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    raise BadCell("bad_date")


def amount(cell: str) -> Ore:
    """An amount of at least one krona, with a Swedish or English decimal sign: less is never chased."""
    ore = amount_or_zero(cell)
    if not ore:
        raise BadCell("amount_not_positive")
    if ore < TOLERANCE_ORE:
        raise BadCell("amount_below_krona")
    return ore


def amount_or_zero(cell: str) -> Ore:
    if cell[0] in "-\u2212\u2013":
        raise BadCell("amount_not_positive")
    try:
        return parse_kronor(cell)
    except ValueError:
        raise BadCell("bad_amount") from None


def yes_or_no(cell: str) -> bool:
    word = cell.casefold()
    if word not in _YES | _NO:
        raise BadCell("not_yes_or_no")
    return word in _YES


def interest(cell: str) -> Interest:
    """``none``, ``reference+8`` or a yearly rate in percent. More than 100 % is a typing mistake."""
    word = " ".join(cell.casefold().split())
    if word in ("none", "ingen", "nej", "no", "0"):
        return Interest(runs=False)
    over = _REFERENCE.fullmatch(word)
    return Interest(margin_bp=_basis_points(over[1])) if over else Interest(rate_bp=_basis_points(word))


def claim_kind(cell: str) -> ClaimKind:
    return _one_of(cell.replace(" ", "_").replace("-", "_"), ClaimKind, _CLAIM_KINDS, "unknown_kind")


def party_kind(cell: str) -> PartyKind:
    return _one_of(cell, PartyKind, _PARTY_KINDS, "unknown_debtor_kind")


def day_count(cell: str) -> DayCount:
    return _one_of(cell, DayCount, _DAY_COUNTS, "unknown_day_count")


def language(cell: str) -> str:
    """Two letters, whether or not we write that language yet: what we lack falls back to Swedish."""
    code = cell.casefold()
    if code not in _languages():
        raise BadCell("unknown_language")
    return code


def country(cell: str) -> str:
    """Two letters, or Sweden by name."""
    code = "SE" if cell.casefold() in ("sverige", "sweden") else cell.upper()
    if len(code) != 2 or code not in _countries():
        raise BadCell("unknown_country")
    return code


def email(cell: str) -> str:
    if len(cell) > 254 or not _EMAIL.fullmatch(cell):
        raise BadCell("bad_email")
    return cell


def phone(cell: str) -> str:
    """A telephone number in international form, ``+46701234567``; one that begins with a single 0 is Swedish."""
    digits = re.sub(r"[\s\u00a0().\-/\u2010-\u2013]", "", cell)
    digits = re.sub(r"^00", "+", digits)
    digits = re.sub(r"^(\+46)0", r"\1", re.sub(r"^0", "+46", digits))
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits, re.ASCII):
        raise BadCell("bad_phone")
    return digits


def _basis_points(percent: str) -> int:
    found = _RATE.fullmatch(percent.strip())
    rate_bp = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= rate_bp <= 10_000:
        raise BadCell("bad_interest")
    return rate_bp


def _one_of(cell: str, kinds: type[E], aliases: Mapping[str, E], code: str) -> E:
    word = cell.casefold()
    for kind in kinds:
        if word == kind.value.casefold():
            return kind
    if word not in aliases:
        raise BadCell(code, allowed=", ".join(kinds))
    return aliases[word]


@cache
def _languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())
