"""A refund at the staff's desk: the figures that a yes is about, and the yes, whatever the way."""

from dataclasses import dataclass

from core import refund
from core.money import Ore
from core.party import Actor
from core.services import refunds, swish_refunds, taking
from core.services.house import House
from core.services.refunds import Account
from core.store import refunds as store
from core.store.refunds import RefundRow


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A refund with its figures. ``ocr`` is the case's (empty: the money belonged to none), ``owed`` what is too much
    there today.
    """

    row: RefundRow
    account: Account | None
    ocr: str
    owed: Ore


async def look(house: House, actor: Actor, refund_id: int) -> Seen:
    """Raises NotAllowed, NotFound."""
    taking.staff_only(actor)
    row = await refunds.get(refund_id)
    account = refunds.account_of(house, row)
    if row.case_id is None:
        return Seen(row, account, "", 0)
    case = await house.book.load(row.case_id)
    return Seen(row, account, case.ocr, refund.owed_back(case, house.clock.today()))


async def approve(house: House, actor: Actor, refund_id: int) -> RefundRow:
    """Let a refund go: Swish is asked at once, and the next payout run takes what goes by bank.

    Raises NotAllowed, NotFound, Refusal ``refund_state``, ``refund_amount`` or ``refund_account``.
    """
    row = await refunds.get(refund_id)
    if row.way == store.SWISH:
        return await swish_refunds.approve(house, actor, refund_id)
    return await refunds.approve(house, actor, refund_id)
