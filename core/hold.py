"""A hold (uppehåll): no step, no fee, no outgoing demand while it lasts. Then the days that were left run on."""

from datetime import date, timedelta

from core.books import rebook
from core.case import NOTHING, Case, Decision
from core.dunning import BEGUN
from core.errors import Refusal
from core.facts import HoldLifted, HoldPlaced, HoldReviewed
from core.standing import open_holds
from core.steps import pull_back, resumed, review_again

#: Why a case can be held, besides a dispute.
REASONS = frozenset(
    {
        *("staff", "question", "payment_claimed", "hardship", "limitation"),
        *("identity", "insolvency", "debt_relief", "deceased", "minor", "protected"),
        *(BEGUN, "plan_asked", "plan_proposed", "settlement"),
    }
)
#: Staff's own pauses, which they end without more ado. All others protect somebody, and end one by one, by name.
OWN = frozenset({"staff", "question"})
REVIEW_DAYS = 14


def place(
    case: Case, reason: str, today: date, review_on: date | None = None, *, until: date | None = None
) -> Decision:
    """Hold the case from today. A second call for the same reason does not hold it twice.

    ``until`` is the last day of a pause that ends by itself.

    A document that has not left is withdrawn with its fee. Raises Refusal ``closed``, ``hold_reason``, ``review_date``.
    """
    if case.closed:
        raise Refusal("closed")
    if reason not in REASONS:
        raise Refusal("hold_reason", reasons=", ".join(sorted(REASONS)))
    if any(hold.reason == reason for hold in open_holds(case)):
        return NOTHING
    review_on = review_on or (until or today) + timedelta(days=REVIEW_DAYS)
    if review_on <= today:
        raise Refusal("review_date")
    number = sum(1 for _ in case.all(HoldPlaced)) + 1
    fact = HoldPlaced(
        on=today, recorded_on=today, ref=f"{reason}:{number}", reason=reason, review_on=review_on, until=until
    )
    pulled = pull_back(case, "held", today)
    source = f"{case.ocr}:hold:{number}"
    return Decision((*pulled, fact), rebook(case, pulled, today, "withdrawal", source) if pulled else ())


def lift(case: Case, today: date, reasons: frozenset[str]) -> Decision:
    """End the holds of these reasons. If none is left, the person is told the new last day.

    A dispute is none of them, it ends with an answer (`dispute.reject`). Raises Refusal ``hold_reason``, ``not_held``.
    """
    if not reasons <= REASONS:
        raise Refusal("hold_reason", reasons=", ".join(sorted(REASONS)))
    ending = [hold for hold in open_holds(case) if hold.reason in reasons]
    if not ending:
        raise Refusal("not_held")
    facts = tuple(HoldLifted(on=today, recorded_on=today, ref=hold.ref) for hold in ending)
    return Decision(facts, (), resumed(case.with_facts(facts), ending[0].reason, today))


def release(case: Case, today: date) -> Decision:
    """End staff's own holds and leave those that protect somebody. Raises Refusal ``not_held`` when there is none."""
    paused = {hold.reason for hold in open_holds(case)}
    return lift(case, today, OWN) if paused & OWN or not paused else NOTHING


def keep(case: Case, ref: str, today: date) -> Decision:
    """Staff have looked and the hold goes on: they are asked again on a later day. Nothing when it has ended."""
    kept = next((hold for hold in open_holds(case) if hold.ref == ref), None)
    if kept is None:
        return NOTHING
    review_on = review_again(kept.reason, today)
    return Decision((HoldReviewed(on=today, recorded_on=today, ref=ref, review_on=review_on, asked=False),))
