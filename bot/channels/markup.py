"""What Telegram accepts as text and buttons, checked by the channels that we carry ourselves.

So a screen that passes on the web chat passes on Telegram too. Text comes in Telegram's small HTML and goes to pages
as a smaller one still: only the tags of `PAGE_TAGS`, only harmless links, everything else escaped.
"""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from aiogram.utils.text_decorations import html_decoration

TEXT_MAX: Final = 4096
CAPTION_MAX: Final = 1024
CALLBACK_DATA_MAX: Final = 64
COPY_TEXT_MAX: Final = 256
BUTTONS_MAX: Final = 100

#: Telegram's tag and what a page shows for it; None shows the content alone.
PAGE_TAGS: Final[dict[str, str | None]] = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "strike": "s",
    "del": "s",
    "code": "code",
    "pre": "pre",
    "a": "a",
    "span": None,
    "tg-spoiler": None,
    "tg-emoji": None,
    "blockquote": None,
}
NAMED_CHARACTERS: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SAFE_LINK: Final = re.compile(r"(https?://|mailto:|tel:|/(?!/))[^\s\\<>\"\x00-\x1f]*", re.IGNORECASE)
WEB_LINK: Final = re.compile(r"https?://[^\s/][^\s]*", re.IGNORECASE)


class NotAccepted(Exception):
    """Telegram would refuse this; the message is its own wording, without what the person or we wrote."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people read it, and as a page may show it."""

    plain: str
    html: str


def formatted(text: str, parse_mode: str | None, entities: list[MessageEntity] | None, longest: int) -> Formatted:
    """Read a text as Telegram does. Raises NotAccepted."""
    if entities:
        text, parse_mode = html_decoration.unparse(text, entities), "HTML"
    if parse_mode is None:
        plain = text.strip()
        result = Formatted(plain, _line_breaks(html.escape(plain, quote=False)))
    elif parse_mode.upper() == "HTML":
        result = _Reader.read(text.strip())
    else:
        raise NotAccepted("can't parse entities: this channel reads HTML only")
    if len(result.plain) > longest:
        raise NotAccepted("message is too long" if longest == TEXT_MAX else "message caption is too long")
    return result


def keyboard_json(markup: InlineKeyboardMarkup | None) -> dict[str, Any] | None:
    """A keyboard as it is stored; None for none and for an empty one. Raises NotAccepted."""
    if markup is None:
        return None
    rows = [row for row in markup.inline_keyboard if row]
    if sum(len(row) for row in rows) > BUTTONS_MAX:
        raise NotAccepted("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    if not rows:
        return None
    return {"inline_keyboard": [[b.model_dump(exclude_none=True, mode="json") for b in row] for row in rows]}


def _check_button(button: InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise NotAccepted('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if button.callback_data is not None:
        if not 1 <= len(button.callback_data.encode()) <= CALLBACK_DATA_MAX:
            raise NotAccepted("BUTTON_DATA_INVALID")
    elif button.url is not None:
        if not WEB_LINK.fullmatch(button.url):
            raise NotAccepted("inline keyboard button URL is invalid: Wrong HTTP URL")
    elif button.copy_text is not None:
        if not 1 <= len(button.copy_text.text) <= COPY_TEXT_MAX:
            raise NotAccepted("BUTTON_COPY_TEXT_INVALID")
    else:
        raise NotAccepted("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


class _Reader(HTMLParser):
    """Telegram's HTML, strictly: unknown tags, open ends and bare angle brackets are errors, as they are there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._plain: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str | None]] = []

    @classmethod
    def read(cls, text: str) -> Formatted:
        reader = cls()
        reader.feed(text)
        reader.close()
        if reader._open:
            tag = reader._open[-1][0]
            raise NotAccepted(f"can't parse entities: Can't find end tag corresponding to start tag {tag!r}")
        return Formatted("".join(reader._plain), "".join(reader._html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in PAGE_TAGS:
            raise NotAccepted(f"can't parse entities: Unsupported start tag {tag!r}")
        shown = PAGE_TAGS[tag]
        opening = f"<{shown}>" if shown else ""
        if tag == "a":
            href = dict(attrs).get("href") or ""
            if SAFE_LINK.fullmatch(href):
                opening = f'<a href="{html.escape(href)}" rel="noopener noreferrer">'
            else:
                shown, opening = None, ""
        self._open.append((tag, shown))
        self._html.append(opening)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise NotAccepted(f"can't parse entities: Unsupported start tag {tag!r}")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise NotAccepted(f"can't parse entities: Unmatched end tag {tag!r}")
        _, shown = self._open.pop()
        if shown:
            self._html.append(f"</{shown}>")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise NotAccepted("can't parse entities: Unsupported start tag ''")
        self._say(data)

    def handle_entityref(self, name: str) -> None:
        self._say(NAMED_CHARACTERS.get(name, f"&{name}"))

    def handle_charref(self, name: str) -> None:
        self._say(html.unescape(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        raise NotAccepted("can't parse entities: Unsupported start tag '!--'")

    def handle_decl(self, decl: str) -> None:
        raise NotAccepted("can't parse entities: Unsupported start tag '!'")

    def handle_pi(self, data: str) -> None:
        raise NotAccepted("can't parse entities: Unsupported start tag '?'")

    def unknown_decl(self, data: str) -> None:
        raise NotAccepted("can't parse entities: Unsupported start tag '!['")

    def _say(self, text: str) -> None:
        self._plain.append(text)
        escaped = html.escape(text, quote=False)
        in_pre = any(shown == "pre" for _, shown in self._open)
        self._html.append(escaped if in_pre else _line_breaks(escaped))


def _line_breaks(escaped: str) -> str:
    return escaped.replace("\n", "<br>")
