"""What a message may carry besides its text, as values that a template can draw: statement, receipt, QR code, file.

A dialog describes a card in plain JSON beside its message (`bot.channels.base.CARD`); here it is read once. Amounts in
a card are already written in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core import words

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sum: its operator (`+`, `−`, `=` or none), what it is, why, and the amount."""

    op: str
    what: str
    why: str
    amount: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        op = raw.get("op") or " "
        return cls(MINUS if op == "-" else op, raw["what"], raw.get("why") or "", raw["amount"])

    @property
    def minus(self) -> bool:
        return self.op == MINUS


@dataclass(frozen=True, slots=True)
class Statement:
    """The slip: what is to be paid, line by line, closed by the double rule."""

    title: str
    ref: str
    rows: tuple[Row, ...]
    total: Row
    foot: tuple[str, ...]
    kind: str = "statement"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip torn off: a payment (with rows), or a claim that rests (stamp `pause`, with facts)."""

    title: str
    number: str
    when: str
    rows: tuple[Row, ...]
    total: Row | None
    facts: tuple[tuple[str, str], ...]
    code: str
    after: str
    stamp: str
    kind: str = "receipt"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code to scan. `text` is drawn here; `svg_href` is a picture on our own server."""

    text: str
    svg_href: str
    label: str
    caption: str
    kind: str = "qr"


Card = Statement | Receipt | QrCode


def read(raw: Mapping[str, Any] | None) -> Card | None:
    """The card of a message. A kind that this page does not know is left out: the text says it all."""
    match raw and raw.get("kind"):
        case "statement":
            return _statement(raw or {})
        case "receipt":
            return _receipt(raw or {})
        case "qr":
            return _qr(raw or {})
        case _:
            return None


def spoken(card: Card | None, lang: str) -> str:
    """A sum in one sentence, for those who listen."""
    if not isinstance(card, Statement | Receipt) or card.total is None:
        return ""
    return words.plural(lang, "page.chat.said.rows", len(card.rows), total=card.total.amount)


def _statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(
        title=raw["title"],
        ref=raw.get("ref") or "",
        rows=tuple(Row.read(row) for row in raw["rows"]),
        total=Row.read(raw["total"]),
        foot=tuple(raw.get("foot") or ()),
    )


def _receipt(raw: Mapping[str, Any]) -> Receipt:
    total = raw.get("total")
    return Receipt(
        title=raw.get("title") or "",
        number=raw.get("number") or "",
        when=raw.get("when") or "",
        rows=tuple(Row.read(row) for row in raw.get("rows") or ()),
        total=Row.read(total) if total else None,
        facts=tuple((fact["what"], fact["value"]) for fact in raw.get("facts") or ()),
        code=raw.get("code") or "",
        after=raw.get("after") or "",
        stamp=raw.get("stamp") or "paid",
    )


def _qr(raw: Mapping[str, Any]) -> QrCode | None:
    text, href = raw.get("text") or "", raw.get("svg_href") or ""
    if not text and not (href.startswith("/") and not href.startswith("//")):
        return None
    return QrCode(text, href, raw["label"], raw.get("caption") or "")


@dataclass(frozen=True, slots=True)
class File:
    """A document or picture that the message brings; no address when the person sent it themselves."""

    name: str
    size: str
    href: str | None

    @classmethod
    def read(cls, raw: Mapping[str, Any] | None, lang: str) -> Self | None:
        return cls(raw["name"], size(int(raw.get("size") or 0), lang), raw["href"]) if raw else None


def size(octets: int, lang: str) -> str:
    """``840 kB``, ``1,8 MB``."""
    if octets >= 1_000_000:
        return words.text(lang, "page.chat.size.mb", n=words.points(octets // 100_000 * 10, lang))
    return words.text(lang, "page.chat.size.kb", n=max(1, octets // 1000))
