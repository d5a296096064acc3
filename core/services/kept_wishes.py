"""Money that is kept apart, as the person it was paid for decides about it: it goes back, or it counts (`core.kept`).

Both after BankID only. It is their money, so nobody else has to agree; what goes back is looked at by staff as every
refund is. On what may be time-barred nobody is offered that it counts: who wants that has to say it to a person.
"""

from dataclasses import dataclass
from functools import partial

from core import kept, payment, reversal
from core.account import DECIDED_BY_STAFF
from core.books import books
from core.case import Case
from core.dunning import barred
from core.facts import PaymentReceived, PaymentReleased
from core.kept import May
from core.money import Ore
from core.party import SYSTEM, Actor
from core.services import cases, kept_payments, refunds
from core.services.house import House
from core.services.proof import themselves
from core.store import refunds as store
from core.store import tasks
from core.store.database import transaction


@dataclass(frozen=True, slots=True)
class Apart:
    """``ore`` lies with us and does not count, for ``why`` (`PaymentReceived.kept`).

    ``may_count``: they can let it count; then ``left_after`` is owed where ``left`` is now, and ``over_after`` goes
    back even so.
    """

    ore: Ore
    why: str
    may_count: bool
    left: Ore
    left_after: Ore
    over_after: Ore


async def apart(house: House, actor: Actor, case_id: int) -> Apart | None:
    """What is kept apart in a case and nobody has decided about yet; None where nothing is."""
    return await of_case(house, await cases.open_case(house, actor, case_id))


async def of_case(house: House, case: Case) -> Apart | None:
    """The same of a case that is open to whoever asks; of most cases nothing is read."""
    undecided = await _undecided(house, case)
    if not undecided:
        return None
    today = house.clock.today()
    counting = _countable(case, undecided, house)
    released = (PaymentReleased(on=today, recorded_on=today, reference=fact.reference) for fact in counting)
    after = case.with_facts(tuple(released))
    return Apart(
        ore=sum(undecided.values()),
        why=next(iter(undecided)).kept,
        may_count=bool(counting),
        left=max(books(case, today).total, 0),
        left_after=max(books(after, today).total, 0),
        over_after=sum(payment.settled_by(after, fact.reference, today).over for fact in counting),
    )


async def take_back(house: House, chat_id: int, case_id: int) -> Ore:
    """All of it goes back, and staff need not decide any more; how much, and nothing when that was decided before.

    Raises NotAllowed, Refusal ``only_bankid``.
    """
    actor = await themselves(house, chat_id)
    await cases.open_case(house, actor, case_id)
    async with transaction():
        await store.lock_case(case_id)
        undecided = await _undecided(house, await house.book.load(case_id))
        ore = sum(undecided.values())
        if not ore:
            return 0
        receipts = {fact.receipt for fact in undecided}
        for row in await tasks.all_of_case(case_id, kept_payments.TASK):
            if kept_payments.receipt_of(row) in receipts:
                await tasks.finish(row.id, house.clock.today(), actor.label)
        await house.book.note(case_id, actor, "payment.kept.back", ore=ore)
        await refunds.want(house, SYSTEM, case_id, ore, told=True)
    return ore


async def count(house: House, chat_id: int, case_id: int) -> Case:
    """It counts from the day on which it came. Raises NotAllowed, Refusal ``only_bankid``."""
    actor = await themselves(house, chat_id)
    today = house.clock.today()
    case = await cases.open_case(house, actor, case_id)
    async with transaction():
        await store.lock_case(case_id)
        case = await house.book.load(case_id)
        for fact in _countable(case, await _undecided(house, case), house):
            if kept.may_count(case, fact, today) is May.NEVER:
                continue
            decide = partial(kept.count, reference=fact.reference, today=today, asked=True)
            case = await house.book.change(case_id, decide, actor, action="payment.counted")
        await kept_payments.close_tasks(house, actor, case)
        await refunds.see_to(house, case_id)
    return case


async def _undecided(house: House, case: Case) -> dict[PaymentReceived, Ore]:
    """The payments and what of each is kept apart, without what goes back already."""
    facts = [fact for fact in reversal.kept(case) if fact.kept in DECIDED_BY_STAFF]
    if not facts:
        return {}
    spoken, today = await store.paid_back(fact.reference for fact in facts), house.clock.today()
    over = {fact: payment.settled_by(case, fact.reference, today).over for fact in facts}
    rest = {fact: ore - spoken.get(fact.reference, 0) for fact, ore in over.items()}
    return {fact: ore for fact, ore in rest.items() if ore > 0}


def _countable(case: Case, undecided: dict[PaymentReceived, Ore], house: House) -> tuple[PaymentReceived, ...]:
    today = house.clock.today()
    if case.closed or barred(case, today):
        return ()
    return tuple(
        fact for fact in undecided if fact.kept != "time_barred" and kept.may_count(case, fact, today) is not May.NEVER
    )
