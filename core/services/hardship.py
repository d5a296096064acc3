"""Hard times: a breathing space over all of a person's cases, asked for or ended by themselves; interest, by staff.

Why somebody asks is never kept: not a word that they write there goes anywhere.
"""

from collections.abc import Mapping

from core import hardship
from core.case import Case, CaseId, Decision
from core.errors import NotAllowed
from core.hardship import Breath
from core.party import Actor, Role, require
from core.services.cases import open_case
from core.services.holds import close_reviews
from core.services.house import House
from core.services.taking import staff_only
from core.store import search
from core.store.database import transaction


async def breath(house: House, actor: Actor, case_id: int) -> Breath | None:
    """The breathing space of a case as it is told, with the receipt wherever it was asked for; None without one."""
    case = await open_case(house, actor, case_id)
    own = hardship.breath(case, house.clock.today())
    if own is None or (own.receipt and own.deadline):
        return own
    others = [hardship.breath(other, house.clock.today()) for other in await house.book.of_debtor(case.debtor.id)]
    if not own.receipt:
        own = next((space for space in others if space and space.receipt and space.until == own.until), own)
    return hardship.beside(own, others)


async def pause(house: House, actor: Actor, case_id: int) -> None:
    """Thirty days over all of the person's cases, also those that a letter's code did not open. Twice is once.

    Raises NotAllowed for all but the person or who may talk for them, Refusal ``closed``.
    """
    _may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return hardship.pause(cases, case_id, today)

    ids = await search.cases_of_debtor(case.debtor.id)
    await house.book.change_many(ids, decide, actor, action="hardship.pause")


async def end(house: House, actor: Actor, case_id: int) -> Case:
    """The person ends the breathing space; time runs on in all their cases. Twice is once."""
    _may(actor)
    case, today = await open_case(house, actor, case_id), house.clock.today()

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return hardship.end(cases, today)

    async with transaction():
        ids = await search.cases_of_debtor(case.debtor.id)
        changed = await house.book.change_many(ids, decide, actor, action="hardship.end")
        for each in changed.values():
            await close_reviews(house, actor, each)
    return changed[case_id]


async def ask_lower_interest(house: House, actor: Actor, case_id: int) -> None:
    """A person of ours looks at the interest. Asked twice on a day, it is one task. Raises Refusal ``closed``."""
    _may(actor)
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return hardship.lower_interest(case.open_to(actor), today)

    await house.book.change(case_id, decide, actor, action="hardship.interest_asked")


async def let_interest_fall(house: House, actor: Actor, case_id: int, *, waive: bool) -> Case:
    """Staff: no interest from today, and with ``waive`` none of what has run. Raises NotAllowed, Refusal ``closed``."""
    staff_only(actor)
    today = house.clock.today()
    action = "interest.waived" if waive else "interest.stopped"
    return await house.book.change(
        case_id, lambda case: hardship.let_fall(case, today, waive=waive), actor, action=action
    )


async def let_interest_run(house: House, actor: Actor, case_id: int) -> Case:
    """Staff: interest runs on from tomorrow. Raises NotAllowed, Refusal ``closed``."""
    staff_only(actor)
    today = house.clock.today()
    return await house.book.change(
        case_id, lambda case: hardship.run_again(case, today), actor, action="interest.resumed"
    )


def _may(actor: Actor) -> None:
    if actor.role is not Role.DEBTOR:
        raise NotAllowed
    require(actor, "talk")
