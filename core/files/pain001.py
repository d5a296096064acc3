"""pain.001: an order to our bank to pay, versions 001.001.03 and 001.001.09 (CustomerCreditTransferInitiation).

The same order always makes the same bytes, and its ids are the order's own: a file that is sent twice is one payment
for the bank too. Swedish banks want what `PROFILES` holds; what differs from bank to bank is there and nowhere else.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.files.camt_entry import in_kronor
from core.money import Ore
from core.rules.se.accounts import parted
from core.words import HERE

VERSIONS: Final = ("001.001.03", "001.001.09")
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain."
_NAME_MAX: Final = {"001.001.03": 70, "001.001.09": 140}
ID_MAX: Final = 35
TEXT_MAX: Final = 140
#: Banks want a name, and let only Latin letters through.
NAMELESS: Final = "Betalningsmottagare"
#: What banks let through: the letters of SEPA, and those of Swedish names.
_ALLOWED: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ \-åäöÅÄÖéÉüÜ]")
#: Letters that have no mark to lose, as passports spell them.
_SPELT: Final = str.maketrans("øØłŁđĐı–&", "oOlLdDi-+") | str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE"})
#: Ids go through more hands than names, and may be compared there.
_ID: Final = re.compile(r"[A-Za-z0-9?:().,'+-][A-Za-z0-9/?:().,'+ -]{0,34}")


@dataclass(frozen=True, slots=True)
class Profile:
    """How a bank wants it. ``plusgiro`` is the scheme of a plusgiro number, ``BBAN`` (a code) or ``PGNR`` (a name).

    ``charges``: who pays the bank's own price (``SLEV`` or ``SHAR``). ``clearing_system`` is that of clearing numbers.
    """

    charges: str = "SLEV"
    plusgiro: str = "BBAN"
    clearing_system: str = "SESBA"
    bankgiro_clearing: str = "9900"
    plusgiro_clearing: str = "9960"


PROFILES: Final = {
    "common": Profile(),
    "nordea": Profile(charges="SHAR", plusgiro="BBAN"),
    "seb": Profile(charges="SHAR", plusgiro="PGNR"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Pay:
    """One payment of an order. ``to_kind``: ``bg``, ``pg``, ``account`` (clearing number first) or ``iban``.

    What it is for is an ``ocr`` reference or a ``text``; the reference comes first. ``to_bic`` is the payee's bank,
    where an IBAN goes abroad.
    """

    end_to_end: str
    ore: Ore
    to_kind: str
    to_account: str
    to_name: str
    text: str = ""
    ocr: str = ""
    to_bic: str = ""

    def __repr__(self) -> str:
        return f"Pay({self.end_to_end}, {self.ore})"


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """What the bank is to pay on a day, from one account. ``number`` is our organisation number."""

    message_id: str
    created: datetime
    pay_on: date
    name: str
    number: str
    iban: str
    bic: str
    payments: tuple[Pay, ...]


def write(order: PayoutOrder, version: str = "001.001.03", profile: str = "common") -> bytes:
    """The file. An order that the bank could not carry out as it is, is a bug and stops here."""
    _sound(order)
    wanted = PROFILES[profile]
    document = Element("Document", xmlns=f"{_NAMESPACE}{version}")
    body = SubElement(document, "CstmrCdtTrfInitn")
    _head(body, order, version)
    group = SubElement(body, "PmtInf")
    _said(group, "PmtInfId", order.message_id)
    _said(group, "PmtMtd", "TRF")
    # Each payment is a line of its own on our account, so that the bank's file confirms it by its id.
    _said(group, "BtchBookg", "false")
    _totals(group, order)
    _said(_under(group, "PmtTpInf/SvcLvl"), "Cd", "NURG")
    day = _under(group, "ReqdExctnDt") if version == VERSIONS[1] else None
    if day is None:
        _said(group, "ReqdExctnDt", order.pay_on.isoformat())
    else:
        _said(day, "Dt", order.pay_on.isoformat())
    _party(_under(group, "Dbtr"), order.name, order.number, version)
    account = _under(group, "DbtrAcct")
    _said(_under(account, "Id"), "IBAN", order.iban)
    _said(account, "Ccy", "SEK")
    _said(_under(group, "DbtrAgt/FinInstnId"), _bic(version), order.bic)
    _said(group, "ChrgBr", wanted.charges)
    for pay in order.payments:
        _payment(SubElement(group, "CdtTrfTxInf"), pay, version, wanted)
    indent(document, " ")
    written: bytes = tostring(document, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def allowed(text: str, longest: int) -> str:
    """A text in the letters that banks let through: others lose their marks, or become a blank."""
    plain = []
    for letter in unicodedata.normalize("NFC", text).translate(_SPELT):
        if _ALLOWED.match(letter):
            letter = _ALLOWED.sub(" ", unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()) or " "
        plain.append(letter)
    return re.sub(r"\s+", " ", "".join(plain)).strip()[:longest].strip()


def _sound(order: PayoutOrder) -> None:
    ids = [pay.end_to_end for pay in order.payments]
    assert order.payments, "an order without payments"
    assert len(set(ids)) == len(ids), "two payments with one id"
    assert all(_ID.fullmatch(one) for one in (order.message_id, *ids)), "an id that banks do not take"
    assert all(pay.ore > 0 for pay in order.payments), "a payment of nothing"


def _head(body: Element, order: PayoutOrder, version: str) -> None:
    head = SubElement(body, "GrpHdr")
    _said(head, "MsgId", order.message_id)
    created = order.created.astimezone(HERE) if order.created.tzinfo else order.created
    _said(head, "CreDtTm", created.replace(tzinfo=None).isoformat(timespec="seconds"))
    _totals(head, order)
    _party(_under(head, "InitgPty"), order.name, order.number, version)


def _totals(parent: Element, order: PayoutOrder) -> None:
    _said(parent, "NbOfTxs", str(len(order.payments)))
    _said(parent, "CtrlSum", in_kronor(sum(pay.ore for pay in order.payments)))


def _party(party: Element, name: str, number: str, version: str) -> None:
    _said(party, "Nm", allowed(name, _NAME_MAX[version]))
    other = _under(party, "Id/OrgId/Othr")
    _said(other, "Id", number)
    _said(_under(other, "SchmeNm"), "Cd", "BANK")


def _payment(node: Element, pay: Pay, version: str, profile: Profile) -> None:
    ids = _under(node, "PmtId")
    _said(ids, "InstrId", pay.end_to_end)
    _said(ids, "EndToEndId", pay.end_to_end)
    _said(_under(node, "Amt"), "InstdAmt", in_kronor(pay.ore)).set("Ccy", "SEK")
    _payee(node, pay, version, profile)
    _remittance(node, pay)


def _payee(node: Element, pay: Pay, version: str, profile: Profile) -> None:
    clearing = account = ""
    match pay.to_kind:
        case "bg":
            clearing, account = profile.bankgiro_clearing, pay.to_account
        case "pg":
            clearing, account = profile.plusgiro_clearing, pay.to_account
        case "account":
            parts = parted(pay.to_account)
            clearing, account = parts.clearing, parts.account
        case "iban":
            pass
        case kind:
            raise AssertionError(kind)
    if clearing:
        member = _under(node, "CdtrAgt/FinInstnId/ClrSysMmbId")
        _said(_under(member, "ClrSysId"), "Cd", profile.clearing_system)
        _said(member, "MmbId", clearing)
    elif pay.to_bic:
        _said(_under(node, "CdtrAgt/FinInstnId"), _bic(version), pay.to_bic)
    _said(_under(node, "Cdtr"), "Nm", allowed(pay.to_name, _NAME_MAX[version]) or NAMELESS)
    number = _under(node, "CdtrAcct/Id")
    if not clearing:
        _said(number, "IBAN", pay.to_account)
        return
    other = _under(number, "Othr")
    _said(other, "Id", account)
    scheme = _under(other, "SchmeNm")
    match pay.to_kind:
        case "bg":
            _said(scheme, "Prtry", "BGNR")
        case "pg" if profile.plusgiro == "PGNR":
            _said(scheme, "Prtry", "PGNR")
        case _:
            _said(scheme, "Cd", "BBAN")


def _remittance(node: Element, pay: Pay) -> None:
    if pay.ocr:
        reference = _under(node, "RmtInf/Strd/CdtrRefInf")
        _said(_under(reference, "Tp/CdOrPrtry"), "Cd", "SCOR")
        _said(reference, "Ref", pay.ocr)
    elif text := allowed(pay.text, TEXT_MAX):
        _said(_under(node, "RmtInf"), "Ustrd", text)


def _bic(version: str) -> str:
    return "BIC" if version == VERSIONS[0] else "BICFI"


def _under(parent: Element, path: str) -> Element:
    """New elements along a path of names; the last of them."""
    for name in path.split("/"):
        parent = SubElement(parent, name)
    return parent


def _said(parent: Element, name: str, text: str) -> Element:
    node = SubElement(parent, name)
    node.text = text
    return node
