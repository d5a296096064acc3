"""A talk with a person: what is written on any screen that asks for nothing goes to whoever has taken the question."""

from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import visit_of
from core.services import questions
from core.services.questions import Asked


async def to_person(text: str, manager: DialogManager) -> bool:
    """Whether somebody of us is in this chat, and has got these words."""
    asked = await pass_on(text, manager)
    if asked is None:
        return False
    case_id = going.about_case(manager)
    about = {"case": case_id} if case_id else {}
    await manager.start(states.Person.chat, {**about, "task": asked.task_id, "said": True})
    return True


async def pass_on(text: str, manager: DialogManager) -> Asked | None:
    """Give the words to whoever of us is in this chat; None when nobody is."""
    visit = visit_of(manager)
    asked = await questions.in_talk(visit.house, visit.session)
    if asked is not None:
        await questions.add_words(visit.house, visit.session, asked.task_id, text)
    return asked
