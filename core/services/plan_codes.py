"""A letter's one-time code, wherever it is typed: it opens its case; that of a proposed plan accepts the plan too."""

from dataclasses import dataclass, replace

from core import codes
from core.case import CaseId
from core.errors import Refusal
from core.services import identity, plans
from core.services.house import House
from core.services.identity import Session
from core.store import doors
from core.store.database import transaction


@dataclass(frozen=True, slots=True)
class Tried:
    """What a code did. ``plan_of``: it accepted a plan for this case; ``refusal``: why it did not, though it could."""

    session: Session
    plan_of: CaseId | None = None
    refusal: Refusal | None = None


async def try_code(house: House, chat_id: int, typed: str) -> Tried:
    """Use a code up, and do what it was sent for, both or neither; what cannot be agreed any more still opens the case.

    Raises Refusal as `identity.try_code`.
    """
    before = await identity.look(house, chat_id)
    tried = await _try_code(house, chat_id, typed)
    if not before.reads_here or tried.session.debtor_id != before.debtor_id:
        return tried
    await identity.read_here(house, chat_id)  # the same person, who has chosen that before
    return replace(tried, session=await identity.look(house, chat_id))


async def _try_code(house: House, chat_id: int, typed: str) -> Tried:
    hashes = house.keys.find_any(codes.normalise(typed), "code")
    bound = await doors.bound(hashes, plans.PURPOSE, house.clock.now())
    if bound is None:
        return Tried(await identity.try_code(house, chat_id, typed))
    case_id, plan_id = bound
    try:
        async with transaction():
            session = await identity.try_code(house, chat_id, typed)
            await plans.accept_proposed(house, case_id, plan_id)
    except Refusal as refusal:
        return Tried(await identity.try_code(house, chat_id, typed), None, refusal)
    return Tried(session, case_id)
