"""Money that left the account and that nobody knew: the bank took back a payment without naming it (återföring).

A person says which it was. What of it had found a case does not count there any more; what lay in suspense is gone.
"""

from datetime import timedelta
from typing import Final

from core import ledger, reversal
from core.errors import Refusal
from core.money import Ore
from core.party import Actor
from core.services import funds_short, kept_payments, refunds
from core.services.house import House
from core.services.matching import EntryView, entry
from core.services.one_payment import locked, note
from core.services.part_back import BACK_DAYS
from core.services.taking import staff_only
from core.store import bank, house_book
from core.store import matching as store
from core.store.bank import NewBooking
from core.store.database import transaction
from core.store.house_book import Move
from core.store.matching import EntryRow

HOW: Final = "returned"
SHOWN: Final = 3


async def originals(house: House, actor: Actor, entry_id: int) -> tuple[EntryView, ...]:
    """The payments that one which went out may take back, the latest first. Raises NotFound."""
    staff_only(actor)
    row = (await entry(house, actor, entry_id)).row
    if row.state != bank.OPEN or row.ore >= 0 or row.is_charge:
        return ()
    since = row.booked_on - timedelta(days=BACK_DAYS)
    found = await store.taken_back_by(entry_id, -row.ore, since, SHOWN)
    return tuple([await entry(house, actor, each.id) for each in found])


async def take_back(house: House, actor: Actor, entry_id: int, original_id: int) -> None:
    """A payment that went out is this one, taken back.

    Raises NotFound, Refusal ``already_matched`` when the payment is not as it was, ``match_gone`` when a part of the
    original has gone another way, and what `reversal.reverse` refuses.
    """
    staff_only(actor)
    async with transaction():
        out = await locked(house, entry_id, None)
        original = await store.get(original_id, lock=True)
        made = [each for each in await store.bookings(original_id) if not each.undone_by]
        whole = original is not None and sum(each.ore for each in made) + original.rest == original.ore == -out.rest
        if original is None or not whole or any(each.kind != store.CASE for each in made):
            raise Refusal("match_gone")
        today, in_suspense = house.clock.today(), original.rest
        for each in made:
            in_suspense += await _reverse(house, actor, each)
            await store.undo_booking(each.id, today, actor.label)
        await _book(house, actor, out, original, in_suspense)
        await note(house, actor, entry_id, "bank.taken_back", original=original_id)
        await funds_short.look(house, actor)


async def _reverse(house: House, actor: Actor, made: store.BookingRow) -> Ore:
    """It does not count in its case; how much of it came from suspense and is there again."""
    assert made.case_id is not None
    today = house.clock.today()
    case = await house.book.change(
        made.case_id, lambda case: reversal.reverse(case, made.target, HOW, today), actor, action="payment.returned"
    )
    # Nobody need look at it, and what was too much of it is not owed back any more.
    await kept_payments.close_tasks(house, actor, case)
    await refunds.see_to(house, case.id)
    return made.ore if reversal.found(case, made.target).from_suspense else 0


async def _book(house: House, actor: Actor, out: EntryRow, original: EntryRow, in_suspense: Ore) -> None:
    """The money that went out was set against suspense; only what lay there belongs there."""
    if rest := original.ore - in_suspense:
        move = Move(ledger.FUNDS_BANK, ledger.SUSPENSE, rest, out.value_on, "bank_out", HOW)
        await house_book.post(f"entry:{out.id}", [move], house.clock, actor, "bank.returned", original=original.id)
    gone = (
        NewBooking(original.id, None, "gone", f"gone:{out.key}:in", original.ore),
        NewBooking(out.id, None, "gone", f"gone:{out.key}", out.ore),
    )
    await bank.insert_bookings(gone, actor.label, house.clock.today())
    await store.set_rest(original.id, 0, HOW)
    await store.set_rest(out.id, 0, HOW)
