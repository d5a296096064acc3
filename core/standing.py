"""Where a case stands: a conclusion from its facts, its policy and a date, never a column that somebody sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.books import books
from core.case import Case
from core.facts import (
    Credited,
    Deferred,
    DisputeRaised,
    HoldLifted,
    HoldPlaced,
    HoldReviewed,
    PlanAccepted,
    PlanChanged,
    PlanEnded,
    StepTaken,
    StepWithdrawn,
)
from core.money import Ore
from core.objections import Objection, disputed, objections

#: The debtor has our answer to a dispute within 21 days, the creditor answers us within 14 (conversations 3.4).
DISPUTE_ANSWER_DAYS = 21
CREDITOR_ANSWER_DAYS = 14
#: The creditor is reminded of a dispute after 7 days; a person looks when its time is over, and each week from then on.
CREDITOR_REMINDED_DAYS = 7
#: A view that is kept after a no is for a court; a person looks once a year.
KEPT_REVIEW_DAYS = 365
#: A plan that is still there so long after its last instalment is looked at.
PLAN_REVIEW_DAYS = 60

#: Why a case can be closed.
CLOSINGS = frozenset({"paid", "credited", "withdrawn", "settled", "time_barred", "uncollectable", "wrong"})


class Payment(StrEnum):
    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CREDITED = "credited"


class Handling(StrEnum):
    ACTIVE = "active"
    DISPUTED = "disputed"
    ON_PLAN = "on_plan"
    DEFERRED = "deferred"
    PAYMENT_CLAIMED = "payment_claimed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause: what for, from when, until when (None: still on), and the day on which staff look.

    ``ends_on`` is its last day where that is known before.
    """

    reason: str
    ref: str
    since: date
    until: date | None
    review_on: date
    ends_on: date | None = None


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


def resting(case: Case) -> tuple[Hold, ...]:
    """Objections to a part that are not over: they pause that part and not the case (design 4, Hold)."""
    reviews = _reviews(case)
    return tuple(
        Hold("dispute", _ref(each), each.kept_on or each.since, None, _look_at(each, reviews))
        for each in disputed(case)
        if not each.whole
    )


def _holds(case: Case) -> tuple[Hold, ...]:
    paused = case.last(HoldPlaced) or case.last(DisputeRaised) or case.last(PlanAccepted)
    return tuple(_each_hold(case)) if paused else ()


def _each_hold(case: Case) -> Iterator[Hold]:
    lifted = {fact.ref: fact.on for fact in case.all(HoldLifted)}
    ended = {fact.plan: fact.on for fact in case.all(PlanEnded)}
    reviews = _reviews(case)
    raised = {each.receipt: each for each in objections(case)}
    for fact in case.facts:
        if isinstance(fact, HoldPlaced):
            review_on = reviews.get(fact.ref, fact.review_on)
            yield Hold(fact.reason, fact.ref, fact.on, lifted.get(fact.ref), review_on, fact.until)
        elif isinstance(fact, DisputeRaised) and not fact.parts:
            yield from _of_dispute(raised[fact.receipt], reviews)
        elif isinstance(fact, PlanAccepted):
            review_on = _last_day(case, fact) + timedelta(days=PLAN_REVIEW_DAYS)
            yield Hold("plan", fact.plan, fact.on, ended.get(fact.plan), reviews.get(fact.plan, review_on))


def _of_dispute(each: Objection, reviews: dict[str, date]) -> Iterator[Hold]:
    """A dispute of all pauses the case until it is answered, and again once its view is kept."""
    ref = f"dispute:{each.receipt}"
    first = reviews.get(ref, each.since + timedelta(days=CREDITOR_REMINDED_DAYS))
    yield Hold("dispute", ref, each.since, each.answered_on, first)
    if each.kept_on:
        yield Hold("dispute", _ref(each), each.kept_on, each.released_on, _look_at(each, reviews))


def _ref(each: Objection) -> str:
    return f"dispute:{each.receipt}:kept" if each.kept_on else f"dispute:{each.receipt}"


def _look_at(each: Objection, reviews: dict[str, date]) -> date:
    days = KEPT_REVIEW_DAYS if each.kept_on else CREDITOR_REMINDED_DAYS
    return reviews.get(_ref(each), (each.kept_on or each.since) + timedelta(days=days))


def _reviews(case: Case) -> dict[str, date]:
    return {fact.ref: fact.review_on for fact in case.all(HoldReviewed)}


def _last_day(case: Case, accepted: PlanAccepted) -> date:
    changed = [fact.instalments for fact in case.all(PlanChanged) if fact.plan == accepted.plan]
    return date.fromisoformat((changed[-1] if changed else accepted.instalments)[-1][0])


def ever_disputed(case: Case) -> bool:
    """Whether the claim was ever objected to: then it is never called undisputed again, whatever was answered."""
    return case.last(DisputeRaised) is not None


def standing(case: Case, today: date) -> Standing:
    """Where the case stands on a day."""
    book = books(case, today)
    taken = steps_taken(case)
    closed = case.closed
    process = f"closed:{closed.why}" if closed else (taken[-1].step if taken else "registered")
    return Standing(process, _payment(case, book.overpaid - book.kept, today), _handling(case), _balance(case, today))


def _payment(case: Case, overpaid: Ore, today: date) -> Payment:
    if overpaid > 0:
        return Payment.OVERPAID
    if any(fact.whole for fact in case.all(Credited)):
        return Payment.CREDITED
    if not any(payment.parts for payment in books(case, today).payments):
        return Payment.UNPAID
    return Payment.PAID if books(case, today).total <= 0 else Payment.PART_PAID


def _handling(case: Case) -> Handling:
    if case.closed:
        return Handling.ACTIVE
    reasons = {hold.reason for hold in open_holds(case)}
    if "dispute" in reasons or "dispute_begun" in reasons:
        return Handling.DISPUTED
    if reasons == {"plan"}:
        return Handling.ON_PLAN
    if reasons == {"payment_claimed"}:
        return Handling.PAYMENT_CLAIMED
    if reasons:
        return Handling.HELD
    if any(each.stops for each in objections(case)):
        return Handling.DISPUTED
    deferred, taken = case.last(Deferred), steps_taken(case)
    # Until the next step is taken: a row that time alone would change must have its day.
    return Handling.DEFERRED if deferred and not (taken and taken[-1].on > deferred.on) else Handling.ACTIVE


def _balance(case: Case, today: date) -> Ore:
    book = books(case, today)
    return book.total_without_interest
