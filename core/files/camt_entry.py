"""One entry (``Ntry``) of a camt file and the payments in it: of a batch booking all are taken, or none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.bank import BANKGIRO_OF, BadEntry, Entry, Payer, Reference
from core.files.held import Held
from core.files.xml_stream import Node
from core.money import Ore
from core.words import HERE

TAKEN = "SEK"
#: Columns of the store; ISO's own limits are shorter, but for names of .08 that are cut.
REF_MAX, ACCOUNT_MAX, NAME_MAX = 80, 40, 140
#: A sum beyond this is a mistake of the file: ten thousand milliard kronor.
ORE_MAX = 10**15
#: A day outside of these is one too.
YEARS = range(2000, 2100)
_A_DAY = re.compile(r"(?!20)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

_AMOUNT = re.compile(r"\+?(?=\.?\d)(\d{0,16})(?:\.(\d{0,2}))?", re.ASCII)
#: The scheme of a bankgiro number (ISO 20022, Swedish practice).
BANKGIRO = "BGNR"
_NO_REFERENCE = {"NOTPROVIDED", "NONREF"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is not booked yet, or of nothing: nothing to take, and nothing wrong."""

    line: int


class Unreadable(Exception):
    """Why an entry is not taken. ``code`` is a key under ``bank.entry.``."""

    def __init__(self, code: str, line: int, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.values = values


@dataclass(frozen=True, slots=True)
class Head:
    """What is said of the entry as a whole. ``ore`` bears its sign."""

    ore: Ore
    currency: str
    booked: bool
    takes_back: bool
    booked_on: date
    value_on: date
    bank_ref: str
    code: str


class Booking:
    """An entry while it is read. ``account`` is ours; ``number`` gives each payment its own."""

    def __init__(self, node: Node, account: str, number: Iterator[int]) -> None:
        self.node = node
        self.account = account
        self.number = number
        self.bad: Unreadable | None = None
        self._head: Head | None = None
        self._first: Node | None = None
        self._parts = Held()
        self._count = 0
        self._sum: Ore = 0
        self._group = (0, 0)
        self._batch: Node | None = None
        self._batch_ref = ""

    @property
    def head(self) -> Head:
        if self._head is None:
            self._head = read_head(self.node)
        return self._head

    def group_begins(self) -> None:
        self._settle_first()
        self._group = (self._count, self._sum)
        self._batch = None

    def batch(self, node: Node) -> None:
        """What the bank says of a batch: how many payments, of how much, and whose reference it bears."""
        self._batch = node
        self._batch_ref = _reference(node.said("PmtInfId", "MsgId"))

    def part(self, node: Node) -> None:
        """One payment. The first waits for a second: alone it may leave its amount to the entry."""
        self._count += 1
        if self._count == 1:
            self._first = node
            return
        self._settle_first()
        self._add(node)

    def group_ends(self) -> None:
        """The totals of a batch hold, where it has payments at all."""
        batch, count = self._batch, self._count - self._group[0]
        if batch is None or not count or self.bad:
            return
        told = batch.said("NbOfTxs")
        if told and told != str(count):
            self._refuse(Unreadable("batch_count", batch.line, told=told, found=str(count)))
        if count > 1 and (amount := batch.first("TtlAmt")):
            self._settle_first()
            try:
                total = read_ore(amount)
            except Unreadable as unreadable:
                return self._refuse(unreadable)
            if not self.bad and total != abs(self._sum - self._group[1]):
                self._refuse(_sums("batch_sum", batch.line, total, abs(self._sum - self._group[1])))

    def tell(self) -> Iterator[Entry | BadEntry | Skipped]:
        """The payments of the entry, once it is whole."""
        try:
            head = self.head
            if not head.booked or not head.ore:
                yield Skipped(self.node.line)
                return
            if head.currency != TAKEN:
                raise Unreadable("currency", self.node.line, currency=head.currency[:3])
            if self.bad:
                raise self.bad
            if self._count > 1 and self._sum != head.ore:
                raise _sums("parts_sum", self.node.line, abs(head.ore), abs(self._sum))
            alone = None if self._count > 1 else self._alone(head)
        except Unreadable as bad:
            yield BadEntry(self.node.line, next(self.number), bad.code, bad.values)
            return
        if alone:
            yield alone
        yield from self._parts.take()

    def _alone(self, head: Head) -> Entry:
        node = self._first or Node("TxDtls", self.node.line)
        told = part_ore(node, alone=True)
        if told is not None and told != abs(head.ore):
            raise _sums("parts_sum", self.node.line, abs(head.ore), told)
        own = _reference(node.said("Refs/AcctSvcrRef", "Refs/TxId"))
        entry = self._entry(node, head, head.ore, head.bank_ref or own)
        return entry

    def _settle_first(self) -> None:
        if self._first is not None and self._count > 1:
            first, self._first = self._first, None
            self._add(first, 1)

    def _add(self, node: Node, place: int = 0) -> None:
        if self.bad:
            return
        try:
            head = self.head
            if not head.booked or head.currency != TAKEN:
                return
            ore = part_ore(node, alone=False)
            if ore is None:
                raise Unreadable("no_part_amount", node.line)
            ore *= _sign(node) or (1 if head.ore > 0 else -1)
            self._sum += ore
            self._parts.add(self._entry(node, head, ore, self._own_ref(node, head, place or self._count)))
        except Unreadable as bad:
            self._refuse(bad)

    def _own_ref(self, node: Node, head: Head, place: int) -> str:
        """The bank's reference of one payment in a batch: its own, else the batch's with its place there."""
        own = _reference(node.said("Refs/AcctSvcrRef", "Refs/TxId"))
        if own and own != head.bank_ref:
            return own
        return _limited(f"{head.bank_ref}/{place}", node.line) if head.bank_ref else ""

    def _refuse(self, bad: Unreadable) -> None:
        self.bad = self.bad or bad
        self._parts = Held()

    def _entry(self, node: Node, head: Head, ore: Ore, bank_ref: str) -> Entry:
        takes_back = head.takes_back or node.first("RtrInf") is not None
        return Entry(
            line=node.line,
            seq=next(self.number),
            account=self.account,
            ore=ore,
            currency=head.currency,
            booked_on=head.booked_on,
            value_on=head.value_on,
            bank_ref=_limited(bank_ref, node.line),
            end_to_end=_limited(_reference(node.said("Refs/EndToEndId")) or self._batch_ref, node.line),
            references=tuple(references(node)),
            text=words_of(node) or self.node.said("AddtlNtryInf"),
            payer=_payer(node, ore > 0, takes_back),
            takes_back=takes_back,
            original_ref=_original(node, head, node.line) if takes_back else "",
            code=_code(node) or head.code,
            order_on=_accepted(node),
            batch_ref=(head.bank_ref or self._batch_ref) if self._count > 1 else "",
            batch_ore=head.ore if self._count > 1 else 0,
        )


def read_head(node: Node) -> Head:
    amount = node.first("Amt")
    if amount is None:
        raise Unreadable("amount", node.line)
    ore, sign = read_ore(amount), _sign(node)
    if not sign:
        raise Unreadable("direction", node.line)
    status = node.said("Sts/Cd", "Sts")
    if not status:
        raise Unreadable("status", node.line)
    days = [day for day in (_day(node.first("BookgDt")), _day(node.first("ValDt"))) if day]
    if not days:
        raise Unreadable("date", node.line)
    return Head(
        ore=sign * ore,
        currency=amount.attributes.get("Ccy", ""),
        booked=status == "BOOK",
        takes_back=node.said("RvslInd") in ("true", "1"),
        booked_on=days[0],
        value_on=days[-1],
        bank_ref=_limited(_reference(node.said("AcctSvcrRef")), node.line),
        code=_code(node),
    )


def read_ore(node: Node) -> Ore:
    """An amount, exact: two decimals at most, no sign."""
    found = _AMOUNT.fullmatch(node.text)
    if not found:
        raise Unreadable("amount", node.line)
    ore = int(found[1] or 0) * 100 + int((found[2] or "").ljust(2, "0"))
    if ore > ORE_MAX:
        raise Unreadable("amount", node.line)
    return ore


def part_ore(node: Node, alone: bool) -> Ore | None:
    """What a payment is of, in the currency that we take. Alone, what was instructed abroad says nothing of it."""
    paths = ("Amt", "AmtDtls/TxAmt/Amt") if alone else ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    for path in paths:
        amount = node.first(path)
        if amount is not None and amount.attributes.get("Ccy", TAKEN) == TAKEN:
            return read_ore(amount)
    return None


def references(node: Node) -> Iterator[Reference]:
    """What the payer wrote in the fields for it: a reference, or the number of an invoice."""
    for said in node.each("RmtInf/Strd"):
        ore = _said_ore(said)
        text = said.said("CdtrRefInf/Ref", "CdtrRefInf/CdtrRef")
        numbers = [found.text for found in said.each("RfrdDocInf/Nb") if found.text]
        if text:
            yield Reference(text, True, ore)
        for number in numbers:
            # An amount is said once: of the reference, or of the only invoice.
            yield Reference(number, False, ore if not text and len(numbers) == 1 else None)


def words_of(node: Node) -> str:
    """What the payer or the bank wrote in free text, a line for each field."""
    paths = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
    return "\n".join(found.text for path in paths for found in node.each(path) if found.text)


def _said_ore(said: Node) -> Ore | None:
    amounts = said.first("RfrdDocAmt")
    if amounts is None:
        return None
    for name in ("RmtdAmt", "DuePyblAmt", "CdtNoteAmt"):
        amount = amounts.first(name)
        if amount is not None and amount.attributes.get("Ccy", TAKEN) == TAKEN:
            return -read_ore(amount) if name == "CdtNoteAmt" else read_ore(amount)
    return None


def _payer(node: Node, came_in: bool, takes_back: bool) -> Payer:
    """The other party: whoever sent the money, or was sent it.

    What is taken back keeps the parties of the original with most banks, so that their sides are turned.
    """
    sides = ("Dbtr", "Cdtr") if came_in != takes_back else ("Cdtr", "Dbtr")
    told = next((side for side in sides if takes_back and node.first(f"RltdPties/{side}") is not None), sides[0])
    party, account = f"RltdPties/{told}", f"RltdPties/{told}Acct/Id"
    name = node.said(f"{party}/Nm", f"{party}/Pty/Nm", f"RltdPties/Ultmt{told}/Nm", f"RltdPties/Ultmt{told}/Pty/Nm")
    ids = ("Id/OrgId/Othr/Id", "Id/PrvtId/Othr/Id")
    number = node.said(*(f"{party}/{middle}{path}" for middle in ("", "Pty/") for path in ids))
    return Payer(
        name=name[:NAME_MAX],
        account=_account_of(node, account)[:ACCOUNT_MAX],
        number=_compact(number)[:ACCOUNT_MAX],
    )


def _account_of(node: Node, path: str) -> str:
    number = _compact(node.said(f"{path}/IBAN", f"{path}/Othr/Id"))
    scheme = node.said(f"{path}/Othr/SchmeNm/Prtry", f"{path}/Othr/SchmeNm/Cd")
    return BANKGIRO_OF + number.lstrip("0") if scheme.upper() == BANKGIRO and number else number


def _original(node: Node, head: Head, line: int) -> str:
    own = _reference(node.said("Refs/AcctSvcrRef"))
    other = own if own != head.bank_ref else ""
    return _limited(_reference(node.said("Refs/Prtry/Ref")) or other or _reference(node.said("Refs/TxId")), line)


def _code(node: Node) -> str:
    domain = node.first("BkTxCd/Domn")
    if domain is None:
        return node.said("BkTxCd/Prtry/Cd")[:REF_MAX]
    return "/".join((domain.said("Cd"), domain.said("Fmly/Cd"), domain.said("Fmly/SubFmlyCd")))[:REF_MAX]


def _accepted(node: Node) -> date | None:
    """When the payer handed the order in (JB 12:20: of rent, that day counts)."""
    accepted = node.said("RltdDts/AccptncDtTm")
    return read_day(accepted) if accepted else None


def _day(node: Node | None) -> date | None:
    if node is None:
        return None
    said = node.said("Dt", "DtTm")
    day = read_day(said)
    if day is None:
        raise Unreadable("year" if _A_DAY.match(said) else "date", node.line, first=YEARS[0], last=YEARS[-1])
    return day


def read_day(said: str) -> date | None:
    """A date, or the day here of a moment that says where it is from."""
    try:
        if "T" not in said:
            day = date.fromisoformat(said[:10])
        else:
            moment = datetime.fromisoformat(said)
            day = moment.astimezone(HERE).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None
    return day if day.year in YEARS else None


def _sign(node: Node) -> int:
    return {"CRDT": 1, "DBIT": -1}.get(node.said("CdtDbtInd"), 0)


def _reference(said: str) -> str:
    return "" if said.upper() in _NO_REFERENCE else said


def _limited(said: str, line: int) -> str:
    if len(said) > REF_MAX:
        raise Unreadable("too_long", line)
    return said


def _compact(said: str) -> str:
    return re.sub(r"[\s-]", "", said)


def _sums(code: str, line: int, told: Ore, found: Ore) -> Unreadable:
    return Unreadable(code, line, told=in_kronor(told), found=in_kronor(found))


def in_kronor(ore: Ore) -> str:
    """An amount as the files write it: ``1234.50``."""
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}"
