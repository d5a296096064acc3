"""Erasing what the law allows (GDPR article 17), at the person's own word and after BankID; with a receipt."""

from dataclasses import dataclass
from datetime import date

from core import erasure
from core.erasure import Plan, What
from core.party import SYSTEM, Actor
from core.services.house import House
from core.services.proof import themselves
from core.store import audit
from core.store import erasure as rows
from core.store.database import transaction
from core.store.erasure import Target


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, by kind. ``number`` is the receipt's; the same as before when nothing was left to erase."""

    number: str
    on: date
    gone: tuple[What, ...]


async def plan(house: House, chat_id: int) -> Plan:
    """What would go now and what stays. Raises as `themselves` does."""
    actor = await themselves(house, chat_id)
    target = await _target(house, actor.id, chat_id)
    held, there, waiting = await rows.held(actor.id), await rows.there(target), await rows.waiting(actor.id)
    return erasure.plan(held, there, target.today, waiting=waiting)


async def erase(house: House, chat_id: int) -> Erased:
    """Erase now what may go. Done twice, the second time nothing is left. Raises as `themselves` does."""
    actor = await themselves(house, chat_id)
    return await _erase(house, actor, await _target(house, actor.id, chat_id))


async def erase_what_is_over(house: House) -> int:
    """Each day: of those who asked before, what the law has let go of since. How many persons there were."""
    found = await rows.asked_before()
    for debtor_id in found:
        today = house.clock.today()
        await _erase(house, SYSTEM, Target(debtor_id, erasure.lapsed(await rows.held(debtor_id), today), today))
    return len(found)


async def forget_message(chat_id: int, message_id: int) -> None:
    """A message that must not be kept as it was written: one with somebody's personal number."""
    await rows.empty_message(chat_id, message_id)


async def _target(house: House, debtor_id: int, chat_id: int) -> Target:
    today = house.clock.today()
    return Target(debtor_id, erasure.scope(await rows.held(debtor_id), today), today, chat_id)


async def _erase(house: House, actor: Actor, target: Target) -> Erased:
    chain = f"debtor:{target.debtor_id}"
    async with transaction():
        bodies = await rows.bodies(target)
        gone = {what: count for what, count in (await rows.empty(target)).items() if count}
        if gone:
            facts = {str(what): count for what, count in gone.items()}
            await audit.record(chain, house.clock.now(), actor.label, "erasure.done", facts)
        seq, digest = await audit.head(chain)
    # Once nothing points at them: a body without a row is litter, a row without a body would be a lie.
    for key in bodies:
        await house.evidence.remove(key)
    return Erased(f"R{target.debtor_id}-{seq}-{digest[:6]}", target.today, tuple(gone))
