"""Cannot pay now. What suits leads to a person, who is told what was chosen; advice outside is told at once."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from core import words
from core.services import questions

#: What may be asked for; the words of the button tell the person who answers.
TOPICS: Final = ("split", "more_time", "pause")


def build_help() -> Dialog:
    return Dialog(
        screen(
            states.Help.main,
            "help",
            *(Choice(topic, f"btn.{topic}", _about(topic)) for topic in TOPICS),
            Choice("advice", "btn.advice", turns_to=states.Help.advice),
        ),
        screen(states.Help.person, "help.person", hears=_ask, person=False, back=states.Help.main),
        screen(states.Help.advice, "advice", back=states.Help.main),
    )


def _about(topic: str) -> Callable[[DialogManager], Awaitable[None]]:
    async def act(manager: DialogManager) -> None:
        manager.dialog_data["topic"] = topic
        await manager.switch_to(states.Help.person)

    return act


async def _ask(text: str, manager: DialogManager) -> None:
    """The question goes to a person with its topic; the case stands still until they have answered."""
    visit = visit_of(manager)
    topic = words.text(words.ORIGINAL, f"btn.{manager.dialog_data['topic']}")
    asked = await questions.ask(visit.house, visit.session, case_id_of(manager), f"{topic}: {text}")
    day = words.weekday_day(asked.opens_at.astimezone(words.HERE).date(), visit.lang)
    say_first(manager, "person.asked", deadline=day)
    await going.go_home(manager)
