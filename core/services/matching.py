"""Payments that found no case by themselves: what they are likely for, and what a person decides about them.

Everything here is done under the lock of the payment's row, so that two who decide at once give one booking; whoever
is second is told who was first. What was decided can be undone by a counter-booking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import ledger, plan_pay, reversal
from core.case import Case, CaseId, Decision
from core.errors import NotFound, Refusal
from core.matching import Part
from core.money import Ore, parse_kronor
from core.party import Actor
from core.services import funds_short, kept_payments, one_payment, own_money, part_back, payout_found, refunds
from core.services.house import House
from core.services.match_effect import Effect, counts_on, effect
from core.services.taking import staff_only
from core.store import audit, bank, house_book
from core.store import matching as store
from core.store.database import transaction
from core.store.house_book import Move
from core.store.matching import BookingRow, EntryRow

#: With a button each and three more, a page has no more buttons than a screen may have.
PAGE: Final = 3
FOUND_MAX: Final = 5
#: Among so many payments that wait one is looked for.
LOOKED_AMONG: Final = 20_000
HOW: Final = "clerk"
_PLACED: Final = (store.CASE, store.PAYOUT, store.PART, *store.OURS)


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What waits, the oldest day first and of a day the largest; ``total`` counts all, ``ore`` lies in suspense.

    ``out`` is how much of it went out.
    """

    entries: tuple[EntryRow, ...]
    number: int
    total: int
    ore: Ore
    out: Ore = 0

    @property
    def more(self) -> bool:
        return (self.number + 1) * PAGE < self.total


@dataclass(frozen=True, slots=True, repr=False)
class Booked:
    """A part of a payment that is in a case, or our own and in none: ``ocr`` and ``debtor`` are empty then.

    ``kind`` is the store's ``CASE``, ``PAYOUT`` or one of ``OURS``. ``who`` booked it: a first name; empty: nobody had
    to.
    """

    id: int
    entry_id: int
    ocr: str
    debtor: str
    ore: Ore
    booked_on: date
    who: str
    kind: str


@dataclass(frozen=True, slots=True, repr=False)
class EntryView:
    """One payment as staff see it, and where parts of it have gone already."""

    row: EntryRow
    booked: tuple[Booked, ...]
    twin: EntryRow | None = None

    @property
    def left(self) -> Ore:
        """What is left of it, once the bank has taken back a part: what stands in cases, and what waits."""
        return self.row.rest + sum(each.ore for each in self.booked if each.kind == store.CASE)


async def open_entries(house: House, actor: Actor, page: int = 0) -> Page:
    """What waits for a person. That somebody looked is written down."""
    staff_only(actor)
    number = max(page, 0)
    found = await store.waiting(PAGE, number * PAGE)
    if not found and number:
        # What stood on this page has found its case meanwhile.
        number, found = 0, await store.waiting(PAGE, 0)
    total, ore, out = await store.count()
    seen = {"entries": [row.id for row in found]}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "bank.seen", seen)
    return Page(found, number, total, ore, out)


async def find_open(house: House, actor: Actor, text: str) -> tuple[EntryRow, ...]:
    """Payments that wait, by their sum or by anything that the bank told of them. The audit log keeps which."""
    staff_only(actor)
    try:
        ore: Ore | None = parse_kronor(text)
    except ValueError:
        ore = None
    part = text.casefold().strip()
    among = await store.told(LOOKED_AMONG)
    ids = [entry_id for entry_id, rest, said in among if abs(rest) == ore or (part and part in said.casefold())]
    found = await store.of_ids(ids[:PAGE])
    seen = {"entries": [row.id for row in found]}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "bank.seen", seen)
    return found


async def still_open(house: House, actor: Actor, ids: Sequence[int]) -> tuple[EntryRow, ...]:
    """Those of the payments that still wait."""
    staff_only(actor)
    return await store.of_ids(ids)


async def any_waits() -> bool:
    """Whether anything waits for a person."""
    return bool(await store.waiting(1, 0))


async def entry(house: House, actor: Actor, entry_id: int) -> EntryView:
    """One payment, whether it waits or is booked. Raises NotFound."""
    staff_only(actor)
    row = await _get(entry_id)
    booked = [each for each in await store.bookings(entry_id) if each.kind in _PLACED and not each.undone_by]
    twin = await store.get(row.twin_id) if row.twin_id is not None else None
    return EntryView(row, await _booked(house, booked), twin)


