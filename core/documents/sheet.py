"""What stands on paper, before it is typeset: sheets of blocks, already worded. The look is the template's matter."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sum: its name, the reason under it, the amount at the right and the operator at the left."""

    name: str
    amount: str
    why: str = ""
    sign: str = "+"


@dataclass(frozen=True, slots=True)
class Heading:
    """``overleaf``: from here on the back of the first page, so that what does not fit there has company.

    Once in a document: its first sheet alone begins on the first page.
    """

    text: str
    overleaf: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """Choices of equal weight."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A sum, closed by the double rule. ``aloud`` is what a screen reader says of it."""

    what: str
    unit: str
    rows: tuple[Row, ...]
    total: Row
    aloud: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as SVG, with its meaning in words."""

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Paragraphs with a picture beside them, and under them what one copies: label and value."""

    texts: tuple[str, ...]
    picture: Picture
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as SVG over the whole width, with what it shows in words."""

    svg: str
    alt: str


Block = Heading | Text | Items | Table | Beside | Plot


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a document, on a new page. ``window`` is what the envelope shows: name and address only."""

    lang: str
    direction: str
    title: str
    blocks: tuple[Block, ...]
    window: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document of a day. ``page`` is the words for "page {page} of {pages}"."""

    on: date
    sender: str
    contact: tuple[str, ...]
    foot: str
    title: str
    page: str
    sheets: tuple[Sheet, ...]


def content(paper: Paper) -> dict[str, Any]:
    """The document as JSON values, each block with its kind."""
    as_dict = asdict(paper) | {"on": [paper.on.year, paper.on.month, paper.on.day]}
    for sheet, written in zip(paper.sheets, as_dict["sheets"], strict=True):
        for block, data in zip(sheet.blocks, written["blocks"], strict=True):
            data["kind"] = type(block).__name__.lower()
    return as_dict
