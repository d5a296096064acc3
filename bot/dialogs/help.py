"""Cannot pay now: what suits is chosen, and each choice has a conversation of its own; advice is told at once."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.guesses import GUESSES, follow, screen_of
from bot.dialogs.person import answer_time, queue_text, remember
from bot.dialogs.widgets import BACK_HOME, Choice, screen
from bot.middleware import Visit
from core import words
from core.services import cases, questions


def build_help() -> Dialog:
    return Dialog(
        screen(
            states.Help.main,
            "help",
            Choice("split", "btn.split", _split),
            Choice("more_time", "btn.more_time", opens=states.Time.ask),
            Choice("pause", "btn.pause", opens=states.Hard.main),
            Choice("advice", "btn.advice", turns_to=states.Help.advice),
        ),
        screen(states.Help.person, None, getter=_person, hears=_tell, back=BACK_HOME),
        screen(
            states.Help.advice,
            None,
            Choice("settle", "btn.settle", _settle, when="open"),
            getter=_advice,
            back=states.Help.main,
        ),
    )


async def _split(manager: DialogManager) -> None:
    """A plan; where this installation has none, what is wanted goes to a person, and the case stands still."""
    if screen_of(manager, GUESSES["split"]) != states.Help.main:
        await manager.start(states.Plan.offers, manager.start_data)
        return
    visit = visit_of(manager)
    said = words.text(words.ORIGINAL, "btn.split")
    remember(manager, await questions.ask(visit.house, visit.session, case_id_of(manager), said))
    await manager.switch_to(states.Help.person)


async def _settle(manager: DialogManager) -> None:
    await follow(manager, "settle")


async def _person(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    told = visit.text("help.sent", topic=visit.text("btn.split"))
    return {"text": f"{told}\n{queue_text(visit, dialog_manager)}"}


async def _tell(text: str, manager: DialogManager) -> None:
    """More words to what was chosen."""
    visit = visit_of(manager)
    await questions.add_words(visit.house, visit.session, manager.dialog_data["task"], text)
    say_first(manager, "person.asked", deadline=answer_time(visit, manager))
    await going.go_home(manager)


async def _advice(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Free advice in the person's own municipality; one whose details are protected is not told where they live."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    city = "" if case.debtor.protected else case.debtor.address.city
    lines = [visit.text("advice"), *([visit.text("advice.city", city=city)] if city else [])]
    return {"text": "\n".join(lines), "open": case.closed is None}
