"""How staff's work stands: what is open and how old it is, how soon people are answered, how many need nobody."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final

from core.party import Actor
from core.services.house import House
from core.services.taking import staff_only
from core.store import audit, stats
from core.store.stats import Open
from core.words import HERE

SHARE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """``minutes`` is the median time to a first answer this week, ``alone_percent`` the share of the people of the
    last thirty days who needed nobody; None where there is nothing to count."""

    open: tuple[Open, ...]
    done_this_week: int
    minutes: int | None
    disputed: int
    held: int
    alone_percent: int | None


async def figures(house: House, actor: Actor) -> Figures:
    """Raises NotAllowed for all but staff."""
    staff_only(actor)
    today, now = house.clock.today(), house.clock.now()
    monday = today - timedelta(days=today.weekday())
    waits = await stats.minutes_to_answer(monday)
    handling = await stats.handlings()
    since = datetime.combine(today - timedelta(days=SHARE_DAYS), time(), HERE)
    came, asked = await stats.people_since(since)
    await audit.record(audit.HOUSE, now, actor.label, "stats.seen", {})
    return Figures(
        open=await stats.open_tasks(),
        done_this_week=await stats.done_since(monday),
        minutes=round(median(waits)) if waits else None,
        disputed=handling.get("disputed", 0),
        held=sum(number for name, number in handling.items() if name not in ("active", "disputed")),
        alone_percent=round(100 * (came - asked) / came) if came else None,
    )
