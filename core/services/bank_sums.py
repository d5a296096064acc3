"""The bank books many payments in one sum: a notification tells its parts, a statement often only the sum.

Whichever comes first is booked. A sum whose parts are booked is there already; parts that come after their sum take its
place, as long as nobody has taken of it. Bankgirot's deposits and their sums are told by different firms and bear no
common reference: each deposit has one sum, found by account, day and amount (`core.deposit`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core import deposit, ledger
from core.bank import Entry
from core.deposit import Deposit
from core.money import Ore
from core.party import Actor
from core.rules import RULES
from core.services.house import House
from core.store import bank, bank_deposits
from core.store import bank_sums as store
from core.store.bank import NewBooking, Quicker
from core.store.bank_deposits import Waiting
from core.store.bank_sums import Sum
from core.store.house_book import Move

#: Of what comes during the day a bank tells by one kind of file, of all at its end by another.
NOTIFICATION, STATEMENT = "camt.054", "camt.053"
#: The days of the banks at which our account is.
_CALENDAR: Final = RULES["SE"].calendar


async def told(file_id: int, entries: Sequence[Entry]) -> set[int]:
    """Which of these payments of a file are there under other names, by their place: sums by their parts, and parts of
    a sum that another file has brought whole.
    """
    return await store.told_in_parts(entries) | await store.told_whole(entries, file_id)


async def of_parts(house: House, entries: Sequence[Entry], format_: str) -> dict[int, Sum]:
    """The sums of which these payments are parts, where one is there and is still booked; by the place of the part."""
    found = await store.of_parts(entries)
    if format_ == NOTIFICATION:
        found |= await _of_statements({place: each for place, each in enumerate(entries) if place not in found})
    told = {place: each for place, entry in enumerate(entries) if (each := deposit.read(entry.batch_ref))}
    sums = await _of_deposits(house, {each.ref: each for each in told.values()})
    return found | {place: sums[each.ref] for place, each in told.items() if each.ref in sums}


async def _of_statements(entries: Mapping[int, Entry]) -> dict[int, Sum]:
    """The sums of which a statement gives another reference than the notification: of that day, of as much, naming
    nobody, and untouched. A sum whose parts have begun to come has none any more.
    """
    batches = {
        (each.booked_on, each.batch_ore, each.batch_ref)
        for each in entries.values()
        if each.batch_ref and each.ore > 0 and not deposit.read(each.batch_ref)
    }
    batches -= await store.begun(batches)
    if not batches:
        return {}
    waiting = await bank_deposits.sums({day for day, _, _ in batches}, {ore for _, ore, _ in batches})
    free = [each for each in waiting if each.sum.untouched and each.format == STATEMENT]
    sums: dict[tuple[date, Ore, str], Sum] = {}
    for day, ore, ref in sorted(batches):
        if fitting := next((each for each in free if (each.booked_on, each.sum.ore) == (day, ore)), None):
            sums[day, ore, ref] = fitting.sum
            free.remove(fitting)
    named = {place: (each.booked_on, each.batch_ore, each.batch_ref) for place, each in entries.items()}
    return {place: sums[name] for place, name in named.items() if name in sums}


async def _of_deposits(house: House, deposits: Mapping[str, Deposit]) -> dict[str, Sum]:
    """The sum of each deposit that has none yet, where one lies there that nothing else explains."""
    waiting = await _untold(house, deposits.values())
    days = {day for each in waiting for day in deposit.near(_CALENDAR, each.on)}
    free = await bank_deposits.sums(days, {each.ore for each in waiting}) if waiting else []
    found: dict[str, Sum] = {}
    for each in sorted(waiting, key=lambda one: one.ref):
        fitting = [one for one in free if _fits(one, each)]
        if fitting:
            best = min(fitting, key=lambda one: (one.booked_on != each.on, not one.sum.untouched, not one.says_so))
            found[each.ref] = replace(best.sum, deposit=each.ref)
            free.remove(best)
    return found


def _fits(waiting: Waiting, told: Deposit) -> bool:
    """What somebody has placed meanwhile is only doubted where the very day is the same."""
    days = deposit.near(_CALENDAR, told.on) if waiting.sum.untouched else (told.on,)
    return waiting.sum.ore == told.ore and waiting.booked_on in days


async def _untold(house: House, deposits: Iterable[Deposit]) -> list[Deposit]:
    """Those on our account whose sum nobody has told yet."""
    ours = [each for each in deposits if each.is_on(house.agency.iban)]
    told = await bank.targets(bank_deposits.target(each.ref) for each in ours)
    return [each for each in ours if bank_deposits.target(each.ref) not in told]


async def deposits(house: House, sums: Mapping[int, Entry]) -> dict[int, str]:
    """Which of these lines, by their place, are the sums of deposits whose payments are there: the deposits' names."""
    if not sums:
        return {}
    days = {day for entry in sums.values() for day in deposit.near(_CALENDAR, entry.booked_on)}
    free = await _untold(house, await bank_deposits.whole(days))
    found: dict[int, str] = {}
    # A deposit's own day goes before its neighbours, and what speaks of Bankgirot before what says nothing.
    for far in (False, True):
        for place, entry in sorted(sums.items(), key=lambda one: not deposit.says_so(one[1].text)):
            around = deposit.near(_CALENDAR, entry.booked_on) if far else (entry.booked_on,)
            fitting = [each for each in free if each.ore == entry.ore and each.on in around]
            if fitting and place not in found:
                found[place] = fitting[0].ref
                free.remove(fitting[0])
    return found


def may_be(entry: Entry, ours: Collection[str], named: Iterable[str]) -> bool:
    """Whether a line may be a deposit's sum at all: it names none of our cases, and no payer."""
    return deposit.may_be(entry) and not any(ocr in ours for ocr in named)


def booking(entry_id: int, ref: str, entry: Entry) -> NewBooking:
    """Which deposit a sum is: each has one, for ever."""
    return NewBooking(entry_id, None, bank_deposits.KIND, bank_deposits.target(ref), entry.ore)


async def undo(sums: Iterable[Sum], actor: Actor, today: date) -> list[Move]:
    """The transfers by which sums leave suspense again. Raises Quicker when somebody has taken of one meanwhile."""
    moves = []
    for each in {found.id: found for found in sums}.values():
        if not await store.give_way(each.id):
            raise Quicker
        if each.deposit:
            told = NewBooking(each.id, None, bank_deposits.KIND, bank_deposits.target(each.deposit), each.ore)
            await bank.insert_bookings([told], actor.label, today)
        accounts = (ledger.SUSPENSE, ledger.FUNDS_BANK) if each.ore > 0 else (ledger.FUNDS_BANK, ledger.SUSPENSE)
        kind = "bank_in" if each.ore > 0 else "bank_out"
        moves.append(Move(*accounts, abs(each.ore), each.value_on, kind, f"e{each.id}:parts"))
    return moves


async def on_their_day(entries: Sequence[tuple[int, Entry]], told: Iterable[str]) -> None:
    """Payments of deposits that were just written, and of those whose sums were, are of the day of their sum."""
    refs, ids = sorted(set(told)), [entry_id for entry_id, entry in entries if deposit.read(entry.batch_ref)]
    if refs or ids:
        await bank_deposits.on_the_sums_day(refs, ids)
