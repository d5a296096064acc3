"""What a bank tells of an account: payments, balances, and what of its file cannot be read. One model for all formats.

Readers in ``core/files`` make these of camt.054, camt.053 and BgMax. Names, texts and accounts are people's data: they
go to columns that erasure may empty, and never into facts, transfers, audit or logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from core.money import Ore

#: Before the digits of a payer's bankgiro: the same digits may be an account at a bank.
BANKGIRO_OF: Final = "bg:"
#: What stands for text at what a bank charged for a payment, as `core.files.camt_charges` finds it beside one.
CHARGE: Final = "Bankens avgift"


class BankFileRefused(Exception):
    """A file that cannot be taken in at all: nothing of it is booked.

    ``code`` is a key of the catalogue under ``bank.file.``, ``line`` where the file goes wrong (0: as a whole).
    """

    def __init__(self, code: str, line: int = 0, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.values: Mapping[str, Any] = values


@dataclass(frozen=True, slots=True)
class Reference:
    """What a payer wrote to say what was paid. ``structured``: in the field for it (camt ``SCOR``, BgMax 20 and 22).

    ``ore`` is the part of the payment that is for it, where the bank says so.
    """

    text: str
    structured: bool
    ore: Ore | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Payer:
    """Who sent the money, as the bank knows them; each may be empty.

    ``account``: digits or IBAN, no spaces; a bankgiro begins with `BANKGIRO_OF`.
    """

    name: str = ""
    account: str = ""
    number: str = ""

    def __repr__(self) -> str:
        return "Payer(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One payment that was booked on our account. ``ore`` is positive when it came in, negative when it went out.

    ``line`` is where it begins in the file and ``seq`` its number there. ``bank_ref`` is the bank's own reference,
    unique with account and day, or empty; ``end_to_end`` is the sender's. ``takes_back``: it reverses an earlier one
    (återföring), whose reference is ``original_ref`` where the bank tells it. ``code`` is the bank's kind of
    transaction. ``order_on`` is the day on which the payer handed the order in, where it is told. ``batch_ref`` is the
    reference of the sum in which the bank booked it with others: the ``bank_ref`` of that sum where a statement has no
    parts of it, or what `core.deposit` calls a deposit of Bankgirot; ``batch_ore`` is the whole sum.
    """

    line: int
    seq: int
    account: str
    ore: Ore
    currency: str
    booked_on: date
    value_on: date
    bank_ref: str = ""
    end_to_end: str = ""
    references: tuple[Reference, ...] = ()
    text: str = ""
    payer: Payer = field(default_factory=Payer)
    takes_back: bool = False
    original_ref: str = ""
    code: str = ""
    order_on: date | None = None
    batch_ref: str = ""
    batch_ore: Ore = 0

    def __repr__(self) -> str:
        return f"Entry({self.seq}, {self.ore})"


@dataclass(frozen=True, slots=True)
class BadEntry:
    """A payment of the file that is not taken in, and why: ``code`` is a key of the catalogue under ``bank.entry.``.

    The others are, where the format's own totals still hold.
    """

    line: int
    seq: int
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Balance:
    """What the bank says was on the account at the end of ``on``; ``closing`` False: at the beginning of it."""

    account: str
    on: date
    ore: Ore
    closing: bool


#: What a reader yields, in the order of the file.
Told = Entry | BadEntry | Balance


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file says of itself before its payments. ``format``: ``camt.054``, ``camt.053`` or ``bgmax``."""

    format: str
    version: str
    message_id: str
    created: str
