"""camt.054 (notification) and camt.053 (statement), versions 001.02 and 001.08: what the bank booked on our account.

Only what is booked (``BOOK``) counts. A statement's balances must agree with its entries, and totals with what they
total; where they do not, the file is refused as a whole (ISO 20022, BankToCustomerDebitCreditNotification and
BankToCustomerStatement).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import BinaryIO

from core.bank import Balance, BankFileRefused, FileHead, Told
from core.files import xml_stream
from core.files.camt_entry import REF_MAX, Booking, Skipped, in_kronor, read_day
from core.files.camt_values import TAKEN, Unreadable, is_number, read_ore, read_total
from core.files.camt_words import ACCOUNT_MAX
from core.files.xml_stream import Node
from core.money import Ore

VERSIONS = ("02", "08")
NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[34])\.001\.(\d\d)")
#: Depth below the document, and name: what comes as a whole, and of what we are told the beginning.
_PARTS = frozenset(
    {(2, "GrpHdr"), (2, "Ntfctn"), (2, "Stmt"), (3, "Acct"), (3, "Bal"), (3, "TxsSummry"), (3, "Ntry")}
    | {(4, "NtryDtls"), (5, "Btch"), (5, "TxDtls")}
)
_OPENED = frozenset({(2, "Ntfctn"), (2, "Stmt"), (3, "Ntry"), (4, "NtryDtls")})
_OPENING, _CLOSING = ("OPBD", "PRCD"), "CLBD"


def tell(stream: BinaryIO) -> Iterator[FileHead | Told | Skipped]:
    """The head of the file, then what it tells, in its order. Raises `BankFileRefused`, at the end too."""
    number = count(1)
    statement, booking = _Statement(0), Booking(Node("Ntry", 0), "", number)
    kind = version = ""
    head: FileHead | None = None
    statements = 0
    for begins, node in xml_stream.elements(stream, NAMESPACE, _PARTS, _OPENED):
        match node.tag, begins:
            case "Document", _:
                kind, version = _version(node)
            case "GrpHdr", _ if head is None:
                head = FileHead(kind, f"001.{version}", node.said("MsgId")[:REF_MAX], node.said("CreDtTm")[:REF_MAX])
                yield head
            case (("Ntfctn" | "Stmt"), True):
                if head is None:
                    raise BankFileRefused("no_head", node.line)
                statement = _Statement(node.line)
                statements += 1
            case "Acct", _:
                statement.account = _account(node)
            case "Bal", _:
                yield from statement.balance(node)
            case "TxsSummry", _:
                statement.summary = node
            case "Ntry", True:
                if not statement.account:
                    raise BankFileRefused("no_account", statement.line)
                booking = Booking(node, statement.account, number)
            case "NtryDtls", True:
                booking.group_begins()
            case "Btch", _:
                booking.batch(node)
            case "TxDtls", _:
                booking.part(node)
            case "NtryDtls", False:
                booking.group_ends()
            case "Ntry", False:
                yield from booking.tell()
                statement.count(booking)
            case (("Ntfctn" | "Stmt"), False):
                statement.check()
    if not statements:
        raise BankFileRefused("empty")


def _version(document: Node) -> tuple[str, str]:
    found = NAMESPACE.fullmatch(document.text)
    if not found or found[2] not in VERSIONS:
        raise BankFileRefused("version", document.line, version=document.text.rpartition(":")[2][:20])
    return found[1], found[2]


def _account(node: Node) -> str:
    account = re.sub(r"[\s-]", "", node.said("Id/IBAN", "Id/Othr/Id"))
    if not account or len(account) > ACCOUNT_MAX:
        raise BankFileRefused("no_account", node.line)
    return account


@dataclass(slots=True)
class _Sums:
    """Number of some entries, what they come to, and what they come to without their signs."""

    number: int = 0
    net: Ore = 0
    gross: Ore = 0

    def add(self, ore: Ore) -> None:
        self.number += 1
        self.net += ore
        self.gross += abs(ore)

    def told_as(self, direction: int) -> set[Ore]:
        """How a file may total them: without their signs, and what went out also with it."""
        return {self.gross, self.net} if direction < 0 else {self.gross}


@dataclass(slots=True)
class _Statement:
    """One account's part of a file while it is read. ``unread``: the line of an amount that could not be added up."""

    line: int
    account: str = ""
    summary: Node | None = None
    opening: tuple[Ore, str] | None = None
    closing: tuple[Ore, str, int] | None = None
    unread: int = 0
    booked: dict[str, Ore] = field(default_factory=dict)
    #: Whether only what is booked counts, and the direction (0: both): what a summary may total.
    totals: dict[tuple[bool, int], _Sums] = field(default_factory=dict)

    def balance(self, node: Node) -> Iterator[Balance]:
        code, amount = node.said("Tp/CdOrPrtry/Cd"), node.first("Amt")
        if code not in (*_OPENING, _CLOSING):
            return
        if not self.account or amount is None:
            raise BankFileRefused("balance_unread", node.line)
        ore, on = self._balance_ore(node, amount)
        currency = amount.attributes.get("Ccy", "")
        if code == _CLOSING:
            self.closing = (ore, currency, node.line)
        elif code == _OPENING[0] or self.opening is None:
            self.opening = (ore, currency)
        if currency == TAKEN and code != "PRCD":
            yield Balance(self.account, on, ore, code == _CLOSING)

    def _balance_ore(self, node: Node, amount: Node) -> tuple[Ore, date]:
        sign, on = {"CRDT": 1, "DBIT": -1}.get(node.said("CdtDbtInd"), 0), read_day(node.said("Dt/Dt", "Dt/DtTm"))
        try:
            ore = read_ore(amount)
        except Unreadable:
            sign = 0
        if not sign or on is None:
            raise BankFileRefused("balance_unread", node.line)
        return sign * ore, on

    def count(self, booking: Booking) -> None:
        try:
            head = booking.head
        except Unreadable as bad:
            self.unread = self.unread or bad.line
            return
        for counted in (False, True) if head.booked else (False,):
            for direction in (0, 1 if head.ore > 0 else -1):
                self.totals.setdefault((counted, direction), _Sums()).add(head.ore)
        if head.booked:
            self.booked[head.currency] = self.booked.get(head.currency, 0) + head.ore

    def check(self) -> None:
        """The entries make the closing balance of the opening one, and the totals are theirs."""
        balanced = self.opening is not None and self.closing is not None
        if self.unread and (balanced or self.summary is not None):
            raise BankFileRefused("unsummed", self.unread)
        if self.opening and self.closing:
            told, currency, line = self.closing
            found = self.opening[0] + self.booked.get(currency, 0)
            if self.opening[1] != currency or told != found:
                raise BankFileRefused("balance", line, told=in_kronor(told), found=in_kronor(found))
        if self.summary is not None:
            self._check_totals(self.summary)

    def _check_totals(self, summary: Node) -> None:
        # Banks differ on whether what is not booked yet is in the totals: either is taken.
        for name, direction in (("TtlNtries", 0), ("TtlCdtNtries", 1), ("TtlDbtNtries", -1)):
            group = summary.first(name)
            if group is None:
                continue
            own = [self.totals.get((booked, direction), _Sums()) for booked in (True, False)]
            told = group.said("NbOfNtries")
            if told and not any(is_number(told, sums.number) for sums in own):
                raise BankFileRefused("count", group.line, told=told[:15], found=str(own[0].number))
            total = group.first("Sum")
            if total is not None and _total(total) not in {ore for each in own for ore in each.told_as(direction)}:
                raise BankFileRefused("sum", total.line, told=total.text[:20], found=in_kronor(own[0].gross))
        self._check_net(summary)

    def _check_net(self, summary: Node) -> None:
        entries = summary.first("TtlNtries")
        net = entries.first("TtlNetNtryAmt") or entries.first("TtlNetNtry/Amt") if entries else None
        if net is None:
            return
        found = [self.totals.get((booked, 0), _Sums()).net for booked in (True, False)]
        # Its sign stands beside it (CdtDbtInd), with some banks also before it.
        if _total(net) not in {each for ore in found for each in (ore, abs(ore))}:
            raise BankFileRefused("sum", net.line, told=net.text[:20], found=in_kronor(found[0]))


def _total(node: Node) -> Ore:
    try:
        return read_total(node)
    except Unreadable:
        raise BankFileRefused("unsummed", node.line) from None