async def preview(house: House, actor: Actor, entry_id: int, parts: Sequence[Part]) -> tuple[Effect, ...]:
    """Everything that `match` would do or refuse, before it is done."""
    staff_only(actor)
    row = await _get(entry_id)
    _check(row, parts)
    return tuple([await effect(house, row, part) for part in parts])


async def match(
    house: House, actor: Actor, entry_id: int, parts: Sequence[Part], seen: Ore | None = None
) -> tuple[int, ...]:
    """Book parts of a payment in their cases; what is left of it stays open. The ids of the bookings.

    ``seen`` is the rest that the actor was shown. Raises NotFound, Refusal ``already_matched`` with ``who`` when the
    payment is not as it was, ``match_amount`` for more than is left, ``payment_before`` and others of a payment.
    """
    staff_only(actor)
    async with transaction():
        row = await one_payment.locked(house, entry_id, seen)
        _check(row, parts)
        made: list[int] = []
        for part in parts:
            made += await _book(house, actor, row, part)
        rest = row.rest - sum(part.ore for part in parts)
        await store.set_rest(entry_id, rest, HOW)
        await one_payment.note(house, actor, entry_id, "bank.matched", bookings=made, rest_ore=rest)
    return tuple(made)


async def match_all(house: House, actor: Actor, entry_id: int, ocr: str, seen: Ore | None = None) -> tuple[int, ...]:
    """Book all that is left of a payment in one case. Refuses as `match`."""
    row = await _get(entry_id)
    return await match(house, actor, entry_id, (Part(ocr, row.rest),), row.rest if seen is None else seen)


async def undo(house: House, actor: Actor, *booking_ids: int) -> int:
    """Take bookings back, all of one payment, by counter-bookings: it waits again. The payment's id.

    Done twice, it is done once. Raises NotFound, Refusal ``refunded_already`` when what was too much has gone back,
    ``own_drawn`` when our own money has, ``payout_gone_on`` when the payout has another end by now.
    """
    staff_only(actor)
    async with transaction():
        found = [await _booking(booking_id) for booking_id in booking_ids]
        row = await store.get(found[0].entry_id, lock=True)
        assert row is not None
        # Read anew, now that nobody else can take it back.
        found = [each for each in await store.bookings(row.id) if each.id in booking_ids and not each.undone_by]
        for each in found:
            await _take_back(house, actor, each)
        if found:
            rest = row.rest + sum(each.ore for each in found)
            await store.set_rest(row.id, rest, "")
            await one_payment.note(
                house, actor, row.id, "bank.undone", bookings=[each.id for each in found], rest_ore=rest
            )
            await funds_short.look(house, actor)
    return row.id


async def refund(house: House, actor: Actor, entry_id: int, seen: Ore | None = None) -> int:
    """All that is left of a payment goes back to whoever sent it; the id of the refund. Refuses as `match`."""
    staff_only(actor)
    async with transaction():
        row = await one_payment.locked(house, entry_id, seen)
        if row.ore < 0 or row.state == bank.DOUBTFUL:
            raise Refusal("match_amount", rest_ore=max(row.rest, 0))
        refund_id = await refunds.of_entry(house, actor, entry_id, row.rest)
        await one_payment.task_done(house, actor)
        return refund_id


async def not_twin(house: House, actor: Actor, entry_id: int) -> None:
    """A payment that might be another once more is one of its own: it waits to be matched.

    Raises NotFound, Refusal ``already_matched``.
    """
    staff_only(actor)
    async with transaction():
        row = await one_payment.doubtful(entry_id)
        await store.set_rest(entry_id, row.rest, "")
        await one_payment.note(house, actor, entry_id, "bank.not_twin", twin=row.twin_id)


async def is_twin(house: House, actor: Actor, entry_id: int) -> None:
    """A payment is another one that two files told of: what was booked twice goes out of suspense again.

    Raises NotFound, Refusal ``already_matched``.
    """
    staff_only(actor)
    async with transaction():
        row = await one_payment.doubtful(entry_id)
        accounts = (ledger.SUSPENSE, ledger.FUNDS_BANK) if row.ore > 0 else (ledger.FUNDS_BANK, ledger.SUSPENSE)
        kind = "bank_in" if row.ore > 0 else "bank_out"
        moves = [Move(*accounts, abs(row.rest), row.value_on, kind, "twin")] if row.rest else []
        await house_book.post(one_payment.chain(entry_id), moves, house.clock, actor, "bank.twin", twin=row.twin_id)
        await store.set_rest(entry_id, 0, "twin")
        await one_payment.task_done(house, actor)


