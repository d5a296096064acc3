"""A notice on its way into a chat: what it is worded from, and what it becomes. The words are in `notices`."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.base import Speaker
from core import words
from core.case import Case
from core.services.creditor_share import Share
from core.services.refund_accounts import Asked


@dataclass(frozen=True, slots=True)
class Worded:
    """A message ready to be sent. ``html`` is Telegram's HTML; ``buttons`` are pairs of words and callback data.

    ``speaker`` is one of us whose own words these are.
    """

    html: str
    buttons: tuple[tuple[str, str], ...] = ()
    card: Mapping[str, Any] | None = None
    speaker: Speaker | None = None

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons as a keyboard, one a row."""
        if not self.buttons:
            return None
        rows = [[InlineKeyboardButton(text=text, callback_data=data)] for text, data in self.buttons]
        return InlineKeyboardMarkup(inline_keyboard=rows)


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is worded from. ``at`` is the instant of what happened, where it has one.

    ``name`` and ``text`` are a person's own, of an answer by one; they stand in no fact. ``share`` is what it did to a
    creditor's balance, ``back`` where money goes back to.
    """

    kind: str
    facts: Mapping[str, Any]
    case: Case | None
    lang: str
    today: date
    at: datetime | None = None
    verify_code: str = ""
    name: str = ""
    text: str = ""
    share: Share | None = None
    back: Asked | None = None

    def t(self, key: str, **values: object) -> str:
        return words.text(self.lang, key, **values)

    def money(self, name: str) -> str:
        return words.money(self.facts[name], self.lang)

    def amount(self, name: str) -> str:
        return words.amount(self.facts[name], self.lang)

    def day(self, name: str) -> str:
        return words.day(date.fromisoformat(self.facts[name]), self.lang)

    @property
    def about(self) -> Case:
        """The case, of a notice that is about one."""
        assert self.case is not None
        return self.case


def plain(text: str, buttons: tuple[tuple[str, str], ...] = (), card: Mapping[str, Any] | None = None) -> Worded:
    """Words as they are, without any markup of their own."""
    return Worded(escaped(text), buttons, card)


def escaped(text: str) -> str:
    """Words as they are, in Telegram's HTML."""
    return html.escape(text, quote=False)


def ways_out(told: Told) -> tuple[tuple[str, str], ...]:
    return (told.t("btn.person"), f"person:{told.about.id}"), (told.t("btn.home"), "home:")


def see_case(told: Told) -> tuple[tuple[str, str], ...]:
    return ((told.t("btn.see_case"), f"work:{told.about.id}"),)


def home(told: Told) -> tuple[tuple[str, str], ...]:
    return ((told.t("btn.home"), "home:"),)
