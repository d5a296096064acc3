"""The written notices as PDF: reminder (betalningspåminnelse), demand (inkassokrav), final notice, end of a pause.

A letter that is not complete under inkassolagen 5 § is never made: a defective demand earns no fee and opens no way to
Kronofogden. Swedish is binding; every letter brings a page in the reader's language.
"""

from collections.abc import Iterator
from datetime import timedelta

from core.documents import cover, letter_text, typeset
from core.documents.letter_data import LetterData, LetterKind
from core.documents.sheet import Sheet
from core.errors import Refusal


class Incomplete(Refusal):
    """The letter lacks something that the law wants in it; ``fields`` names what, never its content."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__("incomplete_letter", fields=fields)
        self.fields = fields


def render(data: LetterData, lang: str) -> bytes:
    """The letter as PDF. Same data, same bytes. Raises Incomplete rather than print a defective letter."""
    return printed(data, sheets(data, lang))


def printed(data: LetterData, written: tuple[Sheet, ...]) -> bytes:
    """The PDF of the letter's sheets, for whoever wants their text as well."""
    return typeset.pdf(letter_text.paper(data, written))


def sheets(data: LetterData, lang: str) -> tuple[Sheet, ...]:
    """The Swedish letter, and the page that explains it in the reader's language. Raises Incomplete."""
    lacking = missing(data)
    if lacking:
        raise Incomplete(lacking)
    if cover.exists(lang):
        return letter_text.sheet(data), cover.sheet(data, lang)
    return (letter_text.sheet(data),)


def missing(data: LetterData) -> tuple[str, ...]:
    """What the letter lacks under inkassolagen 5 § and `domain.md` 3.1, as names of fields; nothing when complete."""
    if data.kind is LetterKind.ANSWER:
        return tuple(_parties(data))  # it demands nothing
    lacking = (*_parties(data), *_claims(data), *_interest(data), *_costs(data), *_sum(data), *_ways(data))
    return tuple(dict.fromkeys(lacking))


def _parties(data: LetterData) -> Iterator[str]:
    """Who asks, for whom and whom; the licence (2 §)."""
    agency, debtor, address = data.agency, data.debtor, data.debtor.address
    wanted = {
        "creditor.name": data.creditor.name,
        "creditor.number": data.creditor.number,
        "agency.name": agency.name,
        "agency.number": agency.number,
        "agency.address": agency.address,
        "agency.phone": agency.phone,
        "agency.email": agency.email,
        "agency.licence": agency.licence,
        "debtor.name": debtor.name,
        "debtor.number": debtor.number.reveal(),
        "debtor.street": address.street,
        "debtor.postcode": address.postcode,
        "debtor.city": address.city,
    }
    return _empty(wanted)


def _claims(data: LetterData) -> Iterator[str]:
    """A clear ground for each claim: what, when, invoice, due date; who had it before, if it was assigned."""
    if not data.claims:
        yield "claims"
    for claim in data.claims:
        yield from _empty({"claim.ground": claim.ground, "claim.reference": claim.reference})
        if claim.principal <= 0:
            yield "claim.principal"
        if claim.assigned_on and not claim.original_creditor:
            yield "claim.original_creditor"
        if not any(line.kind == "principal" and line.claim == claim.id for line in data.lines):
            yield "principal.line"


def _interest(data: LetterData) -> Iterator[str]:
    """For interest: the accrued amount, the rate, the period and the principal it is computed on."""
    for line in data.lines:
        if line.kind != "interest":
            continue
        if line.ore < 0:
            yield "interest.amount"
        if line.rate_bp <= 0:
            yield "interest.rate"
        if line.base_ore <= 0:
            yield "interest.base"
        if line.first is None or line.last is None or line.last < line.first or line.days <= 0:
            yield "interest.period"


def _costs(data: LetterData) -> Iterator[str]:
    """Each kind of cost on a line of its own, with its legal basis; none under a name that says nothing."""
    for line in data.lines:
        if line.kind != "cost":
            continue
        if not line.cost:
            yield "cost.kind"
        elif not letter_text.names(line.cost):
            yield f"cost.name:{line.cost}"
        if not line.basis:
            yield f"cost.basis:{line.cost or ''}"
        if line.on is None:
            yield f"cost.day:{line.cost or ''}"


def _sum(data: LetterData) -> Iterator[str]:
    if sum(line.ore for line in data.lines) != data.total:
        yield "total"
    if data.total <= 0:
        yield "nothing_owed"
    if data.per_day < 0:
        yield "per_day"


def _ways(data: LetterData) -> Iterator[str]:
    """A suitable way to pay, reasonable time to pay or object, how to object, where to complain, what comes next."""
    agency = data.agency
    wanted = {
        "ocr": data.ocr,
        "agency.bankgiro": agency.bankgiro,
        "agency.swish": agency.swish,
        "agency.complaint_email": agency.complaint_email,
        "agency.public_url": agency.public_url,
        "link": data.link,
        "code": data.code.reveal(),
        "verify_code": data.verify_code,
    }
    yield from _empty(wanted)
    least = 0 if data.kind is LetterKind.RESUMED else LEAST_DAYS
    if data.deadline < data.printed_on + timedelta(days=least):
        yield "deadline"
    if data.kind is LetterKind.DEMAND and (data.final_on is None or data.final_on <= data.deadline):
        yield "final_on"
    if data.kind is LetterKind.FINAL_NOTICE:
        if data.demand_on is None or data.demand_on >= data.printed_on:
            yield "demand_on"
        if data.application_fee <= 0:
            yield "application_fee"


#: No document gives fewer days than this to pay or object (good practice, inkassolagen 4, 5 §§). After a pause the days
#: count from its end, which was told as well; the paper may leave a little later.
LEAST_DAYS = 8


def _empty(wanted: dict[str, str]) -> Iterator[str]:
    return (name for name, value in wanted.items() if not value.strip())
