"""The words of a mail: from plain text or HTML, and what of them its writer wrote, without quotes and signature."""

import re
from collections.abc import Iterable
from email.message import Message
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol", "hr"})
_SILENT: Final = frozenset({"style", "script", "head", "title", "blockquote"})
#: What mail programs put around what they quote.
_QUOTED: Final = re.compile(r"gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|divRplyFwdMsg|appendonsend", re.I)
_VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base", "source", "track"})
#: Lines by which a quoted mail begins, in the words of the programs: "-----Original Message-----", a rule, a header.
_DIVIDER: Final = re.compile(r"^\s*(-{2,}\s*\S.{0,60}\S\s*-{2,}|_{8,}|-{8,}|={8,})\s*$")
_HEADER: Final = re.compile(
    r"^\s*\*?(från|from|von|lähettäjä|od|nadawca|من|از|ka|laga bilaabo|від|gönderen|kimden|šalje)\s*\*?\s*:\s*\*?\s*\S",
    re.I,
)
_FIELD: Final = re.compile(r"^\s*\*?[^\s:][^:\n]{1,24}\*?\s*:")
#: "On 31 July 2025 at 14:02, Schysst <…> wrote:", in any language: a day, somebody, and a colon at its end.
_WROTE: Final = re.compile(r"\d.*(?:<\S+@\S+>|\S+@\S+\.\w+).*[:：]\s*$", re.S)
_WROTE_BARE: Final = re.compile(
    r"\d.*\b(?:skrev|wrote|kirjoitti|napisał\(?a?\)?|пише|yazdı|napisao|qoray)\b.*:\s*$", re.S
)
_SIGNATURE: Final = re.compile(
    r"^\s*(--\s*$|skickat från |sent from |hämta outlook|get outlook|lähetetty |wysłane z |wysłano z |أرسلت من |"
    r"أُرسلت من |ارسال شده از |надіслано з |iphone'umdan |poslano s |poslano sa |von meinem )",
    re.I,
)
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
#: A "wrote:" line is broken over so many lines at most.
_WRAPPED: Final = 3
#: So much of a part is looked at, markup and all: nobody writes more, and reading takes time that others wait for.
SIGNS_MAX: Final = 200_000


def text_of(parts: Iterable[Message]) -> str:
    """What a mail says: its plain text, else its HTML without tags. Attached texts are not its words."""
    spoken = [part for part in parts if part.get_content_disposition() != "attachment"]
    for kind in ("text/plain", "text/html"):
        found = [part for part in spoken if part.get_content_type() == kind]
        text = "\n".join(_decoded(part) for part in found).strip()
        if text:
            return text if kind == "text/plain" else plain(text)
    return ""


def plain(markup: str) -> str:
    """HTML as lines of text, without what it quotes."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.found)).strip()


def own_words(text: str) -> str:
    """The lines that the writer wrote: up to a quoted mail or a signature, without lines behind ``>``."""
    lines = text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _ends_before(lines, at):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends_before(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _SIGNATURE.match(line) or _DIVIDER.match(line):
        return True
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if _HEADER.match(line) and _FIELD.match(following):
        return True
    return any(_wrote(lines[at : at + count]) for count in range(1, _WRAPPED + 1))


def _wrote(lines: list[str]) -> bool:
    if not lines or not all(line.strip() for line in lines):
        return False
    joined = " ".join(line.strip() for line in lines)
    return len(joined) < 300 and bool(_WROTE.search(joined) or _WROTE_BARE.search(joined))


class _Reader(HTMLParser):
    """Collects text outside of what is not shown or only quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS and not self._silent:
            self.found.append("\n")
        if tag in _VOID:
            return
        quoted = any(name in ("class", "id") and value and _QUOTED.search(value) for name, value in attrs)
        self._open.append((tag, self._silent or quoted or tag in _SILENT))

    def handle_endtag(self, tag: str) -> None:
        if not any(open_tag == tag for open_tag, _ in self._open):
            return
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(re.sub(r"\s+", " ", data) if data.strip() else " ")


def _decoded(part: Message) -> str:
    """A part's text; a charset that nobody knows, or that lies, is read as far as it can be."""
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return body.decode(charset)[:SIGNS_MAX]
    except (UnicodeDecodeError, LookupError):
        return body.decode("utf-8", "replace")[:SIGNS_MAX]
