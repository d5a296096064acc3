"""More time (anstånd) within the creditor's rule, and a promise to pay on a day."""

from dataclasses import dataclass
from datetime import date

from core import more_time
from core.case import Case
from core.errors import NotAllowed, Refusal
from core.party import CREDITOR_SIDE, Actor, require
from core.services.cases import open_case
from core.services.house import House


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be had: the days to choose from, the last of all, and how many days the creditor gives.

    ``refusal`` is why there is none. ``last_day`` is the last day to pay as it is now.
    """

    case: Case
    last_day: date
    choices: tuple[date, ...] = ()
    last: date | None = None
    refusal: Refusal | None = None


async def offered(house: House, actor: Actor, case_id: int) -> Offered:
    """The days that the person may choose from, or why there are none. Nothing is decided."""
    case, today = await open_case(house, actor, case_id), house.clock.today()
    had = more_time.last_day(case, today)
    try:
        return Offered(case, had, more_time.choices(case, today), more_time.latest(case, today))
    except Refusal as refusal:
        return Offered(case, had, refusal=refusal)


async def why_not(house: House, actor: Actor, case_id: int, day: date) -> Refusal | None:
    """Why the last day cannot be moved to this one, or None. Nothing is decided."""
    case = await open_case(house, actor, case_id)
    try:
        more_time.defer(case, day, house.clock.today())
    except Refusal as refusal:
        return refusal
    return None


async def why_no_promise(house: House, actor: Actor, case_id: int, day: date) -> Refusal | None:
    """Why it cannot be promised to pay on this day, or None. Nothing is decided."""
    case = await open_case(house, actor, case_id)
    try:
        more_time.promise(case, day, house.clock.today())
    except Refusal as refusal:
        return refusal
    return None


async def defer(house: House, actor: Actor, case_id: int, day: date) -> Case:
    """Move the last day, which acknowledges the debt (the screen before says so).

    Raises NotAllowed for creditors and for who may not agree for another, Refusal as `core.more_time.defer`.
    """
    _may(actor, "agree")
    today = house.clock.today()
    return await house.book.change(
        case_id, lambda case: more_time.defer(case.open_to(actor), day, today), actor, action="more_time"
    )


async def promise(house: House, actor: Actor, case_id: int, day: date) -> Case:
    """Write down the day on which the debtor says that they pay. Raises Refusal as `core.more_time.promise`."""
    _may(actor, "talk")
    today = house.clock.today()
    return await house.book.change(
        case_id, lambda case: more_time.promise(case.open_to(actor), day, today), actor, action="promise"
    )


def _may(actor: Actor, right: str) -> None:
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, right)
