"""Amounts of a camt file, exact to the öre."""

import re
from typing import Any

from core.files.xml_stream import Node
from core.money import Ore

TAKEN = "SEK"
#: A sum beyond this is a mistake of the file: ten thousand milliard kronor.
ORE_MAX = 10**15
#: ISO has room for five decimals: zeros beyond the second say nothing, anything else is no whole öre.
_AMOUNT = re.compile(r"\+?(?=\.?\d)(\d{0,16})(?:\.(\d{0,2})0*)?", re.ASCII)


class Unreadable(Exception):
    """Why an entry is not taken. ``code`` is a key under ``bank.entry.``."""

    def __init__(self, code: str, line: int, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.values = values


def read_ore(node: Node) -> Ore:
    """An amount without a sign."""
    return _ore(node.text, node.line)


def read_total(node: Node) -> Ore:
    """A total: ISO lets it have a sign (DecimalNumber)."""
    return -_ore(node.text[1:], node.line) if node.text.startswith("-") else read_ore(node)


def _ore(said: str, line: int) -> Ore:
    found = _AMOUNT.fullmatch(said)
    if not found:
        raise Unreadable("amount", line)
    ore = int(found[1] or 0) * 100 + int((found[2] or "").ljust(2, "0"))
    if ore > ORE_MAX:
        raise Unreadable("amount", line)
    return ore


def is_number(said: str, found: int) -> bool:
    """Whether a count is this one, however many zeros it begins with (Max15NumericText)."""
    return said.isascii() and said.isdigit() and len(said) <= 15 and int(said) == found


def sign_of(node: Node) -> int:
    """1 for money that comes in, -1 for money that goes out, 0 where it is not told."""
    return {"CRDT": 1, "DBIT": -1}.get(node.said("CdtDbtInd"), 0)
