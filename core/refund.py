"""Paying back what was paid too much (återbetalning): never kept, never set off on another claim (domain 2.4)."""

from datetime import date
from typing import Any

from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.errors import NotFound, Refusal
from core.facts import Refunded, RefundReturned
from core.money import Ore
from core.notice import Form, Notice, Receiver

WAYS = frozenset({"bank", "swish"})


def owed_back(case: Case, today: date) -> Ore:
    """What was paid too much and is not on its way back yet, in öre; never negative."""
    return max(books(case, today).overpaid, 0)


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


def _ref(case: Case, number: int) -> str:
    return f"{case.ocr}:refund:{number}"


def _told(case: Case, fact: Refunded, what: str) -> tuple[Notice, ...]:
    told: dict[str, Any] = {"ore": fact.ore, "way": fact.way, "number": fact.number}
    key = f"{_ref(case, fact.number)}:{what}"
    return (Notice(key, f"refund.{what}", Receiver.DEBTOR, Form.CHAT, fact.on, told),)
