"""The debtor says that they have paid (påstådd betalning): the money is looked for, and found when it is booked."""

from datetime import date

from core.case import Case
from core.facts import HoldLifted, PaymentClaimed, PaymentReceived
from core.money import TOLERANCE_ORE
from core.standing import Hold, open_holds

CLAIMED = "payment_claimed"


def paused(case: Case) -> Hold | None:
    """The pause while a payment is looked for, if there is one."""
    return next((hold for hold in open_holds(case) if hold.reason == CLAIMED), None)


def found(case: Case) -> bool:
    """Whether what the debtor spoke of last has been booked since: as much as they said, or anything if they did not.

    Money that was booked before they spoke is known to them already, and does not count.
    """
    spoken, since = None, 0
    for fact in case.facts:
        if isinstance(fact, PaymentClaimed):
            spoken, since = fact, 0
        elif isinstance(fact, PaymentReceived) and fact.reference not in case.reversed:
            since += fact.amount
    return spoken is not None and since > 0 and since > spoken.amount - TOLERANCE_ORE


def lifted(case: Case, today: date) -> tuple[HoldLifted, ...]:
    """The end of the pause once the money is there."""
    hold = paused(case)
    return (HoldLifted(on=today, recorded_on=today, ref=hold.ref),) if hold and found(case) else ()
