"""Choosing a language among those that we have; what was open goes on in it."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import Choice, Items, Short, by_sms, screen
from bot.middleware import Visit
from core import words
from core.services import identity

#: A longer list shows so many and a way to the rest (conversations 1, buttons).
SHOWN: Final = 3
#: By SMS, with a number for the rest.
SHOWN_SMS: Final = 5


def build_language() -> Dialog:
    return Dialog(
        screen(
            states.Language.main,
            None,
            Items("lang", "languages", _choose),
            Choice("languages", "btn.languages", _show_more, when="more"),
            getter=_languages,
            sms=Short(),
        )
    )


async def _languages(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Who asked for a language that we do not have is told what a person can do."""
    known, data = words.offered(), dialog_manager.start_data
    other = isinstance(data, dict) and data.get("other")
    first, page = int(dialog_manager.dialog_data.get("first", 0)), _page(dialog_manager)
    shown = known[first : first + page] or known[:page]
    return {
        "text": _other(visit) if other else visit.text("language"),
        "sms": visit.text("sms.language"),
        "languages": [{"id": lang, "label": words.language_name(lang)} for lang in shown],
        "more": len(known) > page,
    }


def _page(manager: DialogManager) -> int:
    return SHOWN_SMS if by_sms(manager) else SHOWN


def _other(visit: Visit) -> str:
    names = [words.language_name(lang) for lang in words.offered()]
    return visit.text("language.other", languages=words.listed(names, visit.lang))


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    first = int(manager.dialog_data.get("first", 0)) + _page(manager)
    manager.dialog_data["first"] = first if first < len(words.offered()) else 0


async def _choose(manager: DialogManager, lang: str) -> None:
    visit = visit_of(manager)
    if lang not in words.offered():
        return
    await identity.set_language(visit.house, visit.chat_id, lang)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    say_goes_on(manager)
    await going.go_back(manager)


def say_goes_on(manager: DialogManager) -> None:
    """We go on in the language; where nobody who grew up with it has read our words yet, we say so."""
    say_first(manager, "language.done")
    if words.unread(visit_of(manager).lang):
        say_first(manager, "about.unread.sms" if by_sms(manager) else "about.unread")