async def find_booked(house: House, actor: Actor, ore: Ore | None, ocr: str = "") -> tuple[Booked, ...]:
    """Payments that are in a case, by their whole sum or by the case, the latest first. Raises NotFound for no case."""
    staff_only(actor)
    case_id = None if ore is not None else (await house.book.find(ocr)).id
    found = await _booked(house, await store.booked(FOUND_MAX, ore, case_id))
    seen = {"bookings": [each.id for each in found]}
    await audit.record(audit.HOUSE, house.clock.now(), actor.label, "bank.searched", seen)
    return found


async def of_ids(house: House, actor: Actor, booking_ids: Sequence[int]) -> tuple[Booked, ...]:
    """Those of the bookings that still count, in the order in which they are asked for."""
    staff_only(actor)
    found = [await store.booking(booking_id) for booking_id in booking_ids]
    return await _booked(house, [each for each in found if each is not None and not each.undone_by])


def _check(row: EntryRow, parts: Sequence[Part]) -> None:
    """Each case once, each with something, and no more than is left."""
    given = sum(part.ore for part in parts)
    if not parts or min(part.ore for part in parts) <= 0 or given > row.rest:
        raise Refusal("match_amount", rest_ore=max(row.rest, 0))
    if len({part.ocr for part in parts}) < len(parts):
        raise Refusal("match_twice")


async def _book(house: House, actor: Actor, row: EntryRow, part: Part) -> list[int]:
    """A part in its case, or over the cases that share its plan: a booking for each payment that came of it."""
    today, before = house.clock.today(), len(await store.bookings(row.id))
    paid_to = await house.book.find(part.ocr)
    # A payment that was taken back keeps its reference: the same case may get it once more under another.
    reference = f"bank:{row.key}:{before + 1}"

    def decide(cases: Mapping[CaseId, Case]) -> Mapping[CaseId, Decision]:
        return plan_pay.receive(
            *(cases, paid_to.id, part.ore, "bank", reference, counts_on(row, today), today, row.order_on),
            from_suspense=True,
        )

    after = await house.book.change_many(plan_pay.family(paid_to), decide, actor, action="payment.matched")
    return [
        await store.add_booking(row.id, case.id, fact.reference, fact.amount, today, actor.label)
        for case, fact in plan_pay.parts_of(tuple(after.values()), reference)
    ]


async def _take_back(house: House, actor: Actor, made: BookingRow) -> None:
    if made.kind == store.PART:
        await part_back.put_back(house, actor, made)
        return
    if made.kind in store.OURS:
        await own_money.take_out(house, actor, made)
        return
    if made.kind == store.PAYOUT:
        await payout_found.take_out(house, actor, made)
        return
    if made.kind != store.CASE or made.case_id is None:
        raise NotFound("entry")
    today = house.clock.today()
    case = await house.book.change(
        made.case_id,
        lambda case: reversal.reverse(case, made.target, "mismatched", today),
        actor,
        action="payment.undone",
    )
    await store.undo_booking(made.id, today, actor.label)
    # Nobody need look at it, and what was too much of it is not owed back any more.
    await kept_payments.close_tasks(house, actor, case)
    await refunds.see_to(house, made.case_id)


async def _booked(house: House, found: Sequence[BookingRow]) -> tuple[Booked, ...]:
    cases = await house.book.load_many({each.case_id for each in found if each.case_id is not None})
    return tuple(
        [
            Booked(
                each.id,
                each.entry_id,
                *((cases[each.case_id].ocr, cases[each.case_id].debtor.name) if each.case_id is not None else ("", "")),
                each.ore,
                each.booked_on,
                "" if each.by.startswith("system") else await one_payment.first_name(each.by),
                each.kind,
            )
            for each in found
        ]
    )


async def _get(entry_id: int) -> EntryRow:
    row = await store.get(entry_id)
    if row is None:
        raise NotFound("entry")
    return row


async def _booking(booking_id: int) -> BookingRow:
    row = await store.booking(booking_id)
    if row is None:
        raise NotFound("entry")
    return row
