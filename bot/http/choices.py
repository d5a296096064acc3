"""The choices under a message: what each does, and the operator that it shows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from bot.channels.webframes import FILE_PATH
from bot.http import bankid, open_app

# The sign of a choice comes from its id, so that dialogs stay free of channels. An id is looked up whole, then by its
# first word: `pay_swish` is a kind of `pay`.
OPERATORS = {
    "pay": "eq",
    "swish": "phone",
    "bank": "eq",
    "part": "div",
    "owe": "sum",
    "details": "sum",
    "case": "sum",
    "next": "next",
    "help": "div",
    "time": "div",
    "plan": "div",
    "split": "div",
    "wrong": "neq",
    "dispute": "neq",
    "object": "neq",
    "notme": "neq",
    "paid": "ok",
    "confirm": "ok",
    "verify": "ok",
    "yes": "ok",
    "add": "plus",
    "person": "person",
    "more": "more",
    "back": "prev",
    "home": "home",
    "menu": "home",
    "cases": "home",
    "language": "globe",
    "lang": "globe",
    "bankid": "lock",
    "code": "mail",
    "letter": "mail",
    "letters": "mail",
    "files": "file",
    "pdf": "file",
    "save": "save",
    "receipt": "save",
    "qr": "qr",
    "copy": "copy",
    "change": "again",
    "retry": "again",
    "stop": "stop",
    "cancel": "stop",
    "wait": "pause",
    "hold": "pause",
    "all": "neq",
    "not": "neq",
    "faulty": "neq",
    "wrong_amount": "neq",
    "send": "send",
    "sign": "lock",
    "keep": "ok",
    "release": "ok",
    "hard": "pause",
    "leave": "stop",
    "withdraw": "stop",
    "reject": "stop",
    "done": "ok",
    "nearest": "ok",
    "number": "div",
    "months": "div",
    "own": "plus",
    "day": "again",
    "anew": "again",
    "full": "file",
    "get": "save",
    "file_again": "plus",
    "pictures": "plus",
    "proof": "plus",
    "mydata": "save",
    "note": "file",
    "notedata": "file",
    "complain": "mail",
    "advice": "person",
    "representatives": "person",
    "languages": "globe",
    "queue": "home",
    "budget": "sum",
    "compare": "sum",
}
# A link leads to the web, to an app that we name, or to ourselves; nothing else is ever made pressable.
SAFE_LINK = re.compile(r"(?:https?://|swish:|bankid:|mailto:|tel:|/(?!/))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Button:
    """One choice: a press (`key`), a link (`url`) or something to copy (`copy`)."""

    text: str
    key: str
    icon: str
    url: str | None = None
    copy: str | None = None

    @property
    def lasts(self) -> bool:
        """Whether it holds below later screens too: a value to copy, a document. All else belongs to its screen."""
        return self.copy is not None or (self.url is not None and self.url.startswith(FILE_PATH))

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self | None:
        url = raw.get("url")
        if url is not None and not SAFE_LINK.match(url):
            return None
        copy = raw.get("copy")
        return cls(raw["text"], raw.get("key") or "", _icon(raw.get("id") or "", url, copy), url, copy)


def buttons(rows: Iterable[Iterable[Mapping[str, Any]]]) -> tuple[Button, ...]:
    """The choices of a message in their order; a link that leads nowhere good is none."""
    return tuple(button for row in rows for raw in row if (button := Button.read(raw)))


def _icon(button_id: str, url: str | None, copy: str | None) -> str:
    """The sign of a choice by what it does, where that is plain: links and values to copy bear no id of their own."""
    if copy is not None:
        return "copy"
    if url is None:
        return icon_of(button_id)
    address = urlsplit(url)
    if address.scheme == "swish" or address.path == open_app.PATH:
        return "phone"
    if address.path.startswith(f"{bankid.PATH}/"):
        return "qr" if address.query == "way=qr" else "phone"
    return icon_of(button_id)


def icon_of(button_id: str) -> str:
    """The operator of a choice; a plain arrow where none is known."""
    return OPERATORS.get(button_id) or OPERATORS.get(re.split(r"[_.\-\d]", button_id, maxsplit=1)[0], "next")
