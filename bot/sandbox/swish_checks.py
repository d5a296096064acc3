"""What Swish refuses in a payment request, by its own codes. Pure: a body in, codes out."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

#: A merchant may ask in its own name only: the one refusal that answers 403 and not 422.
FOREIGN_PAYEE = "PA01"

_ID = re.compile(r"[0-9A-F]{32}")
_REFERENCE = re.compile(r"[A-Za-z0-9]{1,36}")
_CALLBACK_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{32,36}")
_PAYER = re.compile(r"\d{8,15}")
_MESSAGE = re.compile(r"[A-Za-zÅÄÖåäö0-9 !?=#$%&()*+,\-./:;<'\"@]{0,50}")
_AMOUNT_MIN, _AMOUNT_MAX = Decimal("0.01"), Decimal("999999999999.99")


def wrong_with(request_id: str, body: Any, payee_alias: str, known: bool, http_allowed: bool) -> tuple[str, ...]:
    """The codes for this body, none if it may stand. `known` says that the id was used before."""
    if not isinstance(body, dict):
        return ("FF08",)
    reference_right = _REFERENCE.fullmatch(str(body.get("payeePaymentReference", "0")))
    identifier_right = _CALLBACK_IDENTIFIER.fullmatch(str(body.get("callbackIdentifier", "0" * 32)))
    found = {
        "RP09": known or not _ID.fullmatch(request_id),
        "FF08": not (reference_right and identifier_right),
        "RP03": not _may_call(str(body.get("callbackUrl", "")), http_allowed),
        "BE18": "payerAlias" in body and not _PAYER.fullmatch(str(body["payerAlias"])),
        "RP01": not body.get("payeeAlias"),
        "AM03": body.get("currency") != "SEK",
        "RP02": not _MESSAGE.fullmatch(str(body.get("message", ""))),
    }
    codes = tuple(code for code, is_wrong in found.items() if is_wrong) + wrong_amount(body.get("amount"))
    return codes or ((FOREIGN_PAYEE,) if body["payeeAlias"] != payee_alias else ())


def wrong_call(body: dict[str, Any], *, http_allowed: bool) -> tuple[str, ...]:
    """What is wrong with the address that is to be called back, or the secret that goes with it."""
    if not _CALLBACK_IDENTIFIER.fullmatch(str(body.get("callbackIdentifier", "0" * 32))):
        return ("FF08",)
    return () if _may_call(str(body.get("callbackUrl", "")), http_allowed) else ("RP03",)


def _may_call(url: str, http_allowed: bool) -> bool:
    """Callbacks go over https, and in the sandbox also over http to this machine."""
    parts = urlsplit(url)
    at_home = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return parts.scheme == "https" or (http_allowed and at_home and parts.scheme == "http")


def wrong_amount(amount: object) -> tuple[str, ...]:
    """PA02 no amount or more than two decimals, AM06 too low, AM02 too high."""
    try:
        kronor = Decimal(str(amount))
    except InvalidOperation:
        return ("PA02",)
    if not kronor.is_finite() or kronor * 100 != (kronor * 100).to_integral_value():
        return ("PA02",)
    if kronor < _AMOUNT_MIN:
        return ("AM06",)
    return ("AM02",) if kronor > _AMOUNT_MAX else ()
