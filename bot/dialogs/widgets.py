"""The few widgets that our screens are made of; between aiogram-dialog and us there is nothing else.

A screen is a text and a column of choices. The person and the way back come last by themselves. What somebody writes
on a screen that asks for nothing is understood by `free_text`.

By SMS a screen says less: the text of ``sms.<screen>`` (or the getter's own ``sms``), and labels of ``sms.<label>``
where they are shorter. A screen that offers other choices there names them with `Short`.
"""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.api.protocols import DialogProtocol
from aiogram_dialog.widgets.common import WhenCondition
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, CopyText, Keyboard, Select, Url
from aiogram_dialog.widgets.text import Text

from bot.channels.base import CARD, SMS
from bot.channels.sms_menu import FRESH
from bot.dialogs import free_text, going, states, uploads
from bot.dialogs.going import visit_of
from bot.dialogs.uploads import Screen, Take
from core import words
from core.words import text as catalogue_text

Act = Callable[[DialogManager], Awaitable[None]]
Hear = Callable[[str, DialogManager], Awaitable[None]]
Getter = Callable[..., Awaitable[dict[str, Any]]]

TEXT_MAX: Final = 4096
#: So long may a button be (conversations 1).
LABEL_MAX: Final = 24


@dataclass(frozen=True)
class Short:
    """How a screen is said by SMS: by which key (``sms.…``; None: the getter's ``sms``), and with which choices.

    Without choices of its own it offers those of the screen. ``back`` is the way back where it is another one there,
    ``person`` whether the person is offered.
    """

    key: str | None = None
    choices: tuple[Keyboard, ...] | None = None
    person: bool = True
    back: str | State | None = ""


class Words(Text):
    """The text of a screen: what is to be said first, then the text of a key, or the getter's own ``text``.

    The getter's ``card`` goes along for channels that can draw one. By SMS it is the short text, if there is one.
    """

    def __init__(self, key: str | None = None, when: WhenCondition = None, short: str | None = None) -> None:
        super().__init__(when=when)
        self._key = key
        self._short = short

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        first = going.said_first(manager)
        if by_sms(manager) and (short := self._short_text(visit_of(manager).lang, data)) is not None:
            return html.escape(" ".join([*first, short]), quote=False)
        text = catalogue_text(visit_of(manager).lang, self._key, **data) if self._key else data["text"]
        lines = "\n".join([*first, text])
        _hand_over(data.get("card"), sum(part.count("\n") + 1 for part in first))
        return html.escape(lines, quote=False)

    def _short_text(self, lang: str, data: dict[str, Any]) -> str | None:
        """The short text; what a getter writes itself goes before a key."""
        if "sms" in data:
            return None if data["sms"] is None else str(data["sms"])
        return catalogue_text(lang, self._short, **data) if self._short else None


def by_sms(manager: DialogManager) -> bool:
    """Whether we talk by SMS: choices are numbers there, and words cost money."""
    return visit_of(manager).session.channel == SMS


class _Rows(Column):
    """The choices of a screen by SMS, or those elsewhere. The other ones are not there: two may bear one id."""

    def __init__(self, *rows: Keyboard, sms: bool) -> None:
        def shown(_data: dict[str, Any], _widget: Any, manager: DialogManager) -> bool:
            return by_sms(manager) is sms

        super().__init__(*rows, when=shown)
        self._sms = sms

    async def process_callback(self, callback: CallbackQuery, dialog: DialogProtocol, manager: DialogManager) -> bool:
        return by_sms(manager) is self._sms and await super().process_callback(callback, dialog, manager)


def _hand_over(card: dict[str, Any] | None, lines_before: int) -> None:
    """The card counts the lines that stand before it, so what is said first moves it down."""
    CARD.set(None if card is None else {**card, "lead": card.get("lead", 1) + lines_before})


class Label(Text):
    """The words of a button, filled from the getter's data.

    ``counts``: whoever presses it binds themselves a little, so by SMS it has a number that cannot be guessed.
    """

    def __init__(self, key: str, *, counts: bool = False) -> None:
        super().__init__()
        self._key = key
        self._counts = counts

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        key = f"sms.{self._key}" if by_sms(manager) and words.has(words.ORIGINAL, f"sms.{self._key}") else self._key
        said = catalogue_text(visit_of(manager).lang, key, **data)
        return f"{FRESH}{said}" if self._counts and by_sms(manager) else said


