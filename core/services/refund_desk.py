"""A refund at the staff's desk: the figures that a yes is about, and the yes, whatever the way.

Money that belongs to no case has nobody whom we could ask where it goes: one of the staff finds out and gives the
account, and another approves it; or it is called off, and the money waits for its case again.
"""

from dataclasses import dataclass
from hmac import compare_digest

from core import refund
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.services import bank_files, one_payment, refund_accounts, refund_eyes, refunds, swish_refunds, taking
from core.services.house import House
from core.services.refunds import Account
from core.store import audit, tasks
from core.store import matching as entries
from core.store import refunds as store
from core.store.database import transaction
from core.store.matching import EntryRow
from core.store.refunds import RefundRow

#: Why a refund did not leave: one of the staff called it off.
CALLED_OFF = "staff"


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """A refund with its figures. ``ocr`` is the case's (empty: the money belonged to none), ``owed`` what is too much
    there today. ``missing`` of others' money has to be laid in before it can go. ``mark`` stands for sum, way and
    account: a yes is for these and no others. ``entry`` is the payment of no case. ``own``: whoever looks has asked
    for it or given its account, and somebody else approves it. ``failed``: money did not arrive at this account before.
    """

    row: RefundRow
    account: Account | None
    ocr: str
    owed: Ore
    missing: Ore
    mark: str
    own: bool
    entry: EntryRow | None = None
    failed: bool = False

    @property
    def open(self) -> bool:
        """The money belongs to no case and nobody has approved: its account can be given, or it is called off."""
        return self.entry is not None and self.row.state == store.WANTED


async def look(house: House, actor: Actor, refund_id: int) -> Seen:
    """Raises NotAllowed, NotFound."""
    taking.staff_only(actor)
    row = await refunds.get(refund_id)
    account = refunds.account_of(house, row)
    # What goes by bank is asked about when its payout run is put together.
    missing = await swish_refunds.missing() if row.way == store.SWISH and row.waits_for_staff else 0
    mark, own = _mark(house, row), actor.label in await refund_eyes.spent(row)
    if row.case_id is None:
        assert row.entry_id is not None
        failed = account in await _failed(house, row.entry_id)
        return Seen(row, account, "", 0, missing, mark, own, await entries.get(row.entry_id), failed)
    case = await house.book.load(row.case_id)
    return Seen(row, account, case.ocr, refund.owed_back(case, house.clock.today()), missing, mark, own)


async def _failed(house: House, entry_id: int) -> frozenset[Account | None]:
    """Where money of no case has been sent to in vain."""
    rows = await store.of_entry(entry_id)
    return frozenset(refunds.account_of(house, row) for row in rows if row.state == store.FAILED) - {None}


def _mark(house: House, row: RefundRow) -> str:
    account = refunds.account_of(house, row)
    told = f"{account.kind}:{account.number}" if account else ""
    return house.keys.find_by(f"{row.ore}:{row.way}:{told}", store.ACCOUNT)


async def approve(house: House, actor: Actor, refund_id: int, mark: str) -> RefundRow:
    """Let a refund go as it was looked at: Swish is asked at once, and the next payout run takes what goes by bank.

    Raises NotAllowed, NotFound, Refusal ``refund_changed`` when its account or sum is another by now,
    ``refund_own``, ``refund_state``, ``refund_amount``, ``refund_account``, ``refund_unknown`` or ``refund_short``.
    """
    taking.staff_only(actor)
    async with transaction():
        row = await _locked(refund_id)
        if not compare_digest(_mark(house, row), mark):
            raise Refusal("refund_changed")
        if row.way != store.SWISH:
            return await refunds.approve(house, actor, refund_id)
    return await swish_refunds.approve(house, actor, refund_id)


async def give_account(house: House, actor: Actor, refund_id: int, account: Account) -> None:
    """Where money of no case goes back to, as one of the staff has found out; a colleague approves it.

    Raises NotAllowed, NotFound for money of a case, Refusal ``refund_ours``, ``refund_handled`` when it is not open.
    """
    taking.staff_only(actor)
    refund_accounts.not_ours(house, account)
    async with transaction():
        row = await _of_no_case(refund_id)
        await store.give_account(row.id, refund_accounts.kept(house, account), row.name or "")
        # The audit log keeps who said it; the account stands sealed in its own column.
        told = {"kind": account.kind, "refund": row.id}
        chain = one_payment.chain(row.entry_id or 0)
        await audit.record(chain, house.clock.now(), actor.label, refund_eyes.GIVEN, told)
        for task in await refunds.asked_of_staff(row.id):
            await tasks.put_back(task.id, actor.label)


async def call_off(house: House, actor: Actor, refund_id: int) -> None:
    """Money of no case does not go back: it waits for its case again.

    Raises NotAllowed, NotFound for money of a case, Refusal ``refund_handled`` when it is not open.
    """
    taking.staff_only(actor)
    async with transaction():
        row = await _of_no_case(refund_id)
        await store.move(row.id, (store.WANTED,), store.CANCELLED, code=CALLED_OFF)
        await store.put_to_rest(row.entry_id or 0, row.ore)
        await refunds.note(house, row, "refund.cancelled", actor)
        await refunds.tasks_done(house, actor, row)
        await bank_files.remind(house)


async def _locked(refund_id: int) -> RefundRow:
    """Whoever says another account, or calls it off, awaits the caller's transaction, or is seen in it."""
    row = await refunds.get(refund_id)
    if row.case_id is not None:
        await store.lock_case(row.case_id)
    elif row.entry_id is not None:
        await entries.get(row.entry_id, lock=True)
    return await refunds.get(refund_id)


async def _of_no_case(refund_id: int) -> RefundRow:
    row = await _locked(refund_id)
    if row.case_id is not None:
        raise NotFound("refund")
    if row.state != store.WANTED:
        raise Refusal("refund_handled")
    return row
