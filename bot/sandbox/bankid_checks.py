"""What BankID refuses in a question, in its own kind of words. Pure: a body in, the details of the refusal out."""

import base64
import binascii
import re
from ipaddress import ip_address
from typing import Any

from stdnum import luhn

AUTH, SIGN = "auth", "sign"

_KNOWN = frozenset(
    {
        "endUserIp",
        "requirement",
        "userVisibleData",
        "userNonVisibleData",
        "userVisibleDataFormat",
        "returnUrl",
        "returnRisk",
        "web",
    }
)
#: The most characters in base64 of what is shown and of what is not.
_SIZES = {AUTH: (1_500, 1_500), SIGN: (40_000, 200_000)}
URL_MAX = 512
_NUMBER = re.compile(r"\d{12}", re.ASCII)
#: Texts may hold line breaks, and no other signs that steer.
_STEERING = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")


def wrong_with(method: str, body: Any) -> str:
    """What is wrong with this body, nothing if it may stand."""
    if not isinstance(body, dict):
        return "Invalid body"
    if method not in _SIZES:
        return "" if set(body) == {"orderRef"} and isinstance(body["orderRef"], str) else "Incorrect orderRef"
    unknown = sorted(set(body) - _KNOWN)
    if unknown:
        return f"Unrecognized parameter {unknown[0]}"
    if "returnUrl" in body and not (isinstance(body["returnUrl"], str) and 0 < len(body["returnUrl"]) <= URL_MAX):
        return "Incorrect returnUrl"
    return _wrong_ip(body) or _wrong_requirement(body.get("requirement", {})) or _wrong_texts(method, body)


def _wrong_ip(body: dict[str, Any]) -> str:
    try:
        ip_address(str(body["endUserIp"]))
    except (KeyError, ValueError):
        return "Incorrect endUserIp"
    return ""


def _wrong_requirement(requirement: Any) -> str:
    if not isinstance(requirement, dict):
        return "Incorrect requirement"
    number = requirement.get("personalNumber")
    if number is None:
        return ""
    right = isinstance(number, str) and _NUMBER.fullmatch(number) and luhn.is_valid(number[2:])
    return "" if right else "Incorrect personalNumber"


def _wrong_texts(method: str, body: dict[str, Any]) -> str:
    if method == SIGN and not body.get("userVisibleData"):
        return "Incorrect userVisibleData"
    for name, longest in zip(("userVisibleData", "userNonVisibleData"), _SIZES[method], strict=True):
        if name in body and not _is_text(body[name], longest, shown=name == "userVisibleData"):
            return f"Incorrect {name}"
    if body.get("userVisibleDataFormat", "simpleMarkdownV1") != "simpleMarkdownV1":
        return "Incorrect userVisibleDataFormat"
    return ""


def _is_text(data: object, longest: int, *, shown: bool) -> bool:
    """Base64 of UTF-8 within the size; what is not shown may hold any octets that BankID does not read."""
    if not isinstance(data, str) or not 0 < len(data) <= longest:
        return False
    try:
        text = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return not (shown and _STEERING.search(text))
