"""Booking what a file of the bank tells, a batch at a time: read, decided and written set by set.

Nothing is locked while it is decided; writing takes one short transaction, in which a payment that another file
brought and a case that somebody changed meanwhile are left out and taken up anew. So a batch is booked whole or not at
all, and whoever reads the file again finds what is there already.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core import ledger, plan_pay
from core.bank import Entry
from core.books import books
from core.case import Case, CaseId, Decision
from core.errors import Refusal
from core.facts import PaymentReceived
from core.matching import Named, Part, certain, named
from core.money import Ore
from core.party import Actor
from core.services import bank_back, bank_sums, bank_swish, bank_twins
from core.services.bank_swish import Line
from core.services.house import House
from core.store import bank, house_book
from core.store import bank_sums as sums
from core.store.bank import DONE, DOUBTFUL, OPEN, Asked, NewBooking, NewEntry, Quicker
from core.store.bank_sums import Sum
from core.store.book import TRIES_MAX, TooBusy
from core.store.database import transaction
from core.store.house_book import Move
from core.store.loading import Loaded
from core.store.saving import Change

#: Writes of so many payments hold SQLite's writer for some 50 ms.
BATCH: Final = 200
#: For so many batches numbers are taken in one go.
BATCHES_NUMBERED: Final = 10
#: Deciding lets others have the event loop after so many payments.
BREATHE_AFTER: Final = 10


@dataclass(slots=True)
class Source:
    """The file whose payments are booked, ``batch`` a transaction. ``expected``: about so many are left in it."""

    id: int
    format: str
    expected: int
    batch: int = BATCH
    _ids: list[int] = field(default_factory=list)

    async def ids(self, count: int) -> list[int]:
        """Numbers for payments; taken for many batches at once, as taking some waits for who writes."""
        if len(self._ids) < count:
            more = await bank.new_ids(max(count, min(self.expected, BATCH * BATCHES_NUMBERED)))
            self._ids += more  # a batch that is decided anew may have taken of them meanwhile
        taken, self._ids = self._ids[:count], self._ids[count:]
        self.expected -= count
        return taken

    @property
    def chain(self) -> str:
        """The audit chain that vouches for what the file moves outside cases."""
        return f"bankfile:{self.id}"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A payment of a file under its key."""

    key: str
    entry: Entry


@dataclass(slots=True)
class _Placed:
    """What is written about one payment, and the cases that it was decided with."""

    keyed: Keyed
    new: NewEntry
    bookings: list[NewBooking] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    cases: frozenset[CaseId] = frozenset()


@dataclass(frozen=True, slots=True)
class Decided:
    """Payments that are not there yet as they were looked at: those ``placed`` are written together, over what
    ``deciding`` was decided with, and those ``alone`` one by one after them.
    """

    placed: Sequence["_Placed"]
    deciding: "_Deciding | None"
    alone: Sequence[Keyed]


async def decide(house: House, source: Source, entries: Sequence[Keyed]) -> Decided:
    """Where payments go that are not there yet. Nothing is locked, and only their numbers are written."""
    known = await bank.known([each.key for each in entries])
    new = [each for each in entries if each.key not in known]
    told = await bank_sums.told(source.id, [each.entry for each in new])
    new = [each for place, each in enumerate(new) if place not in told]
    apart = await bank_back.apart([each.entry for each in new])
    together = [each for place, each in enumerate(new) if place not in apart]
    alone = [each for place, each in enumerate(new) if place in apart]
    if not together:
        return Decided((), None, alone)
    deciding = await _look_up(house, source, together, frozenset(each.id for each in known.values()))
    placed: list[_Placed] = []
    for number, (entry_id, each) in enumerate(zip(await source.ids(len(together)), together, strict=True)):
        if number % BREATHE_AFTER == 0:
            await asyncio.sleep(0)
        placed.append(deciding.place(number, entry_id, each))
    return Decided(placed, deciding, alone)


async def book(house: House, actor: Actor, source: Source, decided: Decided) -> None:
    """Write what was decided; what somebody was quicker with is decided anew.

    Raises TooBusy when others change the same cases again and again.
    """
    for _ in range(TRIES_MAX):
        again = await _together(house, actor, source, decided)
        if not again:
            for each in decided.alone:
                await bank_back.take(house, actor, source.id, source.chain, each.key, each.entry)
            return
        decided = await decide(house, source, [*again, *decided.alone])
    raise TooBusy(f"{len(decided.placed)} payments, {TRIES_MAX} tries")


