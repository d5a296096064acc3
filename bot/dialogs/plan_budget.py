"""A short budget: three numbers in one message, which is taken out of the chat again. Nothing of it is kept.

By SMS they may also come one by one: until the last of them they are in this process's memory alone.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.plan_running import back_choice
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import by_sms, person_choice, screen
from bot.dialogs.wording import sms_plan
from bot.middleware import Visit
from core import budget, words
from core.budget import Budget
from core.money import Ore

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})+(?!\d)|\d+")
#: Nobody supports more people than this; a larger number is a sum in the wrong place.
OTHERS_MOST = 20
KRONA: Ore = 100
#: What is asked for by SMS while so many numbers are known.
_ASKED = ("sms.plan.budget", "sms.plan.budget.home", "sms.plan.budget.people")
#: So many people may be in the middle of it at once, and so long (machine seconds).
_PEOPLE_MAX, _PATIENCE_S = 1_000, 1_800.0


class _Begun:
    """The numbers that came so far, by chat."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[float, tuple[int, ...]]] = OrderedDict()

    def of(self, chat_id: int, now: float) -> tuple[int, ...]:
        since, numbers = self._known.get(chat_id, (now, ()))
        return numbers if now - since < _PATIENCE_S else ()

    def keep(self, chat_id: int, numbers: tuple[int, ...], now: float) -> None:
        self._known.pop(chat_id, None)
        if numbers:
            self._known[chat_id] = (now, numbers)
        if len(self._known) > _PEOPLE_MAX:
            self._known.popitem(last=False)

    def forget(self) -> None:
        """As a restart does."""
        self._known.clear()


BEGUN = _Begun()


def budget_screen(then: Callable[[DialogManager, Ore], Awaitable[None]]) -> Any:
    """The screen; ``then`` is handed what a plan may take a month."""

    async def hear(text: str, manager: DialogManager) -> None:
        await take_away(manager)
        told = _more(text, manager) if by_sms(manager) else read(text)
        if told is None:
            say_first(manager, "plan.budget.invalid")
        elif isinstance(told, Budget):
            per_month = budget.per_month(told)
            amount = (sms_plan if by_sms(manager) else words).kronor(per_month, visit_of(manager).lang)
            say_first(manager, "plan.budget.done", amount=amount)
            await then(manager, per_month)

    async def asked(visit: Visit, **_: Any) -> dict[str, Any]:
        known = len(BEGUN.of(visit.chat_id, visit.house.clock.monotonic()))
        return {"sms": visit.text(_ASKED[known])}

    return screen(
        states.Plan.budget,
        "plan.budget",
        person_choice(),
        back_choice(states.Plan.own),
        getter=asked,
        hears=hear,
        person=False,
        back=None,
    )


def read(text: str) -> Budget | None:
    """Income, home and how many others one supports, in this order; the last may be missing."""
    found = _numbers(text)
    if not 2 <= len(found) <= 3:
        return None
    income, rent, *others = found
    return _budget(income, rent, others[0] if others else 0)


def _more(text: str, manager: DialogManager) -> Budget | tuple[int, ...] | None:
    """By SMS: the whole budget, or what is known of it so far; None for what is none, which begins anew.

    0 and 9 lead elsewhere there, so whoever lives on the income is counted with the one who writes.
    """
    visit = visit_of(manager)
    now = visit.house.clock.monotonic()
    numbers = (*BEGUN.of(visit.chat_id, now), *(found := _numbers(text)))
    going_on = bool(found) and len(numbers) < len(_ASKED)
    BEGUN.keep(visit.chat_id, numbers if going_on else (), now)
    if going_on:
        return numbers
    if not found or len(numbers) > len(_ASKED):
        return None
    income, rent, people = numbers
    return _budget(income, rent, max(people - 1, 0))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(re.sub(r"\D", "", number)) for number in _NUMBER.findall(text[:200]))


def _budget(income: int, rent: int, others: int) -> Budget | None:
    return Budget(income * KRONA, rent * KRONA, children=others) if others <= OTHERS_MOST else None
