"""Free text that fits no screen: a guess is asked about, several are offered, and after a second miss the person.

And words of distress: a person first, where to call, and a pause for whoever wants one. Nothing there asks for money.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, LaunchMode

from bot.dialogs import going, notme, states
from bot.dialogs.free_text import hear
from bot.dialogs.guesses import GUESSES, follow, within_reach
from bot.dialogs.objecting import object_to
from bot.dialogs.widgets import Choice, Short, person_choice, screen
from bot.middleware import Visit
from core.phrases import GROUNDS


def build_unsure() -> Dialog:
    return Dialog(
        screen(
            states.Unsure.main,
            None,
            _person("again"),
            *(_choice(guess) for guess in GUESSES),
            _menu(),
            _person("first_time"),
            getter=_unsure,
            hears=_hear_again,
            person=False,
        ),
        screen(
            states.Unsure.confirm,
            None,
            *(_choice(guess) for guess in GUESSES),
            _menu(),
            _person("offers_person_too"),
            getter=_confirm,
            person=False,
        ),
        screen(
            states.Unsure.calm,
            "calm",
            Choice("person", "btn.person", opens=states.Person.wait),
            _choice("hard"),
            _menu(),
            getter=_calm,
            person=False,
            sms=Short("sms.calm"),
        ),
        screen(states.Unsure.thanks, "thanks", person_choice(), _menu(), person=False),
        screen(states.Unsure.robot, "robot", person_choice(), _menu(), person=False),
        launch_mode=LaunchMode.SINGLE_TOP,
    )


def _choice(guess: str) -> Choice:
    async def click(manager: DialogManager) -> None:
        if guess == "notme":
            await notme.say_not_me(manager)
        elif guess in GROUNDS:
            await object_to(manager, guess)
        else:
            await follow(manager, guess)

    return Choice("details" if guess == "owe" else guess, GUESSES[guess].button, click, when=f"offers_{guess}")


def _menu() -> Choice:
    return Choice("menu", "btn.menu", going.go_home)


def _person(when: str) -> Choice:
    return Choice("person", "btn.person", opens=states.Person.wait, when=when)


async def _unsure(dialog_manager: DialogManager, visit: Visit, **_: Any) -> dict[str, Any]:
    guesses, misses = _heard(dialog_manager)
    again = misses > 1
    text = visit.text("unsure.again" if again else "unsure")
    offered = {f"offers_{guess}": True for guess in guesses if guess != "person"}
    sms = visit.text("sms.unsure.again" if again else "sms.unsure")
    return {"text": text, "sms": sms, "again": again, "first_time": not again, **offered}


async def _confirm(dialog_manager: DialogManager, visit: Visit, **_: Any) -> dict[str, Any]:
    [guess], _misses = _heard(dialog_manager)
    text = visit.text(f"confirm.{guess}")
    return {"text": text, f"offers_{guess}": True, "offers_person_too": GUESSES[guess].button != "btn.person"}


async def _calm(dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"offers_hard": within_reach(dialog_manager, "hard")}


async def _hear_again(text: str, manager: DialogManager) -> None:
    await hear(text, manager, _heard(manager)[1])


def _heard(manager: DialogManager) -> tuple[list[str], int]:
    """What was guessed, and how often there was nothing to guess."""
    data = manager.start_data
    assert isinstance(data, dict)
    return list(data["guesses"]), int(data["misses"])
