"""Lines of the bank that are no payment to a case: money that leaves, and money that is taken back (återföring).

A line that nothing explains lies open for a person, with its money in suspense.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from core import ledger, reversal
from core.bank import CHARGE, Entry
from core.case import Case, Decision
from core.errors import Refusal
from core.money import Ore
from core.party import Actor
from core.services import bank_sums, bank_swish, kept_payments, payout_status, refunds
from core.services.house import House
from core.store import bank, house_book, matching
from core.store import bank_originals as originals
from core.store import bank_sums as sums
from core.store import refunds as refund_rows
from core.store.bank import DOUBTFUL, OPEN, NewBooking, NewEntry, Quicker
from core.store.bank_originals import Original
from core.store.database import transaction
from core.store.house_book import Move


@dataclass(frozen=True, slots=True)
class _Explained:
    """What a line was: how it was found, where its money goes, and what moves for it outside cases."""

    how: str
    bookings: tuple[NewBooking, ...]
    moves: tuple[Move, ...] = ()


async def apart(entries: Sequence[Entry]) -> frozenset[int]:
    """Which of the payments are looked at one by one, by their place: all but money that comes to us."""
    ours = await bank.payouts_named(entry.end_to_end for entry in entries)
    return frozenset(
        place
        for place, entry in enumerate(entries)
        if entry.ore <= 0 or entry.takes_back or entry.original_ref or entry.end_to_end in ours
    )


async def take(house: House, actor: Actor, file_id: int, chain: str, key: str, entry: Entry) -> None:
    """Book one such line, if it is not there yet: as what it is, or in suspense."""
    try:
        await _take(house, actor, file_id, chain, key, entry, explain=True)
    except (Refusal, Quicker):
        await _take(house, actor, file_id, chain, key, entry, explain=False)


async def _take(house: House, actor: Actor, file_id: int, chain: str, key: str, entry: Entry, *, explain: bool) -> None:
    today = house.clock.today()
    async with transaction():
        await bank.lock_file(file_id)
        if await bank.known([key]) or await bank_sums.told(file_id, [entry]):
            return
        whole = (await bank_sums.of_parts(house, [entry], "")).get(0)
        taken_of = whole is not None and not whole.untouched
        [entry_id] = await bank.new_ids(1)
        new = NewEntry(entry_id, key, entry, OPEN, "", entry.ore)
        twin_id = whole.id if whole and taken_of else None
        if entry.text == CHARGE and not twin_id:
            twin_id = await sums.doubted(file_id, entry)
        if twin_id:
            new = replace(new, state=DOUBTFUL, twin_id=twin_id)
        if not await bank.insert(file_id, [new], house.keys, today):
            return
        found = await _explained(house, actor, entry, entry_id, key) if explain and not twin_id else None
        moves = found.moves if found else (_suspense(entry, entry_id, entry.ore),)
        if whole and whole.untouched:
            moves = (*await bank_sums.undo([whole], actor, today), *moves)
        if found:
            await bank.insert_bookings(found.bookings, actor.label, today)
            await bank.placed(entry_id, found.how)
        await bank_sums.on_their_day([(entry_id, entry)], [whole.deposit] if whole and whole.deposit else [])
        if moves:
            await house_book.post(chain, moves, house.clock, actor, "bank.entry", entry=entry_id)


async def _explained(house: House, actor: Actor, entry: Entry, entry_id: int, key: str) -> _Explained | None:
    """What a line is about; None when nothing tells. Raises Refusal when a case does not allow it."""
    original = await _original(entry)
    if entry.ore < 0:
        if original:
            return await _taken_back(house, actor, entry, entry_id, key, original)
        sent = await _payout(house, entry, entry_id) or await _refund_by_swish(house, entry, entry_id)
        repeated = None if sent else await _repeated(entry)
        return await _taken_back(house, actor, entry, entry_id, key, repeated) if repeated else sent
    return await _came_back(house, entry, entry_id, original)


async def _original(entry: Entry) -> Original | None:
    """The payment that a line takes back, if it says that it does."""
    if not (entry.takes_back or entry.original_ref):
        return None
    return await originals.original((entry.original_ref, entry.bank_ref), entry.end_to_end, -entry.ore)


async def _repeated(entry: Entry) -> Original | None:
    """The payment that a line takes back without naming it: the only one with its reference and its amount."""
    return await originals.original_by_reference([ref.text for ref in entry.references if ref.structured], -entry.ore)


async def _payout(house: House, entry: Entry, entry_id: int) -> _Explained | None:
    """A payment that we sent leaves the account."""
    sent = entry.end_to_end
    if not sent or not await payout_status.bank_told(house, sent, entry.ore, entry.booked_on, entry_id):
        return None
    return _Explained("payout", (NewBooking(entry_id, None, "payout", f"payout:{sent}", entry.ore),))


async def _came_back(house: House, entry: Entry, entry_id: int, original: Original | None) -> _Explained | None:
    """A payment that we sent did not arrive."""
    for sent in dict.fromkeys((entry.end_to_end, original.end_to_end if original else "")):
        if sent and await payout_status.bank_returned(house, sent, entry.ore, entry.booked_on, entry_id):
            return _Explained("payout", (NewBooking(entry_id, None, "payout", f"payout:{sent}:back", entry.ore),))
    return None


async def _taken_back(
    house: House, actor: Actor, entry: Entry, entry_id: int, key: str, original: Original
) -> _Explained | None:
    """A payment that the bank takes back, or what is left of it: it does not count in its cases, and what was in
    suspense is gone.
    """
    if any(row.kind not in (matching.CASE, matching.PART, matching.GONE) for row in original.bookings):
        return None
    if original.left_ore != -entry.ore:
        return None  # a part of it has gone back already
    today, in_suspense = house.clock.today(), original.rest_ore
    for row in original.in_cases:
        assert row.case_id is not None
        decide = partial(_reversed, reference=row.target, today=today)
        case = await house.book.change(row.case_id, decide, actor, action="payment.returned")
        in_suspense += row.amount_ore if reversal.found(case, row.target).from_suspense else 0
        await kept_payments.close_tasks(house, actor, case)
        await refunds.see_to(house, case.id)
    await originals.gone(original, today, actor.label)
    rows = (
        NewBooking(original.id, None, matching.GONE, f"gone:{key}:in", -entry.ore),
        NewBooking(entry_id, None, matching.GONE, f"gone:{key}", entry.ore),
    )
    return _Explained("returned", rows, (_suspense(entry, entry_id, -in_suspense),) if in_suspense else ())


def _reversed(case: Case, *, reference: str, today: date) -> Decision:
    return reversal.reverse(case, reference, "returned", today)


async def _refund_by_swish(house: House, entry: Entry, entry_id: int) -> _Explained | None:
    """Money that Swish sent back for us leaves the account."""
    for number in sorted(bank_swish.numbers(entry)):
        row = await refund_rows.by_instruction(number)
        if row and row.ore == -entry.ore:
            target = f"refund:{row.id}"
            if await bank.targets([target]):
                return None
            await refunds.bank_told(house, row.id, True, entry.booked_on)
            move = Move(
                ledger.FUNDS_TRANSIT, ledger.FUNDS_BANK, row.ore, entry.value_on, "payout_confirmed", f"e{entry_id}"
            )
            return _Explained("refund", (NewBooking(entry_id, row.case_id, "refund", target, entry.ore),), (move,))
    return None


def _suspense(entry: Entry, entry_id: int, ore: Ore) -> Move:
    """Money that lies unexplained: ``ore`` came in, or less than nothing went out."""
    if ore > 0:
        return Move(ledger.FUNDS_BANK, ledger.SUSPENSE, ore, entry.value_on, "bank_in", f"e{entry_id}")
    return Move(ledger.SUSPENSE, ledger.FUNDS_BANK, -ore, entry.value_on, "bank_out", f"e{entry_id}")
