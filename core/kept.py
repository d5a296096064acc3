"""Money that is kept apart (`PaymentReceived.kept`): whether it may be counted, and when it counts by itself.

Nothing may be taken on a claim that is time-barred unless the debtor asks for it (preskriptionslagen 8 §), nor on what
is disputed while it is (domain 3.3). When the dispute is over, nobody is asked to pay while we hold their money.
"""

from datetime import date
from enum import StrEnum

from core import reversal
from core.books import books
from core.case import NOTHING, Case, Decision
from core.dunning import barred
from core.errors import Refusal
from core.facts import PaymentReceived, PaymentReleased
from core.objections import disputed


class May(StrEnum):
    """Whether it may be counted: freely, only because the debtor asked for it in writing, or not at all."""

    FREELY = "freely"
    ASKED = "asked"
    NEVER = "never"


def may_count(case: Case, fact: PaymentReceived, today: date) -> May:
    """Whether a payment that is kept apart may be counted now."""
    if _settles(case, fact, today) <= 0:
        return May.NEVER
    if barred(case, today) or fact.kept == "time_barred" or disputed(case):
        return May.ASKED
    return May.FREELY


def _settles(case: Case, fact: PaymentReceived, today: date) -> int:
    """How much less would be owed, in öre."""
    freed = PaymentReleased(on=today, recorded_on=today, reference=fact.reference)
    return books(case, today).total - books(case.with_facts((freed,)), today).total


def count(case: Case, reference: str, today: date, *, asked: bool) -> Decision:
    """It counts from the day on which it came. ``asked``: the debtor wants it so, in writing.

    Raises NotFound, Refusal ``kept_never``, ``kept_reason`` where the debtor must have asked, and as `release`.
    """
    fact = reversal.found(case, reference)
    if fact in reversal.kept(case):
        may = may_count(case, fact, today)
        if may is May.NEVER:
            raise Refusal("kept_never")
        if may is May.ASKED and not asked:
            raise Refusal("kept_reason")
    return reversal.release(case, reference, today)


def freed(case: Case, today: date) -> Decision:
    """Money that was kept because of a dispute, once nothing is disputed any more: it counts, or goes back."""
    if disputed(case):
        return NOTHING
    done = NOTHING
    for fact in reversal.kept(case):
        if fact.kept in ("disputed", "disputed_part"):
            more = reversal.release(case.adding(done), fact.reference, today)
            done = Decision(done.facts + more.facts, done.transfers + more.transfers, done.notices + more.notices)
    return done
