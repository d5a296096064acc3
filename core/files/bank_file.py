"""A file of the bank, whatever its format: what it is, what is in it, and whether it agrees with itself.

Nothing is booked before `check` has read the whole file once; `read` then gives the same payments, in the same order
and with the same numbers.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.bank import BadEntry, Balance, BankFileRefused, Entry, FileHead, Told
from core.files import bgmax, camt
from core.files.camt_entry import Skipped
from core.files.claim_columns import column_named
from core.money import Ore

#: So much of a file says what it is.
HEAD = 4_096
#: Bad payments that `check` names; it counts the others.
BAD_NAMED = 1_000
#: The shortest first line of records of fixed width (BgMax has 80 characters, perhaps without its trailing blanks).
FIXED_LEAST = 40
_FORMATS = (("camt.054.001.", "camt.054"), ("camt.053.001.", "camt.053"), ("pain.002.001.", "pain.002"))

#: Control characters that stand in text: tab, line feed, form feed, carriage return, and the old end of a file.
_OF_TEXT = frozenset(b"\t\n\x0c\r\x1a")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a whole file holds. ``sum_ore`` is of its good payments, ``bad`` names the first of the ``bad_count`` bad.

    ``skipped`` are entries that are not booked yet, or of nothing.
    """

    head: FileHead
    entries: int
    sum_ore: Ore
    bad: tuple[BadEntry, ...]
    bad_count: int
    skipped: int
    balances: tuple[Balance, ...]


class Reading:
    """A file that is read once, from its beginning: the head is there at once, the rest as it is asked for."""

    def __init__(self, told: Iterator[FileHead | Told | Skipped]) -> None:
        head = next(told, None)
        if not isinstance(head, FileHead):
            raise BankFileRefused("empty")
        self.head = head
        self.skipped = 0
        self._told = told

    def __iter__(self) -> Iterator[Told]:
        for told in self._told:
            if isinstance(told, Skipped):
                self.skipped += 1
            elif not isinstance(told, FileHead):
                yield told


def recognise(head: bytes) -> str | None:
    """The format of a file by its first bytes: ``camt.054``, ``camt.053``, ``pain.002``, ``bgmax`` or ``claims``."""
    if head.removeprefix(BOM_UTF8).startswith(b"01BGMAX"):
        return "bgmax"
    plain = _plain(head)
    if plain.startswith("<"):
        return next((name for namespace, name in _FORMATS if namespace in plain), None)
    return "claims" if _is_claims(head[:HEAD]) else None


def like_a_banks(head: bytes) -> bool:
    """Whether a file that we do not know is rather a bank's than somebody's claims: XML, or records of fixed width."""
    plain = _plain(head)
    first, second = [*plain.splitlines()[:2], "", ""][:2]
    fixed = (
        first[:2].isdecimal() and second[:2].isdecimal() and len(first) >= FIXED_LEAST and not set(";,\t") & {*first}
    )
    return plain.startswith("<") or fixed


def is_no_text(head: bytes) -> bool:
    """Whether a file is neither a table nor a bank's, whatever it is called: a picture, an archive, a program."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        return False
    return any(sign < 32 and sign not in _OF_TEXT for sign in head[:HEAD])


def _plain(head: bytes) -> str:
    # In UTF-16 every second byte of these names is a zero.
    return head[:HEAD].replace(b"\0", b"").decode("iso-8859-1").lstrip("\xef\xbb\xbf\xff\xfe \t\r\n")


def read(stream: BinaryIO) -> Reading:
    """Read a camt or BgMax file from where the stream stands. `BankFileRefused` may come any time, last at its end."""
    start = stream.tell()
    head = stream.read(HEAD)
    stream.seek(start)
    match recognise(head):
        case "camt.053" | "camt.054":
            return Reading(camt.tell(stream))
        case "bgmax":
            return Reading(bgmax.tell(stream))
        case _:
            raise BankFileRefused("unknown" if head else "empty")


def check(stream: BinaryIO, progress: Progress | None = None) -> Checked:
    """Read a file to its end, and what it comes to. ``progress`` hears how many bytes are read."""
    reading = read(stream)
    entries = bad_count = sum_ore = 0
    bad: list[BadEntry] = []
    balances: list[Balance] = []
    for number, told in enumerate(reading):
        if progress and number % 1_000 == 0:
            progress(stream.tell())
        match told:
            case Entry():
                entries += 1
                sum_ore += told.ore
            case BadEntry():
                bad_count += 1
                if len(bad) < BAD_NAMED:
                    bad.append(told)
            case Balance():
                balances.append(told)
    if progress:
        progress(stream.tell())
    return Checked(reading.head, entries, sum_ore, tuple(bad), bad_count, reading.skipped, tuple(balances))


def _is_claims(head: bytes) -> bool:
    """Whether a cell of one of the first lines is a column of a claims file."""
    try:
        text = head.decode("utf-8-sig", "ignore") if b"\0" not in head else ""
        rows = [cells for delimiter in ";,\t" for cells in csv.reader(text.splitlines()[:5], delimiter=delimiter)]
    except csv.Error:
        return False
    return any(column_named(cell.strip()) is not None for cells in rows for cell in cells)
