"""A new address: whatever is written about it goes to a person of ours, who mends it; nothing else is asked for."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, states
from bot.dialogs.going import visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Short, screen
from bot.middleware import Visit
from core import brief, phrases, words
from core.services import addresses


def build_address() -> Dialog:
    return Dialog(
        screen(
            states.Address.main,
            "address",
            hears=_tell,
            back=BACK_HOME,
            sms=Short("sms.address", choices=(Choice("ask", "sms.btn.address.ask", ask_for_it),)),
        ),
        screen(states.Address.told, None, getter=_told, hears=_tell_more, back=HOME),
        on_start=_begin,
    )


async def _begin(data: Any, manager: DialogManager) -> None:
    """Opened with somebody's own words, they are handed on at once: a person reads them, and nothing is changed."""
    said = data.get("words") if isinstance(data, dict) else None
    if said:
        await _tell(said, manager)


async def ask_for_it(manager: DialogManager) -> None:
    """From a keypad without words: a person asks for the new address."""
    visit = visit_of(manager)
    await addresses.report(visit.house, visit.session, words.text(words.ORIGINAL, "sms.address.wordless"))
    await manager.start(states.Address.told, manager.start_data)


async def _tell(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    await addresses.report(visit.house, visit.session, text)
    await manager.switch_to(states.Address.told)


async def _tell_more(text: str, manager: DialogManager) -> None:
    """The rest of the address, if it was not all there; what has another meaning is understood as anywhere."""
    meaning = phrases.meaning(visit_of(manager).lang, text)
    if (meaning.guesses and meaning.guesses != ("address",)) or meaning.ground:
        await free_text.hear(text, manager)
        return
    await _tell(text, manager)


async def _told(visit: Visit, **_: Any) -> dict[str, Any]:
    answered_by = addresses.answered_by(visit.house)
    day = words.deadline(answered_by, visit.today, visit.lang)
    short = visit.text("sms.address.told", day=brief.weekday(answered_by, visit.lang))
    return {"text": visit.text("address.told", day=day), "sms": short}
