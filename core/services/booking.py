"""Booking money that came in. For a plan that several cases share, one payment is spread over them in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core import payment, plan_life, plan_pay
from core.books import books
from core.case import Case, CaseId, Decision
from core.errors import Refusal
from core.facts import PaymentReceived
from core.money import TOLERANCE_ORE, Ore
from core.party import Actor
from core.services.house import House


@dataclass(frozen=True, slots=True)
class Owed:
    """What a payment for a case can be for: its running plan over all its ``cases``, or the case alone."""

    cases: tuple[Case, ...]
    total: Ore
    on_plan: bool


async def owed(house: House, case: Case) -> Owed:
    """What is left to pay where a payment for this case would go."""
    today = house.clock.today()
    shared = plan_pay.sharing(case, await _family(house, case))
    if not shared:
        return Owed((case,), max(books(case, today).payable, 0), on_plan=False)
    return Owed(shared, plan_life.together(shared, today).left, on_plan=True)


def check_part(about: Owed, amount: Ore) -> None:
    """A sum for a running plan: a krona at least, and no more than is left.

    Raises Refusal ``part_too_small`` or ``part_too_large``.
    """
    if amount < TOLERANCE_ORE:
        raise Refusal("part_too_small")
    if amount > about.total:
        raise Refusal("part_too_large", total_ore=about.total)


async def receive(
    house: House, actor: Actor, case_id: CaseId, amount: Ore, way: str, reference: str, on: date, action: str
) -> Case:
    """Take in a payment for a case; the case afterwards. The same reference is the same payment.

    Refuses as `core.payment.receive`.
    """
    today = house.clock.today()
    ids = plan_pay.family(await house.book.load(case_id))

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return plan_pay.receive(cases, case_id, amount, way, reference, on, today)

    return (await house.book.change_many(ids, decide, actor, action=action))[case_id]


async def of_reference(house: House, case: Case, reference: str) -> tuple[str | None, Ore]:
    """The receipt of a payment that was booked for a case, and what of it was too much."""
    today = house.clock.today()
    parts = plan_pay.parts_of(await _family(house, case), reference)
    over = sum(payment.settled_by(each, fact.reference, today).over for each, fact in parts)
    receipts = [f"{each.ocr}-{fact.receipt}" for each, fact in sorted(parts, key=lambda part: part[0].id != case.id)]
    return (receipts[0] if receipts else None), over


async def alike(house: House, case: Case, amount: Ore, on: date) -> int:
    """How many bank transfers of this amount and day were booked for a case already."""
    sums: dict[str, Ore] = {}
    for each in await _family(house, case):
        for fact in each.all(PaymentReceived):
            if (fact.way, fact.on) == ("bank", on):
                reference = plan_pay.whole(fact.reference)
                sums[reference] = sums.get(reference, 0) + fact.amount
    return sum(1 for ore in sums.values() if ore == amount)


async def _family(house: House, case: Case) -> Sequence[Case]:
    ids = plan_pay.family(case)
    return (case,) if ids == (case.id,) else tuple((await house.book.load_many(ids)).values())
