"""Files of a made-up bank, for tests: camt.054, camt.053, pain.002 and BgMax, as their formats have them.

Each builder takes what a test wants to say and fills in the rest. `stream` makes a file of it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

IBAN = "SE3550000000054910000003"
BANKGIRO = "54029681"
DAY = date(2026, 3, 2)


def stream(text: str, encoding: str = "utf-8") -> BinaryIO:
    return io.BytesIO(text.encode(encoding))


def kronor(ore: int) -> str:
    return f"{abs(ore) // 100}.{abs(ore) % 100:02}"


# camt


def amount(ore: int, currency: str = "SEK", name: str = "Amt") -> str:
    return f'<{name} Ccy="{currency}">{kronor(ore)}</{name}>'


def sign(ore: int) -> str:
    return f"<CdtDbtInd>{'CRDT' if ore >= 0 else 'DBIT'}</CdtDbtInd>"


def ocr(reference: str, ore: int | None = None, code: str = "SCOR") -> str:
    """A structured remittance with a reference, and the part of the payment that is for it."""
    part = f"<RfrdDocAmt>{amount(ore, name='RmtdAmt')}</RfrdDocAmt>" if ore is not None else ""
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Strd>{part}<CdtrRefInf>{kind}<Ref>{reference}</Ref></CdtrRefInf></Strd>"


def invoice(number: str, ore: int | None = None) -> str:
    part = f"<RfrdDocAmt>{amount(ore, name='DuePyblAmt')}</RfrdDocAmt>" if ore is not None else ""
    return f"<Strd><RfrdDocInf><Nb>{number}</Nb></RfrdDocInf>{part}</Strd>"


def free(text: str) -> str:
    return f"<Ustrd>{text}</Ustrd>"


def part(
    ore: int | None = None,
    *remittance: str,
    ref: str = "",
    end_to_end: str = "NOTPROVIDED",
    name: str = "Sara Lind",
    account: str = "<Othr><Id>123-4567</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr>",
    number: str = "",
    direction: str = "",
    role: str = "Dbtr",
    more: str = "",
    version: str = "02",
) -> str:
    """One payment (``TxDtls``) of an entry."""
    refs = f"{f'<AcctSvcrRef>{ref}</AcctSvcrRef>' if ref else ''}<EndToEndId>{end_to_end}</EndToEndId>"
    own = "" if ore is None else amount(ore)
    if own and version == "02":
        own = f"<AmtDtls><TxAmt>{own}</TxAmt></AmtDtls>"
    ids = f"<Id><OrgId><Othr><Id>{number}</Id></Othr></OrgId></Id>" if number else ""
    party = f"<Nm>{name}</Nm>{ids}" if name else ids
    if version != "02":
        party = f"<Pty>{party}</Pty>"
    parties = f"<RltdPties><{role}>{party}</{role}><{role}Acct><Id>{account}</Id></{role}Acct></RltdPties>"
    told = f"<RmtInf>{''.join(remittance)}</RmtInf>" if remittance else ""
    return f"<TxDtls><Refs>{refs}</Refs>{own}{direction}{parties}{told}{more}</TxDtls>"


def entry(
    ore: int,
    *parts: str,
    status: str = "BOOK",
    currency: str = "SEK",
    ref: str = "",
    on: date = DAY,
    value: date | None = None,
    reversal: bool = False,
    batch: str = "",
    version: str = "02",
    more: str = "",
) -> str:
    """An entry (``Ntry``) with its payments."""
    said = status if version == "02" else f"<Cd>{status}</Cd>"
    turned = "<RvslInd>true</RvslInd>" if reversal else ""
    days = f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{value or on}</Dt></ValDt>"
    own = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>BBAN</SubFmlyCd></Fmly></Domn></BkTxCd>"
    details = f"<NtryDtls>{batch}{''.join(parts)}</NtryDtls>" if parts or batch else ""
    return f"<Ntry>{amount(ore, currency)}{sign(ore)}{turned}<Sts>{said}</Sts>{days}{own}{code}{details}{more}</Ntry>"


def batch(number: int | None = None, total: int | None = None, group: str = "") -> str:
    count = f"<NbOfTxs>{number}</NbOfTxs>" if number is not None else ""
    whole = amount(total, name="TtlAmt") if total is not None else ""
    return f"<Btch>{f'<PmtInfId>{group}</PmtInfId>' if group else ''}{count}{whole}</Btch>"


def balance(code: str, ore: int, on: date = DAY) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{amount(ore)}{sign(ore)}<Dt><Dt>{on}</Dt></Dt></Bal>"


def charged(*ores: int, version: str = "02", included: str = "", total: int | None = None) -> str:
    """What the bank charged for a payment or an entry: taken where it is negative."""
    whole = "" if total is None else amount(total, name="TtlChrgsAndTaxAmt")
    inside = f"<ChrgInclInd>{included}</ChrgInclInd>" if included else ""
    told = [f"{amount(ore)}{sign(ore)}{inside}" for ore in ores]
    if version == "02":
        return "".join(f"<Chrgs>{whole}{each}</Chrgs>" for each in told)
    return f"<Chrgs>{whole}{''.join(f'<Rcrd>{each}</Rcrd>' for each in told)}</Chrgs>"


def account(*inside: str, iban: str = IBAN, kind: str = "Ntfctn") -> str:
    """The part of a file that is about one account."""
    number = f"<IBAN>{iban}</IBAN>" if iban[:2].isalpha() else f"<Othr><Id>{iban}</Id></Othr>"
    return f"<{kind}><Id>1</Id><Acct><Id>{number}</Id></Acct>{chr(10).join(inside)}</{kind}>"


def camt(
    *inside: str, kind: str = "054", version: str = "02", message: str = "M1", encoding: str = "UTF-8", prefix: str = ""
) -> str:
    """A file. Without `account` around them, entries are of our account; ``prefix`` is that of the namespace."""
    name = "BkToCstmrDbtCdtNtfctn" if kind == "054" else "BkToCstmrStmt"
    group = "Ntfctn" if kind == "054" else "Stmt"
    if not any(f"<{group}>" in told for told in inside):
        inside = (account(*inside, kind=group),)
    body = (
        f"<{name}>\n<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-03-02T06:00:00</CreDtTm></GrpHdr>\n"
        f"{chr(10).join(inside)}\n</{name}>"
    )
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
    start, end = (f"{prefix}:Document", f"xmlns:{prefix}") if prefix else ("Document", "xmlns")
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<{start} {end}="{namespace}">\n{body}\n</{start}>\n'


# BgMax


@dataclass(frozen=True)
class Giro:
    """A payment of a section: its amount is a deduction's where it is negative. ``details``: its records 22 to 29."""

    ore: int
    reference: str = ""
    code: int = 2
    sender: str = "0001234566"
    serial: int = 1
    details: tuple[str, ...] = ()


