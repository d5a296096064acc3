"""What the real SMS gateways refuse, and how many segments they bill, counted apart from the product's own counting."""

import re

from core.phone import e164

#: The GSM 7 bit default alphabet row by row (3GPP TS 23.038, 6.2.1), with the escape left out.
_ROWS = (
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
)
_SEPTETS = {sign: 1 for row in _ROWS for sign in row} | dict.fromkeys("\f^{}\\[~]|€", 2)

TEXT_SIGNS_MAX = 1_600
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", re.ASCII)


def segments(text: str) -> int:
    """How many messages a text is on the air: 160 septets or 153 in each, else 70 UTF-16 units or 67 in each."""
    if all(sign in _SEPTETS for sign in text):
        return _filled([_SEPTETS[sign] for sign in text], 160, 153)
    return _filled([len(sign.encode("utf-16-le")) // 2 for sign in text], 70, 67)


def _filled(widths: list[int], alone: int, each: int) -> int:
    """Segments of so much room; a sign of two units is never cut."""
    if sum(widths) <= alone:
        return 1
    count, left = 1, each
    for width in widths:
        if width > left:
            count, left = count + 1, each
        left -= width
    return count


def wrong_with(sender: str, to: str, text: str, ours: str) -> str:
    """The first thing that a gateway would not take: ``from``, ``to``, ``empty``, ``long``; empty if it takes it all.

    A number as sender must be our own; a name has one to eleven letters and digits, and nobody can answer it.
    """
    if sender != ours and not _SENDER_NAME.fullmatch(sender):
        return "from"
    if e164(to) != to:
        return "to"
    if not text.strip():
        return "empty"
    return "long" if len(text) > TEXT_SIGNS_MAX else ""
