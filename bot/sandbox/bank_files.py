"""The pretend bank's files: camt.053 and camt.054 (001.08) and pain.002 (001.03) out, pain.001 in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from core.money import Ore

if TYPE_CHECKING:
    from bot.sandbox.bank import Line

CAMT_053 = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"


def notification(iban: str, lines: "Sequence[Line]", created: str) -> bytes:
    """What has happened on the account: camt.054."""
    document = Element("Document", xmlns=CAMT_054)
    body = SubElement(document, "BkToCstmrDbtCdtNtfctn")
    told = _group(body, "Ntfctn", f"N{created}", iban, created)
    for line in lines:
        _entry(told, line)
    return _bytes(document)


def statement(iban: str, day: date, opening: Ore, lines: "Sequence[Line]", created: str) -> bytes:
    """A day's statement with its balances: camt.053."""
    document = Element("Document", xmlns=CAMT_053)
    body = SubElement(document, "BkToCstmrStmt")
    told = _group(body, "Stmt", f"S{day:%Y%m%d}", iban, created)
    _balance(told, "OPBD", opening, day)
    _balance(told, "CLBD", opening + sum(line.ore for line in lines), day)
    for line in lines:
        _entry(told, line)
    return _bytes(document)


def answer(message_id: str, answers: Iterable[tuple[str, str]]) -> bytes:
    """What became of each payment order: pain.002. A code other than ``ACCP`` is the reason of a refusal."""
    document = Element("Document", xmlns=PAIN_002)
    report = SubElement(document, "CstmrPmtStsRpt")
    head = SubElement(report, "GrpHdr")
    _text(head, "MsgId", f"A{message_id}"[:35])
    _text(head, "CreDtTm", "2025-01-01T00:00:00")
    original = SubElement(report, "OrgnlGrpInfAndSts")
    _text(original, "OrgnlMsgId", message_id)
    _text(original, "OrgnlMsgNmId", "pain.001.001.03")
    payments = SubElement(report, "OrgnlPmtInfAndSts")
    _text(payments, "OrgnlPmtInfId", message_id)
    for end_to_end, code in answers:
        one = SubElement(payments, "TxInfAndSts")
        _text(one, "OrgnlEndToEndId", end_to_end)
        _text(one, "TxSts", "ACCP" if code == "ACCP" else "RJCT")
        if code != "ACCP":
            _text(SubElement(SubElement(one, "StsRsnInf"), "Rsn"), "Cd", code)
    return _bytes(document)


def message_id(root: Element) -> str:
    return root.findtext(".//{*}GrpHdr/{*}MsgId") or ""


def orders(root: Element) -> Iterator[dict[str, Any]]:
    """The payments that a pain.001 asks for, with the day of each."""
    for group in root.iterfind(".//{*}PmtInf"):
        day = group.findtext("{*}ReqdExctnDt/{*}Dt") or group.findtext("{*}ReqdExctnDt") or ""
        for one in group.iterfind("{*}CdtTrfTxInf"):
            account = one.findtext("{*}CdtrAcct/{*}Id/{*}Othr/{*}Id") or one.findtext("{*}CdtrAcct/{*}Id/{*}IBAN") or ""
            yield {
                "end_to_end": one.findtext("{*}PmtId/{*}EndToEndId") or "",
                "ore": int(Decimal(one.findtext("{*}Amt/{*}InstdAmt") or "0") * 100),
                "on": day.strip(),
                "name": one.findtext("{*}Cdtr/{*}Nm") or "",
                "account": account,
                "text": one.findtext("{*}RmtInf/{*}Ustrd")
                or one.findtext("{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")
                or "",
            }


def _group(body: Element, name: str, number: str, iban: str, created: str) -> Element:
    head = SubElement(body, "GrpHdr")
    _text(head, "MsgId", number[:35])
    _text(head, "CreDtTm", created)
    told = SubElement(body, name)
    _text(told, "Id", number[:35])
    _text(told, "CreDtTm", created)
    account = SubElement(told, "Acct")
    _text(SubElement(account, "Id"), "IBAN", iban)
    _text(account, "Ccy", "SEK")
    return told


def _balance(told: Element, code: str, ore: Ore, day: date) -> None:
    balance = SubElement(told, "Bal")
    _text(SubElement(SubElement(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, ore)
    _text(SubElement(balance, "Dt"), "Dt", day.isoformat())


def _entry(told: Element, line: "Line") -> None:
    entry = SubElement(told, "Ntry")
    _text(entry, "NtryRef", line.ref)
    _amount(entry, line.ore)
    if line.returns:
        _text(entry, "RvslInd", "true")
    _text(SubElement(entry, "Sts"), "Cd", "BOOK")
    for name in ("BookgDt", "ValDt"):
        _text(SubElement(entry, name), "Dt", line.on.isoformat())
    _text(entry, "AcctSvcrRef", line.ref)
    code = SubElement(SubElement(entry, "BkTxCd"), "Prtry")
    _text(code, "Cd", "TRF")
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    refs = SubElement(details, "Refs")
    _text(refs, "AcctSvcrRef", line.ref)
    _text(refs, "EndToEndId", "NOTPROVIDED" if line.returns else line.end_to_end or "NOTPROVIDED")
    if line.returns:
        original = SubElement(refs, "Prtry")
        _text(original, "Tp", "ORIGINAL")
        _text(original, "Ref", line.end_to_end)
    _money(details, "Amt", line.ore)
    _text(details, "CdtDbtInd", "CRDT" if line.ore > 0 else "DBIT")
    _party(details, "Dbtr" if line.ore > 0 else "Cdtr", line)
    _remittance(details, line)


def _party(details: Element, role: str, line: "Line") -> None:
    if not line.name and not line.account:
        return
    parties = SubElement(details, "RltdPties")
    if line.name:
        _text(SubElement(SubElement(parties, role), "Pty"), "Nm", line.name)
    if line.account:
        number = SubElement(SubElement(SubElement(parties, f"{role}Acct"), "Id"), "Othr")
        _text(number, "Id", line.account)


def _remittance(details: Element, line: "Line") -> None:
    if not line.ocr and not line.text:
        return
    about = SubElement(details, "RmtInf")
    if line.text:
        _text(about, "Ustrd", line.text[:140])
    if line.ocr:
        reference = SubElement(SubElement(about, "Strd"), "CdtrRefInf")
        _text(SubElement(SubElement(reference, "Tp"), "CdOrPrtry"), "Cd", "SCOR")
        _text(reference, "Ref", line.ocr)


def _amount(under: Element, ore: Ore) -> None:
    _money(under, "Amt", ore)
    _text(under, "CdtDbtInd", "CRDT" if ore >= 0 else "DBIT")


def _money(under: Element, name: str, ore: Ore) -> None:
    SubElement(under, name, Ccy="SEK").text = f"{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _text(under: Element, name: str, text: str) -> None:
    SubElement(under, name).text = text


def _bytes(document: Element) -> bytes:
    data: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return data
