"""Where a case stands: a conclusion from its facts, its policy and a date, never a column that somebody sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.books import books
from core.case import Case
from core.facts import (
    DisputeAnswered,
    DisputeRaised,
    HoldLifted,
    HoldPlaced,
    HoldReviewed,
    PaymentReceived,
    StepTaken,
    StepWithdrawn,
)
from core.money import Ore

#: The debtor has our answer to a dispute within 21 days, the creditor answers us within 14 (conversations 3.4).
DISPUTE_ANSWER_DAYS = 21
CREDITOR_ANSWER_DAYS = 14

#: Why a case can be closed.
CLOSINGS = frozenset({"paid", "credited", "withdrawn", "settled", "time_barred", "uncollectable", "wrong"})


class Payment(StrEnum):
    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"


class Handling(StrEnum):
    ACTIVE = "active"
    DISPUTED = "disputed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause: what for, from when, until when (None: still on), and the day on which staff look."""

    reason: str
    ref: str
    since: date
    until: date | None
    review_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """The three axes, and the balance without interest that is still running, in öre."""

    process: str
    payment: Payment
    handling: Handling
    balance: Ore


def steps_taken(case: Case) -> tuple[StepTaken, ...]:
    """The steps that count: decided and not withdrawn, oldest first."""
    return case.once(_steps_taken)


def _steps_taken(case: Case) -> tuple[StepTaken, ...]:
    withdrawn = {fact.key for fact in case.all(StepWithdrawn)}
    return tuple(fact for fact in case.all(StepTaken) if fact.key not in withdrawn)


def holds(case: Case) -> tuple[Hold, ...]:
    """Every pause of the case, oldest first, whether it lasts or not."""
    return case.once(_holds)


def open_holds(case: Case) -> tuple[Hold, ...]:
    return tuple(hold for hold in holds(case) if hold.until is None)


def _holds(case: Case) -> tuple[Hold, ...]:
    paused = case.last(HoldPlaced) or case.last(DisputeRaised)
    return tuple(_each_hold(case)) if paused else ()


def _each_hold(case: Case) -> Iterator[Hold]:
    lifted = {fact.ref: fact.on for fact in case.all(HoldLifted)}
    reviews = {fact.ref: fact.review_on for fact in case.all(HoldReviewed)}
    answers = iter([fact.on for fact in case.all(DisputeAnswered)])
    for fact in case.facts:
        if isinstance(fact, HoldPlaced):
            yield Hold(fact.reason, fact.ref, fact.on, lifted.get(fact.ref), reviews.get(fact.ref, fact.review_on))
        elif isinstance(fact, DisputeRaised):
            ref = f"dispute:{fact.receipt}"
            review_on = reviews.get(ref, fact.on + timedelta(days=DISPUTE_ANSWER_DAYS))
            yield Hold("dispute", ref, fact.on, next(answers, None), review_on)


def ever_disputed(case: Case) -> bool:
    """Whether the claim was ever objected to: then it is never called undisputed again, whatever was answered."""
    return case.last(DisputeRaised) is not None


def standing(case: Case, today: date) -> Standing:
    """Where the case stands on a day."""
    book = books(case, today)
    taken = steps_taken(case)
    closed = case.closed
    process = f"closed:{closed.why}" if closed else (taken[-1].step if taken else "registered")
    return Standing(process, _payment(case, book.overpaid, today), _handling(case), _balance(case, today))


def _payment(case: Case, overpaid: Ore, today: date) -> Payment:
    if overpaid:
        return Payment.OVERPAID
    if case.last(PaymentReceived) is None:
        return Payment.UNPAID
    return Payment.PAID if books(case, today).total <= 0 else Payment.PART_PAID


def _handling(case: Case) -> Handling:
    reasons = {hold.reason for hold in open_holds(case)}
    if case.closed or not reasons:
        return Handling.ACTIVE
    return Handling.DISPUTED if "dispute" in reasons else Handling.HELD


def _balance(case: Case, today: date) -> Ore:
    book = books(case, today)
    return book.total_without_interest