def record(text: str) -> str:
    return text.ljust(80)


def extra(reference: str, ore: int = 0) -> str:
    kind = "23" if ore < 0 else "22"
    return record(f"{kind}{'1234566':0>10}{reference:>25}{abs(ore):018}22{1:012}0")


def note(text: str) -> str:
    return record(f"25{text:<50}")


def party(name: str, number: str = "") -> tuple[str, ...]:
    street = record(f"27{'Storgatan 2':<35}{'11455':<9}")
    own = (record(f"29{number:0>12}"),) if number else ()
    return (record(f"26{name:<35}"), street, record(f"28{'Stockholm':<35}"), *own)


def section(
    *payments: Giro,
    bankgiro: str = BANKGIRO,
    currency: str = "SEK",
    on: date = DAY,
    serial: int = 1,
    total: int | None = None,
    number: int | None = None,
    into: str = "58410000010098232",
) -> tuple[str, ...]:
    lines = [record(f"05{bankgiro:0>10}{'':10}{currency}")]
    for place, payment in enumerate(payments, 1):
        kind = "20" if payment.ore >= 0 else "21"
        lines.append(
            record(
                f"{kind}{payment.sender}{payment.reference:>25}{abs(payment.ore):018}{payment.code}2"
                f"{payment.serial * 100 + place:012}0{'0' if kind == '21' else ''}"
            )
        )
        lines.extend(payment.details)
    told = sum(payment.ore for payment in payments) if total is None else total
    found = len(payments) if number is None else number
    lines.append(record(f"15{into:0>35}{on:%Y%m%d}{serial:05}{told:018}{currency}{found:08}"))
    return tuple(lines)


def bgmax(*sections: Sequence[str], test: str = "P", end: str | None = None, newline: str = "\r\n") -> str:
    """A file, with the counts of its end as they are unless a test says otherwise."""
    lines = [line for part_ in sections for line in part_]
    counts = [sum(line[:2] in kinds for line in lines) for kinds in (("20",), ("21",), ("22", "23"), ("15",))]
    last = record(f"70{''.join(f'{found:08}' for found in counts)}") if end is None else end
    start = record(f"01{'BGMAX':<20}0120260302060000000001{test}")
    return "".join(f"{line}{newline}" for line in (start, *lines, *([last] if last else [])))


# pain.002


def answered(end_to_end: str, status: str, reason: str = "") -> str:
    """What became of one payment of an order."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}</TxInfAndSts>"


def pain002(
    *payments: str,
    message: str = "5560360793-7",
    version: str = "03",
    order: str = "",
    group: str = "",
    reason: str = "",
) -> str:
    """What the bank says of an order; ``group`` of its only group."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    of_order = f"<GrpSts>{order}</GrpSts>" if order else ""
    of_group = f"<PmtInfSts>{group}</PmtInfSts>{why}" if group else ""
    return (
        f'<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-03-03T06:00:00</CreDtTm></GrpHdr>\n"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId>{of_order}</OrgnlGrpInfAndSts>\n"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}</OrgnlPmtInfId>{of_group}\n{chr(10).join(payments)}\n"
        f"</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n"
    )
