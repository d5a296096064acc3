"""By SMS, what cannot be shown there is asked for by a number: staff post it, and the answer says by when."""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, Window

from bot.dialogs import states
from bot.dialogs.going import about_case, visit_of
from bot.dialogs.widgets import HOME, Short, screen
from bot.middleware import Visit
from core import brief, words
from core.services import by_post
from core.services.letters import LetterView


async def ask(manager: DialogManager, kind: str, letter: LetterView | None = None) -> None:
    """Ask staff for it, and say so."""
    visit, case_id = visit_of(manager), about_case(manager)
    await by_post.ask(visit.house, visit.session, kind, case_id, letter)
    await manager.start(states.Files.posted, {**({"case": case_id} if case_id else {}), "asked": kind})


async def ask_for_data(manager: DialogManager) -> None:
    await ask(manager, by_post.MY_DATA)


async def ask_for_form(manager: DialogManager) -> None:
    """A form on which somebody is chosen to act for them: nobody is let in by SMS."""
    await ask(manager, by_post.FORM)


async def ask_to_erase(manager: DialogManager) -> None:
    await ask(manager, by_post.ERASE)


def told(state: State) -> Window:
    """What was asked for is on its way."""
    return screen(state, None, getter=_told, back=HOME, sms=Short())


async def _told(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data = dialog_manager.start_data
    key = "sms.erase.asked" if isinstance(data, dict) and data.get("asked") == by_post.ERASE else "sms.posted"
    done_by = by_post.done_by(visit.house)
    text = visit.text(key, day=words.deadline(done_by, visit.today, visit.lang))
    return {"text": text, "sms": visit.text(key, day=brief.weekday(done_by, visit.lang))}
