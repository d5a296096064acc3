"""What a case's account shows on one day: what is owed, what was settled, and the flows that the book must show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.allocation import Part
from core.claim import Claim
from core.facts import InterestWaived, PaymentReceived
from core.interest import InterestLine
from core.ledger import Flow
from core.money import Ore


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost on the account: its kind, the day it was charged, and what is left to pay of it.

    ``off`` is what fell away of it (avskrivning).
    """

    kind: str
    on: date
    ore: Ore
    left: Ore
    claim: int = 0
    off: Ore = 0


@dataclass(frozen=True, slots=True)
class ClaimBooks:
    """What one claim owes: principal left, and the whole interest so far, of which some is paid or waived.

    ``credited`` was taken back by the creditor, ``off`` is not asked for any more. ``frozen`` and ``frozen_interest``
    are what of the rest is disputed (bestritt), within ``principal_left`` and the interest that is left.
    """

    claim: Claim
    principal_left: Ore
    interest: Ore
    interest_paid: Ore
    interest_waived: Ore
    lines: tuple[InterestLine, ...]
    credited: Ore = 0
    off: Ore = 0
    frozen: Ore = 0
    frozen_interest: Ore = 0


#: Why money is kept apart until a person decides (`PaymentReceived.kept`): it is never sent back by itself.
DECIDED_BY_STAFF: Final = frozenset({"time_barred", "disputed", "disputed_part"})


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment and what became of it. ``rounding`` is what was forgiven (positive) or kept by whole-krona rounding.

    ``kept``: what is ``over`` is kept apart, and neither counts nor goes back before somebody has decided.
    """

    fact: PaymentReceived
    parts: tuple[Part, ...]
    over: Ore
    rounding: Ore
    waived: Ore
    left: Ore
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """A case's account on one day: what is owed, and every flow that the book must show by then.

    ``still``: no interest runs on this day, whatever is left. ``refunds`` are on their way back or have arrived.
    """

    on: date
    claims: tuple[ClaimBooks, ...]
    costs: tuple[Cost, ...]
    payments: tuple[Settled, ...]
    flows: dict[Flow, Ore]
    waivers: tuple[tuple[InterestWaived, Ore], ...] = ()
    written_off: tuple[tuple[date, Ore], ...] = ()
    still: bool = False
    refunds: tuple[tuple[date, Ore], ...] = ()

    @property
    def total(self) -> Ore:
        """What is owed on the day, in öre."""
        return self.total_without_interest + self.interest_left

    @property
    def frozen(self) -> Ore:
        """What of the total is disputed in part, with its interest, in öre."""
        return sum(books.frozen + books.frozen_interest for books in self.claims)

    @property
    def payable(self) -> Ore:
        """What is to be paid on the day: the total without what is disputed in part, in öre."""
        return self.total - self.frozen

    @property
    def interest_left(self) -> Ore:
        return sum(books.interest - books.interest_waived - books.interest_paid for books in self.claims)

    @property
    def total_without_interest(self) -> Ore:
        return sum(books.principal_left for books in self.claims) + sum(cost.left for cost in self.costs)

    @property
    def overpaid(self) -> Ore:
        """What was paid too much, and is still owed back; negative when more was paid back than there is now."""
        return sum(payment.over for payment in self.payments) - sum(ore for _, ore in self.refunds)

    @property
    def kept(self) -> Ore:
        """What of that is kept apart until somebody decides: it lowers nothing, and what went back is no part of it."""
        return sum(ore for _, ore in self.kept_of)

    @property
    def kept_of(self) -> Iterator[tuple[Settled, Ore]]:
        """What is still kept apart of each payment; money that went back is of what was too much, then the latest."""
        left = max(self.overpaid, 0)
        for payment in self.payments:
            if payment.kept and (ore := min(payment.over, left)):
                left -= ore
                yield payment, ore
