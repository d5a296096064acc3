"""Taking back a payment that was booked in the wrong place; the case goes on.

What the bank told of waits on the account for its case again. What one of us had typed was never there on our word
alone: it is gone, and the bank's file says what is on the account. A creditor's people take back what they told of
themselves, on the same day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core import direct, plan_pay, reversal
from core.books import books
from core.case import Case, CaseId, Decision
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import PaymentReceived
from core.money import Ore
from core.party import CREDITOR_SIDE, Actor
from core.services import funds_short, kept_payments, matching, refunds
from core.services.cases import find
from core.services.house import House
from core.services.taking import staff_only
from core.store import matched_payments
from core.store.database import transaction


@dataclass(frozen=True, slots=True)
class UndoCheck:
    """A payment before it is taken back. ``others`` are further cases that got parts of it.

    ``left`` is owed in the case now, ``left_after`` then, and so much less goes back to the debtor, ``not_back``;
    ``opens``: the case was closed and goes on. ``bookings`` lead to the line of the bank that it came from.
    """

    case: Case
    fact: PaymentReceived
    amount: Ore
    others: tuple[str, ...]
    left: Ore
    left_after: Ore
    not_back: Ore
    opens: bool
    done: bool
    bookings: tuple[int, ...] = ()

    @property
    def to(self) -> str:
        """Where the money is then: ``direct`` with the creditor, ``suspense`` unmatched, ``gone`` never with us."""
        return "direct" if self.fact.way == direct.WAY else reversal.WHERE[_why(self.fact, self.bookings)]


async def check(house: House, actor: Actor, receipt: str) -> UndoCheck:
    """Everything that taking back the payment of a receipt (``10000180-1``) would do or refuse.

    Raises NotAllowed, NotFound, Refusal ``refunded_already``, ``direct_old``, and ``payment_swish`` for what came by
    Swish: that was asked for in this case and is nobody else's, so it can only be sent back.
    """
    if actor.role not in CREDITOR_SIDE:
        staff_only(actor)
    case, fact = await _found(house, actor, receipt)
    family, today = await _family(house, case), house.clock.today()
    parts = plan_pay.parts_of(family, plan_pay.whole(fact.reference))
    done = fact.reference in case.reversed
    if actor.role in CREDITOR_SIDE and fact.way != direct.WAY:
        raise NotAllowed("undo_own")
    if actor.role in CREDITOR_SIDE and fact.recorded_on != today and not done:
        raise Refusal("direct_old")
    if fact.way == "swish":
        raise Refusal("payment_swish")
    bookings = await matched_payments.bookings([each.reference for _, each in parts])
    after = case.adding(_take_back(case, fact, house, bookings))
    return UndoCheck(
        case,
        fact,
        sum(each.amount for _, each in parts),
        tuple(each.ocr for each, _ in parts if each.id != case.id),
        max(books(case, today).payable, 0),
        max(books(after, today).payable, 0),
        max(books(case, today).overpaid, 0) - max(books(after, today).overpaid, 0),
        case.closed is not None and after.closed is None,
        done,
        bookings,
    )


async def undo(house: House, actor: Actor, receipt: str) -> UndoCheck:
    """Take it back, with every part that other cases got of it; asked twice, once. Refuses as `check`."""
    before = await check(house, actor, receipt)
    if before.bookings:
        await matching.undo(house, actor, *before.bookings)
        return before
    whole = plan_pay.whole(before.fact.reference)
    ids = plan_pay.family(before.case)

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        parts = plan_pay.parts_of(tuple(cases.values()), whole)
        return {each.id: _take_back(each, fact, house, ()) for each, fact in parts}

    async with transaction():
        for case in (await house.book.change_many(ids, decide, actor, action="payment.undone")).values():
            await kept_payments.close_tasks(house, actor, case)
            await refunds.see_to(house, case.id)
        await funds_short.look(house, actor)
    return before


def _take_back(case: Case, fact: PaymentReceived, house: House, bookings: tuple[int, ...]) -> Decision:
    if fact.way == direct.WAY:
        number = direct.number_of(case, fact.receipt)
        return direct.undo(case, number, house.clock.today(), same_day=False)
    return reversal.reverse(case, fact.reference, _why(fact, bookings), house.clock.today())


def _why(fact: PaymentReceived, bookings: tuple[int, ...]) -> str:
    """Another's, or nobody's: only the bank's word puts a transfer on our account."""
    typed = fact.way == "bank" and not fact.from_suspense and not bookings
    return "mistaken" if typed else "mismatched"


async def _found(house: House, actor: Actor, receipt: str) -> tuple[Case, PaymentReceived]:
    ocr, _, number = receipt.strip().partition("-")
    case = await find(house, actor, ocr)
    for fact in case.all(PaymentReceived):
        if str(fact.receipt) == number.strip():
            return case, fact
    raise NotFound("payment")


async def _family(house: House, case: Case) -> tuple[Case, ...]:
    return tuple((await house.book.load_many(plan_pay.family(case))).values())
