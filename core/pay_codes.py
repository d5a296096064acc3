"""What a phone can open or scan to pay: QR texts and app links. Pure text; drawing it is another's work.

Amounts go in as öre. A prefilled amount goes stale with the interest, so whoever shows one of these has quoted that
amount with a day until which it settles.
"""

import json
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from core.money import Ore

#: Where a phone takes a Swish payment request to. The sandbox puts its own phone page here.
SWISH_APP = "swish://paymentrequest"

_AMOUNT_EDITABLE = 2


def swish_qr(payee_alias: str, amount_ore: Ore, message: str, *, edit_amount: bool = False) -> str:
    """The text of a QR that Swish's camera reads, without any request before it: ``C1231181189;1248,22;1000017;0``.

    Money paid this way comes with no callback; it is seen in the bank's report only.
    """
    mask = _AMOUNT_EDITABLE if edit_amount else 0
    return f"C{payee_alias};{_kronor(amount_ore, ',')};{message};{mask}"


def swish_token_qr(token: str) -> str:
    """The text of a QR for a payment request that exists: the letter D and the request's token."""
    return f"D{token}"


def swish_app_link(token: str, return_url: str, app: str = SWISH_APP) -> str:
    """Opens the Swish app on a payment request and comes back to `return_url` afterwards."""
    return f"{app}?{urlencode({'token': token, 'callbackurl': return_url})}"


@dataclass(frozen=True, slots=True)
class InvoiceQr:
    """What a bank app needs to fill in a bankgiro payment. The reference must be the OCR."""

    payee_name: str
    payee_number: str
    bankgiro: str
    ocr: str
    amount_ore: Ore
    due: date
    invoiced: date | None = None

    def text(self) -> str:
        """The JSON of a "UsingQR" invoice code (qrkod.info), read by Swedish bank apps."""
        fields: dict[str, str | int | float] = {
            "uqr": 1,
            "tp": 1,
            "nme": self.payee_name,
            "cid": self.payee_number,
            "iref": self.ocr,
            **({"idt": f"{self.invoiced:%Y%m%d}"} if self.invoiced else {}),
            "ddt": f"{self.due:%Y%m%d}",
            # A JSON number, printed with the very digits it is made from; nothing is calculated with it.
            "due": float(_kronor(self.amount_ore, ".")),
            "pt": "BG",
            "acc": self.bankgiro,
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _kronor(ore: Ore, comma: str) -> str:
    return f"{ore // 100}{comma}{ore % 100:02d}"
