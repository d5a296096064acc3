"""A Swedish postal address that was written in one line, in the parts that banks want (ISO 20022, PostalAddress).

From November 2026 banks take an address in parts or none: what cannot be told apart is left out, never guessed.
"""

import re
from dataclasses import dataclass
from typing import Final

#: Postcode and town end the line, perhaps with the country behind them.
_LINE: Final = re.compile(
    r"(?P<before>.*?)[\s,]*\b(?:SE?[- ])?(?P<postcode>\d{3} ?\d{2})\s+(?P<town>[^\d,]+?)"
    r"(?:[\s,]+(?:Sverige|Sweden|SE))?[\s,.]*",
    re.IGNORECASE | re.ASCII,
)
_HOUSE: Final = re.compile(r"(?P<street>\D+?)\s+(?P<number>\d+ ?[A-Za-zÅÄÖåäö]?(?:-\d+ ?[A-Za-z]?)?)", re.ASCII)
#: What has a number that is no building's.
_BOXES: Final = frozenset({"box", "fack", "postbox", "pl"})
_CARE_OF: Final = re.compile(r"(?:c/o|co|att|attn)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Postal:
    """An address in parts. ``house`` is the building's number, with its letter; ``country`` has two letters."""

    town: str
    country: str = "SE"
    street: str = ""
    house: str = ""
    postcode: str = ""

    def __repr__(self) -> str:
        return "Postal(…)"


def in_parts(line: str) -> Postal | None:
    """``Storgatan 4 B, 903 27 Umeå`` in its parts; None where postcode and town cannot be told for certain."""
    found = _LINE.fullmatch(" ".join(line.replace("\n", ", ").split()))
    if found is None:
        return None
    digits = found["postcode"].replace(" ", "")
    street, house = _street(found["before"])
    return Postal(found["town"].strip(), "SE", street, house, f"{digits[:3]} {digits[3:]}")


def _street(text: str) -> tuple[str, str]:
    """The street and the building's number; the number stays with the street where it may be another."""
    lines = [one.strip() for one in text.split(",") if one.strip() and not _CARE_OF.match(one.strip())]
    for line in lines:
        apart = _HOUSE.fullmatch(line)
        if apart and apart["street"].lower() not in _BOXES:
            return apart["street"], apart["number"]
    return (lines[-1], "") if lines else ("", "")
