"""pain.001: an order to our bank to pay, versions 001.001.03 and 001.001.09 (CustomerCreditTransferInitiation).

The same order always makes the same bytes, and its ids are the order's own: a file that is sent twice is one payment
for the bank too. Swedish banks want what `PROFILES` holds; what differs from bank to bank is there and nowhere else.
Addresses are written in parts or not at all: from November 2026 banks take no other.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.files.camt_entry import in_kronor
from core.files.postal import Postal
from core.money import Ore
from core.rules.se.accounts import parted
from core.words import HERE

VERSIONS: Final = ("001.001.03", "001.001.09")
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain."
_NAME_MAX: Final = {"001.001.03": 70, "001.001.09": 140}
_TOWN_MAX: Final = 35
_SHORT_MAX: Final = 16
ID_MAX: Final = 35
TEXT_MAX: Final = 140
#: So much of a text reaches whoever is paid to a bankgiro or a plusgiro: the field of a reference there.
GIRO_TEXT_MAX: Final = 25
#: The group of payments to bankgiro that leave from a bankgiro is named after the order, with this behind.
BANKGIRO_PART: Final = "-BG"
#: Banks want a name, and let only Latin letters through.
NAMELESS: Final = "Betalningsmottagare"
#: What banks do not let through: all but the letters of SEPA, and å, ä and ö.
_ALLOWED: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ \-åäöÅÄÖ]")
#: Letters that have no mark to lose, as passports spell them.
_SPELT: Final = str.maketrans("øØłŁđĐı–&", "oOlLdDi-+") | str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE"})
#: Ids go through more hands than names, and may be compared there.
_ID: Final = re.compile(r"[A-Za-z0-9?:().,'+-][A-Za-z0-9/?:().,'+ -]{0,34}")


@dataclass(frozen=True, slots=True)
class Profile:
    """How a bank wants it. ``plusgiro`` is the scheme of a plusgiro number, ``BBAN`` (a code) or ``PGNR`` (a name).

    ``charges``: who pays the bank's own price (``SLEV`` or ``SHAR``). ``clearing_system`` is that of clearing numbers.
    ``from_bankgiro``: payments to bankgiro leave from our bankgiro, in a group of their own. ``towns``: it wants the
    town and country of everybody who is paid, people among them.
    """

    charges: str = "SLEV"
    plusgiro: str = "BBAN"
    clearing_system: str = "SESBA"
    bankgiro_clearing: str = "9900"
    plusgiro_clearing: str = "9960"
    from_bankgiro: bool = False
    towns: bool = False


PROFILES: Final = {
    "common": Profile(),
    "nordea": Profile(charges="SHAR", plusgiro="BBAN"),
    "seb": Profile(charges="SHAR", plusgiro="PGNR"),
    "swedbank": Profile(from_bankgiro=True, towns=True),
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
    address: Postal | None = None

    def __repr__(self) -> str:
        return f"Pay({self.end_to_end}, {self.ore})"


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """What the bank is to pay on a day, from one account, which has ``iban`` and ``bankgiro``.

    ``number`` is our organisation number, ``address`` ours.
    """

    message_id: str
    created: datetime
    pay_on: date
    name: str
    number: str
    iban: str
    bic: str
    payments: tuple[Pay, ...]
    bankgiro: str = ""
    address: Postal | None = None


def write(order: PayoutOrder, version: str = "001.001.03", profile: str = "common") -> bytes:
    """The file. An order that the bank could not carry out as it is, is a bug and stops here."""
    wanted = PROFILES[profile]
    _sound(order, wanted)
    document = Element("Document", xmlns=f"{_NAMESPACE}{version}")
    body = SubElement(document, "CstmrCdtTrfInitn")
    _head(body, order, version)
    for id, payments in _groups(order, wanted):
        _group(SubElement(body, "PmtInf"), replace(order, message_id=id, payments=payments), version, wanted)
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


def _sound(order: PayoutOrder, profile: Profile) -> None:
    ids = [pay.end_to_end for pay in order.payments]
    named = (f"{order.message_id}{BANKGIRO_PART}", *ids)
    assert order.payments, "an order without payments"
    assert len(set(ids)) == len(ids), "two payments with one id"
    assert all(_ID.fullmatch(one) for one in named), "an id that banks do not take"
    assert all(pay.ore > 0 for pay in order.payments), "a payment of nothing"
    assert order.bankgiro or not profile.from_bankgiro, "a bank that pays from a bankgiro"


def _groups(order: PayoutOrder, profile: Profile) -> Iterator[tuple[str, tuple[Pay, ...]]]:
    """What leaves from one account each, with the name of the group."""
    to_bankgiro = tuple(pay for pay in order.payments if profile.from_bankgiro and pay.to_kind == "bg")
    others = tuple(pay for pay in order.payments if pay not in to_bankgiro)
    if others:
        yield order.message_id, others
    if to_bankgiro:
        yield f"{order.message_id}{BANKGIRO_PART}", to_bankgiro


def _group(group: Element, order: PayoutOrder, version: str, wanted: Profile) -> None:
    """One group; ``order`` holds its payments alone, under its name."""
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
    _party(_under(group, "Dbtr"), order, version, order.address)
    account = _under(group, "DbtrAcct")
    if order.message_id.endswith(BANKGIRO_PART):
        other = _under(account, "Id/Othr")
        _said(other, "Id", order.bankgiro)
        _said(_under(other, "SchmeNm"), "Prtry", "BGNR")
    else:
        _said(_under(account, "Id"), "IBAN", order.iban)
    _said(account, "Ccy", "SEK")
    _said(_under(group, "DbtrAgt/FinInstnId"), _bic(version), order.bic)
    _said(group, "ChrgBr", wanted.charges)
    for pay in order.payments:
        _payment(SubElement(group, "CdtTrfTxInf"), pay, version, wanted)


def _head(body: Element, order: PayoutOrder, version: str) -> None:
    head = SubElement(body, "GrpHdr")
    _said(head, "MsgId", order.message_id)
    created = order.created.astimezone(HERE) if order.created.tzinfo else order.created
    _said(head, "CreDtTm", created.replace(tzinfo=None).isoformat(timespec="seconds"))
    _totals(head, order)
    _party(_under(head, "InitgPty"), order, version)


def _totals(parent: Element, order: PayoutOrder) -> None:
    _said(parent, "NbOfTxs", str(len(order.payments)))
    _said(parent, "CtrlSum", in_kronor(sum(pay.ore for pay in order.payments)))


def _party(party: Element, order: PayoutOrder, version: str, address: Postal | None = None) -> None:
    """Us, whose account it is."""
    _said(party, "Nm", allowed(order.name, _NAME_MAX[version]))
    _address(party, address)
    other = _under(party, "Id/OrgId/Othr")
    _said(other, "Id", order.number)
    _said(_under(other, "SchmeNm"), "Cd", "BANK")


def town(address: Postal | None) -> str:
    """The town as it is written; empty where an address has none that banks can read, or no country."""
    if address is None or not re.fullmatch("[A-Z]{2}", address.country):
        return ""
    return allowed(address.town, _TOWN_MAX)


def _address(party: Element, address: Postal | None) -> None:
    """The parts of an address, in the order of both versions; without a town there is none."""
    if address is None or not town(address):
        return
    node = _under(party, "PstlAdr")
    street, house = allowed(address.street, _NAME_MAX[VERSIONS[0]]), allowed(address.house, _SHORT_MAX)
    parts = {"StrtNm": street, "BldgNb": house, "PstCd": allowed(address.postcode, _SHORT_MAX)}
    for name, text in (parts | {"TwnNm": town(address), "Ctry": address.country}).items():
        if text:
            _said(node, name, text)


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
    payee = _under(node, "Cdtr")
    _said(payee, "Nm", allowed(pay.to_name, _NAME_MAX[version]) or NAMELESS)
    _address(payee, pay.address)
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
        for_what = _under(node, "RmtInf/Strd")
        _said(_under(for_what, "RfrdDocAmt"), "RmtdAmt", in_kronor(pay.ore)).set("Ccy", "SEK")
        reference = _under(for_what, "CdtrRefInf")
        _said(_under(reference, "Tp/CdOrPrtry"), "Cd", "SCOR")
        _said(reference, "Ref", pay.ocr)
    elif text := allowed(pay.text, GIRO_TEXT_MAX if pay.to_kind in ("bg", "pg") else TEXT_MAX):
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
