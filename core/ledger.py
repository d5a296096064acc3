"""The book: accounts and transfers. One transfer moves öre from one account to another, so the books always balance.

A mistake is mended by one more transfer, never by a change. The three invariants are in `problems`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.money import Ore

# Kept per case (and, where a claim is named, per claim).
PRINCIPAL = "case:principal"
INTEREST = "case:interest"
ENTRUSTED = "creditor:entrusted"
OUTLAY = "creditor:outlay"
FEES_PENDING = "fees:pending"
INTEREST_PENDING = "interest:pending"
OVERPAID = "debtor:overpaid"
# Kept per creditor.
PAYABLE = "creditor:payable"
# The agency's own and its bank's.
FUNDS_BANK = "client_funds:bank"
FUNDS_TRANSIT = "client_funds:in_transit"
SUSPENSE = "suspense"
FEES_EARNED = "fees:earned"
INTEREST_EARNED = "interest:earned"
VAT_PAYABLE = "vat:payable"
ROUNDING = "rounding"
#: Our own money laid in to make up for what is short: a debt to ourselves, taken out again with our own share.
OWN_LAID_IN = "house:own"
#: What the bank charges for the account, which is ours to bear, and the interest that it pays us.
BANK_FEES = "house:bank_fees"
BANK_INTEREST = "house:bank_interest"
#: What is ours of the money on the account.
OURS = (FEES_EARNED, INTEREST_EARNED, VAT_PAYABLE, ROUNDING, OWN_LAID_IN, BANK_INTEREST, BANK_FEES)

#: VAT on the agency's fees, charged to the creditor (mervärdesskattelagen (2023:200)), in basis points.
VAT_BP = 2500


def cost_account(kind: str) -> str:
    """The account of one kind of cost; the creditor's own reminder fee shares the reminder's."""
    return "case:reminder" if kind == "creditor_reminder" else f"case:{kind}"


#: What the creditor advanced to an authority, and gets back with the first money for it: no turnover of ours.
OUTLAYS = frozenset({"application_fee", "enforcement_fee", "court_fee", "court_small_fee"})


def pending_account(kind: str) -> str:
    """Where a cost of this kind waits until it is paid: the agency's fees, or what the creditor advanced."""
    return OUTLAY if kind in OUTLAYS else FEES_PENDING


class Flow(NamedTuple):
    """Between which accounts money moves, and for which claim (0: the case as a whole). A tuple: it is a quick key."""

    debit: str
    credit: str
    claim: int = 0


@dataclass(frozen=True, slots=True)
class Transfer:
    """One row of the book. ``source`` and ``line`` together are unique for ever; ``ore`` is positive."""

    debit: str
    credit: str
    ore: Ore
    booked_on: date
    value_on: date
    kind: str
    source: str
    line: int
    claim: int = 0


def flows_of(transfers: Iterable[Transfer]) -> dict[Flow, Ore]:
    """What has moved between each pair of accounts; a counter-transfer takes away."""
    flows: dict[Flow, Ore] = {}
    for row in transfers:
        add(flows, row.debit, row.credit, row.ore, row.claim)
    return flows


def add(flows: dict[Flow, Ore], debit: str, credit: str, ore: Ore, claim: int = 0) -> None:
    """Add to a flow, in the direction in which the pair is named first by the alphabet's order."""
    if debit > credit:
        debit, credit, ore = credit, debit, -ore
    if ore:
        flow = Flow(debit, credit, claim)
        flows[flow] = flows.get(flow, 0) + ore


def difference(wanted: Mapping[Flow, Ore], booked: Mapping[Flow, Ore]) -> dict[Flow, Ore]:
    """What is still to be booked so that the book shows what the facts say."""
    flows = [*wanted, *(flow for flow in booked if flow not in wanted)]
    rest = {flow: wanted.get(flow, 0) - booked.get(flow, 0) for flow in flows}
    return {flow: ore for flow, ore in rest.items() if ore}


def transfers(
    rest: Mapping[Flow, Ore], *, booked_on: date, value_on: date, kind: str, source: str
) -> tuple[Transfer, ...]:
    """The rows that book a difference."""
    rows = []
    for line, (flow, ore) in enumerate(rest.items()):
        debit, credit = (flow.debit, flow.credit) if ore > 0 else (flow.credit, flow.debit)
        rows.append(Transfer(debit, credit, abs(ore), booked_on, value_on, kind, source, line, flow.claim))
    return tuple(rows)


def balances(flows: Mapping[Flow, Ore]) -> dict[str, Ore]:
    """Debit minus credit for each account."""
    sums: dict[str, Ore] = {}
    for flow, ore in flows.items():
        sums[flow.debit] = sums.get(flow.debit, 0) + ore
        sums[flow.credit] = sums.get(flow.credit, 0) - ore
    return sums


def case_problem(sums: Mapping[str, Ore]) -> Ore:
    """Invariant 2 for one case: what the debtor owes equals entrusted, outlay and pending. Zero is right."""
    owed = sum(ore for account, ore in sums.items() if account.startswith("case:"))
    return owed + sum(sums.get(account, 0) for account in (ENTRUSTED, OUTLAY, FEES_PENDING, INTEREST_PENDING))


def funds_problem(sums: Mapping[str, Ore]) -> Ore:
    """Invariant 1 for the whole book: client funds equal what is owed to others and to ourselves. Zero is right."""
    funds = sums.get(FUNDS_BANK, 0) + sums.get(FUNDS_TRANSIT, 0)
    return funds + sum(sums.get(account, 0) for account in (PAYABLE, OVERPAID, SUSPENSE, *OURS))


def kept_for_others(overpaid: Iterable[Ore], suspense: Ore, unexplained: Ore) -> Ore:
    """What is not the creditors' and not ours: paid too much, by case, and unmatched; credit balances.

    ``unexplained`` is what left the bank and nobody has explained. Neither that nor one debtor to whom too much was
    paid back lowers what is kept for the rest.
    """
    return sum(max(ore, 0) for ore in overpaid) + max(suspense + unexplained, 0)


def free_to_move(held: Ore, payable: Iterable[Ore], others: Ore) -> Ore:
    """Invariant 3: what may leave as the agency's own share, in öre; negative means that client money is gone.

    ``payable`` are the creditors' credit balances, ``others`` is `kept_for_others`. A creditor's debt to us never
    lowers what must be kept for the rest.
    """
    return held - sum(max(ore, 0) for ore in payable) - others
