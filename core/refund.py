"""Paying back what was paid too much (återbetalning): never kept, never set off on another claim (domain 2.4)."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core import reversal
from core.account import DECIDED_BY_STAFF
from core.books import Settled, books, rebook
from core.case import NOTHING, Case, Decision
from core.errors import NotFound, Refusal
from core.facts import PaymentReceived, Refunded, RefundReturned
from core.money import Ore
from core.notice import Form, Notice, Receiver

BANK: Final = "bank"
SWISH: Final = "swish"
WAYS = frozenset({BANK, SWISH})
#: So long after a payment by Swish it may go back by Swish (domain 7.1).
SWISH_MONTHS: Final = 13


@dataclass(frozen=True, slots=True)
class Part:
    """What goes back of one payment, and how. ``reference`` is the payment's in the case."""

    reference: str
    ore: Ore
    way: str


def owed_back(case: Case, today: date) -> Ore:
    """What was paid too much and is not on its way back yet, in öre; never negative."""
    return max(books(case, today).overpaid, 0)


def unspoken(case: Case, spoken: Mapping[str, Ore], waiting: Ore, today: date) -> Ore:
    """What goes back by itself, and of which nothing is asked for yet, in öre; negative when too much is.

    ``spoken`` is how much of each payment goes back already, by its reference; ``waiting`` what of it is not booked.
    Money that is kept apart until a person decides is left where it is.
    """
    apart = [each for each in books(case, today).payments if each.kept]
    undecided = sum(max(each.over - spoken.get(each.fact.reference, 0), 0) for each in apart)
    return owed_back(case, today) - waiting - undecided


def parts(
    case: Case, ore: Ore, spoken: Mapping[str, Ore], by_swish: Iterable[str], today: date, *, kept: bool = False
) -> tuple[Part, ...]:
    """Which payments ``ore`` goes back of: those that were too much first, the latest first.

    Never more of a payment than came with it. ``by_swish`` are the payments that Swish can send back. ``kept``: a
    person has decided that money goes back that was kept apart, and that money goes first.
    """
    apart = {fact.reference for fact in reversal.kept(case) if fact.kept in DECIDED_BY_STAFF}
    settled = [each for each in books(case, today).payments if kept or each.fact.reference not in apart]
    settled.sort(key=lambda each: (kept and each.fact.reference in apart, each.fact.on))
    settled.reverse()
    taken = dict.fromkeys((each.fact.reference for each in settled), 0)
    left = ore
    for most in (_over, _all):
        for each in settled:
            reference = each.fact.reference
            free = most(each) - spoken.get(reference, 0) - taken[reference]
            some = max(min(left, free), 0)
            taken[reference] += some
            left -= some
    able = frozenset(by_swish)
    ways = {each.fact.reference: _way(each.fact, able, today) for each in settled}
    found = [Part(reference, some, ways[reference]) for reference, some in taken.items() if some]
    return (*found, Part("", left, BANK)) if left else tuple(found)


def swish_until(fact: PaymentReceived) -> date:
    """The last day on which a payment may go back by Swish."""
    year, month = divmod(fact.on.month - 1 + SWISH_MONTHS, 12)
    year, month = fact.on.year + year, month + 1
    return fact.on.replace(year=year, month=month, day=min(fact.on.day, monthrange(year, month)[1]))


def pay_back(case: Case, ore: Ore, way: str, number: int, today: date) -> Decision:
    """So much goes back, as the ``number``-th refund of the case (`next_number`). Done twice, it is done once.

    Raises Refusal ``refund_amount`` for nothing or more than is owed back.
    """
    assert way in WAYS, way
    if any(fact.number == number for fact in case.all(Refunded)):
        return NOTHING
    if not 0 < ore <= owed_back(case, today):
        raise Refusal("refund_amount", most_ore=owed_back(case, today))
    fact = Refunded(on=today, recorded_on=today, number=number, ore=ore, way=way)
    return Decision((fact,), rebook(case, (fact,), today, "refund", _ref(case, number)), _told(case, fact, "sent"))


def returned(case: Case, number: int, today: date) -> Decision:
    """A refund did not arrive: the money is owed back again. Raises NotFound."""
    sent = next((fact for fact in case.all(Refunded) if fact.number == number), None)
    if sent is None:
        raise NotFound("refund")
    if any(fact.number == number for fact in case.all(RefundReturned)):
        return NOTHING
    fact = RefundReturned(on=today, recorded_on=today, number=number)
    transfers = rebook(case, (fact,), today, "refund_returned", f"{_ref(case, number)}:returned")
    return Decision((fact,), transfers, _told(case, sent, "returned"))


def next_number(case: Case) -> int:
    return max((fact.number for fact in case.all(Refunded)), default=0) + 1


def _way(fact: PaymentReceived, by_swish: frozenset[str], today: date) -> str:
    able = fact.way == SWISH and fact.reference in by_swish and today <= swish_until(fact)
    return SWISH if able else BANK


def _over(settled: Settled) -> Ore:
    return settled.over


def _all(settled: Settled) -> Ore:
    return settled.fact.amount


def _ref(case: Case, number: int) -> str:
    return f"{case.ocr}:refund:{number}"


def _told(case: Case, fact: Refunded, what: str) -> tuple[Notice, ...]:
    told: dict[str, Any] = {"ore": fact.ore, "way": fact.way, "number": fact.number}
    key = f"{_ref(case, fact.number)}:{what}"
    return (Notice(key, f"refund.{what}", Receiver.DEBTOR, Form.CHAT, fact.on, told),)
