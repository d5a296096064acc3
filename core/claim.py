"""A claim (fordran): one invoice, contract or month's rent, and the terms under which it is owed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.money import Ore


class ClaimKind(StrEnum):
    CONSUMER = "consumer"
    BUSINESS = "business"
    CONSUMER_CREDIT = "consumer_credit"
    RENT = "rent"


class DayCount(StrEnum):
    """How days become a share of a year. Kronofogden counts ACT/ACT by calendar year."""

    ACT_ACT = "ACT/ACT"
    ACT_365F = "ACT/365F"
    E30_360 = "30E/360"


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """Late interest (dröjsmålsränta, räntelagen 3, 4, 6 §§): from the day after ``starts_after``.

    ``rate_bp`` is a contractual yearly rate in basis points; None means reference rate + ``margin_bp``.
    ``starts_after`` None means that no interest may be claimed.
    """

    starts_after: date | None
    rate_bp: int | None = None
    margin_bp: int = 800
    day_count: DayCount = DayCount.ACT_ACT


@dataclass(frozen=True, slots=True)
class Claim:
    """One debt. ``ground`` says what was bought and when (inkassolagen 5 §: tydlig grund).

    ``origin_date`` starts limitation, ``due_date`` starts dunning; they are different days.
    ``fee_agreed_on`` is the day on which a reminder fee was agreed (lag (1981:739) 2 §), None if it never was.
    ``creditor_reminder_fee`` is what the creditor itself has charged for a reminder, in öre.
    """

    id: int
    reference: str
    principal: Ore
    ground: str
    invoice_date: date
    origin_date: date
    due_date: date
    interest: InterestTerms
    kind: ClaimKind = ClaimKind.CONSUMER
    fee_agreed_on: date | None = None
    late_compensation: bool = False
    creditor_reminder_fee: Ore = 0
    original_creditor: str | None = None
    assigned_on: date | None = None

    @property
    def consumer(self) -> bool:
        return self.kind is not ClaimKind.BUSINESS

    @property
    def reminder_fee_agreed(self) -> bool:
        """Agreed no later than when the debt arose (lag (1981:739) 2 §)."""
        return self.fee_agreed_on is not None and self.fee_agreed_on <= self.origin_date
