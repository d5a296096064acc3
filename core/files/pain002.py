"""pain.002: what the bank says of an order of ours, before its money moves (CustomerPaymentStatusReport).

Versions 001.03 and 001.10, read as safely as statements are. A bank speaks of the whole order, of one group of it, or
of one payment; the narrower word counts where there are several.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.bank import BankFileRefused
from core.files import xml_stream
from core.files.camt_entry import REF_MAX
from core.files.xml_stream import Node

VERSIONS = ("03", "10")
NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(\d\d)")
#: The bank has it, and it goes on; it is paid; it is not, and will not be. What else there is only says "not yet".
ACCEPTED = frozenset({"ACTC", "ACCP", "ACWC", "ACSP", "RCVD", "PDNG", "PART", "ACWP"})
SETTLED = frozenset({"ACSC", "ACCC"})
REFUSED = frozenset({"RJCT", "CANC"})
_PARTS = frozenset({(2, "OrgnlGrpInfAndSts"), (2, "OrgnlPmtInfAndSts"), (3, "TxInfAndSts")})
_OPENED = frozenset({(2, "OrgnlPmtInfAndSts")})


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What became of an order, or, with ``end_to_end``, of one payment of it. ``code`` is the bank's reason (ISO).

    ``group``: what is said of an order is said of this group of it alone.
    """

    message_id: str
    end_to_end: str
    status: str
    code: str
    line: int
    group: str = ""

    @property
    def refused(self) -> bool:
        return self.status in REFUSED

    @property
    def settled(self) -> bool:
        return self.status in SETTLED


def read(stream: BinaryIO) -> Iterator[PaymentStatus]:
    """Each status that the file tells: the order's, each payment's, and a group's that has none or is refused whole.

    Raises `BankFileRefused`, perhaps at the end: take all before you act on one.
    """
    message = ""
    told = 0
    for begins, node in xml_stream.elements(stream, NAMESPACE, _PARTS, _OPENED):
        match node.tag, begins:
            case "Document", _:
                _version(node)
            case "OrgnlGrpInfAndSts", _:
                message = node.said("OrgnlMsgId")
                if not message or len(message) > REF_MAX:
                    raise BankFileRefused("no_order", node.line)
                yield from _status(node, message, "", node.said("GrpSts"))
            case "OrgnlPmtInfAndSts", True:
                told = 0
            case "TxInfAndSts", _:
                told += 1
                end_to_end = node.said("OrgnlEndToEndId", "OrgnlInstrId")
                if not end_to_end or len(end_to_end) > REF_MAX:
                    raise BankFileRefused("no_order", node.line)
                yield from _status(node, message, end_to_end, node.said("TxSts"))
            case "OrgnlPmtInfAndSts", False if not told or node.said("PmtInfSts") in REFUSED:
                group = node.said("OrgnlPmtInfId")[:REF_MAX]
                yield from _status(node, message, "", node.said("PmtInfSts"), group)
    if not message:
        raise BankFileRefused("no_order")


def _status(node: Node, message: str, end_to_end: str, status: str, group: str = "") -> Iterator[PaymentStatus]:
    if not message:
        raise BankFileRefused("no_order", node.line)
    if status:
        code = node.said("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")[:REF_MAX]
        yield PaymentStatus(message, end_to_end, status[:REF_MAX], code, node.line, group)


def _version(document: Node) -> None:
    found = NAMESPACE.fullmatch(document.text)
    if not found or found[1] not in VERSIONS:
        raise BankFileRefused("version", document.line, version=document.text.rpartition(":")[2][:20])
