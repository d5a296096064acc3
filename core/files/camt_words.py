"""What a payment of a camt file says: references, free text, and who is at its other end."""

import re
from collections.abc import Iterator

from core.bank import BANKGIRO_OF, Payer, Reference
from core.files.camt_values import TAKEN, read_ore
from core.files.xml_stream import Node
from core.money import Ore

#: Columns of the store; names of .08 may be longer.
ACCOUNT_MAX, NAME_MAX = 40, 140
#: The scheme of a bankgiro number (ISO 20022, Swedish practice).
BANKGIRO = "BGNR"


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


def payer_of(node: Node, came_in: bool, takes_back: bool) -> Payer:
    """The other party: whoever sent the money, or was sent it.

    What is taken back keeps the parties of the original with most banks, so that their sides are turned.
    """
    sides = ("Dbtr", "Cdtr") if came_in != takes_back else ("Cdtr", "Dbtr")
    told = next((side for side in sides if takes_back and node.first(f"RltdPties/{side}") is not None), sides[0])
    party, account = f"RltdPties/{told}", f"RltdPties/{told}Acct/Id"
    name = node.said(
        f"{party}/Nm",
        f"{party}/Pty/Nm",
        f"{party}/Agt/FinInstnId/Nm",
        f"RltdPties/Ultmt{told}/Nm",
        f"RltdPties/Ultmt{told}/Pty/Nm",
    )
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


def _compact(said: str) -> str:
    return re.sub(r"[\s-]", "", said)
