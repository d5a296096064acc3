"""What a payment that waits is likely for: clues looked up set by set, weighed by `core.guessing`, booked by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import guessing
from core.bank import Reference
from core.books import books
from core.case import Case
from core.guessing import AMOUNT, INVOICE, MISTYPED, NAME, NAMED, PAYER, SENDER, Candidate, Clue
from core.money import Ore
from core.party import Actor
from core.services.house import House
from core.services.taking import staff_only
from core.store import bank
from core.store import matching as store
from core.store.matching import EntryRow
from core.store.secrets import SecretsMissing

SHOWN: Final = 3


@dataclass(frozen=True, slots=True, repr=False)
class Likely:
    """A likely match as staff see it: whose case, what it is asked for today, and why it is likely.

    Of several cases together the names are those of the first.
    """

    candidate: Candidate
    debtor: str
    creditor: str
    payable: Ore


async def matches(house: House, actor: Actor, row: EntryRow) -> tuple[Likely, ...]:
    """The likeliest cases of a payment that came in; none for one that went out."""
    staff_only(actor)
    if row.rest <= 0:
        return ()
    clues, cases = await _clues(house, row)
    today = house.clock.today()
    payable = {ocr: _payable(case, today) for ocr, case in cases.items()}
    found = guessing.ranked(clues, row.rest, row.refs, row.text, payable)
    return tuple(_likely(each, cases, payable) for each in found[:SHOWN])


async def _clues(house: House, row: EntryRow) -> tuple[list[Clue], Mapping[str, Case]]:
    """All clues, with the cases that they lead to."""
    written = await _written(row)
    paid_before = await store.cases_by_payer(_hashes(house, row), row.id)
    names = await store.cases_by_name({*guessing.name_forms(row.payer_name), *guessing.names_in(row.text)})
    asked = await store.cases_asked_for(row.rest)
    ids = {*written, *paid_before, *names, *asked}
    cases, today = await house.book.load_many(ids), house.clock.today()
    asks = {case_id: guessing.asks(case, row.rest, today) for case_id, case in cases.items()}
    clues = [Clue(cases[case_id].ocr, why, said) for case_id, found in written.items() for why, said in found]
    clues += [Clue(cases[case_id].ocr, PAYER, day.isoformat()) for case_id, day in paid_before.items()]
    clues += [Clue(cases[case_id].ocr, NAME) for case_id in names]
    known = {*written, *paid_before, *names}
    alone = sum(1 for case_id in asked if asks[case_id]) == 1
    clues += [Clue(cases[each].ocr, AMOUNT, said) for each, said in asks.items() if said and (alone or each in known)]
    led_to = {clue.ocr for clue in clues}
    return clues, {case.ocr: case for case in cases.values() if case.ocr in led_to}


async def _written(row: EntryRow) -> dict[int, list[tuple[str, str]]]:
    """What the payer wrote: numbers that are ours, also as the sender's id, numbers one slip away, invoices."""
    found: dict[int, list[tuple[str, str]]] = {}
    numbers = guessing.numbers(row.refs, row.text)
    near = {slip: number for number in reversed(numbers) for slip in guessing.slips(number)}
    # A slip of the hand is looked for in what a hand wrote; the sender's id is their system's.
    by_system = guessing.numbers((Reference(row.end_to_end, structured=False),), "")
    ours = await bank.cases_by_ocr({*numbers, *near, *by_system})
    for ocr, case_id in ours.items():
        clue = (NAMED, ocr) if ocr in numbers else (SENDER, ocr) if ocr in by_system else (MISTYPED, near[ocr])
        found.setdefault(case_id, []).append(clue)
    for case_id, reference in (await store.cases_by_reference(guessing.tokens(row.refs, row.text))).items():
        found.setdefault(case_id, []).append((INVOICE, reference))
    return found


def _hashes(house: House, row: EntryRow) -> tuple[str, ...]:
    """Under which hashes other payments of the same account were stored, whatever key was the newest then."""
    if row.payer_account is None:
        return ()
    try:
        return house.keys.find_any(house.keys.decrypt(row.payer_account, bank.PAYER), bank.PAYER)
    except SecretsMissing:
        return ()


def _payable(case: Case, today: date) -> Ore:
    return 0 if case.closed else max(books(case, today).payable, 0)


def _likely(candidate: Candidate, cases: Mapping[str, Case], payable: Mapping[str, Ore]) -> Likely:
    first = cases[candidate.parts[0].ocr]
    owed = sum(payable[part.ocr] for part in candidate.parts)
    return Likely(candidate, first.debtor.name, first.creditor.short_name, owed)