async def _together(house: House, actor: Actor, source: Source, decided: Decided) -> list[Keyed]:
    """One try to write payments that came in; those that must be looked at once more."""
    if decided.deciding is None:
        return []
    try:
        return await _write(house, actor, source, decided.deciding, decided.placed)
    except Quicker:
        return [each.keyed for each in decided.placed]


@dataclass(slots=True)
class _Deciding:
    """Payments of one batch, one after the other, over the cases as the payments before have left them."""

    today: date
    names: Mapping[int, Sequence[Named]]
    ours: Mapping[str, CaseId]
    loaded: Mapping[CaseId, Loaded]
    cases: dict[CaseId, Case]
    lines: Mapping[int, Line]
    twins: Mapping[int, int]
    wholes: Mapping[int, Sum]
    nobodys: frozenset[str]
    deposits: Mapping[str, str]
    swish: Mapping[CaseId, Sequence[Asked]]
    taken: set[str]
    decisions: dict[CaseId, Decision] = field(default_factory=dict)

    def place(self, number: int, entry_id: int, keyed: Keyed) -> _Placed:
        """Where a payment goes: to a Swish payment that it confirms, to its case, or to suspense."""
        entry = keyed.entry
        whole = self.wholes.get(number)
        if whole and not whole.untouched:
            return _suspended(keyed, entry_id, entry.ore, DOUBTFUL, twin_id=whole.id)
        if told := self.deposits.get(keyed.key):
            new = NewEntry(entry_id, keyed.key, entry, DONE, sums.TWIN, 0)
            return _Placed(keyed, new, [bank_sums.booking(entry_id, told, entry)])
        if number in self.twins:
            return _suspended(keyed, entry_id, entry.ore, DOUBTFUL, twin_id=self.twins[number])
        if line := self.lines.get(number):
            return self._swish(keyed, entry_id, line)
        parts = self._parts(entry, self.names.get(number, ()))
        if not parts:
            return _suspended(keyed, entry_id, entry.ore)
        if len(parts) == 1:
            case_id = self.ours[parts[0].ocr]
            asked = self.swish.get(case_id, ()) if bank_swish.may_be_swish(entry) else ()
            if line := bank_swish.of_case(entry, asked, self.taken):
                return self._swish(keyed, entry_id, line)
            if by_hand := self._by_hand(case_id, entry):
                self.taken.add(by_hand)
                new = NewEntry(entry_id, keyed.key, entry, DONE, "clerk", 0)
                return _Placed(keyed, new, [NewBooking(entry_id, case_id, "case", by_hand, entry.ore)])
        try:
            return self._to_cases(keyed, entry_id, parts)
        except Refusal as refusal:
            return _suspended(keyed, entry_id, entry.ore, how=refusal.code[:16])

    def _parts(self, entry: Entry, found: Sequence[Named]) -> tuple[Part, ...]:
        several = [each.ocr for each in found if each.ocr in self.ours]
        payable: dict[str, Ore] = {}
        if len(several) > 1:
            payable = {ocr: books(self.cases[self.ours[ocr]], self.today).payable for ocr in several}
        return certain(entry.references, entry.text, entry.ore, self.ours, payable, found)

    def _swish(self, keyed: Keyed, entry_id: int, line: Line) -> _Placed:
        entry = keyed.entry
        free = not any(each.instruction_id in self.taken for each in line.requests)
        if not (line.certain and free):
            return _suspended(keyed, entry_id, entry.ore, how="swish")
        self.taken |= {each.instruction_id for each in line.requests}
        bookings = bank_swish.bookings(line, entry_id)
        move = Move(
            ledger.FUNDS_BANK, ledger.FUNDS_TRANSIT, entry.ore, entry.value_on, "swish_confirmed", f"e{entry_id}"
        )
        return _Placed(keyed, NewEntry(entry_id, keyed.key, entry, DONE, "swish", 0), bookings, [move])

    def _by_hand(self, case_id: CaseId, entry: Entry) -> str | None:
        """A payment that somebody saw on the account and booked before its file came."""
        days, case = {entry.value_on, entry.booked_on}, self.cases[case_id]
        for reference, ore in _booked_by_hand(case, days).items():
            if ore == entry.ore and reference not in self.taken:
                return reference
        return None

    def _to_cases(self, keyed: Keyed, entry_id: int, parts: Sequence[Part]) -> _Placed:
        """What is left of it lies in suspense. Raises Refusal, and then nothing was decided."""
        entry, cases, decided = keyed.entry, dict(self.cases), dict(self.decisions)
        on = min(entry.value_on, self.today)
        bookings: list[NewBooking] = []
        touched: set[CaseId] = set()
        for number, part in enumerate(parts, start=1):
            case_id = self.ours[part.ocr]
            family = {each: cases[each] for each in plan_pay.family(cases[case_id])}
            reference = f"bank:{keyed.key}" + (f":{number}" if number > 1 else "")
            received = plan_pay.receive(family, case_id, part.ore, "bank", reference, on, self.today, entry.order_on)
            touched |= family.keys()
            for each, decision in received.items():
                cases[each] = cases[each].adding(decision)
                decided[each] = _both(decided[each], decision) if each in decided else decision
                bookings += [
                    NewBooking(entry_id, each, "case", fact.reference, fact.amount)
                    for fact in decision.facts
                    if isinstance(fact, PaymentReceived)
                ]
        self.cases, self.decisions = cases, decided
        rest = entry.ore - sum(part.ore for part in parts)
        how = "ocr" if len(parts) == 1 else "several"
        new = NewEntry(entry_id, keyed.key, entry, OPEN if rest else DONE, how, rest)
        moves = [_into_suspense(entry, entry_id, rest)] if rest else []
        return _Placed(keyed, new, bookings, moves, frozenset(touched))


