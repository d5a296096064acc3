"""Swish's commerce API: a payment request, what became of it, and taking it back.

Requests carry no payer: the token that comes back opens the payer's own app. Each is made under an id of ours, so that
whatever happens on the line, the same id can be read afterwards. The wire itself is in the pure functions below.
"""

import json
import secrets
import ssl
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from core.money import Ore
from core.ports import (
    PaymentOrder,
    PaymentState,
    PaymentStatus,
    ProviderDown,
    ProviderRefused,
    ProviderUnknown,
    Started,
)
from core.providers.party import HttpParty, once
from core.refund_port import RefundOrder, RefundState, RefundStatus

#: Codes under which the bank itself does not know the outcome. They are no answer: read again, never ask anew.
OUTCOME_UNKNOWN = frozenset({"DS24"})
#: The refusal of `read`, `cancel` and `read_refund` for an id that Swish never took.
NO_SUCH_REQUEST = "RP04"
#: The refusal of an id that Swish has already: what was asked for under it stands.
KNOWN_ALREADY = "RP09"
#: A refund that Swish has taken and looks at.
_BEGUN = frozenset({"VALIDATED", "INITIATED"})


@dataclass(frozen=True, slots=True)
class SwishSettings:
    """How we reach Swish. Certificate and key are the merchant's; the paths are files in PEM."""

    base_url: str
    callback_url: str
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    timeout_s: float = 10.0
    connect_timeout_s: float = 5.0
    sandbox: bool = False

    def __post_init__(self) -> None:
        """Outside the sandbox nothing travels without TLS, our certificate and an https callback."""
        if self.sandbox:
            return
        for url in (self.base_url, self.callback_url):
            if urlsplit(url).scheme != "https":
                raise ValueError("Swish is reached, and calls back, over https only")
        if self.certificate is None or self.key is None:
            raise ValueError("Swish needs the merchant's certificate and key")

    def tls(self) -> ssl.SSLContext:
        """Mutual TLS: Swish proves itself to us, and we to Swish."""
        context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        return context


def new_instruction_id() -> str:
    """A fresh id for a request, in Swish's spelling: 32 hexadecimal digits, upper case, no dashes."""
    return uuid.uuid4().hex.upper()


def new_callback_identifier() -> str:
    """A secret that Swish sends back as a header with each callback of one request."""
    return secrets.token_hex(16).upper()


class SwishClient(HttpParty):
    """`PaymentProvider` over Swish's commerce API. Open it inside the running loop, close it at the end."""

    def __init__(self, settings: SwishSettings) -> None:
        super().__init__()
        self._settings = settings

    async def start(self, order: PaymentOrder) -> Started:
        """Make the request. After `ProviderUnknown`, `read` tells whether it came into being.

        The token comes only with this answer. Where it was lost nobody can pay that request any more: it may be
        cancelled, and another be made under an id of its own.
        """
        body = request_body(order, self._settings.callback_url)
        headers, _ = await self._ask("PUT", f"v2/paymentrequests/{order.instruction_id}", body, expected=201)
        return Started(token=headers.get("PaymentRequestToken"), location=headers.get("Location", ""))

    async def read(self, instruction_id: str) -> PaymentState:
        """Ask what became of a request. `ProviderRefused("RP04")`: Swish never took it."""
        _, answer = await self._ask("GET", f"v1/paymentrequests/{instruction_id}")
        return state_of(answer)

    async def cancel(self, instruction_id: str) -> PaymentState:
        """Take a request back that nobody has answered yet."""
        patch = [{"op": "replace", "path": "/status", "value": "cancelled"}]
        _, answer = await self._ask(
            "PATCH", f"v1/paymentrequests/{instruction_id}", patch, "application/json-patch+json"
        )
        return state_of(answer)

    async def refund(self, order: RefundOrder) -> None:
        """Send a payment back, or a part of it. Asked again under the same id, it is the same refund."""
        body = refund_body(order, self._settings.callback_url)
        try:
            await self._ask("PUT", f"v2/refunds/{order.instruction_id}", body, expected=201)
        except ProviderRefused as refused:
            if refused.codes != (KNOWN_ALREADY,):
                raise

    async def read_refund(self, instruction_id: str) -> RefundState:
        """Ask what became of a refund. `ProviderRefused("RP04")`: Swish never took it."""
        _, answer = await self._ask("GET", f"v1/refunds/{instruction_id}")
        return refund_state_of(answer)

    async def _ask(
        self, method: str, path: str, body: object = None, mime: str = "application/json", *, expected: int = 200
    ) -> tuple[Mapping[str, str], str]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": mime} if data else {}
        url = self._settings.base_url + path
        status, answered, text = await self._send(method, url, data=data, headers=headers)
        if status == expected:
            return answered, text
        raise failure(status, text)

    def _connect(self) -> aiohttp.ClientSession:
        settings = self._settings
        https = urlsplit(settings.base_url).scheme == "https"
        return aiohttp.ClientSession(
            # A fresh connection each time: one that went stale while it was kept would look like a lost answer.
            connector=aiohttp.TCPConnector(ssl=settings.tls() if https else True, force_close=True),
            timeout=aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_timeout_s),
            middlewares=(once,),
        )


