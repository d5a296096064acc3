"""What a row of a claims file must satisfy to become a claim, and the reason when it does not.

Every wrong cell of a row is reported, so that a file is mended in one go; a row with an error is refused whole.
Errors carry codes, columns, dates and limits, never names or numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from core.claim import Claim, ClaimKind, DayCount, InterestTerms
from core.files import cells as read
from core.files.cells import BadCell
from core.limitation import is_barred
from core.party import Address, Debtor, Hidden, PartyKind
from core.rules.se import fees, limitation, rates
from core.rules.se import identifiers as ids

T = TypeVar("T")

#: Letters that a ground must have beside the invoice number and words such as "faktura" (inkassolagen 5 §).
GROUND_LENGTH_MIN = 8
#: Late interest on consumer credit is at most the reference rate + 20 points (konsumentkreditlagen 19 a §).
CREDIT_MARGIN_BP_MAX = 2_000
#: For that ceiling alone the last known rate may run on: it refuses a file's row, and counts nothing.
_REFERENCE = rates.rates(carry_on=True)


@dataclass(frozen=True, slots=True)
class RowError:
    """One reason. ``line`` is the physical line, ``column`` the name that the file uses (None: the whole row).

    ``code`` is stable; ``values`` fill in its words.
    """

    line: int
    column: str | None
    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def message_key(self) -> str:
        """The key of the sentence in the catalogue."""
        return f"import.{self.code}"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A good row: whose claim, on whom, and the claim. The ids are 0 until they are stored.

    ``if_new`` says why it cannot be taken today unless it was taken before: limits that move with time say nothing
    about a claim that is in the book.
    """

    line: int
    creditor_number: str
    creditor_name: str
    debtor: Debtor
    claim: Claim
    if_new: tuple[RowError, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes a claim the same claim: its creditor and the creditor's invoice number."""
        return self.creditor_number, self.claim.reference


def read_row(
    line: int, cells: Mapping[str, str], headers: Mapping[str, str], today: date
) -> ClaimRow | tuple[RowError, ...]:
    """Read the cells of one row, by column name. ``headers`` are the names that the file itself uses."""
    row = _Row(line, cells, headers, today)
    creditor_number = row.take("creditor_number", ids.organisation_number)
    creditor_name = row.take("creditor_name", read.text(100))
    debtor = _debtor(row)
    claim = _claim(row, debtor)
    row.take("undisputed", _undisputed, None)
    if debtor and debtor.number.reveal() == creditor_number:
        row.refuse("debtor_number", "debtor_is_creditor")
    if row.errors or claim is None or debtor is None or creditor_number is None or creditor_name is None:
        assert row.errors, "a row without errors is whole"
        return (*row.errors, *row.errors_if_new)
    return ClaimRow(line, creditor_number, creditor_name, debtor, claim, tuple(row.errors_if_new))


class _Row:
    """The cells of one row while they are read; collects what is wrong."""

    def __init__(self, line: int, cells: Mapping[str, str], headers: Mapping[str, str], today: date) -> None:
        self.line, self.cells, self.headers, self.today = line, cells, headers, today
        self.errors: list[RowError] = []
        self.errors_if_new: list[RowError] = []

    def take(self, column: str, parse: Callable[[str], T], *default: T) -> T | None:
        """The value of a cell. Empty: the default, or an error where there is none. Wrong: an error and None."""
        text = self.cells.get(column, "")
        try:
            if not text:
                if default:
                    return default[0]
                raise BadCell("missing")
            read.no_control_characters(text)
            return parse(text)
        except BadCell as bad:
            self.refuse(column, bad.code, **bad.values)
        except ids.BadIdentifier as bad:
            self.refuse(column, f"number_{bad.code}")
        return None

    def refuse(self, column: str, code: str, **values: str) -> None:
        self.errors.append(self._error(column, code, values))

    def refuse_new(self, column: str, code: str, **values: str) -> None:
        """Refuse the claim unless it is in the book already: today's limit need not have been that of its day."""
        self.errors_if_new.append(self._error(column, code, values))

    def _error(self, column: str, code: str, values: Mapping[str, str]) -> RowError:
        return RowError(self.line, self.headers.get(column, column), code, values)

    def past(self, text: str) -> date:
        """A date that is not after today."""
        day = read.day(text)
        if day > self.today:
            raise BadCell("in_the_future", today=self.today.isoformat())
        return day


def _debtor(row: _Row) -> Debtor | None:
    name = row.take("debtor_name", read.text(100))
    stated = row.take("debtor_kind", read.party_kind, None)
    number = row.take("debtor_number", lambda text: _debtor_number(text, stated, row.today))
    address = _address(row)
    language = row.take("language", read.language, "sv")
    email = row.take("email", read.email, None)
    phone = row.take("phone", read.phone, None)
    if name is None or number is None or address is None or language is None:
        return None
    kind, digits = number
    return Debtor(0, kind, name, Hidden(digits), address, language, email, phone)


def _debtor_number(text: str, stated: PartyKind | None, today: date) -> tuple[PartyKind, str]:
    """The number, and whether it is that of a person or of an organisation."""
    is_organisation = ids.looks_like_organisation(text)
    if stated is PartyKind.PERSON and is_organisation:
        raise BadCell("kind_contradicts_number")
    if stated is not PartyKind.ORGANISATION and not is_organisation:
        return PartyKind.PERSON, ids.personal_number(text, today)
    try:
        return PartyKind.ORGANISATION, ids.organisation_number(text)
    except ids.BadIdentifier as bad:
        raise BadCell("kind_contradicts_number" if bad.code == "kind" else f"number_{bad.code}") from None


def _address(row: _Row) -> Address | None:
    street = row.take("street", read.text(200))
    city = row.take("city", read.text(60))
    country = row.take("country", read.country, "SE")
    postcode = row.take("postcode", _swedish_postcode if country == "SE" else read.text(20))
    if street is None or city is None or country is None or postcode is None:
        return None
    return Address(street, postcode, city, country)


def _swedish_postcode(text: str) -> str:
    try:
        return ids.show_postcode(ids.postcode(text))
    except ids.BadIdentifier:
        raise BadCell("bad_postcode") from None


def _claim(row: _Row, debtor: Debtor | None) -> Claim | None:
    """The claim, with every check that needs more than one cell. None when a cell that it needs is wrong."""
    reference = row.take("invoice_no", read.text(80))
    ground = row.take("ground", lambda text: _ground(text, reference or ""))
    principal = row.take("amount", read.amount)
    invoice_date = row.take("invoice_date", row.past)
    origin = row.take("origin_date", row.past, invoice_date)
    due = row.take("due_date", read.day)
    kind = row.take("kind", read.claim_kind, _usual_kind(debtor))
    interest = _interest(row, due)
    agreed_on = row.take("reminder_fee_agreed_on", lambda text: _agreed_on(text, origin), None)
    compensation = row.take("late_compensation", read.yes_or_no, False)
    reminded = row.take("creditor_reminder_fee", read.amount_or_zero, 0)
    original = row.take("original_creditor", read.text(100), None)
    assigned_on = row.take("assigned_on", row.past, None)
    if due and invoice_date and due < invoice_date:
        row.refuse("due_date", "due_before_invoice", invoice_date=invoice_date.isoformat())
    if reference is None or ground is None or principal is None or invoice_date is None or origin is None:
        return None
    if due is None or kind is None or interest is None or compensation is None or reminded is None or debtor is None:
        return None
    claim = Claim(
        id=0,
        reference=reference,
        principal=principal,
        ground=ground,
        invoice_date=invoice_date,
        origin_date=origin,
        due_date=due,
        interest=interest,
        kind=kind,
        fee_agreed_on=agreed_on,
        late_compensation=compensation,
        creditor_reminder_fee=reminded,
        original_creditor=original,
        assigned_on=assigned_on,
    )
    _check_debtor(row, claim, debtor)
    _check_dates(row, claim)
    _check_costs(row, claim)
    return claim


def _ground(text: str, reference: str) -> str:
    """What was bought: the invoice number alone is no ground (inkassolagen 5 §: tydlig grund)."""
    ground = read.text(300)(text)
    if len(ground) < GROUND_LENGTH_MIN or not read.says_something(ground, reference):
        raise BadCell("ground_vague", least=str(GROUND_LENGTH_MIN))
    return ground


def _usual_kind(debtor: Debtor | None) -> ClaimKind:
    organisation = debtor is not None and debtor.kind is PartyKind.ORGANISATION
    return ClaimKind.BUSINESS if organisation else ClaimKind.CONSUMER


def _interest(row: _Row, due: date | None) -> InterestTerms | None:
    terms = row.take("interest", read.interest, read.Interest())
    starts_after = row.take("interest_from", read.day, due)
    day_count = row.take("day_count", read.day_count, DayCount.ACT_ACT)
    if due and starts_after and starts_after < due:
        row.refuse("interest_from", "interest_before_due", due=due.isoformat())
    if terms is None or day_count is None or starts_after is None:
        return None
    return InterestTerms(starts_after if terms.runs else None, terms.rate_bp, terms.margin_bp, day_count)


def _agreed_on(text: str, origin: date | None) -> date | None:
    """A date, or yes for the day on which the debt arose (lag (1981:739) 2 §)."""
    try:
        return read.day(text)
    except BadCell:
        if len(text) > 1 and text[0].isdigit():
            raise
        return origin if read.yes_or_no(text) else None


def _undisputed(text: str) -> None:
    if not read.yes_or_no(text):
        raise BadCell("disputed")


def _check_dates(row: _Row, claim: Claim) -> None:
    """Not statute-barred (preskriptionslagen 2 §), and an assignment is told whole (inkassolagen 5 §)."""
    barred_after = limitation.limitation_on(claim)
    if is_barred(barred_after, row.today):
        column = "origin_date" if row.cells.get("origin_date") else "invoice_date"
        row.refuse_new(column, "time_barred", day=barred_after.isoformat())
    if (claim.original_creditor is None) != (claim.assigned_on is None):
        column = "assigned_on" if claim.assigned_on is None else "original_creditor"
        row.refuse(column, "assignment_incomplete")
    elif claim.assigned_on is not None and claim.assigned_on < claim.origin_date:
        row.refuse("assigned_on", "assigned_before_origin", origin_date=claim.origin_date.isoformat())


def _check_costs(row: _Row, claim: Claim) -> None:
    """What the creditor adds stays within lag (1981:739), and interest on credit within konsumentkreditlagen 19 a §."""
    terms = claim.interest
    above_reference = terms.margin_bp if terms.rate_bp is None else terms.rate_bp - _REFERENCE.at(row.today)
    if claim.kind is ClaimKind.CONSUMER_CREDIT and above_reference > CREDIT_MARGIN_BP_MAX:
        row.refuse_new("interest", "rate_above_cap", points=str(CREDIT_MARGIN_BP_MAX // 100))
    fee, cap = claim.creditor_reminder_fee, fees.CREDITOR_REMINDER.at(row.today)
    if fee > cap:
        row.refuse_new("creditor_reminder_fee", "fee_above_cap", kronor=str(cap // 100))
    elif fee and not claim.reminder_fee_agreed:
        row.refuse("creditor_reminder_fee", "fee_not_agreed")
    if claim.late_compensation and claim.kind is not ClaimKind.BUSINESS:
        row.refuse("late_compensation", "not_for_consumers")
    elif claim.late_compensation and claim.interest.starts_after is None:
        row.refuse("late_compensation", "no_late_interest")


def _check_debtor(row: _Row, claim: Claim, debtor: Debtor) -> None:
    """An organisation is no consumer, and nobody owes what arose before they were 18 (föräldrabalken 9:1)."""
    if debtor.kind is PartyKind.ORGANISATION:
        if claim.kind in (ClaimKind.CONSUMER, ClaimKind.CONSUMER_CREDIT):
            row.refuse("kind", "kind_contradicts_debtor")
    elif limitation.minor_at_origin(ids.birth_date(debtor.number.reveal(), row.today), claim.origin_date):
        row.refuse("debtor_number", "minor_at_origin")
