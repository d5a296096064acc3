"""What a row says otherwise than the book, by the names of the columns. Never what stood in them."""

from collections.abc import Iterator

from core.claim import Claim
from core.files.claim_row import ClaimRow
from core.party import Debtor


def differing_terms(row: ClaimRow, known: Claim, same_debtor: bool) -> tuple[str, ...]:
    """The columns in which a row differs from the claim of that creditor and invoice number in the book."""
    said, terms, kept = row.claim, row.claim.interest, known.interest
    same = {
        "debtor_number": same_debtor,
        "invoice_date": said.invoice_date == known.invoice_date,
        "ground": said.ground == known.ground or not known.ground,  # empty: it was erased
        "origin_date": said.origin_date == known.origin_date,
        "due_date": said.due_date == known.due_date,
        "amount": said.principal == known.principal,
        "kind": said.kind == known.kind,
        "reminder_fee_agreed_on": said.fee_agreed_on == known.fee_agreed_on,
        "interest": (terms.starts_after is None, terms.rate_bp, terms.margin_bp)
        == (kept.starts_after is None, kept.rate_bp, kept.margin_bp),
        "interest_from": None in (terms.starts_after, kept.starts_after) or terms.starts_after == kept.starts_after,
        "day_count": terms.day_count == kept.day_count,
        "creditor_reminder_fee": said.creditor_reminder_fee == known.creditor_reminder_fee,
        "late_compensation": said.late_compensation == known.late_compensation,
        "original_creditor": said.original_creditor == known.original_creditor,
        "assigned_on": said.assigned_on == known.assigned_on,
    }
    return tuple(column for column, is_same in same.items() if not is_same)


def differing_person(row: ClaimRow, known: Debtor) -> Iterator[str]:
    """The columns in which a row differs from what is on file about a person who is known.

    Language is left out: people choose it themselves. An empty e-mail address or number says nothing.
    """
    said, address, kept = row.debtor, row.debtor.address, known.address
    if said.name != known.name:
        yield "debtor_name"
    for column in ("street", "postcode", "city", "country"):
        if getattr(address, column) != getattr(kept, column):
            yield column
    for column in ("email", "phone"):
        if getattr(said, column) not in (None, getattr(known, column)):
            yield column