def request_body(order: PaymentOrder, callback_url: str) -> dict[str, str]:
    """What Swish is told. The payer reads the message, and so does the payer's bank: the OCR, nothing of the matter."""
    return {
        "payeePaymentReference": order.case_ocr,
        "callbackUrl": callback_url,
        "callbackIdentifier": order.callback_identifier,
        "payeeAlias": order.payee_alias,
        "amount": _kronor(order.amount_ore),
        "currency": order.currency,
        "message": order.message,
    }


def refund_body(order: RefundOrder, callback_url: str) -> dict[str, str]:
    """What Swish is told of a refund. It knows the receiver by the payment that goes back."""
    return {
        "originalPaymentReference": order.original_reference,
        "payerPaymentReference": order.message,
        "callbackUrl": callback_url,
        "callbackIdentifier": order.callback_identifier,
        "payerAlias": order.payer_alias,
        "amount": _kronor(order.amount_ore),
        "currency": order.currency,
        "message": order.message,
    }


def state_of(answer: str) -> PaymentState:
    """Read Swish's account of a request. What cannot be understood is `ProviderUnknown`, never a guess."""
    try:
        told = json.loads(answer, parse_float=Decimal, parse_int=Decimal)
        code = told.get("errorCode") or None
        status = PaymentStatus(told["status"])
        if status is PaymentStatus.ERROR and code in OUTCOME_UNKNOWN:
            status = PaymentStatus.UNKNOWN
        return PaymentState(
            instruction_id=str(told["id"]),
            status=status,
            amount_ore=_ore(told["amount"]),
            payee_alias=str(told["payeeAlias"]),
            currency=str(told["currency"]),
            payment_reference=told.get("paymentReference") or None,
            paid_at=_instant(told["datePaid"]) if told.get("datePaid") else None,
            error_code=code,
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ProviderUnknown("answer not understood") from error


def refund_state_of(answer: str) -> RefundState:
    """Read Swish's account of a refund. What cannot be understood is `ProviderUnknown`, never a guess."""
    try:
        told = json.loads(answer, parse_float=Decimal, parse_int=Decimal)
        code = told.get("errorCode") or None
        status = RefundStatus.CREATED if told["status"] in _BEGUN else RefundStatus(told["status"])
        if status is RefundStatus.ERROR and code in OUTCOME_UNKNOWN:
            status = RefundStatus.UNKNOWN
        return RefundState(
            instruction_id=str(told["id"]),
            status=status,
            amount_ore=_ore(told["amount"]),
            payer_alias=str(told["payerAlias"]),
            original_reference=str(told["originalPaymentReference"]),
            currency=str(told["currency"]),
            error_code=code,
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ProviderUnknown("answer not understood") from error


def failure(status: int, text: str) -> ProviderDown | ProviderRefused | ProviderUnknown:
    """What an answer other than the hoped-for one means: turned away, refused with codes, or anything at all."""
    if status in {429, 503}:
        return ProviderDown(f"HTTP{status}")
    if 400 <= status < 500:
        codes = error_codes(text)
        return ProviderRefused(codes[0] if codes else f"HTTP{status}", codes)
    return ProviderUnknown(f"HTTP{status}")


def error_codes(text: str) -> tuple[str, ...]:
    """The codes in Swish's list of errors: ``[{"errorCode": "RP06", "errorMessage": …}, …]``."""
    try:
        told = json.loads(text)
        listed = told if isinstance(told, list) else [told]
        return tuple(str(item["errorCode"]) for item in listed)
    except (ValueError, KeyError, TypeError):
        return ()


def _kronor(ore: Ore) -> str:
    return f"{ore // 100}.{ore % 100:02d}"


def _ore(kronor: Decimal | str) -> Ore:
    """Kronor with at most two decimals, as a number or a text, to öre; more decimals are an error."""
    ore = Decimal(kronor) * 100
    if ore != ore.to_integral_value():
        raise ValueError("an amount has at most two decimals")
    return int(ore)


def _instant(text: str) -> datetime:
    """An instant as Swish writes it, with or without its offset; without one it is UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
