"""What is owed on any day, and what changed between two, as the person asks for it; as values and as PDF."""

import asyncio
from datetime import date, timedelta
from typing import Final

from core.case import Case
from core.difference import Difference, difference
from core.documents import owed
from core.errors import Refusal
from core.party import Actor, require
from core.services.cases import open_case
from core.services.house import House
from core.statement import Statement, statement

#: Further ahead nobody can say anything useful, even where a rate is carried on (demo).
AHEAD_MAX: Final = timedelta(days=10 * 366)


async def on_day(house: House, actor: Actor, case_id: int, day: date) -> tuple[Case, Statement]:
    """The statement of a day by value dates; for a day to come, as it will be if nothing else happens.

    Raises NotFound, NotAllowed, Refusal ``unknown_rate`` or ``too_far``.
    """
    require(actor, "see")
    _near_enough(day, house.clock.today())
    case = await open_case(house, actor, case_id)
    return case, statement(case, day)


async def between(house: House, actor: Actor, case_id: int, one: date, other: date) -> tuple[Case, Difference]:
    """What changed from the earlier of two days to the later. Raises as `on_day`."""
    require(actor, "see")
    _near_enough(max(one, other), house.clock.today())
    case = await open_case(house, actor, case_id)
    return case, difference(case, one, other)


async def day_pdf(house: House, actor: Actor, case_id: int, day: date, lang: str) -> bytes:
    """The statement of a day as PDF. Raises as `on_day`."""
    case, stated = await on_day(house, actor, case_id, day)
    return await asyncio.to_thread(owed.render, house.agency, case, stated, lang, house.clock.today())


async def between_pdf(house: House, actor: Actor, case_id: int, one: date, other: date, lang: str) -> bytes:
    """What changed between two days as PDF. Raises as `on_day`."""
    case, found = await between(house, actor, case_id, one, other)
    return await asyncio.to_thread(owed.render_difference, house.agency, case, found, lang, house.clock.today())


def _near_enough(day: date, today: date) -> None:
    if day > today + AHEAD_MAX:
        raise Refusal("too_far", until=today + AHEAD_MAX)
