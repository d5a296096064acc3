"""Card numbers that somebody writes to us by mistake: hidden before anything is kept.

A card number is told from other numbers by its issuer's first digits with the lengths that issuer gives out, and its
check digit (ISO/IEC 7812). OCR references bear the same check digit: ours are shorter, and a number that is called an
OCR or a reference, or is an IBAN, is left alone. Otherwise, in doubt, it is hidden. Signs are replaced one by one, so
that a text keeps its length; the last four digits stay, by which people know their card.
"""

import re
from collections.abc import Iterator
from typing import Final

from stdnum import luhn

HIDDEN: Final = "*"
KEPT: Final = 4
LENGTHS: Final = range(13, 20)

#: First digits (from, to) and the lengths of the number (payment networks' published ranges).
_ISSUERS: Final[tuple[tuple[str, str, tuple[int, ...]], ...]] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14,)),  # Diners Club
    ("36", "36", (14,)),
    ("38", "39", (14,)),
    ("3528", "3589", (16, 17, 18, 19)),  # JCB
    ("6011", "6011", (16, 17, 18, 19)),  # Discover
    ("644", "659", (16, 17, 18, 19)),
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    *((first, first, (13, 16, 18, 19)) for first in ("5018", "5020", "5038", "5893", "6304", "6759")),  # Maestro
    ("6761", "6763", (13, 16, 18, 19)),
)
_GROUPS: Final = re.compile(r"[0-9]+(?:[\s.,_/\u00a0\u2010-\u2015-]{1,3}[0-9]+)*")
_GROUP: Final = re.compile(r"[0-9]+")
#: What stands right before a number that is no card, whatever its digits.
_NO_CARD: Final = re.compile(
    r"(?:\bocr|\bref\w*|\bfaktur\w*|\binvoice)\W*(?:n(?:umme)?r|number|no)?\W*$", re.IGNORECASE
)
_IBAN: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
#: What people write after it: until when it is valid, and the code on its back.
_AFTER: Final = re.compile(
    r"(?:\W{0,3}(?:exp\w*|giltig\w*|valid\w*|till|to)?\W{0,3}[0-9]{2}\s?[/-]\s?[0-9]{2,4}\b)?"
    r"(?:\W{0,3}(?:cvc2?|cvv2?|cv|kod|code)?\W{0,3}[0-9]{3,4}\b)?",
    re.IGNORECASE,
)
_WAS_HIDDEN: Final = re.compile(r"(?:\*[^\w*]{0,3}){9,15}\d")


def without_cards(text: str) -> str:
    """The text with every card number in it hidden but for its last four digits."""
    if sum(sign.isdecimal() for sign in text) < LENGTHS[0]:
        return text
    latin = _latin(text)
    signs = list(text)
    for start, end in _cards(latin):
        digits = [at for at in range(start, end) if latin[at].isdigit()]
        after = _AFTER.match(latin, end)
        told = [at for at in range(end, after.end()) if latin[at].isdigit()] if after else []
        for at in (*digits[:-KEPT], *told):
            signs[at] = HIDDEN
    return "".join(signs)


def was_hidden(text: str) -> bool:
    """Whether a card number stood in the text before we hid it."""
    return _WAS_HIDDEN.search(text) is not None


def _cards(text: str) -> Iterator[tuple[int, int]]:
    spared = [found.span() for found in _IBAN.finditer(text)]
    for run in _GROUPS.finditer(text):
        if any(start <= run.start() < end for start, end in spared):
            continue
        groups = [group.span() for group in _GROUP.finditer(text, run.start(), run.end())]
        after = 0
        for first, (start, _) in enumerate(groups):
            if start < after or _NO_CARD.search(text, max(0, start - 40), start):
                continue
            end = _card_from(text, groups[first : first + LENGTHS[-1]])
            if end:
                after = end
                yield start, end


def _card_from(text: str, groups: list[tuple[int, int]]) -> int | None:
    """Where the card number ends that begins with the first of these groups, if one does; the longest counts."""
    digits, found = "", None
    for start, end in groups:
        digits += text[start:end]
        if len(digits) > LENGTHS[-1]:
            break
        if is_card(digits):
            found = end
    return found


def is_card(digits: str) -> bool:
    """Whether a row of digits can be the number of a payment card."""
    known = (low <= digits[: len(low)] <= high and len(digits) in lengths for low, high, lengths in _ISSUERS)
    return len(digits) in LENGTHS and any(known) and bool(luhn.is_valid(digits))


def _latin(text: str) -> str:
    """Digits of every script as 0 to 9, sign by sign, so that places stay the same."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
