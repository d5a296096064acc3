"""A request for a longer plan, as the creditor or staff in its place see it; `plans.answer_longer` answers it."""

from dataclasses import dataclass
from datetime import date

from core.books import books
from core.case import Case, CaseId
from core.errors import NotAllowed, Refusal
from core.facts import PlanAnswered, PlanAsked
from core.money import Ore
from core.party import CREDITOR_SIDE, STAFF, Actor
from core.plan import plan_fee
from core.services.cases import open_case
from core.services.house import House


@dataclass(frozen=True, slots=True)
class Longer:
    """A request for more months than the creditor's consent. ``total``: what all its cases owe now and the fee, öre.

    ``answer``: yes, no, or empty.
    """

    case: Case
    number: int
    months: int
    answer_by: date
    total: int
    answer: str


async def asked(house: House, actor: Actor, case_id: CaseId, number: int = 0) -> Longer:
    """A request for a longer plan as whoever answers it sees it; without a number the latest.

    Raises NotAllowed, NotFound, Refusal ``plan_not_asked``.
    """
    if actor.role not in CREDITOR_SIDE | STAFF:
        raise NotAllowed
    case, today = await open_case(house, actor, case_id), house.clock.today()
    fact = next((fact for fact in reversed(list(case.all(PlanAsked))) if number in (0, fact.number)), None)
    if fact is None:
        raise Refusal("plan_not_asked")
    found = await house.book.load_many(fact.cases or (case_id,))
    said = [each.answer for each in case.all(PlanAnswered) if each.number == fact.number]
    total = _total(tuple(found[number] for number in fact.cases or (case_id,)), today)
    return Longer(case, fact.number, fact.months, fact.answer_by, total, said[0] if said else "")


def _total(cases: tuple[Case, ...], today: date) -> Ore:
    """What is owed, and the fee, which the oldest case bears: as it was told when the plan was asked for."""
    return sum(max(books(each, today).payable, 0) for each in cases) + plan_fee(cases[0], today)
