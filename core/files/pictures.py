"""Pictures that people send, drawn anew: nothing is kept of a file but what it shows.

So where and with what a picture was taken (EXIF), thumbnails of what was cut away, comments and whatever else hides in
a file do not reach us; neither does a file that is also something else. Slow and hungry: call it in a thread.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from core.errors import Refusal
from core.evidence import PIXELS_MAX, SIDE_MAX, Kind, check_pixels

_QUALITY: Final = 88
#: A drawing of this size is a photograph in disguise, and better kept as one.
_PNG_MAX: Final = 4 * 1024 * 1024


def redraw(body: bytes, kind: Kind) -> tuple[Kind, bytes]:
    """The picture upright, at most `SIDE_MAX` wide and high, as JPEG or PNG; of a moving one the first frame.

    Raises Refusal ``file_pixels`` or ``file_broken``.
    """
    try:
        with Image.open(BytesIO(body), formats=[kind.name]) as picture:
            check_pixels(*picture.size)
            picture.draft("RGB", (SIDE_MAX, SIDE_MAX))
            picture.thumbnail((SIDE_MAX, SIDE_MAX))
            return _saved(ImageOps.exif_transpose(picture), kind)
    except Refusal:
        raise
    except Image.DecompressionBombError as bomb:
        raise Refusal("file_pixels", limit=PIXELS_MAX // 1_000_000) from bomb
    except Exception as error:  # a decoder may fail in any way on what was made to make it fail
        raise Refusal("file_broken") from error


def _saved(picture: Image.Image, kind: Kind) -> tuple[Kind, bytes]:
    see_through = picture.has_transparency_data
    if kind is Kind.PNG or see_through:
        drawn = _encoded(picture.convert("RGBA" if see_through else "RGB"), Kind.PNG)
        if len(drawn) <= _PNG_MAX:
            return Kind.PNG, drawn
    if see_through:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return Kind.JPEG, _encoded(picture.convert("RGB"), Kind.JPEG)


def _encoded(picture: Image.Image, kind: Kind) -> bytes:
    # What stands in `info` (profiles, comments) would be written too.
    picture.info.clear()
    out = BytesIO()
    picture.save(out, kind.name, quality=_QUALITY, optimize=True)
    return out.getvalue()
