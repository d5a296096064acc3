"""One entry (``Ntry``) of a camt file and the payments in it: of a batch booking all are taken, or none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.bank import CHARGE, BadEntry, Entry
from core.files import camt_charges
from core.files.camt_charges import Charges
from core.files.camt_values import TAKEN, Unreadable, is_number, read_ore, sign_of
from core.files.camt_words import payer_of, references, words_of
from core.files.held import Held
from core.files.xml_stream import Node
from core.money import Ore
from core.words import HERE

#: A column of the store; ISO's own limits are shorter.
REF_MAX = 80
#: A day outside of these is a mistake of the file.
YEARS = range(2000, 2100)
#: The end of a day: another way to say that day.
_DAYS_END = re.compile(r"T24:00(:00(\.0+)?)?(?![\d:.])")
_A_DAY = re.compile(r"(?!20)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

_NO_REFERENCE = {"NOTPROVIDED", "NONREF"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is not booked yet, or of nothing: nothing to take, and nothing wrong."""

    line: int


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
        self._charges, self._group_charges = Charges(), Charges()
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
        self._group_charges = Charges()
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
        if told and not is_number(told, count):
            self._refuse(Unreadable("batch_count", batch.line, told=told, found=str(count)))
        if count > 1 and (amount := batch.first("TtlAmt")):
            self._settle_first()
            try:
                total, found = read_ore(amount), self._sum - self._group[1]
                if not self.bad and total not in {abs(each) for each in self._with_charges(found)}:
                    raise _sums("batch_sum", batch.line, total, abs(found))
            except Unreadable as unreadable:
                self._refuse(unreadable)

    def _with_charges(self, found: Ore) -> Iterator[Ore]:
        """What a batch may be told to come to: its payments, or what the bank booked of them."""
        yield found
        for charges in (self._group_charges, self._own_charges()):
            yield from (found + charges.singly, found + charges.totals)

    def _own_charges(self) -> Charges:
        charges = Charges()
        charges.add(self.node)
        return charges

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
            alone = self._first or Node("TxDtls", self.node.line) if self._count <= 1 else None
            ref = self._alone_comes_to(alone, head) if alone else head.bank_ref
            charge_ref = self._charge_ref(head, ref) if self._sum != head.ore else ""
            paid = self._entry(alone, head, self._sum, ref) if alone else None
        except Unreadable as bad:
            yield BadEntry(self.node.line, next(self.number), bad.code, bad.values)
            return
        if paid:
            yield paid
        yield from self._parts.take()
        if self._sum != head.ore:
            yield self._charge(head, ref, charge_ref)

    def _alone_comes_to(self, node: Node, head: Head) -> str:
        """The only payment of an entry: of its amount, unless something was charged for it. Its reference."""
        told = part_ore(node, alone=True)
        self._charges.add(node)
        self._sum = head.ore if told in (None, abs(head.ore)) else (told or 0) * _direction(node, head)
        return head.bank_ref or _reference(node.said("Refs/AcctSvcrRef", "Refs/TxId"))

    def _charge_ref(self, head: Head, ref: str) -> str:
        """The reference of what was charged. Raises `Unreadable` where charges do not say why the sums differ."""
        if not camt_charges.explained(head.ore - self._sum, (self._charges, self._own_charges())):
            raise _sums("parts_sum", self.node.line, abs(head.ore), abs(self._sum))
        return _limited(ref + camt_charges.SUFFIX, self.node.line) if ref else ""

    def _charge(self, head: Head, ref: str, charge_ref: str) -> Entry:
        """What the bank booked beside the payments."""
        return Entry(
            line=self.node.line,
            seq=next(self.number),
            account=self.account,
            ore=head.ore - self._sum,
            currency=head.currency,
            booked_on=head.booked_on,
            value_on=head.value_on,
            bank_ref=charge_ref,
            text=CHARGE,
            code=camt_charges.code_under(head.code),
            batch_ref=self._sum_ref(head, ref),
            batch_ore=head.ore,
        )

    def _sum_ref(self, head: Head, own: str) -> str:
        """The reference of the sum that payments, or one payment and its charge, were booked in."""
        return head.bank_ref or self._batch_ref or (own if self._count <= 1 else "")

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
            ore *= _direction(node, head)
            self._sum += ore
            self._charges.add(node)
            self._group_charges.add(node)
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
        in_sum = self._count > 1 or ore != head.ore
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
            payer=payer_of(node, ore > 0, takes_back),
            takes_back=takes_back,
            original_ref=_original(node, head, node.line) if takes_back else "",
            code=_code(node) or head.code,
            order_on=_accepted(node),
            batch_ref=self._sum_ref(head, bank_ref) if in_sum else "",
            batch_ore=head.ore if in_sum else 0,
        )


def _direction(node: Node, head: Head) -> int:
    return sign_of(node) or (1 if head.ore > 0 else -1)


def read_head(node: Node) -> Head:
    amount = node.first("Amt")
    if amount is None:
        raise Unreadable("amount", node.line)
    ore, sign = read_ore(amount), sign_of(node)
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


def part_ore(node: Node, alone: bool) -> Ore | None:
    """What a payment is of, in the currency that we take. Alone, what was instructed abroad says nothing of it."""
    paths = ("Amt", "AmtDtls/TxAmt/Amt") if alone else ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    for path in paths:
        amount = node.first(path)
        if amount is not None and amount.attributes.get("Ccy", TAKEN) == TAKEN:
            return read_ore(amount)
    return None


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
        if "T" not in said or _DAYS_END.search(said):
            day = date.fromisoformat(said[:10])
        else:
            moment = datetime.fromisoformat(said)
            day = moment.astimezone(HERE).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None
    return day if day.year in YEARS else None


def _reference(said: str) -> str:
    return "" if said.upper() in _NO_REFERENCE else said


def _limited(said: str, line: int) -> str:
    if len(said) > REF_MAX:
        raise Unreadable("too_long", line)
    return said


def _sums(code: str, line: int, told: Ore, found: Ore) -> Unreadable:
    return Unreadable(code, line, told=in_kronor(told), found=in_kronor(found))


def in_kronor(ore: Ore) -> str:
    """An amount as the files write it: ``1234.50``."""
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}"
