"""What is owed on a date, line by line, each line with its reason (specifikation; inkassolagen 5 §)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.books import Books, ClaimBooks, Settled, books
from core.case import Case
from core.claim import Claim
from core.facts import Credited
from core.interest import UNITS, amounts, per_day_units, without
from core.money import Ore, round_div


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``ore`` has the sign of the sum. ``kind``: principal, interest, cost, payment, waived, rounding;
    kept (of a payment, apart until somebody decides: it lowers nothing), over (too much, to be sent back), refund;
    credited (by the creditor), fallen (interest and costs that went with it), reduced (interest, räntelagen 8 §) or
    written_off (not asked for any more).

    An interest line has ``first``, ``last``, ``days``, ``rate_bp``, ``base_ore`` and, if it follows the reference
    rate, ``reference_bp`` (``assumed`` where that may still become another); a cost line its ``cost`` kind, day and
    legal ``basis``.
    """

    kind: str
    ore: Ore
    claim: int = 0
    on: date | None = None
    cost: str | None = None
    basis: str | None = None
    first: date | None = None
    last: date | None = None
    days: int = 0
    rate_bp: int = 0
    reference_bp: int | None = None
    base_ore: Ore = 0
    way: str | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """The sum on a day, its lines, and what one more day costs (exact, in ``1/UNITS`` öre)."""

    on: date
    lines: tuple[Line, ...]
    total: Ore
    day_units: int

    @property
    def per_day(self) -> Ore:
        """The cost of one more day, rounded to öre."""
        return round_div(self.day_units, UNITS)

    def of(self, kind: str) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind == kind)


def statement(case: Case, on: date, known_on: date | None = None) -> Statement:
    """What the case owes on a day, by value dates; ``known_on`` leaves out what was learned later.

    The lines always add up to the total. What went back of a payment that the bank then took is not of the claim and
    in no line: a person sees to it. Before the day on which the debt arose there are none. Raises UnknownRate past the
    rate table.
    """
    if on < arose_on(case):
        return Statement(on, (), 0, 0)
    if known_on is not None:
        case = case.known_on(known_on)
    book = books(case, on)
    lines = tuple(_lines(case, book))
    total = sum(line.ore for line in lines)
    assert total == book.total, f"case {case.id}: lines and books differ"
    return Statement(on, lines, total, _day_units(case, book, on))


def payable(case: Case, on: date) -> Statement:
    """What is to be paid on a day: the statement without what is disputed in part, as documents name it (design 4).

    A disputed part and the interest on it are in no line. Where nothing is disputed in part it is the statement.
    """
    book = books(case, on)
    if not book.frozen:
        return statement(case, on)
    lines = tuple(_lines(case, book, without_disputed=True))
    total = sum(line.ore for line in lines)
    return Statement(on, lines, total, _day_units(case, book, on, without_disputed=True))


def arose_on(case: Case) -> date:
    """The first day on which anything was owed."""
    return min(claim.origin_date for claim in case.claims)


def per_day(case: Case, on: date) -> Ore:
    """What one more day after ``on`` costs of what is to be paid, in öre."""
    return round_div(_day_units(case, books(case, on), on, without_disputed=True), UNITS)


def _day_units(case: Case, book: Books, on: date, without_disputed: bool = False) -> int:
    if book.still:
        return 0
    day = on + timedelta(days=1)
    rates = case.rules.rates
    return sum(
        per_day_units(b.principal_left - (b.frozen if without_disputed else 0), day, b.claim.interest, rates)
        for b in book.claims
        if b.principal_left and b.claim.interest.starts_after and b.claim.interest.starts_after < day
    )


def _lines(case: Case, book: Books, without_disputed: bool = False) -> Iterator[Line]:
    for claim_books in book.claims:
        claim = claim_books.claim
        left_out = claim_books.frozen if without_disputed else 0
        yield Line("principal", claim.principal - left_out, claim.id, on=claim.invoice_date)
        if claim_books.credited:
            yield Line("credited", -claim_books.credited, claim.id, on=_credited_on(case, claim.id))
        yield from _interest(claim_books, left_out)
    for cost in book.costs:
        yield Line("cost", cost.ore, cost.claim, on=cost.on, cost=cost.kind, basis=case.rules.basis[cost.kind])
    kept = {payment.fact.reference: ore for payment, ore in book.kept_of}
    for payment in book.payments:
        yield from _payment(payment, kept.get(payment.fact.reference, 0))
    if back := max(book.overpaid, 0) - book.kept:
        yield Line("over", back, on=max(payment.fact.on for payment in book.payments if payment.over))
    yield from _refunds(book)
    yield from _taken_off(case, book)


def _refunds(book: Books) -> Iterator[Line]:
    """What went back, as far as it was of money that came and is still there, the first of it first."""
    left = sum(payment.over for payment in book.payments)
    for day, ore in book.refunds:
        if backed := min(ore, left):
            left -= backed
            yield Line("refund", backed, on=day)


def _credited_on(case: Case, claim: int) -> date:
    """The day of the latest credit note; its value date may be the due date."""
    return max(fact.recorded_on for fact in case.all(Credited) if fact.whole or claim in dict(fact.parts))


def _taken_off(case: Case, book: Books) -> Iterator[Line]:
    """What fell away with a credit, by a person's word, or is not asked for any more."""
    credits = [fact for fact in case.all(Credited) if fact.on <= book.on]
    for waiver, ore in book.waivers:
        if ore:
            yield Line("reduced", -ore, on=waiver.on)
    if fallen := _fallen(book):
        yield Line("fallen", -fallen, on=next(fact.recorded_on for fact in reversed(credits) if fact.whole))
    for day, ore in book.written_off:
        if ore:
            yield Line("written_off", -ore, on=day)


def _fallen(book: Books) -> Ore:
    """The interest and costs that went away with a whole claim: all that fell, without what has lines of its own."""
    interest = sum(claim.interest_waived for claim in book.claims)
    interest -= sum(payment.waived for payment in book.payments) + sum(ore for _, ore in book.waivers)
    off = sum(cost.off for cost in book.costs) + sum(claim.off for claim in book.claims)
    return interest + off - sum(ore for _, ore in book.written_off)


def _interest(claim_books: ClaimBooks, left_out: Ore = 0) -> Iterator[Line]:
    claim: Claim = claim_books.claim
    lines = tuple(without(line, left_out) for line in claim_books.lines) if left_out else claim_books.lines
    for line, ore in zip(lines, amounts(lines), strict=True):
        yield Line(
            "interest",
            ore,
            claim.id,
            first=line.first,
            last=line.last,
            days=line.days,
            rate_bp=line.rate_bp,
            reference_bp=line.reference_bp,
            base_ore=line.base_ore,
            assumed=line.assumed,
        )


def _payment(payment: Settled, kept: Ore) -> Iterator[Line]:
    yield Line("payment", -payment.fact.amount, on=payment.fact.on, way=payment.fact.way)
    if kept:
        yield Line("kept", kept, on=payment.fact.on)
    if payment.waived:
        yield Line("waived", -payment.waived, on=payment.fact.on)
    if payment.rounding:
        yield Line("rounding", -payment.rounding, on=payment.fact.on)
