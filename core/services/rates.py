"""The reference rate (referensränta, räntelagen 9 §): what is known, and confirming a half-year from its announcement.

A confirmed rate changes what cases owe: the caller rebuilds the projection afterwards and opens the house anew.
"""

from datetime import date

from core.calendar import ONE_DAY
from core.errors import NotAllowed, Refusal
from core.party import Actor, Role
from core.rules.se.rates import RateRow, RateStatus, laid_over, rates
from core.services.house import House
from core.store import audit
from core.store import rates as kept
from core.store.database import transaction

#: No rate has ever been outside these, in basis points; a slip of the finger is.
BP_MIN, BP_MAX = -200, 2_000


async def confirmed() -> tuple[RateRow, ...]:
    """The rows confirmed here, which lie over the table that the rules bring."""
    return await kept.in_force()


async def status(today: date) -> tuple[RateRow, ...]:
    """The rows from the half-year before last on, each with its source and whether it is confirmed."""
    rows = laid_over(await confirmed())
    return tuple(row for row in rows if row.from_.year >= today.year - 1)


async def confirm(house: House, actor: Actor, since: date, bp: int, source: str) -> RateRow:
    """Confirm the rate of the half-year that begins on ``since``, as announced in ``source``.

    A half-year is the next unknown one, or one in the table whose rate is corrected: a gap is never counted over.

    Raises NotAllowed for all but supervisors, Refusal ``rate_since``, ``rate_gap``, ``rate_percent``, ``rate_source``.
    """
    if actor.role not in (Role.SUPERVISOR, Role.SYSTEM):
        raise NotAllowed
    if (since.month, since.day) not in ((1, 1), (7, 1)):
        raise Refusal("rate_since")
    already = await confirmed()
    following = rates(already).known_until + ONE_DAY
    if since != following and since not in {row.from_ for row in laid_over(already)}:
        first = laid_over(already)[0].from_  # with their years, which days in running text lack
        raise Refusal("rate_gap", first=first.isoformat(), next=following.isoformat())
    if not BP_MIN <= bp <= BP_MAX or bp % 50:
        raise Refusal("rate_percent")  # half points, by 9 §
    if not source.strip():
        raise Refusal("rate_source")
    row = RateRow(since, bp, source.strip()[:200], RateStatus.CONFIRMED, house.clock.today())
    async with transaction():
        await kept.add(row, actor.label, house.clock.now())
        data = {"since": since.isoformat(), "bp": bp, "source": row.source}
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, "rate.confirmed", data)
    return row
