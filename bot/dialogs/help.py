"""Cannot pay now. What suits leads to a person, who is told what was chosen; advice outside is told at once."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.person import answer_time, queue_text, remember
from bot.dialogs.widgets import BACK_HOME, Choice, screen
from bot.middleware import Visit
from core import words
from core.services import questions

#: What may be asked for; the words of the button tell the person who answers.
TOPICS: Final = ("more_time", "pause")


def build_help() -> Dialog:
    return Dialog(
        screen(
            states.Help.main,
            "help",
            Choice("split", "btn.split", opens=states.Plan.offers),
            *(Choice(topic, f"btn.{topic}", _about(topic)) for topic in TOPICS),
            Choice("advice", "btn.advice", turns_to=states.Help.advice),
        ),
        screen(states.Help.person, None, getter=_person, hears=_tell, back=BACK_HOME),
        screen(states.Help.advice, "advice", back=states.Help.main),
    )


def _about(topic: str) -> Callable[[DialogManager], Awaitable[None]]:
    async def act(manager: DialogManager) -> None:
        """What was chosen goes to a person at once; from then on the case stands still."""
        visit = visit_of(manager)
        said = words.text(words.ORIGINAL, f"btn.{topic}")
        remember(manager, await questions.ask(visit.house, visit.session, case_id_of(manager), said))
        manager.dialog_data["topic"] = topic
        await manager.switch_to(states.Help.person)

    return act


async def _person(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    topic = visit.text(f"btn.{dialog_manager.dialog_data['topic']}")
    told = visit.text("help.sent", topic=topic)
    return {"text": f"{told}\n{queue_text(visit, dialog_manager)}"}


async def _tell(text: str, manager: DialogManager) -> None:
    """More words to what was chosen."""
    visit = visit_of(manager)
    await questions.add_words(visit.house, visit.session, manager.dialog_data["task"], text)
    say_first(manager, "person.asked", deadline=answer_time(visit, manager))
    await going.go_home(manager)
