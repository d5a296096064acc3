"""Looking at cases: the overview, one case, a search, and what has happened. Nobody sees more than is theirs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from core import credit
from core.books import books
from core.case import Case
from core.dunning import current_deadline, next_on
from core.errors import NotAllowed
from core.facts import (
    Acknowledged,
    Closed,
    CostsCharged,
    Credited,
    DisputeAnswered,
    DisputeRaised,
    Fact,
    HoldLifted,
    HoldPlaced,
    NoticeIssued,
    NoticeOpened,
    PaymentReceived,
    PaymentReleased,
    PaymentReversed,
    Quoted,
    Refunded,
    RefundReturned,
    Registered,
    Reopened,
    StepTaken,
    StepWithdrawn,
    kind_of,
    to_data,
)
from core.money import Ore
from core.party import CREDITOR_SIDE, STAFF, Actor, Role
from core.reversal import is_reckoned
from core.services import tries
from core.services.house import House
from core.services.tries import REACH
from core.standing import standing
from core.store import audit
from core.store import search as find_cases

#: What an event of the timeline shows. A creditor never learns why a person asked for a pause (design 6).
SHOWN: tuple[type[Fact], ...] = (
    *(Registered, StepTaken, NoticeIssued, NoticeOpened, StepWithdrawn, Quoted, PaymentReceived),
    *(DisputeRaised, DisputeAnswered, HoldPlaced, HoldLifted, Acknowledged, Closed),
    *(PaymentReversed, PaymentReleased, Refunded, RefundReturned, Reopened, Credited, CostsCharged),
)
#: The kind of an entry that is a try to reach somebody.
TRIED = "tried"
HIDDEN_FROM_CREDITORS = frozenset({"ref", "reason", "channel", "how"})


@dataclass(frozen=True, slots=True, repr=False)
class CaseRow:
    """A case in a list. ``total_ore`` is what is owed today, ``next_on`` when something may happen by itself."""

    id: int
    ocr: str
    creditor_name: str
    debtor_name: str
    references: tuple[str, ...]
    total_ore: Ore
    process: str
    payment: str
    handling: str
    deadline: date | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: its day, the stored name of its kind, and the facts of it."""

    on: date
    kind: str
    facts: dict[str, Any]


async def overview(house: House, actor: Actor) -> tuple[CaseRow, ...]:
    """A person's own cases as far as their proof opens them, open ones first. Raises NotAllowed for anybody else."""
    if actor.role is not Role.DEBTOR:
        raise NotAllowed
    ids = await find_cases.cases_of_debtor(actor.id)
    return await _rows(house, actor, tuple(case_id for case_id in ids if not actor.cases or case_id in actor.cases))


async def open_case(house: House, actor: Actor, case_id: int) -> Case:
    """One case. Raises NotFound when there is none or it is not the actor's, in the same words."""
    return (await house.book.load(case_id)).open_to(actor)


async def find(house: House, actor: Actor, ocr: str) -> Case:
    """A case by its OCR number, however it was typed. Raises NotFound as `open_case` does."""
    return (await house.book.find("".join(ocr.split()))).open_to(actor)


async def search(house: House, actor: Actor, text: str, limit: int = 8, offset: int = 0) -> tuple[CaseRow, ...]:
    """By OCR, invoice number or name; a creditor's people find their own, staff all. Raises NotAllowed."""
    ids = await find_cases.cases(text, _whose(actor), limit, offset)
    if actor.role in STAFF:
        # Staff see everybody's: that they looked, and whom they were shown, is written down (inkassolagen 11 §).
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, "cases.searched", {"cases": list(ids)})
    return await _rows(house, actor, ids)


async def of_ids(house: House, actor: Actor, ids: tuple[int, ...]) -> tuple[CaseRow, ...]:
    """These cases as rows of a list. Raises NotFound for one that is not the actor's."""
    return await _rows(house, actor, ids)


async def count(house: House, actor: Actor, text: str) -> int:
    """How many cases the search meets, however many of them are shown."""
    return await find_cases.count(text, _whose(actor))


def _whose(actor: Actor) -> int | None:
    """The creditor to whose cases a search is limited; None for staff."""
    if actor.role in STAFF or actor.role is Role.SYSTEM:
        return None
    if actor.role in CREDITOR_SIDE and actor.creditor_id is not None:
        return actor.creditor_id
    raise NotAllowed


async def timeline(house: House, actor: Actor, case_id: int) -> tuple[Entry, ...]:
    """What has happened in a case, oldest first. Where its debtor was tried to be reached is for staff alone."""
    case = await open_case(house, actor, case_id)
    entries = list(_entries(case, creditor=actor.role in CREDITOR_SIDE))
    if actor.role in STAFF:
        entries += [Entry(fact.on, kind_of(fact), to_data(fact)) for fact in case.person if isinstance(fact, REACH)]
        entries += [Entry(told.on, TRIED, asdict(told)) for told in await tries.of_case(case_id)]
    return tuple(sorted(entries, key=lambda entry: entry.on))


def _entries(case: Case, creditor: bool) -> Iterator[Entry]:
    for fact in sorted((fact for fact in case.facts if isinstance(fact, SHOWN)), key=_happened_on):
        if isinstance(fact, HoldPlaced | HoldLifted) and is_reckoned(fact.ref):
            continue
        data = to_data(fact)
        if isinstance(fact, Credited):
            data |= {"ore": credit.ore_of(case, fact), "told": credit.note_of(case, fact)}
        if creditor and not isinstance(fact, PaymentReceived | DisputeRaised):
            data = {name: value for name, value in data.items() if name not in HIDDEN_FROM_CREDITORS}
        yield Entry(_happened_on(fact), kind_of(fact), data)


def _happened_on(fact: Fact) -> date:
    """A credit counts from the due date, and happens on the day on which it is given."""
    return fact.recorded_on if isinstance(fact, Credited) else fact.on


async def _rows(house: House, actor: Actor, ids: tuple[int, ...]) -> tuple[CaseRow, ...]:
    today = house.clock.today()
    return tuple([_row((await house.book.load(case_id)).open_to(actor), today) for case_id in ids])


def _row(case: Case, today: date) -> CaseRow:
    stands = standing(case, today)
    return CaseRow(
        id=case.id,
        ocr=case.ocr,
        creditor_name=case.creditor.short_name,
        debtor_name=case.debtor.name,
        references=tuple(claim.reference for claim in case.claims),
        total_ore=max(books(case, today).payable, 0),
        process=stands.process,
        payment=stands.payment,
        handling=stands.handling,
        deadline=current_deadline(case),
        next_on=next_on(case, today),
    )
