"""Which characters our fonts can show. Typst makes no PDF/A of a text with one that they cannot, and people write what
they like: such a character becomes the sign for an unknown one, and where it says nothing it goes.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: Stands for a character that no font of ours has.
UNKNOWN = "\ufffd"
#: In the order in which the template looks through them. Bold has what regular has.
_FILES = ("NotoSans-Regular.ttf", "NotoNaskhArabic-Regular.ttf")
#: What a font inside typst has and ours lack: the minus of a sum.
_LENT = frozenset({ord("−")})
#: Categories that PDF/A does not take or that nobody sees: control, surrogates, private use, unassigned.
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
#: The vowel signs of Arabic, which print seldom writes: as glyphs of their own they come twice when text is copied.
_VOWELS = frozenset(map(chr, range(0x064B, 0x0653)))
#: What turns the character before it into a picture, or joins two pictures, or marks the order of bytes.
_JOINS = frozenset({"\u200d", "\ufeff", *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0000, 0xE01F0))})


def shown(text: str) -> str:
    """The text with every character that can be printed; lines stay lines."""
    return text if text.isascii() and text.isprintable() else "".join(_clusters(text))


def _clusters(text: str) -> Iterator[str]:
    """A mark is printed only by the font that has the letter under it."""
    fonts: tuple[frozenset[int], ...] = ()
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if sign in "\n\r\t\v\f\u2028\u2029\x85":
            yield " " if sign == "\t" else "" if sign == "\r" else "\n"
            fonts = ()
        elif category in _UNSEEN:
            if category in ("Co", "Cn"):
                yield UNKNOWN
        elif category in _MARKS:
            both = () if sign in _JOINS or sign in _VOWELS else tuple(font for font in fonts if ord(sign) in font)
            fonts = both or fonts
            yield sign if both else ""
        elif sign not in _JOINS:
            fonts = tuple(font for font in _fonts() if ord(sign) in font)
            yield sign if fonts else "" if category == "Cf" else UNKNOWN


@cache
def _fonts() -> tuple[frozenset[int], ...]:
    folder = Path(__file__).parent / "fonts"
    return (*(frozenset(_characters((folder / name).read_bytes())) for name in _FILES), _LENT)


def _characters(font: bytes) -> Iterator[int]:
    """What a TrueType font maps to glyphs: its table ``cmap``, format 4 (OpenType, "Segment mapping")."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s4xII", font, 12 + 16 * number) for number in range(tables))
    cmap = next(offset for tag, offset, _ in records if tag == b"cmap")
    (first,) = struct.unpack_from(">I", font, cmap + 8)
    at = cmap + first
    kind, twice = struct.unpack_from(">H4xH2x", font, at)[0], struct.unpack_from(">H", font, at + 6)[0]
    if kind != 4:
        raise ValueError("a font whose characters are mapped in another way")
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + twice)
    for start, end in zip(starts, ends, strict=True):
        yield from range(start, min(end, 0xFFFE) + 1)
