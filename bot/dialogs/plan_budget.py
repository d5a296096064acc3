"""A short budget: three numbers in one message, which is taken out of the chat again. Nothing of it is kept."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import screen
from core import budget, words
from core.budget import Budget
from core.money import Ore

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})+(?!\d)|\d+")
#: Nobody supports more people than this; a larger number is a sum in the wrong place.
OTHERS_MOST = 20
KRONA: Ore = 100


def budget_screen(then: Callable[[DialogManager, Ore], Awaitable[None]]) -> Any:
    """The screen; ``then`` is handed what a plan may take a month."""

    async def hear(text: str, manager: DialogManager) -> None:
        await take_away(manager)
        told = read(text)
        if told is None:
            say_first(manager, "plan.budget.invalid")
            return
        per_month = budget.per_month(told)
        amount = words.kronor(per_month, visit_of(manager).lang)
        say_first(manager, "plan.budget.done", amount=amount)
        await then(manager, per_month)

    return screen(states.Plan.budget, "plan.budget", hears=hear, back=states.Plan.own)


def read(text: str) -> Budget | None:
    """Income, home and how many others one supports, in this order; the last may be missing."""
    found = [int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(text[:200])]
    if not 2 <= len(found) <= 3:
        return None
    income, rent, *others = found
    others_supported = others[0] if others else 0
    if others_supported > OTHERS_MOST:
        return None
    return Budget(income * KRONA, rent * KRONA, children=others_supported)
