"""What a creditor, or staff in its place, can tell of in a case as it stands, and what of it can be taken back."""

from dataclasses import dataclass

from core import credit, direct
from core.facts import PaymentReceived
from core.party import CREDITOR_SIDE, Actor
from core.services.cases import open_case
from core.services.house import House


@dataclass(frozen=True, slots=True)
class Possible:
    """``direct``: money that it got; ``credit``: a claim that it takes back.

    ``undo`` are payments that were told of before and that the actor can take back: a creditor's people today's.
    """

    direct: bool
    credit: bool
    undo: tuple[PaymentReceived, ...]


async def possible(house: House, actor: Actor, case_id: int) -> Possible:
    """Raises NotFound."""
    case, today = await open_case(house, actor, case_id), house.clock.today()
    own = actor.role in CREDITOR_SIDE
    told = tuple(fact for fact in case.payments() if fact.way == direct.WAY and (fact.recorded_on == today or not own))
    return Possible(case.closed is None, credit.possible(case, today), told)
