"""Every screen of every conversation, by construction: a way back, a person, short choices, room to be read."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram_dialog import Window
from aiogram_dialog.widgets.kbd import Button, Group, Keyboard

from bot.dialogs import states
from bot.dialogs.building import build_dialogs
from bot.dialogs.widgets import TEXT_MAX, Label
from core import words

#: Desks of members of staff and of creditors: they work there, and have commands.
DESKS = frozenset(
    {
        *(states.Work, states.Desk, states.Judge, states.Interest, states.Entries, states.Kept, states.Notes),
        *(states.Matching, states.DeskRefund, states.Payouts, states.Balance, states.Money),
    }
)
#: The lowest screens: there is nothing below to go back to.
NO_BACK = {states.Start.main, states.Case.main, states.Cases.main, states.Id.where, states.Id.none, states.Id.login}
WAYS_BACK = frozenset({"back", "home", "menu", "leave", "cancel"})
MESSAGE_MAX = 4_096
BUTTON_MAX = 24
FILLED = "x" * 40


def windows() -> dict[State, Window]:
    return {state: window for dialog in build_dialogs() for state, window in dialog.windows.items()}


def for_people() -> dict[State, Window]:
    return {state: window for state, window in windows().items() if state.group not in DESKS}


def buttons(keyboard: Keyboard | None) -> Iterator[Any]:
    """Every button that a screen may show, also those that wait for something."""
    if isinstance(keyboard, Group):
        for part in keyboard.buttons:
            yield from buttons(part)
    elif keyboard is not None:
        yield keyboard


def ids(window: Window) -> set[str]:
    return {button.widget_id for button in buttons(window.keyboard) if isinstance(button, Button)}


def name(state: State) -> str:
    return state.state or ""


def test_every_person_is_one_tap_away() -> None:
    found = {s: ids(window) for s, window in for_people().items() if s.group is not states.Person}
    assert not [name(s) for s, here in found.items() if "person" not in here]


def test_every_screen_has_a_way_back() -> None:
    without = [name(s) for s, window in for_people().items() if s not in NO_BACK and not ids(window) & WAYS_BACK]
    assert not without


def test_a_conversation_has_a_text_on_every_screen_and_listens_to_words() -> None:
    assert not [name(s) for s, window in windows().items() if window.text is None or window.on_message is None]


@pytest.mark.parametrize("lang", words.languages())
def test_every_button_has_a_short_label(lang: str) -> None:
    messages = [message for found in words.domains(lang).values() for message in found if message.id]
    keys = [message.id if isinstance(message.id, str) else message.id[0] for message in messages]
    forms = [(said,) if isinstance(said := message.string, str) else tuple(said or ()) for message in messages]
    written = dict(zip(keys, forms, strict=True))
    labels = {
        (name(state), said)
        for state, window in for_people().items()
        for button in buttons(window.keyboard)
        if isinstance(label := getattr(button, "text", None), Label)
        for said in written[label._key]
    }
    assert not [(where, said) for where, said in labels if "{" not in said and len(said) > BUTTON_MAX]


@pytest.mark.parametrize("lang", words.languages())
def test_every_text_fits_a_message(lang: str) -> None:
    """Its longest form, with room for what is filled in."""
    long = []
    for catalogue in words.domains(lang).values():
        for message in catalogue:
            forms = (message.string,) if isinstance(message.string, str) else message.string
            if str(message.id).startswith(("phrase.", "letter.", "cover.")):
                continue
            long += [message.id for form in forms if len(form) + form.count("{") * len(FILLED) > MESSAGE_MAX]
    assert not long


def test_no_screen_takes_more_than_a_message() -> None:
    assert TEXT_MAX <= MESSAGE_MAX


def test_every_state_that_is_written_down_is_a_group() -> None:
    groups = [value for value in vars(states).values() if isinstance(value, type) and issubclass(value, StatesGroup)]
    assert {state.group for state in windows()} <= set(groups)
