"""BgMax: payments to a bankgiro, as Bankgirot's service Bankgiro Inbetalningar writes them.

Records of 80 characters in ISO 8859-1, amounts in öre. A section (05) holds payments (20) and deductions (21), each
with its own words (22 to 29), and ends with the deposit (15) that totals it; the end (70) counts the whole file.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import BinaryIO

from core.bank import BANKGIRO_OF, BadEntry, BankFileRefused, Entry, FileHead, Payer, Reference, Told
from core.deposit import ENDING, Deposit
from core.files.camt_entry import Skipped, in_kronor, read_day
from core.files.camt_values import ORE_MAX, TAKEN
from core.files.held import Held
from core.money import Ore

LENGTH = 80
BYTES_MAX = 200_000_000
#: Words of one payment: so many lines are more than the layout's manual allows.
DETAILS_MAX = 500

_ENVELOPE = ("01", "05", "15", "70")
_PAYMENTS = ("20", "21")
_DETAILS = ("22", "23", "25", "26", "27", "28", "29")
#: Which record may follow which. The words of a payment come in any order.
_FOLLOWS: dict[str, tuple[str, ...]] = {
    "": ("01",),
    "01": ("05", "70"),
    "05": (*_PAYMENTS, "15"),
    **dict.fromkeys((*_PAYMENTS, *_DETAILS), (*_PAYMENTS, *_DETAILS, "15")),
    "15": ("05", "70"),
    "70": (),
}
#: Up to where a record must say something; blanks after that may be missing.
_SAYS = {"01": 44, "05": 22, "20": 57, "21": 57, "22": 55, "23": 55, "29": 14, "15": 79, "70": 34}
#: References apart by blanks; a shorter number is rather a customer's.
_SEVERAL = re.compile(r"\d{5,}(\s+\d{5,})*", re.ASCII)
_NOT_A_TEST = ("P", "")
_UNSET = date.min


@dataclass(slots=True)
class _Payment:
    """A payment or deduction while its words are read."""

    line: int
    record: str
    ore: Ore
    extra: list[Reference] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    name: str = ""
    beside: str = ""
    number: str = ""
    details: int = 0

    def entry(self, account: str, seq: int) -> Entry:
        """The payment without its day, which the deposit will tell."""
        # Serial numbers are counted for each way by which payments come (57), so that one may be there twice.
        serial, way = _at(self.record, 58, 69), _at(self.record, 57, 57)
        deduction = _at(self.record, 71, 71)
        return Entry(
            line=self.line,
            seq=seq,
            account=account,
            ore=self.ore,
            currency=TAKEN,
            booked_on=_UNSET,
            value_on=_UNSET,
            bank_ref=f"{way}{serial}" if serial.strip("0") else "",
            references=tuple(self._references()),
            text="\n".join(filter(None, (*self.texts, self.beside))),
            payer=Payer(self.name, self._sender(), self.number),
            code=f"BGMAX/{self.record[:2]}{f'/{deduction}' if deduction and self.record[:2] == '21' else ''}",
        )

    def _sender(self) -> str:
        bankgiro = _at(self.record, 3, 12).lstrip("0")
        return bankgiro and BANKGIRO_OF + bankgiro

    def _references(self) -> Iterator[Reference]:
        """The payment's own reference, unless it is among the extra ones, and those.

        With reference code 3 the field may hold several, apart by blanks, or whatever the payer wrote.
        """
        own, extra = _at(self.record, 13, 37), {reference.text for reference in self.extra}
        several = _at(self.record, 56, 56) == "3" and _SEVERAL.fullmatch(own)
        for text in own.split() if several else [own]:
            if text and text not in extra:
                yield Reference(text, True)
        yield from self.extra


class _Reader:
    """The file, record after record."""

    def __init__(self) -> None:
        self.kind = ""
        self.line = 0
        self.number = count(1)
        self.account = self.currency = ""
        self.payment: _Payment | None = None
        self.held = Held()
        self.sum: Ore = 0
        self.section = 0
        self.counts = dict.fromkeys(("20", "21", "22", "15"), 0)

    def take(self, record: str) -> Iterator[FileHead | Told | Skipped]:
        kind = record[:2]
        if kind not in _FOLLOWS[self.kind]:
            raise BankFileRefused("record_order", self.line, record=kind, after=self.kind or "-")
        if len(record.rstrip()) < _SAYS.get(kind, 2):
            raise BankFileRefused("record_length", self.line, length=str(len(record.rstrip())))
        self.kind = kind
        match kind:
            case "01":
                yield self.head(record)
            case "05":
                self.opens(record)
            case "20" | "21":
                self.pays(record)
            case "15":
                yield from self.deposits(record)
            case "70":
                self.ends(record)
            case _:
                self.details(record)

    def head(self, record: str) -> FileHead:
        if _at(record, 3, 22) != "BGMAX" or _at(record, 23, 24) != "01":
            raise BankFileRefused("version", self.line, version=f"BgMax {_at(record, 23, 24)}")
        if _at(record, 45, 45) not in _NOT_A_TEST:
            raise BankFileRefused("test_file", self.line)
        written = _at(record, 25, 44)
        return FileHead("bgmax", "01", written, _said_moment(written))

    def opens(self, record: str) -> None:
        bankgiro, plusgiro = _at(record, 3, 12).lstrip("0"), _at(record, 13, 22).lstrip("0")
        self.account = bankgiro or plusgiro
        if not self.account:
            raise BankFileRefused("no_account", self.line)
        self.currency = _at(record, 23, 25) or TAKEN
        self.held, self.sum, self.section = Held(), 0, 0

    def pays(self, record: str) -> None:
        self.settle()
        kind = record[:2]
        ore = self.amount(record, 38, 55) * (1 if kind == "20" else -1)
        self.sum += ore
        self.section += 1
        self.counts[kind] += 1
        self.payment = _Payment(self.line, record, ore)

    def details(self, record: str) -> None:
        payment = self.payment
        assert payment is not None  # the order of records has seen to it
        payment.details += 1
        if payment.details > DETAILS_MAX:
            raise BankFileRefused("unreasonable", self.line)
        match record[:2]:
            case "22" | "23":
                self.counts["22"] += 1
                ore = self.amount(record, 38, 55) * (1 if record[:2] == "22" else -1)
                if text := _at(record, 13, 37):
                    payment.extra.append(Reference(text, True, ore or None))
            case "25":
                payment.texts.append(_at(record, 3, 52))
            case "26":
                payment.name = _at(record, 3, 37)
                # Not the name's end: as a rule a street, or whose care it is.
                payment.beside = _at(record, 38, 72)
            case "29":
                number = _at(record, 3, 14)
                payment.number = number.removeprefix("00") if number.strip("0") else ""

    def settle(self) -> None:
        """The payment before has all its words."""
        payment, self.payment = self.payment, None
        if payment is None or not payment.ore:
            return
        if self.currency != TAKEN:
            values = {"currency": self.currency}
            self.held.add(BadEntry(payment.line, next(self.number), "currency", values))
        else:
            self.held.add(payment.entry(self.account, next(self.number)))

    def deposits(self, record: str) -> Iterator[Told]:
        """The bank put the section's sum on the account: that is the day of its payments."""
        self.settle()
        self.counts["15"] += 1
        told, number = self.amount(record, 51, 68), self.amount(record, 72, 79)
        if number != self.section:
            raise BankFileRefused("count", self.line, told=str(number), found=str(self.section))
        if told != self.sum:
            raise BankFileRefused("sum", self.line, told=in_kronor(told), found=in_kronor(self.sum))
        if _at(record, 69, 71) not in ("", self.currency):
            raise BankFileRefused("deposit_currency", self.line)
        on, serial = self.day(record, 38, 45), _at(record, 46, 50)
        whole = self.whole(record, told, on, serial)
        for entry in self.held.take():
            if isinstance(entry, Entry):
                bank_ref = f"{serial}-{entry.bank_ref}" if entry.bank_ref else ""
                entry = replace(
                    entry, booked_on=on, value_on=on, bank_ref=bank_ref, batch_ref=whole, batch_ore=told if whole else 0
                )
            yield entry

    def whole(self, record: str, ore: Ore, on: date, serial: str) -> str:
        """The reference of the sum that the bank put on the account; empty where nothing of it can be one."""
        account = re.sub(r"\D", "", _at(record, 3, 37), flags=re.ASCII)[-ENDING:].rjust(ENDING, "0")
        numbers = (self.account, serial or "0")
        if not ore or not all(number.isascii() and number.isdigit() for number in numbers):
            return ""
        return Deposit(on, ore, account, *numbers).ref

    def ends(self, record: str) -> None:
        for kind, start in (("20", 3), ("21", 11), ("22", 19), ("15", 27)):
            told = self.amount(record, start, start + 7)
            if told != self.counts[kind]:
                raise BankFileRefused("end_count", self.line, kind=kind, told=str(told), found=str(self.counts[kind]))

    def amount(self, record: str, start: int, end: int) -> int:
        digits = _at(record, start, end)
        if not (digits.isascii() and digits.isdigit()) or int(digits) > ORE_MAX:
            raise BankFileRefused("digits", self.line, start=str(start), end=str(end))
        return int(digits)

    def day(self, record: str, start: int, end: int) -> date:
        digits = _at(record, start, end)
        day = read_day(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
        if day is None:
            raise BankFileRefused("date", self.line)
        return day


def tell(stream: BinaryIO) -> Iterator[FileHead | Told | Skipped]:
    """The head of the file, then its payments section by section. Raises `BankFileRefused`, at the end too."""
    reader, size = _Reader(), 0
    while raw := stream.readline(4 * LENGTH):
        reader.line += 1
        size += len(raw)
        if size > BYTES_MAX:
            raise BankFileRefused("too_large", limit=str(BYTES_MAX // 1_000_000))
        record = _text(raw.removeprefix(BOM_UTF8) if reader.line == 1 else raw)
        if reader.kind == "70" and not record:
            continue
        if len(record) > LENGTH or not record:
            raise BankFileRefused("record_length", reader.line, length=str(len(record)))
        if not record.isprintable() and re.search(r"[\x00-\x1f\x7f-\x9f]", record):
            raise BankFileRefused("record_text", reader.line)
        yield from reader.take(record.ljust(LENGTH))
    if reader.kind != "70":
        raise BankFileRefused("no_end" if size else "empty", reader.line)


def _text(raw: bytes) -> str:
    """A line as the layout has it: in ISO 8859-1, unless somebody has saved it as UTF-8. A tab is a blank."""
    raw = raw.rstrip(b"\r\n\x1a").replace(b"\t", b" ")
    encoding = "iso-8859-1"
    if len(raw) != LENGTH and not raw.isascii():
        with suppress(UnicodeDecodeError):
            raw.decode("utf-8")
            encoding = "utf-8"
    return raw.decode(encoding).rstrip(" \x1a")


def _at(record: str, start: int, end: int) -> str:
    """What stands in these columns, counted from 1, without the blanks around it."""
    return record[start - 1 : end].strip()


def _said_moment(written: str) -> str:
    return f"{written[:4]}-{written[4:6]}-{written[6:8]}T{written[8:10]}:{written[10:12]}:{written[12:14]}"
