"""A day in what somebody writes about the sum: it is counted to, or from one day to another, wherever they are."""

from datetime import date
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, objecting, states
from bot.dialogs.going import visit_of
from core import dates_said


async def asked_of_day(text: str, guesses: tuple[str, ...], manager: DialogManager) -> bool:
    """Whether the text asks for a day of a case and is answered. A day that also has another meaning is none.

    Of several cases none is meant: then it is asked about as always.
    """
    visit = visit_of(manager)
    about_sum = "owe" in guesses
    if not going.may_see_details(visit.session) or (guesses and not about_sum):
        return False
    days = _days(text, manager, about_sum=about_sum)
    wrong = not days and dates_said.no_such_day(text, visit.lang)
    if not days and not wrong:
        return False
    case_id = await objecting.case_in_mind(manager)
    if case_id is None:
        return False
    if wrong:
        going.say_first(manager, "owe.date.none")
    data: dict[str, Any] = {"case": case_id, "days": [day.isoformat() for day in days]}
    await going.open_screen(manager, states.Owe.between if len(days) > 1 else states.Owe.date, data)
    return True


def _days(text: str, manager: DialogManager, *, about_sum: bool) -> tuple[date, ...]:
    """The one or two days that are named; inside a longer text only where it is about the sum. A number is no day."""
    visit = visit_of(manager)
    if text.isdigit():
        return ()
    if one := dates_said.parse(text, visit.lang, visit.today):
        return (one,)
    if pair := dates_said.two(text, visit.lang, visit.today):
        return pair
    named = dict.fromkeys(dates_said.every(text, visit.lang, visit.today)) if about_sum else {}
    return tuple(named)[:2]