async def _look_up(house: House, source: Source, entries: list[Keyed], seen: frozenset[int]) -> _Deciding:
    """All that deciding about a batch needs, in a few questions."""
    told = [each.entry for each in entries]
    lines = await bank_swish.named(house, told)
    names = {place: named(entry.references, entry.text) for place, entry in enumerate(told) if place not in lines}
    ours = await bank.cases_by_ocr(each.ocr for found in names.values() for each in found)
    nameless = [(place, told[place]) for place, found in names.items() if not any(each.ocr in ours for each in found)]
    lines |= await bank_swish.sums_of_days(nameless)
    loaded = await house.book.read(ours.values()) if ours else {}
    relatives = {each for one in loaded.values() for each in plan_pay.family(one.case)} - loaded.keys()
    if relatives:
        loaded |= await house.book.read(relatives)
    cases = {place: {ours[each.ocr] for each in found if each.ocr in ours} for place, found in names.items()}
    by_swish = {each for place, found in cases.items() if bank_swish.may_be_swish(told[place]) for each in found}
    like = {each for place, found in cases.items() if bank_swish.is_like_swish(told[place]) for each in found}
    asked = await bank_swish.of_cases(house, sorted(by_swish), like) if by_swish else {}
    days = {day for entry in told for day in (entry.booked_on, entry.value_on)}
    nobodys = {
        place: told[place]
        for place, found in names.items()
        if place not in lines and bank_sums.may_be(told[place], ours, (each.ocr for each in found))
    }
    wholes = await bank_sums.of_parts(house, told, source.format)
    # A sum that gives way is no payment that might be there already.
    seen |= {each.id for each in wholes.values() if each.untouched}
    by_hand = {reference for one in loaded.values() for reference in _booked_by_hand(one.case, days)}
    return _Deciding(
        today=house.clock.today(),
        names=names,
        ours=ours,
        loaded=loaded,
        cases={case_id: one.case for case_id, one in loaded.items()},
        lines=lines,
        twins=await bank_twins.twins(source.id, source.format, told, seen, cases),
        wholes=wholes,
        nobodys=frozenset(entries[place].key for place in nobodys),
        deposits={entries[place].key: ref for place, ref in (await bank_sums.deposits(house, nobodys)).items()},
        swish=asked,
        taken=await bank.targets(by_hand),
    )