class Field(Text):
    """A value of the getter's data as it is: a link, a number to copy, the label of an item."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        item = data.get("item")
        found = item if isinstance(item, dict) else data
        if self._name == "label" and by_sms(manager):
            return str(found.get("sms", found["label"]))
        return str(found[self._name])


def shortened(name: str, room: int = LABEL_MAX) -> str:
    """A name that has to fit on a button; it shows that it goes on."""
    return name if len(name) <= room else f"{name[: room - 1].rstrip()}…"


class Choice(Button):
    """One choice: its id (which also gives it its sign on pages), its words, and where it leads or what it does."""

    def __init__(
        self,
        id: str,
        key: str,
        act: Act | None = None,
        *,
        opens: State | None = None,
        turns_to: State | None = None,
        when: WhenCondition = None,
        counts: bool = False,
    ) -> None:
        async def click(_query: CallbackQuery, _button: Button, manager: DialogManager) -> None:
            if act:
                await act(manager)
            elif turns_to:
                await manager.switch_to(turns_to)
            elif opens:
                await manager.start(opens, manager.start_data)

        super().__init__(Label(key, counts=counts), id, click, when=when)


class Items(Column):
    """One choice for each item of the getter's list: dicts with ``id`` and ``label``, and ``sms`` where the label is
    another one by SMS (`bot.channels.sms_menu`: silent, or one that counts).
    """

    def __init__(self, id: str, items: str, act: Callable[[DialogManager, str], Awaitable[None]]) -> None:
        async def click(_query: CallbackQuery, _select: Any, manager: DialogManager, item_id: str) -> None:
            await act(manager, item_id)

        def name(item: dict[str, str]) -> str:
            return item["id"]

        super().__init__(Select(Field("label"), id=id, item_id_getter=name, items=items, on_click=click))


def link(key: str, url: str, when: WhenCondition = None) -> Url:
    """A choice that opens a page; ``url`` names a value of the getter's data."""
    return Url(Label(key), Field(url), when=when or url)


def copy(key: str, value: str) -> CopyText:
    """A choice that copies a value of the getter's data."""
    return CopyText(Label(key), Field(value))


#: The ways back: to the screen below; to the overview after something is done; to the overview, but called "back".
BACK: Final = "back"
HOME: Final = "home"
BACK_HOME: Final = "back_home"
#: To the first screen, from screens that somebody is led to who cannot be shown more.
FIRST: Final = "first"


def screen(
    state: State,
    key: str | None,
    *choices: Keyboard,
    getter: Getter | None = None,
    hears: Hear | None = None,
    takes: Take | None = None,
    person: bool = True,
    back: str | State | None = BACK,
    sms: Short | None = None,
) -> Window:
    """A window of ours. ``key`` is its text, or None where the getter writes it; ``sms`` is how SMS says it.

    ``hears`` is handed what is written, ``takes`` each picture or document (`bot.dialogs.uploads`); words that came
    with a picture are heard after it. ``back``: to the screen below, home (after something is done), to another
    screen of the same dialog, or not shown.
    """
    rows = _rows(choices, person, back)
    if sms is not None and sms.choices is not None:
        short = _rows(sms.choices, sms.person, back if sms.back == "" else sms.back)
        keyboards: list[Column] = [_Rows(*rows, sms=False), _Rows(*short, sms=True)]
    else:
        keyboards = [Column(*rows)]
    return Screen(
        Words(key, short=sms.key if sms else None),
        *keyboards,
        MessageInput(_listener(hears, takes)),
        state=state,
        getter=getter,
        takes=takes,
    )


def _rows(choices: tuple[Keyboard, ...], person: bool, back: str | State | None) -> list[Keyboard]:
    rows = list(choices)
    if person:
        rows.append(person_choice())
    if back is not None:
        rows.append(_way_back(back))
    return rows


def person_choice() -> Choice:
    """The person, on every screen."""

    async def act(manager: DialogManager) -> None:
        await manager.start(states.Person.wait, manager.start_data)

    return Choice("person", "btn.person", act)


def _way_back(back: str | State) -> Choice:
    if isinstance(back, State):
        return Choice("back", "btn.back", turns_to=back)
    if back == FIRST:
        return Choice("back", "btn.back", going.go_first)
    if back == HOME:
        return Choice("home", "btn.home", going.go_home)
    return Choice("back", "btn.back", going.go_home if back == BACK_HOME else going.go_back)


def _listener(
    hears: Hear | None, takes: Take | None
) -> Callable[[Message, MessageInput, DialogManager], Awaitable[None]]:
    """What is sent to a screen: only text, and only so much of it, reaches whoever listens; files go to who takes."""

    async def heard(message: Message, _input: MessageInput, manager: DialogManager) -> None:
        upload = uploads.upload_of(message)
        text = message.text if upload is None else message.caption or ""
        if upload is not None and takes is None:
            uploads.say_unexpected(manager)
        elif upload is not None and takes is not None:
            await uploads.take(upload, manager, takes)
        if text is None:
            going.say_first(manager, "error.unreadable")
        elif len(text) > TEXT_MAX:
            going.say_first(manager, "error.long", limit=TEXT_MAX)
        elif upload is None or text.strip():
            await free_text.listen(text.strip(), manager, hears)

    return heard
