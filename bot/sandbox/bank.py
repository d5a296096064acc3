"""A pretend bank: one client account, kept in a file, that speaks the files of a real one.

Money comes in by transfer or from Swish, payment orders go out (pain.001 is answered with pain.002), and the day ends
with a statement (camt.053). What comes in during the day is told at once (camt.054).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from defusedxml.ElementTree import fromstring

from bot.sandbox import bank_files
from core.money import Ore


@dataclass(frozen=True, slots=True)
class Line:
    """One payment on the account; ``ore`` is negative when it went out. ``ref`` is the bank's own, unique.

    ``ocr`` is a structured reference, ``text`` a free one; ``end_to_end`` is the sender's.
    """

    ref: str
    on: date
    ore: Ore
    ocr: str = ""
    text: str = ""
    end_to_end: str = ""
    name: str = ""
    account: str = ""
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """One payment that we asked the bank to make."""

    end_to_end: str
    ore: Ore
    on: date
    name: str
    account: str
    text: str = ""


class BankSandbox:
    """The bank's side of the account. ``reject``: how many of the next payments it turns down."""

    def __init__(self, folder: Path, iban: str) -> None:
        self._file = folder / "bank.jsonl"
        self._orders_file = folder / "orders.jsonl"
        self._iban = iban
        self.reject = 0
        self.lines: list[Line] = [_line(told) for told in _read(self._file)]
        self._orders: dict[str, Order] = {told["end_to_end"]: _order(told) for told in _read(self._orders_file)}

    def pay_in(self, ore: Ore, on: date, *, ocr: str = "", text: str = "", name: str = "", account: str = "") -> Line:
        """Money comes in; a bank takes whatever reference the payer wrote."""
        return self._book(Line(self._next(on), on, ore, ocr, text, "", name, account))

    def swish_in(self, ore: Ore, on: date, reference: str, message: str) -> Line:
        """A Swish payment reaches the account, under Swish's own reference."""
        return self._book(Line(self._next(on), on, ore, "", message, reference, "Swish"))

    def swish_out(self, ore: Ore, on: date, reference: str, message: str) -> Line:
        """Money that Swish sends back to a payer leaves the account, under the number of the refund."""
        return self._book(Line(self._next(on), on, -ore, "", message, reference, "Swish"))

    def take_back(self, line: Line, on: date) -> Line:
        """The payer's bank takes a payment back."""
        return self._book(replace(line, ref=self._next(on), on=on, ore=-line.ore, returns=True, end_to_end=line.ref))

    def ordered(self, data: bytes) -> bytes:
        """Take a file of payment orders; the answer. A payment whose id the bank has is not made twice."""
        root = fromstring(data, forbid_dtd=True)
        answers: list[tuple[str, str]] = []
        for order in bank_files.orders(root):
            if order["end_to_end"] in self._orders:
                answers.append((order["end_to_end"], "ACCP"))
                continue
            if self.reject:
                self.reject -= 1
                answers.append((order["end_to_end"], "AC03"))
                continue
            taken = _order(order)
            self._orders[taken.end_to_end] = taken
            _write(self._orders_file, taken)
            answers.append((taken.end_to_end, "ACCP"))
        return bank_files.answer(bank_files.message_id(root), answers)

    def execute(self, today: date) -> list[Line]:
        """Make the payments whose day has come."""
        done = {line.end_to_end for line in self.lines if line.ore < 0}
        due = [order for order in self._orders.values() if order.on <= today and order.end_to_end not in done]
        return [
            self._book(Line(self._next(today), today, -o.ore, "", o.text, o.end_to_end, o.name, o.account)) for o in due
        ]

    def told(self, lines: Iterable[Line], created: str) -> bytes:
        """A notification of these payments: camt.054.001.08."""
        return bank_files.notification(self._iban, list(lines), created)

    def statement(self, day: date, created: str) -> bytes:
        """The statement of a day with its balances: camt.053.001.08."""
        before = sum(line.ore for line in self.lines if line.on < day)
        return bank_files.statement(self._iban, day, before, [line for line in self.lines if line.on == day], created)

    def _next(self, on: date) -> str:
        return f"{on:%y%m%d}{len(self.lines) + 1:08d}"

    def _book(self, line: Line) -> Line:
        self.lines.append(line)
        _write(self._file, line)
        return line


def _read(path: Path) -> list[dict[str, str]]:
    return [json.loads(told) for told in path.read_text("utf-8").splitlines()] if path.exists() else []


def _write(path: Path, what: Line | Order) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(what), default=str, ensure_ascii=False) + "\n")


def _line(told: dict[str, str]) -> Line:
    return Line(**{**told, "on": date.fromisoformat(told["on"])})  # type: ignore[arg-type]  # JSON kept the others


def _order(told: dict[str, str]) -> Order:
    return Order(**{**told, "on": date.fromisoformat(str(told["on"])), "ore": int(told["ore"])})  # type: ignore[arg-type]
