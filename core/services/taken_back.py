"""Money that left the account and that nobody knew: the bank took back a payment without naming it (återföring).

A person says which it was. What of it had found a case does not count there any more; what lay in suspense is gone.
Where the bank took back a part of it before, it is what is left of it that goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core import ledger, reversal
from core.books import books
from core.case import Case, CaseId
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
#: Where a payment may have gone that is taken back: into cases, and back to its sender in parts.
_MAY: Final = frozenset({store.CASE, store.PART, store.GONE})


@dataclass(frozen=True, slots=True, repr=False)
class Effect:
    """What it does that a payment is taken back: each case that it is in, with what is left to pay there then."""

    original: EntryView
    cases: tuple[tuple[str, Ore], ...]


async def originals(house: House, actor: Actor, entry_id: int) -> tuple[EntryView, ...]:
    """The payments that one which went out may take back, or all that is left of them; the latest first.

    Raises NotFound.
    """
    staff_only(actor)
    row = (await entry(house, actor, entry_id)).row
    if row.state != bank.OPEN or row.ore >= 0 or row.is_charge:
        return ()
    since = row.booked_on - timedelta(days=BACK_DAYS)
    found = await store.taken_back_by(entry_id, -row.ore, since, SHOWN)
    return tuple([await entry(house, actor, each.id) for each in found])


async def preview(house: House, actor: Actor, entry_id: int, original_id: int) -> Effect:
    """What it does, before it is done. Raises NotFound, and Refusal as `take_back`."""
    staff_only(actor)
    out, today = (await entry(house, actor, entry_id)).row, house.clock.today()
    made = _left_in_cases(out, await store.get(original_id), await store.bookings(original_id))
    after: dict[CaseId, Case] = {}
    for each in made:
        assert each.case_id is not None
        case = after.get(each.case_id) or await house.book.load(each.case_id)
        after[each.case_id] = case.adding(reversal.reverse(case, each.target, HOW, today))
    left = tuple((case.ocr, max(books(case, today).payable, 0)) for case in after.values())
    return Effect(await entry(house, actor, original_id), left)


async def take_back(house: House, actor: Actor, entry_id: int, original_id: int) -> None:
    """A payment that went out is this one, taken back, or all that is left of it.

    Raises NotFound, Refusal ``already_matched`` when the payment is not as it was, ``match_gone`` when another sum is
    left of the original or a part of it has gone another way, and what `reversal.reverse` refuses.
    """
    staff_only(actor)
    async with transaction():
        out = await locked(house, entry_id, None)
        original = await store.get(original_id, lock=True)
        made = _left_in_cases(out, original, await store.bookings(original_id))
        assert original is not None
        today, in_suspense = house.clock.today(), original.rest
        for each in made:
            in_suspense += await _reverse(house, actor, each)
            await store.undo_booking(each.id, today, actor.label)
        await _book(house, actor, out, original, in_suspense)
        await note(house, actor, entry_id, "bank.taken_back", original=original_id)
        await funds_short.look(house, actor)


def _left_in_cases(
    out: EntryRow, original: EntryRow | None, bookings: Sequence[store.BookingRow]
) -> list[store.BookingRow]:
    """What of a payment stands in cases, where this and what lies in suspense is just what went out."""
    made = [each for each in bookings if not each.undone_by]
    in_cases = [each for each in made if each.kind == store.CASE]
    if (
        original is None
        or original.state == bank.DOUBTFUL
        or original.rest + sum(each.ore for each in in_cases) != -out.rest
        or any(each.kind not in _MAY for each in made)
    ):
        raise Refusal("match_gone")
    return in_cases


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
    left = -out.rest
    if rest := left - in_suspense:
        move = Move(ledger.FUNDS_BANK, ledger.SUSPENSE, rest, out.value_on, "bank_out", HOW)
        await house_book.post(f"entry:{out.id}", [move], house.clock, actor, "bank.returned", original=original.id)
    gone = (
        NewBooking(original.id, None, store.GONE, f"gone:{out.key}:in", left),
        NewBooking(out.id, None, store.GONE, f"gone:{out.key}", out.ore),
    )
    await bank.insert_bookings(gone, actor.label, house.clock.today())
    await store.set_rest(original.id, 0, HOW)
    await store.set_rest(out.id, 0, HOW)
