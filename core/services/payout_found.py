"""Payouts that the bank has booked without our id, alone or as one sum: which they may be, and what a person says.

A sum is never certain: two payouts may be of the same, and whatever else leaves the account too. So nothing is booked
before somebody of the staff has seen the figures; it can be undone as long as the payout has no other end.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core import guessing, ledger
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.services import funds_short, one_payment, payout_look, payout_parts, payout_status
from core.services.house import House
from core.services.taking import staff_only
from core.store import bank, house_book, payout_funds
from core.store import matching as store
from core.store import payouts as payout_rows
from core.store import refunds as refund_rows
from core.store.bank import NewBooking
from core.store.database import transaction
from core.store.house_book import Move
from core.store.matching import BookingRow, EntryRow
from core.store.payouts import PayoutRow, RunRow

#: How the line was placed, as one that bears our id.
HOW: Final = "payout"
ONE, RUN, BANKGIRO, OTHERS = "one", "run", "bankgiro", "others"
#: Banks book a payment on its day, or so many banking days after it.
FEW_DAYS: Final = 3
SHOWN: Final = 3
#: So many runs are looked through for a sum.
RUNS_MAX: Final = 20


@dataclass(frozen=True, slots=True, repr=False)
class Meant:
    """Payouts that a line of the bank may be: one, all of a run, or those of a run that go to bankgiro or do not.

    ``pay_on`` is the day on which the bank was to pay, ``name`` who gets the only one. ``likely``: nothing else that
    left in those days is of this sum, and the line names nothing else.
    """

    run_id: int
    part: str
    lines: tuple[PayoutRow, ...]
    pay_on: date
    likely: bool = False

    @property
    def key(self) -> str:
        """By which a person's choice is found again."""
        return f"{self.run_id}:{self.part}:{self.lines[0].id}"

    @property
    def name(self) -> str:
        return self.lines[0].to_name

    @property
    def ore(self) -> Ore:
        return sum(line.ore for line in self.lines)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is on its way out of the account, now and once a line is these payouts."""

    leaving: Ore
    leaving_then: Ore


async def candidates(house: House, actor: Actor, entry_id: int) -> tuple[Meant, ...]:
    """The payouts that a payment which went out may be, the likely one first, then the newest. Raises NotFound."""
    staff_only(actor)
    row = await store.get(entry_id)
    if row is None:
        raise NotFound("entry")
    if row.state != bank.OPEN or row.rest >= 0:
        return ()
    found = await _of_sum(house, row)
    few = payout_look.calendar()
    near = [each for each in found if each.pay_on <= row.booked_on <= few.add(each.pay_on, FEW_DAYS)]
    if len(near) == 1 and await _names_nothing(row):
        found = [replace(near[0], likely=True), *(each for each in found if each != near[0])]
    return tuple(found[:SHOWN])


async def figures(meant: Meant) -> Figures:
    leaving = (await payout_funds.funds()).leaving
    return Figures(leaving, max(leaving - meant.ore, 0))


async def take(house: House, actor: Actor, entry_id: int, key: str, seen: Ore | None = None) -> int:
    """A payment that went out is these payouts, by the ``key`` of a candidate; the id of the booking.

    ``seen`` is the rest that the actor was shown. Raises NotFound, Refusal ``already_matched``, and ``payout_told``
    when the bank has told of them meanwhile.
    """
    staff_only(actor)
    async with transaction():
        row = await one_payment.locked(house, entry_id, seen)
        # Locked before it is read: the bank's own word on one of them may come at the same time.
        run = await payout_rows.lock(int(key.partition(":")[0]))
        meant = next((each for each in await candidates(house, actor, entry_id) if each.key == key), None)
        if run is None or meant is None:
            raise Refusal("payout_told")
        number, today = len(await store.bookings(entry_id)) + 1, house.clock.today()
        await _book(house, actor, row, meant, number)
        new = NewBooking(entry_id, None, store.PAYOUT, f"payouts:{run.id}:{entry_id}:{number}", row.rest)
        await bank.insert_bookings((new,), actor.label, today)
        await store.set_rest(entry_id, 0, HOW)
        await one_payment.note(house, actor, entry_id, "bank.payout", run=run.id, ore=row.rest)
        await funds_short.look(house, actor)
        return (await store.bookings(entry_id))[-1].id


async def take_out(house: House, actor: Actor, made: BookingRow) -> None:
    """It was not these payouts after all: the bank has not told of them yet, in the caller's transaction.

    Refuses ``payout_gone_on`` when one of them did not arrive, or came back.
    """
    run_id, entry_id, number = (int(part) for part in made.target.split(":")[1:])
    run = await payout_rows.lock(run_id)
    assert run is not None
    lines = {_source(run_id, line.id, entry_id, number): line for line in await payout_rows.payouts(run_id)}
    meant = [lines[transfer.source] for transfer, _ in await payout_rows.booked(tuple(lines))]
    if any(line.state != payout_rows.PAID for line in meant):
        raise Refusal("payout_gone_on")
    today = house.clock.today()
    moves = [
        Move(
            *(ledger.SUSPENSE, ledger.FUNDS_TRANSIT, line.ore, today, "payout_confirmed"),
            f"{_what(line.id, entry_id, number)}:undone",
        )
        for line in meant
    ]
    told = {"entry": entry_id, "payouts": [line.id for line in meant]}
    await house_book.post(f"payouts:{run_id}", moves, house.clock, actor, payout_status.NOT_FOUND, **told)
    for line in meant:
        await _under_way(line, run)
    await payout_rows.move_run(run_id, payout_rows.DONE, payout_rows.APPROVED)
    await store.undo_booking(made.id, today, actor.label)


async def _under_way(line: PayoutRow, run: RunRow) -> None:
    await payout_rows.move(line.id, (payout_rows.PAID,), payout_rows.SENT, run.pay_on)
    if line.refund_id is not None:
        await refund_rows.move(line.refund_id, (refund_rows.DONE,), refund_rows.SENT)


async def _of_sum(house: House, row: EntryRow) -> list[Meant]:
    """Everything that left by the day of the line and comes to its sum, the newest first."""
    ore, found = -row.rest, []
    for line in await payout_rows.sent_of_sum(ore, row.booked_on, SHOWN):
        run = await payout_look.run_of(line.run_id)
        found.append(Meant(run.id, ONE, (line,), run.pay_on))
    for run_id in await payout_rows.sent_together(ore, row.booked_on, RUNS_MAX):
        run = await payout_look.run_of(run_id)
        sent = [line for line in await payout_rows.payouts(run_id) if line.state == payout_rows.SENT]
        for part, lines in zip((RUN, BANKGIRO, OTHERS), payout_parts.parts(house, sent), strict=False):
            if len(lines) > 1 and sum(line.ore for line in lines) == ore:
                found.append(Meant(run_id, part, lines, run.pay_on))
    return sorted(found, key=lambda each: -each.run_id)


async def _names_nothing(row: EntryRow) -> bool:
    """Whether a line bears no id, and names no case of ours."""
    return not row.end_to_end and not await bank.cases_by_ocr(set(guessing.numbers(row.refs, row.text)))


async def _book(house: House, actor: Actor, row: EntryRow, meant: Meant, number: int) -> None:
    """What lay unexplained was on its way: it is neither any more, and the bank's balance stays as it was."""
    moves = [
        Move(
            *(ledger.FUNDS_TRANSIT, ledger.SUSPENSE, line.ore, row.value_on, "payout_confirmed"),
            _what(line.id, row.id, number),
        )
        for line in meant.lines
    ]
    told = {"entry": row.id, "payouts": [line.id for line in meant.lines]}
    await house_book.post(f"payouts:{meant.run_id}", moves, house.clock, actor, payout_status.FOUND, **told)
    for line in meant.lines:
        await payout_status.arrived(house, line, row.booked_on)
    await payout_status.ended(meant.run_id)


def _what(payout_id: int, entry_id: int, number: int) -> str:
    return f"payout:{payout_id}:found:{entry_id}:{number}"


def _source(run_id: int, payout_id: int, entry_id: int, number: int) -> str:
    return f"payouts:{run_id}/{_what(payout_id, entry_id, number)}"
