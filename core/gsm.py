"""SMS as the networks carry it: which signs cost what, how many segments a text is, and typography that costs less.

GSM-7 (3GPP TS 23.038) holds 160 signs in one segment and 153 in each of several; a single sign that it lacks turns the
whole text into UCS-2 with 70 and 67 (domain 9). So dashes, quotes and spaces are written plainly, and in languages
that people write without accents on old phones (Polish, Turkish, Bosnian) the accents are left out. What has no plain
spelling (Arabic, Ukrainian) goes as it is.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

GSM_SINGLE, GSM_PART = 160, 153
UCS_SINGLE, UCS_PART = 70, 67

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take two places: an escape and the sign.
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")

#: Typography with a plain spelling of its own. Invisible marks of direction say nothing to a phone that shows the text.
_PLAIN: Final = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2013": "-", "\u2014": "-", "\u2011": "-",
    "\u2212": "-", "\u2026": "...", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2068": "", "\u2069": "", "\u200e": "", "\u200f": "", "\u200b": "",
    "ł": "l", "Ł": "L", "đ": "dj", "Đ": "Dj", "ı": "i", "ħ": "h",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How a text travels: in which alphabet, how many places it takes there, and in how many segments."""

    gsm: bool
    places: int
    segments: int


def size(text: str) -> Size:
    """The size of a text as it stands; an empty one has one segment, as the networks count."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        return _gsm_size(text)
    places = len(text.encode("utf-16-be")) // 2
    return Size(False, places, 1 if places <= UCS_SINGLE else _parts(_wide(text), UCS_PART))


def _gsm_size(text: str) -> Size:
    costs = [2 if sign in _EXTENDED else 1 for sign in text]
    places = sum(costs)
    return Size(True, places, 1 if places <= GSM_SINGLE else _parts(costs, GSM_PART))


def _wide(text: str) -> list[int]:
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text]


def _parts(costs: list[int], room: int) -> int:
    """A sign of two places is never cut in two by the end of a segment."""
    parts, left = 1, room
    for cost in costs:
        if cost > left:
            parts, left = parts + 1, room
        left -= cost
    return parts


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text in signs that cost least: GSM-7 if there is any way to write it so, else with plain typography only."""
    simple = "".join(_PLAIN.get(sign, sign) for sign in unicodedata.normalize("NFC", text))
    bare = "".join(_bare(sign) for sign in simple)
    return bare if size(bare).gsm else simple


def _bare(sign: str) -> str:
    """A Latin letter without an accent that GSM-7 lacks; ``å`` stays ``å``."""
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    base = unicodedata.normalize("NFD", sign)[0]
    return base if base in _BASIC else sign
