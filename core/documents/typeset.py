"""Typesetting with typst. The same content gives the same bytes, so a document can be hashed and compared.

Texts travel as JSON and are never read as markup. Typst is the largest library of the house and is imported when the
first document is made: the chat runs without it.
"""

import json
import re
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import segno

from core.documents import glyphs
from core.documents.sheet import Paper, content

if TYPE_CHECKING:
    from typst import Compiler

#: A compiler keeps its world between documents and serves one at a time.
_ONE_AT_A_TIME = Lock()
#: Readers take any of the eight masks. To find the most even one costs a letter more than all its typesetting, and the
#: texts of letters (tokens, amounts, numbers) are uneven in no pattern that this one would bring out.
_MASK = 2
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)")


def pdf(paper: Paper) -> bytes:
    """The document as tagged PDF/A-2a, dated by its own day. Some 10 ms a page; call it in a thread."""
    return _made("paper.typ", content(paper))


def note(page: dict[str, Any]) -> bytes:
    """A settlement note, worded, as tagged PDF/A-2a."""
    return _made("note.typ", page)


def _made(template: str, values: dict[str, Any]) -> bytes:
    inputs = {"content": json.dumps(_printable(values), ensure_ascii=False)}
    with _ONE_AT_A_TIME:
        made = _compiler(template).compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-2a"])
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def pages(document: bytes) -> int:
    """The number of pages of a document made here, for the print house."""
    found = _PAGES.search(document)
    if not found:
        raise ValueError("not a document of ours")
    return int(found[1])


def _printable(value: Any) -> Any:
    """Everything that is said on the paper, in characters that our fonts have."""
    match value:
        case str():
            return glyphs.shown(value)
        case dict():
            return {name: _printable(one) for name, one in value.items()}
        case list() | tuple():
            return [_printable(one) for one in value]
        case _:
            return value


@cache
def _compiler(template: str) -> "Compiler":
    from typst import Compiler

    folder = _folder()
    return Compiler(
        folder / "templates" / template,
        root=folder / "templates",
        font_paths=[folder / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"content": "{}"},
    )


def _folder() -> Path:
    with as_file(files("core.documents")) as folder:
        return folder


def qr(text: str) -> str:
    """A QR code as SVG, dark on white with the quiet zone that readers need (four modules)."""
    return segno.make(text, error="m", micro=False, mask=_MASK).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=False
    )
