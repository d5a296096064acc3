"""Paying creditors (utbetalning): on which day, and what may leave the account for clients' money.

Nobody is paid with money that is another's (god inkassosed; design 5, invariant 3): what leaves must leave enough in
the bank for every other creditor, for what debtors paid too much, and for what nobody has matched yet.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from core import ledger
from core.calendar import ONE_DAY, Calendar
from core.errors import Refusal
from core.money import Ore
from core.party import CreditorTerms

AT_ONCE, DAILY, WEEKLY, MONTHLY = "at_once", "daily", "weekly", "monthly"
#: As soon as paid, each banking day, on a weekday, on a day of the month.
SCHEDULES: Final = (AT_ONCE, DAILY, WEEKLY, MONTHLY)
#: What `CreditorTerms.payout_day` may be where it counts: banks are closed at weekends, and the 31st of a shorter month
#: is its last day.
DAYS: Final = {WEEKLY: range(5), MONTHLY: range(1, 32)}
#: So far may holidays move a payout.
MOVED_MAX: Final = timedelta(days=10)
LEAST_MAX_ORE: Final = 1_000_000_00

# Why a creditor is not paid in a run.
NO_ACCOUNT, UNCONFIRMED, LEAST, NEGATIVE, SHORT = "no_account", "unconfirmed", "least", "negative", "short"
#: The bank refused the account, and nobody has confirmed it since.
ACCOUNT_REFUSED: Final = "account_refused"
#: Short only because what was paid by Swish is not in the bank's file yet.
COMING: Final = "coming"


def check(terms: CreditorTerms) -> None:
    """Raises Refusal ``payout_schedule``, ``payout_day`` or ``payout_least``."""
    if terms.payout not in SCHEDULES:
        raise Refusal("payout_schedule", allowed=", ".join(SCHEDULES))
    days = DAYS.get(terms.payout)
    if days and terms.payout_day not in days:
        raise Refusal("payout_day", first=days[0], last=days[-1])
    if not 0 <= terms.payout_least_ore <= LEAST_MAX_ORE:
        raise Refusal("payout_least", most_ore=LEAST_MAX_ORE)


def next_payout(terms: CreditorTerms, calendar: Calendar, today: date) -> date:
    """The banking day on which money that came ``today`` is paid out: the first payout day after it.

    As soon as paid (``at_once``) is the same day, where banks are open.
    """
    if terms.payout == AT_ONCE:
        return calendar.on_or_after(today)
    if terms.payout == DAILY:
        return calendar.on_or_after(today + ONE_DAY)
    named = (calendar.on_or_after(day) for day in _days_named(terms, today - MOVED_MAX))
    return next(day for day in named if day > today)


def due(terms: CreditorTerms, calendar: Calendar, since: date, today: date) -> bool:
    """Whether money that lies there ``since`` then is to be paid today; a day that was missed is made up for."""
    return next_payout(terms, calendar, since) <= today


def _days_named(terms: CreditorTerms, first: date) -> Iterator[date]:
    """The days that the terms name, banking days or not, from ``first`` on."""
    if terms.payout == MONTHLY:
        year, month = first.year, first.month
        while True:
            yield date(year, month, min(max(terms.payout_day, 1), monthrange(year, month)[1]))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = first + timedelta(days=(terms.payout_day - first.weekday()) % 7)
    while True:
        yield day
        day += timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Funds:
    """Clients' money today, all in öre and positive where it is there or owed.

    ``bank`` is the account's balance, ``leaving`` what has left in a file and the bank has not told of yet. ``payable``
    is owed to each creditor (negative: it owes us), ``coming`` the part of that which was paid by Swish and is not in
    the bank's file yet. ``others`` is what debtors paid too much and what is unmatched; ``over_coming`` what was paid
    too much by Swish and is not in the bank's file yet. ``own`` are our fees, interest, VAT and rounding,
    what we laid in, and what the bank charged and paid us.
    """

    bank: Ore
    leaving: Ore
    others: Ore
    payable: Mapping[int, Ore] = field(default_factory=dict)
    coming: Mapping[int, Ore] = field(default_factory=dict)
    own: Ore = 0
    over_coming: Ore = 0

    def free(self) -> Ore:
        """What the bank holds beyond all that must be kept for others; negative: somebody's money is missing.

        A creditor's debt to us never lowers what is kept for the rest, and money that is still to come from Swish
        covers only the creditor for whom it was paid.
        """
        there = (ore - self.coming.get(id, 0) for id, ore in self.payable.items())
        return ledger.free_to_move(self.bank - self.leaving, there, self.others)

    def missing(self) -> Ore:
        """What somebody has to lay in before anything may leave."""
        return max(-self.free(), 0)

    def missing_for_swish(self) -> Ore:
        """What somebody has to lay in before anything goes back by Swish.

        What is still to come of a payment by Swish covers what goes back of it: it is there when Swish says paid.
        """
        return max(-(self.free() + self.over_coming), 0)

    def after(self, *, creditor: int | None = None, ore: Ore, refund: bool = False) -> "Funds":
        """The same once so much more is leaving: to a creditor, back to a debtor, or to ourselves."""
        payable = dict(self.payable)
        if creditor is not None:
            payable[creditor] = payable.get(creditor, 0) - ore
        own = self.own - ore if creditor is None and not refund else self.own
        others = self.others - ore if refund else self.others
        return replace(self, leaving=self.leaving + ore, others=others, payable=payable, own=own)

    def share(self) -> Ore:
        """What we may take out of our own: never more than is free."""
        return max(min(self.own, self.free()), 0)


@dataclass(frozen=True, slots=True)
class Wanting:
    """A creditor whose day has come. ``account`` is ``kind:number``, empty where it has given none.

    ``unconfirmed``: it asked for another account, and nobody has confirmed that yet; ``refused``: the bank does not pay
    to the one that it has.
    """

    creditor_id: int
    payable: Ore
    least: Ore
    account: str
    unconfirmed: bool = False
    refused: bool = False

    def why_not(self, funds: Funds) -> str:
        """Why it is not paid now; empty: it is."""
        if self.payable <= 0:
            return NEGATIVE
        if blocked := self.blocked():
            return blocked
        left = funds.after(creditor=self.creditor_id, ore=self.payable).free()
        if left >= 0:
            return ""
        return COMING if left + funds.coming.get(self.creditor_id, 0) >= 0 else SHORT

    def blocked(self) -> str:
        """Why it is not paid on any day as things stand; empty where it only has to wait."""
        if self.payable <= 0:
            return ""
        if self.unconfirmed:
            return ACCOUNT_REFUSED if self.refused else UNCONFIRMED
        if not self.account:
            return NO_ACCOUNT
        return LEAST if self.payable < self.least else ""
