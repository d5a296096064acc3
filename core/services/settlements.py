"""A settlement (uppgörelse): the debtor offers a sum and a day, and the creditor's word comes back."""

from datetime import date

from core import settlement
from core.case import Case, Decision
from core.errors import NotAllowed
from core.facts import SettlementOffered
from core.money import Ore
from core.party import CREDITOR_SIDE, STAFF, Actor, Role, require
from core.services.cases import open_case
from core.services.holds import close_reviews
from core.services.house import House
from core.store import tasks
from core.store.database import transaction


async def check(house: House, actor: Actor, case_id: int, ore: Ore, pay_on: date) -> Case:
    """Whether an offer can be made; nothing is asked yet. Raises as `offer`."""
    case = await open_case(house, actor, case_id)
    settlement.offer(case, ore, pay_on, house.clock.today())
    return case


async def offer(house: House, actor: Actor, case_id: int, ore: Ore, pay_on: date) -> Case:
    """Ask the creditor. The case rests until the answer.

    Raises NotAllowed for creditors and for who may not agree for another, Refusal as `core.settlement.offer`.
    """
    if actor.role in CREDITOR_SIDE:
        raise NotAllowed
    require(actor, "agree")
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return settlement.offer(case.open_to(actor), ore, pay_on, today)

    return await house.book.change(case_id, decide, actor, action="settlement.offer")


async def waiting(house: House, actor: Actor, case_id: int) -> SettlementOffered | None:
    """The offer that waits for an answer, if there is one. Raises NotFound."""
    return settlement.waiting(await open_case(house, actor, case_id))


async def answer(house: House, actor: Actor, case_id: int, number: int, *, yes: bool) -> Case:
    """The creditor's word, by one of its people or by staff in its place. Twice is once.

    Raises NotAllowed for the debtor, NotFound, Refusal ``settlement_not_open``.
    """
    if actor.role not in CREDITOR_SIDE | STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
    today = house.clock.today()

    def decide(case: Case) -> Decision:
        return settlement.answer(case.open_to(actor), number, yes, today)

    async with transaction():
        case = await house.book.change(case_id, decide, actor, action="settlement.yes" if yes else "settlement.no")
        if task := await tasks.by_key(f"{case.ocr}:task:settlement:{number}"):
            await tasks.finish(task.id, today, actor.label)
        await close_reviews(house, actor, case)
    return case
