"""What a bank charges for a payment (``Chrgs``): told beside it, where it books so much less than was paid.

The payment counts with its own amount, for its debtor paid that; what the bank kept is an entry of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.files.camt_values import TAKEN, read_ore, sign_of
from core.files.xml_stream import Node
from core.money import Ore

#: Under the reference of the entry: the same in a notification and in a statement.
SUFFIX = "/charge"
#: ISO's sub-family of charges.
_CODE = "CHRG"
#: Charges that are not in the amount, but booked apart.
_APART = ("false", "0")


@dataclass(slots=True)
class Charges:
    """What some payments were charged, with its sign: one by one, and by the totals beside them."""

    singly: Ore = 0
    totals: Ore = 0

    def add(self, node: Node) -> None:
        """The charges of a payment or an entry. Raises `Unreadable`."""
        for told in node.each("Chrgs"):
            # In .02 each charge stands by itself, in .08 they are records of one.
            records = [*told.each("Rcrd")] or [told]
            single = sum(_charge(record) for record in records)
            amount = told.first("TtlChrgsAndTaxAmt")
            total = -read_ore(amount) if amount is not None and _taken(amount) else single
            self.singly += single if any(record.first("Amt") for record in records) else total
            self.totals += total

    def __bool__(self) -> bool:
        return bool(self.singly or self.totals)

    def explain(self, difference: Ore) -> bool:
        """Whether they are exactly what the bank booked beside the payments."""
        return difference != 0 and difference in (self.singly, self.totals)


def explained(difference: Ore, told: Sequence[Charges]) -> bool:
    """Whether the charges of the payments, or else of the entry, are what the bank booked beside the payments."""
    return any(charges.explain(difference) for charges in told)


def code_under(code: str) -> str:
    """The bank's kind of transaction for a charge: of the family of what it was charged for."""
    domain, _, rest = code.partition("/")
    return "/".join((domain, rest.partition("/")[0], _CODE)) if rest else _CODE


def _charge(record: Node) -> Ore:
    """One charge; without a sign it was taken."""
    amount = record.first("Amt")
    if amount is None or not _taken(amount) or record.said("ChrgInclInd") in _APART:
        return 0
    return (sign_of(record) or -1) * read_ore(amount)


def _taken(amount: Node) -> bool:
    return amount.attributes.get("Ccy", TAKEN) == TAKEN
