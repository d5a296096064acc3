"""A payment straight to the creditor (direktbetalning), as the creditor tells of it: for the invoice first of all.

Our fees for it are still the debtor's to pay. No money of ours moves: the creditor has it, and gets less from us.
"""

from dataclasses import replace
from datetime import date

from core import payment, reversal
from core.books import books
from core.case import NOTHING, Case, Decision
from core.errors import NotFound, Refusal
from core.facts import PaymentReceived
from core.money import Ore
from core.notice import Notice, Receiver
from core.payment import REFUND_WITHIN_DAYS
from core.steps import task

WAY = "direct"


def register(case: Case, amount: Ore, on: date, number: int, today: date) -> Decision:
    """What the debtor paid to the creditor on a day, the ``number``-th of the case. Told twice, it is booked once.

    Raises Refusal ``direct_too_large`` with the most that was owed on that day, ``direct_nothing`` or ``direct_closed``
    where that is nothing, ``direct_changed`` when another one got the number meanwhile, and as `payment.receive`.
    """
    reference = reference_of(case, number)
    known = next((fact for fact in case.all(PaymentReceived) if fact.reference == reference), None)
    if known is not None:
        if (known.amount, known.on) == (amount, on) and reference not in case.reversed:
            return NOTHING
        raise Refusal("direct_changed")
    taken = payment.receive(case, amount, WAY, reference, on, today)
    after = case.adding(taken)
    over = payment.settled_by(after, reference, today).over
    if over >= amount:
        raise Refusal("direct_closed" if case.closed else "direct_nothing")
    if over > 0:
        raise Refusal("direct_too_large", most_ore=amount - over)
    return replace(taken, notices=(*_told(taken.notices), *_paid_twice(case, after, number, today)))


def _told(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """The creditor has the money already: their notice says what was noted, and what it changes."""
    return tuple(
        replace(notice, kind="creditor.direct")
        if notice.receiver is Receiver.CREDITOR and notice.kind in ("creditor.paid", "creditor.part_paid")
        else notice
        for notice in notices
    )


def _paid_twice(case: Case, after: Case, number: int, today: date) -> tuple[Notice, ...]:
    """What came to us later was too much then, and goes back."""
    over = books(after, today).overpaid - books(case, today).overpaid
    if over <= 0:
        return ()
    due_on = case.rules.calendar.add(today, REFUND_WITHIN_DAYS)
    return (task(case, f"refund:direct:{number}", "refund", due_on, amount_ore=over),)


def undo(case: Case, number: int, today: date, *, same_day: bool) -> Decision:
    """It was not so: the counter-entry. Undone twice, it is undone once.

    ``same_day``: only on the day on which it was registered. Raises NotFound, Refusal ``direct_old``, and as
    `reversal.reverse`.
    """
    fact = reversal.found(case, reference_of(case, number))
    if same_day and fact.recorded_on != today:
        raise Refusal("direct_old")
    return reversal.reverse(case, fact.reference, "withdrawn", today)


def number_of(case: Case, receipt: int) -> int:
    """The number of the direct payment that has a receipt. Raises NotFound."""
    for number in range(1, next_number(case)):
        if reversal.found(case, reference_of(case, number)).receipt == receipt:
            return number
    raise NotFound("payment")


def next_number(case: Case) -> int:
    return sum(1 for fact in case.all(PaymentReceived) if fact.reference.startswith(_prefix(case))) + 1


def reference_of(case: Case, number: int) -> str:
    return f"{_prefix(case)}{number}"


def _prefix(case: Case) -> str:
    return f"{WAY}:{case.ocr}:"
