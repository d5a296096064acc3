"""Claims handed over: read, matched with who is known, and registered. The same claim twice is one claim."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core import registration
from core.case import Case, CaseId, Decision
from core.claim import Claim
from core.errors import NotAllowed, Refusal
from core.files.claim_row import ClaimRow, RowError
from core.files.csv import read_claims
from core.files.known import differing_person, differing_terms
from core.party import STAFF, Actor, Creditor, Debtor, Role
from core.rules.se.identifiers import make_ocr
from core.services import known_addresses
from core.services.house import House
from core.store import audit, handed_over, people
from core.store.book import DecideClaims, Handover
from core.store.database import transaction

#: So many debtors are registered in one transaction: quick, and short enough for others to write between.
BATCH = 50
POLICY = "SE"
#: An OCR reference has at least eight digits, so that people and banks take it for one.
OCR_BASE = 100_000

#: Words behind a Swedish company's name that nobody says aloud.
_LEGAL_FORMS = frozenset({"ab", "aktiebolag", "hb", "handelsbolag", "kb", "kommanditbolag", "(publ)"})


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file: claims newly stored, those that were there before, and each reason for a refused row.

    ``notes`` say what a file tells otherwise than the book about people who are known, which changes nothing;
    ``ignored`` are the columns that we do not know.
    """

    accepted: int = 0
    already: int = 0
    errors: tuple[RowError, ...] = ()
    notes: tuple[RowError, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """The number of rows that were refused, each of them whole."""
        return len({error.line for error in self.errors})

    def and_also(self, other: "ImportResult") -> "ImportResult":
        """Both together, reasons and notes in order of line."""
        return ImportResult(
            self.accepted + other.accepted,
            self.already + other.already,
            tuple(sorted((*self.errors, *other.errors), key=_line)),
            tuple(sorted((*self.notes, *other.notes), key=_line)),
            (*self.ignored, *other.ignored),
        )


def _line(error: RowError) -> int:
    return error.line


async def import_claims(house: House, actor: Actor, data: bytes) -> ImportResult:
    """Read a claims file and register its good rows; each bad one is named by line, column and reason.

    Raises NotAllowed for all but staff.
    """
    _staff_only(actor)
    read = read_claims(data, house.clock.today())
    unread = ImportResult(errors=read.errors, ignored=read.ignored)
    result = unread.and_also(await register_claims(house, actor, read.rows))
    counts = {"accepted": result.accepted, "already": result.already, "refused": result.refused}
    digest = hashlib.sha256(data).hexdigest()
    async with transaction():
        await handed_over.keep_file(digest, "claims", actor.label, house.clock.now(), **counts)
        await audit.record(audit.HOUSE, house.clock.now(), actor.label, "import", {"sha256": digest, **counts})
    return result


async def register_claims(house: House, actor: Actor, rows: Iterable[ClaimRow]) -> ImportResult:
    """Register claims that are in order. One creditor's on one debtor share a case where the rules allow it."""
    _staff_only(actor)
    done = ImportResult()
    for batch in _batches(_by_debtor(rows), BATCH):
        try:
            async with transaction():
                registered = await _register(house, actor, batch)
        except Refusal:
            # One of them is refused: the others are not to suffer for it.
            registered = await _one_by_one(house, actor, batch)
        done = done.and_also(registered)
    return done


async def _one_by_one(house: House, actor: Actor, batch: Sequence[Sequence[ClaimRow]]) -> ImportResult:
    done = ImportResult()
    for row in (row for group in batch for row in group):
        try:
            async with transaction():
                registered = await _register(house, actor, [[row]])
        except Refusal as refusal:
            registered = _refused(row, refusal)
        done = done.and_also(registered)
    return done


def _refused(row: ClaimRow, refusal: Refusal) -> ImportResult:
    if refusal.code == "claim_known":  # somebody else handed it over a moment ago
        return ImportResult(already=1)
    values = {name: str(value) for name, value in refusal.facts.items()}
    return ImportResult(errors=(RowError(row.line, None, refusal.code, values),))


async def _register(house: House, actor: Actor, batch: Sequence[Sequence[ClaimRow]]) -> ImportResult:
    """Register the claims of several debtors, each group one creditor's on one of them."""
    handovers: list[Handover] = []
    done = ImportResult()
    for group in batch:
        new, looked_up = await _look_up(house, group)
        done = done.and_also(looked_up)
        if new:
            creditor = await _creditor(house, group[0])
            debtor = await people.add_debtor(house.keys, group[0].debtor, house.clock.today())
            handovers += await _place(house, actor, creditor, debtor, [row.claim for row in new])
            done = done.and_also(ImportResult(accepted=len(new)))
    if handovers:
        opened = await house.book.register(handovers, _decide(house), ocr_of, actor)
        await known_addresses.bind(house, opened)
    return done


async def _look_up(house: House, group: Sequence[ClaimRow]) -> tuple[list[ClaimRow], ImportResult]:
    """Which rows are to be registered, and what becomes of the others."""
    creditor = await people.creditor_by_number(group[0].creditor_number)
    references = [row.claim.reference for row in group]
    known = await handed_over.known(creditor.id, references) if creditor else {}
    person = await people.debtor_by_number(house.keys, group[0].debtor.number)
    new: list[ClaimRow] = []
    result = ImportResult()
    for row in group:
        if row.claim.reference in known:
            claim, debtor_id = known[row.claim.reference]
            columns = differing_terms(row, claim, person is not None and person.id == debtor_id)
            result = result.and_also(
                ImportResult(errors=(_about(row, "differs", columns),)) if columns else ImportResult(already=1)
            )
        elif row.if_new:
            result = result.and_also(ImportResult(errors=row.if_new))
        else:
            new.append(row)
        if person and (changed := tuple(differing_person(row, person))):
            result = result.and_also(ImportResult(notes=(_about(row, "person_differs", changed),)))
    return new, result


def _about(row: ClaimRow, code: str, columns: Sequence[str]) -> RowError:
    return RowError(row.line, columns[0] if len(columns) == 1 else None, code, {"columns": ", ".join(columns)})


async def _place(house: House, actor: Actor, creditor: Creditor, debtor: Debtor, claims: list[Claim]) -> list[Handover]:
    """Put claims that may join into the debtor's case, and give back the cases that are to be opened."""
    today = house.clock.today()
    opening: list[Handover] = []
    for together in registration.into_cases(claims, today):
        case = await _joinable(house, creditor, debtor, together)
        if case is None:
            opening.append(Handover(creditor, debtor, together, POLICY))
        else:
            await house.book.join(case.id, together, _decide(house), actor)
    return opening


async def _joinable(house: House, creditor: Creditor, debtor: Debtor, claims: Sequence[Claim]) -> Case | None:
    today = house.clock.today()
    for case_id in await handed_over.open_cases(creditor.id, debtor.id):
        case = await house.book.load(case_id)
        if all(registration.joins(case, claim.due_date, today) for claim in claims):
            return case
    return None


async def _creditor(house: House, row: ClaimRow) -> Creditor:
    found = await people.creditor_by_number(row.creditor_number)
    if found is not None:
        return found
    new = Creditor(0, row.creditor_name, short_name(row.creditor_name), row.creditor_number)
    return await people.add_creditor(new, house.clock.today())


def _decide(house: House) -> DecideClaims:
    today = house.clock.today()

    def decide(case: Case, claim_ids: tuple[int, ...]) -> Decision:
        return registration.register(case, claim_ids, today)

    return decide


def ocr_of(case_id: CaseId) -> str:
    """A case's OCR reference, with its length digit: case 1 has 10000180."""
    return make_ocr(f"{OCR_BASE + case_id}")


def short_name(name: str) -> str:
    """How we speak of a creditor: ``Norrhjul`` for Norrhjul AB."""
    words = [word for word in name.split() if word.casefold().strip(",.") not in _LEGAL_FORMS]
    return " ".join(words) or name


def _by_debtor(rows: Iterable[ClaimRow]) -> Iterator[list[ClaimRow]]:
    """The rows of one creditor on one debtor, in the order of the file."""
    groups: dict[tuple[str, str], list[ClaimRow]] = {}
    for row in rows:
        groups.setdefault((row.creditor_number, row.debtor.number.reveal()), []).append(row)
    return iter(groups.values())


def _batches(groups: Iterator[list[ClaimRow]], size: int) -> Iterator[list[list[ClaimRow]]]:
    while batch := list(islice(groups, size)):
        yield batch


def _staff_only(actor: Actor) -> None:
    if actor.role not in STAFF and actor.role is not Role.SYSTEM:
        raise NotAllowed
