"""What a payment, or one that was taken back, did to a creditor's balance: for what the creditor is told of it.

The balance is that of the moment at which it was booked, however late it is told; when money comes is as of now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core import payout
from core.case import Case
from core.facts import PaymentReceived
from core.money import Ore
from core.money_facts import PaymentReleased
from core.payout import Wanting
from core.services import payout_look
from core.services.house import House
from core.store import creditor_balance, payout_accounts, payout_funds, people
from core.store import settlement_notes as notes

PAID: Final = frozenset({"creditor.paid", "creditor.part_paid"})
REVERSED: Final = "creditor.payment_reversed"


@dataclass(frozen=True, slots=True)
class Share:
    """The creditor's balance ``before`` and ``after``; negative: it owes us.

    ``next_on`` is the next payout unless it is ``blocked`` (a code of `core.payout`), ``asked`` an account that waits
    to be confirmed. ``note`` is the number of the settlement note on which the payment that was taken back stood.
    """

    before: Ore
    after: Ore
    next_on: date
    blocked: str = ""
    asked: str = ""
    note: int = 0

    @property
    def ore(self) -> Ore:
        return self.after - self.before


async def of_notice(house: House, kind: str, case: Case | None, facts: Mapping[str, Any]) -> Share | None:
    """None for what is told of anything else, or moved nothing of the creditor's."""
    if case is None or (kind not in PAID and kind != REVERSED):
        return None
    fact = _of_receipt(case, int(facts["receipt"].rpartition("-")[2]))
    paid = f"payment:{fact.reference}" + (":released" if facts.get("released") else "")
    source = f"{case.ocr}:reversed:{fact.receipt}" if kind == REVERSED else paid
    moved = await creditor_balance.around(case.creditor.id, source)
    if moved is None:
        return None
    note = await notes.number_of(f"payment:{fact.reference}") if kind == REVERSED else 0
    return await _share(house, case.creditor.id, *moved, note)


def _of_receipt(case: Case, number: int) -> PaymentReceived:
    """The payment that a receipt is of; one that was kept apart has a second when it counts."""
    released = next((each.reference for each in case.all(PaymentReleased) if each.receipt == number), None)
    return next(
        fact
        for fact in case.all(PaymentReceived)
        if (fact.reference == released if released else fact.receipt == number)
    )


async def _share(house: House, creditor_id: int, before: Ore, after: Ore, note: int) -> Share:
    creditor, today = await people.load_creditor(creditor_id), house.clock.today()
    assert creditor is not None
    account = (await payout_funds.accounts())[creditor_id][0]
    asked = (await payout_accounts.open_of_all()).get(creditor_id)
    least = creditor.terms.payout_least_ore
    wanting = Wanting(creditor_id, after, least, account, unconfirmed=asked is not None, refused=asked == account)
    days_open = payout_look.calendar()
    since = await creditor_balance.since(creditor_id) or today
    next_on = max(payout.next_payout(creditor.terms, days_open, since), days_open.on_or_after(today))
    return Share(before, after, next_on, wanting.blocked(), asked or "", note)
