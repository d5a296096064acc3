"""What an entry of a creditor does to the debtor, our fees and VAT and the creditor's balance, before it is made."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core import ledger
from core.account import Books
from core.books import books
from core.case import Case, Decision
from core.errors import NotAllowed, Refusal
from core.ledger import Transfer
from core.money import Ore
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.store import creditor_balance


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry does, in öre. ``left`` is what the debtor owes then, ``back`` what goes back to them.

    ``fees``, ``interest`` (our part of it) and ``vat`` are what we earn more (negative: less); ``before`` is what the
    creditor has to get now, ``payable`` how much more of it there is then: less by all the others. ``shown`` names
    these very figures, so that others are never booked.
    """

    left: Ore
    back: Ore
    fees: Ore
    interest: Ore
    vat: Ore
    before: Ore
    payable: Ore
    closes: bool
    shown: str

    @property
    def after(self) -> Ore:
        """The creditor's next payout as it looks then; negative is carried forward."""
        return self.before + self.payable


async def effect_of(case: Case, decision: Decision, today: date) -> Effect:
    after = case.adding(decision)
    return Effect(
        left=max(books(after, today).payable, 0),
        back=max(books(after, today).overpaid - books(case, today).overpaid, 0),
        fees=_moved(decision.transfers, ledger.FEES_EARNED),
        interest=_moved(decision.transfers, ledger.INTEREST_EARNED),
        vat=_moved(decision.transfers, ledger.VAT_PAYABLE),
        before=await creditor_balance.payable(case.creditor.id),
        payable=_moved(decision.transfers, ledger.PAYABLE),
        closes=case.closed is None and after.closed is not None,
        shown=_digest(case, decision),
    )


@dataclass(frozen=True, slots=True)
class Fallen:
    """What is no longer owed because it was paid sooner than we knew, in öre (domain 1.2).

    ``costs`` are those of letters by kind: they were sent after it was paid. ``interest`` ran on what was paid.
    """

    costs: Mapping[str, Ore]
    interest: Ore


def fallen(before: Books, after: Books) -> Fallen:
    """What a payment takes off an account beside what it settles: its figures without and with it, on one day."""
    costs = _costs(before)
    costs.subtract(_costs(after))
    interest = max(_interest(before) - _interest(after), 0)
    return Fallen({kind: ore for kind, ore in costs.items() if ore > 0}, interest)


def _costs(account: Books) -> Counter[str]:
    asked: Counter[str] = Counter()
    for cost in account.costs:
        asked[cost.kind] += cost.ore - cost.off
    return asked


def _interest(account: Books) -> Ore:
    return sum(claim.interest - claim.interest_waived for claim in account.claims)


def _moved(transfers: tuple[Transfer, ...], account: str) -> Ore:
    """How much more stands there as credit."""
    return -ledger.balances(ledger.flows_of(transfers)).get(account, 0)


def check_may(actor: Actor) -> None:
    """A creditor's people, and staff in their place. Raises NotAllowed for everybody else."""
    if actor.role not in STAFF and actor.role not in CREDITOR_SIDE and actor.role is not Role.SYSTEM:
        raise NotAllowed


def check_shown(case: Case, decision: Decision, shown: str) -> None:
    """What is booked is what was shown; empty: nothing was. Raises Refusal ``entry_changed``."""
    if shown and shown != _digest(case, decision):
        raise Refusal("entry_changed")


def _digest(case: Case, decision: Decision) -> str:
    """Everything that a decision moves, and what is left then: terms or payments may have changed meanwhile."""
    flows = sorted(ledger.flows_of(decision.transfers).items())
    return hashlib.sha256(repr((flows, case.adding(decision).closed is None)).encode()).hexdigest()[:16]
