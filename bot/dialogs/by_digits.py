"""By SMS digits alone say it all where time is spoken of: a day, or a sum and a day.

Nothing is done by them: each leads to the screen that asks about it.
"""

from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, visit_of
from core import digits_said


async def opened(text: str, manager: DialogManager) -> bool:
    """Whether the text is such digits; then the screen that asks about them is open."""
    today, about = visit_of(manager).today, {"case": case_id_of(manager)}
    if both := digits_said.sum_and_day(text, today):
        ore, day = both
        await going.open_screen(manager, states.Settle.ask, {**about, "ore": ore, "day": day.isoformat()})
    elif on := digits_said.day(text, today):
        await going.open_screen(manager, states.Time.refused, {**about, "asked": on.isoformat()})
    else:
        return False
    return True
