"""What a person is shown while BankID runs: the moving QR text, the links that start the app, the message to read.

Pure text: drawing the QR is another's work, and which second it is comes from whoever keeps the order.
"""

import hmac
from urllib.parse import urlencode

from core.party import Hidden
from core.ports import IdentityState, IdentityStatus, ProviderError, ProviderRefused

#: Where a link starts the app on a phone. The sandbox puts its own person page here.
BANKID_APP = "https://app.bankid.com/"
_BANKID_DESKTOP = "bankid:///"

#: An order that nobody has opened after this time fails with `NOT_STARTED`; a new one may be made for the same page.
START_S = 30
NOT_STARTED = "startFailed"
#: The refusal of a second order for a person who has one already. BankID then ends both.
ALREADY_IN_PROGRESS = "alreadyInProgress"

#: What is read while an order waits, by hint; anything that BankID may yet invent reads as `bankid.rfa21`.
_PENDING = {
    "userMrtd": "bankid.rfa23",
    "userSign": "bankid.rfa9",
}
#: What is read after an order failed, by hint; anything else reads as `bankid.rfa22`.
_FAILED = {
    "expiredTransaction": "bankid.rfa8",
    "certificateErr": "bankid.rfa16",
    "userCancel": "bankid.rfa6",
    "cancelled": "bankid.rfa3",
}


def qr_text(token: Hidden, secret: Hidden, seconds: int) -> str:
    """The text of the QR that is valid ``seconds`` whole seconds after the order was taken: another one each second.

    The secret is the key of the seal, so a picture that somebody has photographed is worth nothing a moment later.
    """
    seal = hmac.digest(secret.reveal().encode(), str(seconds).encode(), "sha256").hex()
    return f"bankid.{token.reveal()}.{seconds}.{seal}"


def start_link(token: Hidden, return_url: str, app: str = BANKID_APP) -> str:
    """Opens BankID on the same phone, and comes back to ``return_url`` afterwards.

    It is put on our own page only, never into a message: whoever opens it identifies for whoever has the page.
    """
    return f"{app}?{urlencode({'autostarttoken': token.reveal(), 'redirect': return_url})}"


def desktop_link(token: Hidden, return_url: str, app: str = BANKID_APP) -> str:
    """Opens BankID on the same computer. The page stays open behind it, so the program goes nowhere afterwards."""
    if app != BANKID_APP:
        return start_link(token, return_url, app)
    return f"{_BANKID_DESKTOP}?{urlencode({'autostarttoken': token.reveal(), 'redirect': 'null'})}"


def message_of(state: IdentityState, *, by_qr: bool, on_computer: bool = False) -> str:
    """BankID's recommended message (RFA) for how far an order has come, as a key of the catalogue.

    ``by_qr``: the person scans with another device; else BankID was started on this one. Nothing once it is complete.
    """
    match state.status:
        case IdentityStatus.COMPLETE:
            return ""
        case IdentityStatus.FAILED if state.hint == NOT_STARTED:
            return "bankid.rfa17b" if by_qr else "bankid.rfa17a"
        case IdentityStatus.FAILED:
            return _FAILED.get(state.hint, "bankid.rfa22")
        case IdentityStatus.PENDING if state.hint in {"outstandingTransaction", "noClient"}:
            return "bankid.rfa1" if by_qr else "bankid.rfa13"
        case IdentityStatus.PENDING if state.hint == "started":
            return _searching(by_qr=by_qr, on_computer=on_computer)
        case IdentityStatus.PENDING:
            return _PENDING.get(state.hint, "bankid.rfa21")


def _searching(*, by_qr: bool, on_computer: bool) -> str:
    """The app looks for a BankID. Who started it here may still scan with another device; who scans has done so."""
    if by_qr:
        return "bankid.rfa15"
    return "bankid.rfa14a" if on_computer else "bankid.rfa14b"


def message_of_error(error: ProviderError) -> str:
    """The same for a question that BankID did not answer with an order."""
    already = isinstance(error, ProviderRefused) and error.code == ALREADY_IN_PROGRESS
    return "bankid.rfa4" if already else "bankid.rfa5"
