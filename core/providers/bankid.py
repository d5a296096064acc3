"""BankID's relying party API 6.0: who is there, what they sign, and how far it has come.

An order names nobody: its tokens open it in the person's own app. The wire itself is in the pure functions below.
"""

import base64
import json
import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from core.party import Hidden
from core.ports import (
    Identified,
    IdentityStarted,
    IdentityState,
    IdentityStatus,
    ProviderDown,
    ProviderRefused,
    ProviderUnknown,
)
from core.providers.party import HttpParty

PRODUCTION_URL = "https://appapi2.bankid.com/rp/v6.0/"

#: The most characters of each text, after base64.
AUTH_TEXT_MAX, SIGN_TEXT_MAX, SIGN_HIDDEN_MAX = 1_500, 40_000, 200_000

#: Our name for BankID's refusal of an order that it does not have, or has no more: each is told its end only once.
NO_SUCH_ORDER = "noSuchOrder"
INVALID = "invalidParameters"

_PKCS12 = frozenset({".p12", ".pfx"})
#: Shorter than any server closes an idle connection: one that went stale would look like a lost answer.
_KEPT_S = 5.0


@dataclass(frozen=True, slots=True, repr=False)
class BankIdSettings:
    """How we reach BankID. The certificate is ours: PKCS#12 with a password, or PEM with or without its own key file.

    ``ca`` is BankID's own root, which no system trusts by itself.
    """

    base_url: str = PRODUCTION_URL
    certificate: Path | None = None
    key: Path | None = None
    password: Hidden | None = None
    ca: Path | None = None
    timeout_s: float = 10.0
    connect_timeout_s: float = 5.0
    sandbox: bool = False

    def __post_init__(self) -> None:
        """Outside the sandbox nothing travels without TLS, our certificate and their root."""
        if self.sandbox:
            return
        if urlsplit(self.base_url).scheme != "https":
            raise ValueError("BankID is reached over https only")
        if self.certificate is None or self.ca is None:
            raise ValueError("BankID needs our certificate and its own root")

    def tls(self) -> ssl.SSLContext:
        """Mutual TLS: BankID proves itself by its own root, and we by our certificate.

        Raises ValueError or OSError when a file is not what it should be.
        """
        context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        if self.certificate is None:
            return context
        password = self.password.reveal() if self.password else ""
        if self.certificate.suffix.lower() in _PKCS12:
            _load_pkcs12(context, self.certificate.read_bytes(), password)
        else:
            context.load_cert_chain(self.certificate, self.key, password=password or None)
        return context


def _load_pkcs12(context: ssl.SSLContext, data: bytes, password: str) -> None:
    """Python's TLS reads files only, so the key stands in one for a moment: our own folder, and encrypted."""
    key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
    if key is None or certificate is None:
        raise ValueError("the PKCS#12 file lacks a key or a certificate")
    passing = secrets.token_urlsafe()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passing.encode()),
    )
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, *others))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "client.pem"
        file.write_bytes(pem + chain)
        context.load_cert_chain(file, password=passing)


class BankIdClient(HttpParty):
    """`IdentityProvider` over BankID's API. It opens its connections when first asked; close it at the end."""

    def __init__(self, settings: BankIdSettings) -> None:
        super().__init__()
        self._settings = settings

    async def auth(self, end_user_ip: str, *, text: str | None = None, return_url: str = "") -> IdentityStarted:
        """Ask who is there. After `ProviderUnknown` an order may exist that nobody can open: make another."""
        body = {"endUserIp": end_user_ip}
        if text:
            body["userVisibleData"] = encoded(text, AUTH_TEXT_MAX)
        if return_url:
            body["returnUrl"] = return_url
        return started_of(await self._ask("auth", body))

    async def sign(
        self, end_user_ip: str, text: str, hidden: str = "", number: Hidden | None = None, return_url: str = ""
    ) -> IdentityStarted:
        """Ask for a signature. With ``number`` BankID lets nobody else sign, and ends an order they have already."""
        body = sign_body(end_user_ip, text, hidden, number)
        return started_of(await self._ask("sign", body | ({"returnUrl": return_url} if return_url else {})))

    async def collect(self, order_ref: str) -> IdentityState:
        """How far it has come. The end is told once; after that the order is refused as `NO_SUCH_ORDER`."""
        return state_of(await self._ask("collect", {"orderRef": order_ref}))

    async def cancel(self, order_ref: str) -> None:
        """The order is not wanted any more. One that has ended already is left as it is."""
        try:
            await self._ask("cancel", {"orderRef": order_ref})
        except ProviderRefused as refused:
            if refused.code != NO_SUCH_ORDER:
                raise

    async def _ask(self, method: str, body: dict[str, Any]) -> str:
        status, _, text = await self._send("POST", self._settings.base_url + method, json=body)
        if status == 200:
            return text
        raise failure(status, text)

    def _connect(self) -> aiohttp.ClientSession:
        settings = self._settings
        https = urlsplit(settings.base_url).scheme == "https"
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=settings.tls() if https else True, keepalive_timeout=_KEPT_S),
            timeout=aiohttp.ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_timeout_s),
            # BankID answers 415 to any other spelling of the type.
            headers={"Content-Type": "application/json"},
        )


