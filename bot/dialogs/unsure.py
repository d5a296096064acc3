"""Free text that fits no screen: a guess is asked about, several are offered, and after a second miss the person."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, LaunchMode

from bot.dialogs import going, notme, states
from bot.dialogs.free_text import SCREENS, hear
from bot.dialogs.widgets import Act, Choice, screen
from bot.middleware import Visit

#: The button of each guess: its id, its words, and what it does if it does more than open a screen.
OFFERED: dict[str, tuple[str, str, Act | None]] = {
    "paid": ("paid", "btn.paid", None),
    "time": ("time", "btn.more_time", None),
    "wrong": ("wrong", "btn.wrong", None),
    "pay": ("pay", "btn.pay", None),
    "owe": ("details", "btn.details", None),
    "next": ("next", "btn.next", None),
    "files": ("files", "btn.files", None),
    "verify": ("verify", "btn.verify", None),
    "notme": ("notme", "btn.notme", notme.say_not_me),
    "code": ("code", "btn.code", None),
    "language": ("language", "btn.language", None),
    "stop": ("stop", "btn.stop", None),
    "person": ("person", "btn.person", None),
}


def build_unsure() -> Dialog:
    return Dialog(
        screen(
            states.Unsure.main,
            None,
            _person("again"),
            *(_choice(guess) for guess in OFFERED),
            _menu(),
            _person("first_time"),
            getter=_unsure,
            hears=_hear_again,
            person=False,
        ),
        screen(
            states.Unsure.confirm,
            None,
            *(_choice(guess) for guess in OFFERED),
            _menu(),
            getter=_confirm,
        ),
        launch_mode=LaunchMode.SINGLE_TOP,
    )


def _choice(guess: str) -> Choice:
    id, key, act = OFFERED[guess]

    async def click(manager: DialogManager) -> None:
        await (act(manager) if act else going.open_screen(manager, SCREENS[guess]))

    return Choice(id, key, click, when=f"offers_{guess}")


def _menu() -> Choice:
    return Choice("menu", "btn.menu", going.go_home)


def _person(when: str) -> Choice:
    return Choice("person", "btn.person", opens=states.Person.wait, when=when)


async def _unsure(dialog_manager: DialogManager, visit: Visit, **_: Any) -> dict[str, Any]:
    guesses, misses = _heard(dialog_manager)
    again = misses > 1
    text = visit.text("unsure.again" if again else "unsure")
    return {"text": text, "again": again, "first_time": not again, **{f"offers_{guess}": True for guess in guesses}}


async def _confirm(dialog_manager: DialogManager, visit: Visit, **_: Any) -> dict[str, Any]:
    [guess], _misses = _heard(dialog_manager)
    return {"text": visit.text(f"confirm.{guess}"), f"offers_{guess}": True}


async def _hear_again(text: str, manager: DialogManager) -> None:
    await hear(text, manager, _heard(manager)[1])


def _heard(manager: DialogManager) -> tuple[list[str], int]:
    """What was guessed, and how often there was nothing to guess."""
    data = manager.start_data
    assert isinstance(data, dict)
    return list(data["guesses"]), int(data["misses"])
