"""A screen as an SMS: its text, then its choices by number. 1 to 7 choose, 9 is always a person, 0 always back.

A choice whose label is `SILENT` is numbered but not written out: the text names it itself ("1: 472 kr"). A label that
begins with `FRESH` stands for something that counts: it gets a number of four digits that nobody can guess and that
this SMS alone tells, since a sender's number can be forged (domain 3.5).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SILENT: Final = "."
FRESH: Final = "#"
PERSON, BACK = "9", "0"
CHOICES_MAX: Final = 7

#: How aiogram-dialog writes a press: the dialog's own id, then the widget's; a notice's button has no first part.
_WIDGET: Final = re.compile(r"(?:[^\x1d]*\x1d)?(?P<id>[a-z_]+)")
_ALWAYS: Final = {
    "person": PERSON,
    "back": BACK,
    "home": BACK,
    "cancel": BACK,
}
_NUMBER: Final = re.compile(r"\s*(\d|\d{4})\s*[.)]?\s*")


@dataclass(frozen=True, slots=True)
class Menu:
    """The whole text, and what each number presses: its row and column, as pages name a button."""

    text: str
    answers: Mapping[str, str] = field(default_factory=dict)


def menu(text: str, keyboard: Mapping[str, Any] | None, fresh: Callable[[int], str]) -> Menu:
    """The text with the keyboard's choices behind it. ``fresh`` gives the number of a choice that counts, by its
    place. Links are written out; buttons that copy are left out, as a phone copies by itself.
    """
    written: dict[str, str] = {}
    answers: dict[str, str] = {}
    links: list[str] = []
    for key, button in _buttons(keyboard):
        label = str(button["text"])
        if "url" in button:
            links.append(f"{label} {button['url']}" if label != SILENT else str(button["url"]))
        elif "callback_data" in button:
            number = _number(str(button["callback_data"]), label, answers, fresh, len(answers))
            if number is None:
                continue
            answers[number] = key
            if label != SILENT:
                written[number] = label.removeprefix(FRESH)
    order = sorted(written, key=lambda number: (number in (PERSON, BACK), number == BACK))
    listed = (f"{number} {written[number]}" for number in order)
    return Menu(" ".join(filter(None, [text, *links, *listed])), answers)


def _buttons(keyboard: Mapping[str, Any] | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = keyboard["inline_keyboard"] if keyboard else ()
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            yield f"{row}.{column}", button


def _number(data: str, label: str, taken: Mapping[str, str], fresh: Callable[[int], str], place: int) -> str | None:
    found = _WIDGET.match(data)
    if found and (always := _ALWAYS.get(found["id"])) and always not in taken:
        return always
    if label.startswith(FRESH):
        number = int(fresh(place))
        return next(str(n) for n in (*range(number, 10_000), *range(1_000, number)) if str(n) not in taken)
    return next((str(n) for n in range(1, CHOICES_MAX + 1) if str(n) not in taken), None)


def number_in(text: str) -> str | None:
    """The number that an SMS consists of: ``2``, ``2.``, ``4317``; None for words and sums."""
    found = _NUMBER.fullmatch(text)
    return found[1] if found else None
