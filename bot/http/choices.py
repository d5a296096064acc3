"""The choices under a message: what each does, and the operator that it shows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

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
    "qr": "phone",
    "copy": "copy",
    "change": "again",
    "retry": "again",
    "stop": "stop",
    "cancel": "stop",
    "wait": "pause",
    "hold": "pause",
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
    def pressable(self) -> bool:
        """Whether pressing it is answered by the conversation, and so only while its screen is the last one."""
        return self.url is None and self.copy is None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self | None:
        url = raw.get("url")
        if url is not None and not SAFE_LINK.match(url):
            return None
        return cls(raw["text"], raw.get("key") or "", icon_of(raw.get("id") or ""), url, raw.get("copy"))


def buttons(rows: Iterable[Iterable[Mapping[str, Any]]]) -> tuple[Button, ...]:
    """The choices of a message in their order; a link that leads nowhere good is none."""
    return tuple(button for row in rows for raw in row if (button := Button.read(raw)))


def icon_of(button_id: str) -> str:
    """The operator of a choice; a plain arrow where none is known."""
    return OPERATORS.get(button_id) or OPERATORS.get(re.split(r"[_.\-\d]", button_id, maxsplit=1)[0], "next")
