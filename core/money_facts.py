"""Facts of money after it came in: reversed, kept apart, paid back, charged to the creditor. See `facts`."""

from dataclasses import dataclass

from core.fact import Fact
from core.money import Ore


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReversed(Fact):
    """A payment does not count, as if it had never come (återföring). ``reference`` is the payment's.

    ``why``: ``mismatched``, it was somebody else's or another case's, ``returned``, the bank took it back, or
    ``reduced``, a part of it, and the rest came anew. ``to`` is where the money is now: ``suspense``, or ``gone`` from
    the account.
    """

    reference: str
    why: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReleased(Fact):
    """A payment that was kept apart counts after all, from the day on which it came (`PaymentReceived.kept`).

    ``receipt`` is the running number of the receipt that says so.
    """

    reference: str
    receipt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Fact):
    """What was paid too much is on its way back (återbetalning). ``way``: ``bank`` or ``swish``.

    ``number`` counts the refunds of the case.
    """

    number: int
    ore: Ore
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReturned(Fact):
    """A refund did not arrive: the money is owed back again."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsCharged(Fact):
    """Costs that the debtor does not pay are charged to the creditor, as its terms say; VAT comes on top."""

    ore: Ore
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    """A closed case goes on: what closed it was taken back. What had been written off is asked for again."""

    why: str
