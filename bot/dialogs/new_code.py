"""By SMS, where somebody may have nothing but digits: a new code by letter."""

from aiogram_dialog import DialogManager

from bot.dialogs import going
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.silent import Silent
from bot.dialogs.widgets import Choice
from core import brief
from core.errors import NotAllowed
from core.services import new_codes


def new_code_choice() -> Choice:
    """Written out where a code has just failed or been used."""
    return Choice("new_code", "sms.btn.new_code", _ask)


def silent_new_code() -> Silent:
    """Told of by another SMS."""
    return Silent("new_code", _ask)


async def _ask(manager: DialogManager) -> None:
    """The same is said whether or not we know whose number it is; a letter goes only to somebody whom we know."""
    visit = visit_of(manager)
    try:
        asked_on = await new_codes.ask(visit.house, visit.chat_id)
    except NotAllowed:
        say_first(manager, "sms.new_code.unknown")
    else:
        say_first(manager, "sms.new_code.done", day=brief.day(asked_on, visit.lang))
    await going.go_home(manager)