def encoded(text: str, longest: int) -> str:
    """A text as BankID takes it. One that is too long is refused here, as BankID would."""
    data = base64.b64encode(text.encode()).decode()
    if len(data) > longest:
        raise ProviderRefused(INVALID)
    return data


def sign_body(end_user_ip: str, text: str, hidden: str, number: Hidden | None) -> dict[str, Any]:
    """What BankID is told of a signature. The text stands as it is, without markup: what is read is what is kept."""
    body: dict[str, Any] = {"endUserIp": end_user_ip, "userVisibleData": encoded(text, SIGN_TEXT_MAX)}
    if hidden:
        body["userNonVisibleData"] = encoded(hidden, SIGN_HIDDEN_MAX)
    if number is not None:
        body["requirement"] = {"personalNumber": number.reveal()}
    return body


def started_of(answer: str) -> IdentityStarted:
    """Read what BankID says of a new order."""
    try:
        told = json.loads(answer)
        return IdentityStarted(
            order_ref=str(told["orderRef"]),
            auto_start_token=Hidden(told["autoStartToken"]),
            qr_start_token=Hidden(told["qrStartToken"]),
            qr_secret=Hidden(told["qrStartSecret"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ProviderUnknown("answer not understood") from error


def state_of(answer: str) -> IdentityState:
    """Read BankID's account of an order. What cannot be understood is `ProviderUnknown`, never a guess."""
    try:
        told = json.loads(answer)
        status = IdentityStatus(told["status"])
        who = _identified(told["completionData"]) if status is IdentityStatus.COMPLETE else None
        return IdentityState(status, str(told.get("hintCode") or ""), who)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProviderUnknown("answer not understood") from error


def _identified(told: dict[str, Any]) -> Identified:
    user = told["user"]
    if not user["personalNumber"] or not told["signature"]:
        raise ValueError("nobody is named, or nothing is sworn")
    return Identified(
        number=Hidden(user["personalNumber"]),
        name=str(user["name"]),
        given_name=str(user["givenName"]),
        signature=str(told["signature"]),
        ocsp=str(told["ocspResponse"]),
    )


def failure(status: int, text: str) -> ProviderDown | ProviderRefused | ProviderUnknown:
    """What an answer other than 200 means: closed for the moment, refused with a code, or anything at all."""
    code, details = error_code(text)
    if status in {429, 503}:
        return ProviderDown(code or f"HTTP{status}")
    # 408: BankID did not get the question in time, or thinks so; it asks not to be asked again without thought.
    if status == 408 or not 400 <= status < 500:
        return ProviderUnknown(code or f"HTTP{status}")
    if code == INVALID and "no such order" in details.lower():
        return ProviderRefused(NO_SUCH_ORDER, (NO_SUCH_ORDER, INVALID))
    return ProviderRefused(code or f"HTTP{status}")


def error_code(text: str) -> tuple[str, str]:
    """The code and the details in ``{"errorCode": "invalidParameters", "details": "No such order"}``; may be empty."""
    try:
        told = json.loads(text)
        return str(told["errorCode"]), str(told.get("details", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
