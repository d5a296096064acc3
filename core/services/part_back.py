"""Money that left the account, less than a payment of the case that it names: the bank took back a part of that one.

A person says so. The whole payment does not count any more, and what is left of it is booked anew from the same day;
nothing else moves on the account. Undone, the line and the part of the payment wait for a person again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core import guessing, plan_pay, reversal
from core.bank import Reference
from core.books import books
from core.case import Case, Decision
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.services import funds_short, kept_payments, one_payment, refunds
from core.services.house import House
from core.services.taking import staff_only
from core.store import bank, part_back
from core.store import matching as store
from core.store.bank import NewBooking
from core.store.database import transaction
from core.store.matching import PART, BookingRow, EntryRow

#: A payer may object to a payment for thirteen months (lag (2010:751) om betaltjänster).
BACK_DAYS: Final = 400
SHOWN: Final = 2


@dataclass(frozen=True, slots=True, repr=False)
class Effect:
    """What it does to a case: ``back`` of the payment ``whole`` is gone, and ``stays`` counts.

    ``left`` is to be paid then, and ``over`` is too much. ``booking_id`` is the payment's in the case.
    """

    booking_id: int
    original: EntryRow
    ocr: str
    debtor: str
    whole: Ore
    back: Ore
    stays: Ore
    left: Ore
    over: Ore


@dataclass(frozen=True, slots=True, repr=False)
class _Found:
    """A payment as it stands in a case, and what the bank took ``back`` of it; ``again`` is how the rest is named."""

    original: EntryRow
    made: BookingRow
    case: Case
    back: Ore
    again: str


async def likely(house: House, actor: Actor, entry_id: int) -> tuple[Effect, ...]:
    """The payments of the cases that a line names, of which it may take back a part; the latest first."""
    staff_only(actor)
    out = await _get(entry_id)
    if out.state != bank.OPEN or out.rest >= 0:
        return ()
    refs = (*out.refs, Reference(out.end_to_end, structured=False))
    named = await bank.cases_by_ocr(guessing.numbers(refs, out.text))
    since = out.booked_on - timedelta(days=BACK_DAYS)
    larger = await part_back.larger(sorted(named.values()), -out.rest, since, out.booked_on) if named else ()
    able = [found for each in larger if (found := await _find(house, out, each))]
    return tuple(_effect(house, found) for found in able[:SHOWN])


async def preview(house: House, actor: Actor, entry_id: int, booking_id: int) -> Effect:
    """What it does that a line is a part of this payment. Raises NotFound, Refusal ``match_gone`` when it cannot be."""
    staff_only(actor)
    found = await _find(house, await _get(entry_id), await store.booking(booking_id))
    if found is None:
        raise Refusal("match_gone")
    return _effect(house, found)


async def take_back(house: House, actor: Actor, entry_id: int, booking_id: int, seen: Ore | None = None) -> int:
    """A line is a part of this payment, taken back; the id of the line's booking. ``seen`` is the line's rest.

    Raises NotFound, Refusal ``already_matched`` when the line is not as it was, ``match_gone`` when no part of the
    payment can be taken back.
    """
    staff_only(actor)
    async with transaction():
        out = await one_payment.locked(house, entry_id, seen)
        made, today = await store.booking(booking_id), house.clock.today()
        if made is not None:
            await store.get(made.entry_id, lock=True)
        found = await _find(house, out, await store.booking(booking_id))
        if found is None:
            raise Refusal("match_gone")
        original_id = found.original.id
        case = await house.book.change(
            found.case.id, lambda case: _reduce(house, case, found), actor, action="payment.reduced"
        )
        await store.undo_booking(found.made.id, today, actor.label)
        stays = found.made.ore - found.back
        await store.add_booking(original_id, case.id, found.again, stays, today, actor.label)
        target = f"{PART}:{entry_id}:{len(await store.bookings(entry_id)) + 1}"
        part = NewBooking(original_id, None, PART, _other(target), found.back)
        line = NewBooking(entry_id, None, PART, target, out.rest)
        await bank.insert_bookings((part, line), actor.label, today)
        await store.set_rest(entry_id, 0, PART)
        await one_payment.note(house, actor, original_id, "bank.reduced", line=entry_id, ore=found.back)
        await one_payment.note(house, actor, entry_id, "bank.part_back", original=original_id, ore=found.back)
        await kept_payments.close_tasks(house, actor, case)
        await refunds.see_to(house, case.id)
        await funds_short.look(house, actor)
        return (await store.bookings(entry_id))[-1].id


async def put_back(house: House, actor: Actor, made: BookingRow) -> None:
    """The line took back no part of that payment, in the caller's transaction: the part waits to be matched."""
    today = house.clock.today()
    part = await part_back.booking(_other(made.target))
    if part is None:
        raise NotFound("entry")
    original = await store.get(part.entry_id, lock=True)
    assert original is not None
    for each in (made, part):
        await store.undo_booking(each.id, today, actor.label)
    rest = original.rest + part.ore
    await store.set_rest(original.id, rest, "")
    await one_payment.note(house, actor, original.id, "bank.undone", bookings=[part.id], rest_ore=rest)


async def _get(entry_id: int) -> EntryRow:
    row = await store.get(entry_id)
    if row is None:
        raise NotFound("entry")
    return row


async def _find(house: House, out: EntryRow, made: BookingRow | None) -> _Found | None:
    """The payment as it stands in its case; None where no part of it can be taken back.

    Not of one that is kept apart, or on a plan of several cases: there a person takes it out, and books it anew.
    """
    if (
        made is None
        or made.kind != store.CASE
        or made.undone_by
        or made.case_id is None
        or not 0 < -out.rest < made.ore
    ):
        return None
    case = await house.book.load(made.case_id)
    if reversal.found(case, made.target).kept or len(plan_pay.family(case)) > 1:
        return None
    original = await _get(made.entry_id)
    # A payment keeps its reference for ever; what is left of it gets the next one, as what is matched anew does.
    number = len(await store.bookings(original.id)) + 1
    return _Found(original, made, case, -out.rest, f"bank:{original.key}:{number}")


def _effect(house: House, found: _Found) -> Effect:
    after = books(found.case.adding(_reduce(house, found.case, found)), house.clock.today())
    left, over = max(after.payable, 0), max(after.overpaid, 0)
    stays = found.made.ore - found.back
    return Effect(
        found.made.id,
        found.original,
        found.case.ocr,
        found.case.debtor.name,
        found.made.ore,
        found.back,
        stays,
        left,
        over,
    )


def _reduce(house: House, case: Case, found: _Found) -> Decision:
    return reversal.reduce(case, found.made.target, found.back, found.again, house.clock.today())


def _other(target: str) -> str:
    """The part of the payment, by the line that took it."""
    return f"{target}:of"
