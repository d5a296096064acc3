"""How staff write the parts of a payment: ``10000180 500; 10000289 250,50``, a line or a comma between as well."""

import re
from typing import Final

from core.matching import Part, is_ocr
from core.money import parse_kronor

#: Between parts: a line, a semicolon, or a comma that no öre follow.
_BETWEEN: Final = re.compile(r"[;\n]|,(?!\d{1,2}(?!\d))", re.ASCII)
_AMOUNT: Final = re.compile(r"(\d{1,3}(?: \d{3})+|\d+)([,.]\d{1,2})?", re.ASCII)
#: The end of an amount as people write it.
_CURRENCY: Final = re.compile(r"\s*(?:kr|sek)\s*$", re.IGNORECASE)


def parts_of(text: str) -> list[Part]:
    """The parts; nothing when any of it is something else."""
    found = [_part(one) for one in _BETWEEN.split(text) if one.strip()]
    parts = [part for part in found if part is not None]
    return parts if len(parts) == len(found) else []


def meant(text: str) -> bool:
    """Whether somebody seems to have tried to write parts: more than one number, and a case's among them."""
    numbers = re.findall(r"\d+", text, re.ASCII)
    return len(numbers) > 1 and any(is_ocr(number) for number in numbers)


def _part(text: str) -> Part | None:
    """A case's number and a sum. Both may have spaces within, so the number ends where its check digit is right."""
    words = _CURRENCY.sub("", text).split()
    fitting = []
    for end in range(1, len(words)):
        number, amount = "".join(words[:end]), " ".join(words[end:])
        if number.isdecimal() and number.isascii() and len(number) > 1 and _AMOUNT.fullmatch(amount):
            fitting.append(Part(number, parse_kronor(amount)))
    return next((part for part in fitting if is_ocr(part.ocr)), fitting[0] if fitting else None)
