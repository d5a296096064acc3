"""A payment of the same amount on the same day that its case has already: when it was told of, and by whom.

Two may be right (domain 10.6, double booking), and so they are no reason to refuse: whoever tells of one is asked.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime

from core.case import Case
from core.direct import WAY
from core.facts import PaymentReceived
from core.money import Ore
from core.services.one_payment import first_name
from core.store import audit


@dataclass(frozen=True, slots=True)
class Twin:
    """A payment that may be the same, and when it was registered.

    ``direct``: it was paid to the creditor, and not to us; then ``by`` is the first name of whoever told of it, empty
    where they have left.
    """

    receipt: str
    direct: bool
    at: datetime
    by: str


async def twins(case: Case, amount: Ore, on: date) -> tuple[Twin, ...]:
    """The payments of a case that count and have this amount and day, the oldest first."""
    same = [fact for fact in case.payments() if (fact.amount, fact.on) == (amount, on)]
    if not same:
        return ()
    chain = await audit.entries(audit.case_chain(case.id))
    return tuple([await _twin(case, fact, chain) for fact in same])


async def _twin(case: Case, fact: PaymentReceived, chain: list[audit.Entry]) -> Twin:
    """What vouches for a payment in the audit log names the notice of its receipt."""
    receipt, direct = f"{case.ocr}-{fact.receipt}", fact.way == WAY
    booked = next(row for row in chain if f"{case.ocr}:payment:{fact.receipt}:receipt" in _notices(row))
    name = await first_name(booked.actor) if direct else ""
    return Twin(receipt, direct, booked.at, name.strip("?"))


def _notices(row: audit.Entry) -> list[str]:
    told: dict[str, list[str]] = json.loads(row.data)
    return told.get("notices", [])
