"""The order in which a payment settles costs, interest and principal (avräkning; handelsbalken 9:5 and practice)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.money import Ore

COST, INTEREST, PRINCIPAL = "cost", "interest", "principal"

#: No Swedish law puts principal first; the order is a policy of the claim (domain 2.4).
ORDERS: dict[str, tuple[str, ...]] = {
    "cost_interest_principal": (COST, INTEREST, PRINCIPAL),
    "principal_first": (INTEREST, PRINCIPAL, COST),
}
#: What is paid straight to the creditor is taken for the invoice, unless the payer said otherwise.
DIRECT_ORDER = (PRINCIPAL, INTEREST, COST)


@dataclass(frozen=True, slots=True)
class Part:
    """An open amount, or the share of it that a payment settled. ``pending`` is where it was booked from."""

    component: str
    account: str
    pending: str
    claim: int
    ore: Ore


def allocate(amount: Ore, open_parts: Iterable[Part], order: Sequence[str]) -> tuple[tuple[Part, ...], Ore]:
    """Settle open parts in order, the oldest of a component first. Gives what was settled and what is left over."""
    by_component: dict[str, list[Part]] = {component: [] for component in order}
    for part in open_parts:
        by_component[part.component].append(part)
    settled: list[Part] = []
    for component in order:
        for part in by_component[component]:
            share = min(part.ore, amount)
            if share > 0:
                settled.append(Part(part.component, part.account, part.pending, part.claim, share))
                amount -= share
    return tuple(settled), amount