async def _write(
    house: House, actor: Actor, source: Source, deciding: _Deciding, placed: Sequence[_Placed]
) -> list[Keyed]:
    """Write a batch in one transaction; what somebody was quicker with is given back, with all that depends on it."""
    async with transaction():
        await bank.lock_file(source.id)
        versions = await bank.lock_cases(sorted(deciding.decisions))
        stale = {
            case_id for case_id in deciding.decisions if versions[case_id] != deciding.loaded[case_id].case.version
        }
        known = await bank.known([each.keyed.key for each in placed])
        late = _depending(placed, stale, set(known))
        going = [each for each in placed if each.keyed.key not in late]
        if not going:
            return [each.keyed for each in placed]
        if await bank.twins_of(deciding.twins.values()):
            raise Quicker
        today = house.clock.today()
        undone = await _undo_sums(house, actor, source, deciding, going)
        landed = await bank.insert(source.id, [each.new for each in going], house.keys, today)
        if len(landed) < len(going):
            raise Quicker
        cases = {case_id for each in going for case_id in each.cases}
        changes = [
            Change(deciding.loaded[case_id], decision, actor.label, "payment.bank")
            for case_id, decision in deciding.decisions.items()
            if case_id in cases
        ]
        if len(await house.book.save(changes, inside=True)) < len(changes):
            raise Quicker
        await bank.insert_bookings([row for each in going for row in each.bookings], actor.label, today)
        told = [*deciding.deposits.values(), *(each.deposit for each in deciding.wholes.values() if each.deposit)]
        await bank_sums.on_their_day([(each.new.id, each.keyed.entry) for each in going], told)
        if moves := [*undone, *(move for each in going for move in each.moves)]:
            await house_book.post(source.chain, moves, house.clock, actor, "bank.entries", entries=len(going))
    return [each.keyed for each in placed if each.keyed.key in late]


async def _undo_sums(
    house: House, actor: Actor, source: Source, deciding: _Deciding, going: Sequence[_Placed]
) -> list[Move]:
    """Sums whose parts are booked now leave suspense. Raises Quicker when a sum or its parts came meanwhile."""
    entries = [each.keyed.entry for each in going]
    nobodys = {place: each.keyed.entry for place, each in enumerate(going) if each.keyed.key in deciding.nobodys}
    wholes = await bank_sums.of_parts(house, entries, source.format)
    deposits = await bank_sums.deposits(house, nobodys)
    other = any(deciding.deposits.get(going[place].keyed.key) != deposits.get(place) for place in nobodys)
    if other or await bank_sums.told(source.id, entries):
        raise Quicker
    if set(wholes.values()) - set(deciding.wholes.values()):
        raise Quicker
    return await bank_sums.undo((each for each in wholes.values() if each.untouched), actor, house.clock.today())


def _depending(placed: Sequence[_Placed], stale: set[CaseId], known: set[str]) -> set[str]:
    """The keys of payments that are there by now or whose cases changed, and of all decided over the same cases."""
    late = {each.keyed.key for each in placed if each.keyed.key in known}
    stale = set(stale)
    while True:
        stale |= {case_id for each in placed if each.keyed.key in late for case_id in each.cases}
        more = {each.keyed.key for each in placed if each.cases & stale} - late
        if not more:
            return late
        late |= more


def _booked_by_hand(case: Case, days: set[date]) -> dict[str, Ore]:
    """Bank payments of these days that were booked without a file: the reference of each whole payment, and its sum."""
    sums: dict[str, Ore] = {}
    for fact in case.payments():
        if fact.way == "bank" and fact.on in days and fact.reference.startswith(f"bank:{case.ocr}:"):
            whole = plan_pay.whole(fact.reference)
            sums[whole] = sums.get(whole, 0) + fact.amount
    return sums


def _both(first: Decision, second: Decision) -> Decision:
    return Decision(first.facts + second.facts, first.transfers + second.transfers, first.notices + second.notices)


def _suspended(
    keyed: Keyed, entry_id: int, ore: Ore, state: str = OPEN, *, how: str = "", twin_id: int | None = None
) -> _Placed:
    new = NewEntry(entry_id, keyed.key, keyed.entry, state, how, ore, twin_id)
    return _Placed(keyed, new, [], [_into_suspense(keyed.entry, entry_id, ore)])


def _into_suspense(entry: Entry, entry_id: int, ore: Ore) -> Move:
    return Move(ledger.FUNDS_BANK, ledger.SUSPENSE, ore, entry.value_on, "bank_in", f"e{entry_id}")
