"""Evidence (bevisning): what people may lay beside a matter. A file is what it holds, never what it calls itself.

Pictures are drawn anew before they are kept (`core.files.pictures`); a PDF is kept byte for byte and only ever
downloaded. Sizes are octets, sides and areas pixels.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from core.errors import Refusal

MEGABYTE: Final = 1024 * 1024
FILE_MB_MAX: Final = 10
FILE_MAX: Final = FILE_MB_MAX * MEGABYTE
FILES_MAX: Final = 10
PIXELS_MAX: Final = 40_000_000
SIDE_MAX: Final = 3_000
NAME_MAX: Final = 120
#: So much of the beginning tells every kind; so much of the end holds a PDF's own mark.
HEAD: Final = 1_024
TAIL: Final = 2_048


class Kind(StrEnum):
    """What we take. Screens say it as "pictures and PDF"."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"
    PDF = "application/pdf"

    @property
    def ending(self) -> str:
        return {"image/jpeg": ".jpg"}.get(self.value, "." + self.value.partition("/")[2])

    @property
    def is_picture(self) -> bool:
        return self is not Kind.PDF


_AVIF: Final = frozenset({b"avif", b"avis"})
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_BLANK: Final = b"\xef\xbb\xbf\x00\t\n\x0c\r "
#: What a PDF may do when it is opened (ISO 32000-1, 12.6): it is kept, and whoever downloads it is told.
_ACTS: Final = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia|EmbeddedFiles?)\b")
_MEANS_SOMETHING: Final = re.compile(r'[<>:"|?*;]+')


def kind_of(body: bytes) -> Kind:
    """What a file is, by how it begins. Raises Refusal ``file_empty``, ``file_heic`` or ``file_kind``."""
    if not body:
        raise Refusal("file_empty")
    if body.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return Kind.WEBP
    if body.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if body[4:8] == b"ftyp":
        return _of_brands(body)
    if body[:HEAD].lstrip(_BLANK).startswith(b"%PDF-"):
        return Kind.PDF
    raise Refusal("file_kind")


def _of_brands(body: bytes) -> Kind:
    """A box of ISO 14496-12 names its brands first: some phones' pictures, and most films."""
    length = min(int.from_bytes(body[:4], "big"), HEAD)
    brands = {body[8:12], *(body[at : at + 4] for at in range(16, length, 4))}
    if brands & _AVIF:
        return Kind.AVIF
    raise Refusal("file_heic" if brands & _HEIC else "file_kind")


def check_pdf(body: bytes) -> None:
    """A PDF that has its end as well as its beginning. Raises Refusal ``file_broken``."""
    if b"%%EOF" not in body[-TAIL:] or b"obj" not in body:
        raise Refusal("file_broken")


def pdf_acts(body: bytes) -> bool:
    """Whether a PDF says openly that it does something by itself. One that hides it is no more than a download."""
    return _ACTS.search(body) is not None


def check_size(octets: int | None) -> None:
    """Raises Refusal ``file_big`` with both sizes in whole MB as people count them; None is a size nobody told us."""
    if octets is not None and octets > FILE_MAX:
        raise Refusal("file_big", size=max(octets // 1_000_000, FILE_MB_MAX + 1), limit=FILE_MB_MAX)


def check_pixels(width: int, height: int) -> None:
    """A picture of a few octets may unfold into gigabytes. Raises Refusal ``file_pixels``."""
    if width * height > PIXELS_MAX:
        raise Refusal("file_pixels", limit=PIXELS_MAX // 1_000_000)


def shown_name(name: str) -> str:
    """The name as its sender wrote it, without the path and without what nobody sees (or what turns letters round)."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))[:NAME_MAX]


def clean_name(name: str, kind: Kind) -> str:
    """The name as it may be shown and saved under: no path, nothing invisible, and the ending that is true."""
    seen = _MEANS_SOMETHING.sub(" ", shown_name(name))
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", " ".join(seen.split())).strip(" .")
    shown = stem or ("foto" if kind.is_picture else "dokument")
    return shown[: NAME_MAX - len(kind.ending)].rstrip(" .") + kind.ending
