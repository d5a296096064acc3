"""A refund at the staff's desk: the figures that a yes is about, and the yes, whatever the way."""

from dataclasses import dataclass
from hmac import compare_digest

from core import refund
from core.errors import Refusal
from core.money import Ore
from core.party import Actor
from core.services import refunds, swish_refunds, taking
from core.services.house import House
from core.services.refunds import Account
from core.store import refunds as store
from core.store.database import transaction
from core.store.refunds import RefundRow


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A refund with its figures. ``ocr`` is the case's (empty: the money belonged to none), ``owed`` what is too much
    there today. ``missing`` of others' money has to be laid in before it can go. ``mark`` stands for sum, way and
    account: a yes is for these and no others.
    """

    row: RefundRow
    account: Account | None
    ocr: str
    owed: Ore
    missing: Ore
    mark: str


async def look(house: House, actor: Actor, refund_id: int) -> Seen:
    """Raises NotAllowed, NotFound."""
    taking.staff_only(actor)
    row = await refunds.get(refund_id)
    account = refunds.account_of(house, row)
    # What goes by bank is asked about when its payout run is put together.
    missing = await swish_refunds.missing() if row.way == store.SWISH and row.waits_for_staff else 0
    mark = _mark(house, row)
    if row.case_id is None:
        return Seen(row, account, "", 0, missing, mark)
    case = await house.book.load(row.case_id)
    return Seen(row, account, case.ocr, refund.owed_back(case, house.clock.today()), missing, mark)


def _mark(house: House, row: RefundRow) -> str:
    account = refunds.account_of(house, row)
    told = f"{account.kind}:{account.number}" if account else ""
    return house.keys.find_by(f"{row.ore}:{row.way}:{told}", store.ACCOUNT)


async def approve(house: House, actor: Actor, refund_id: int, mark: str) -> RefundRow:
    """Let a refund go as it was looked at: Swish is asked at once, and the next payout run takes what goes by bank.

    Raises NotAllowed, NotFound, Refusal ``refund_changed`` when its account or sum is another by now,
    ``refund_state``, ``refund_amount``, ``refund_account`` or ``refund_short``.
    """
    taking.staff_only(actor)
    row = await refunds.get(refund_id)
    async with transaction():
        if row.case_id is not None:  # whoever says another account awaits this, or is seen here
            await store.lock_case(row.case_id)
            row = await refunds.get(refund_id)
        if not compare_digest(_mark(house, row), mark):
            raise Refusal("refund_changed")
        if row.way != store.SWISH:
            return await refunds.approve(house, actor, refund_id)
    return await swish_refunds.approve(house, actor, refund_id)
