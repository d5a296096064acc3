"""How long things may wait before the nightly questions name them."""

from collections.abc import Mapping

from core.errors import NotAllowed, Refusal
from core.party import SYSTEM, Actor, Role
from core.services.house import House
from core.store import audit, checks, database, settings
from core.store.book_checks import DAYS


async def set_days(house: House, actor: Actor, days: Mapping[str, int]) -> dict[str, int]:
    """Other days than `DAYS` for some names; all that hold now. Raises NotAllowed, Refusal ``checks_days``."""
    if actor != SYSTEM and actor.role is not Role.SUPERVISOR:
        raise NotAllowed
    if not days.keys() <= DAYS.keys() or any(number < 0 for number in days.values()):
        raise Refusal("checks_days", names=", ".join(sorted(DAYS)))
    async with database.transaction():
        kept = {**await settings.get(checks.PATIENCE, {}), **days}
        await settings.put(checks.PATIENCE, kept)
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, "checks.days", dict(days))
    return {**DAYS, **kept}
