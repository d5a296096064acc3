"""Choosing a language; what was open goes on in it."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import Items, screen
from core import words
from core.services import identity


def build_language() -> Dialog:
    return Dialog(screen(states.Language.main, "language", Items("lang", "languages", _choose), getter=_languages))


async def _languages(**_: Any) -> dict[str, Any]:
    return {"languages": [{"id": lang, "label": words.language_name(lang)} for lang in words.languages()]}


async def _choose(manager: DialogManager, lang: str) -> None:
    visit = visit_of(manager)
    if lang not in words.languages():
        return
    await identity.set_language(visit.house, visit.chat_id, lang)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    say_first(manager, "language.done")
    await going.go_back(manager)
