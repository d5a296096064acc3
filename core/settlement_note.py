"""The settlement note (avräkningsnota): what came in for a creditor, what is ours and the VAT on it, what is paid out.

It is also the invoice for our services. Its content is plain JSON (`content`): every amount is there with the transfers
that it is the sum of, so that anybody can compute it again (`note_check`) without asking us. Amounts are öre.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core.agency import Agency
from core.case import Case
from core.facts import PaymentReceived
from core.ledger import VAT_BP
from core.money import Ore
from core.note_amounts import Amounts, added, of_transfers, taxed
from core.party import Creditor, Debtor, PartyKind

FORMAT: Final = "schysst.settlement-note/1"
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One row of the book on a note: ``id`` is its number there; ``case`` is missing for a payout that came back.

    ``note`` is then the number of the note that it was made by.
    """

    id: int
    case: int | None
    debit: str
    credit: str
    ore: Ore
    booked_on: date
    value_on: date
    kind: str
    source: str
    line: int
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier notes of a case add up to, and which of them charged for it: VAT is rounded on the total so far."""

    fees: Ore = 0
    charged: Ore = 0
    interest: Ore = 0
    vat: Ore = 0
    notes: tuple[int, ...] = ()


#: Debit, credit and öre of transfers that stand on a note, and the note's number; None in a draft.
Noted = tuple[str, str, Ore, int | None]


def so_far(noted: Iterable[Noted]) -> Before:
    """What the notes of a case say of our pay."""
    by_note: dict[int | None, list[tuple[str, str, Ore]]] = defaultdict(list)
    for debit, credit, ore, number in noted:
        by_note[number].append((debit, credit, ore))
    each = {number: of_transfers(moves) for number, moves in by_note.items()}
    total = added(each.values())
    charging = sorted(number for number, amounts in each.items() if number is not None and _charges(amounts))
    return Before(
        total["fees_ore"], total["charged_ore"], total["interest_ours_ore"], total["vat_ore"], tuple(charging)
    )


def _charges(amounts: Amounts) -> bool:
    return bool(amounts["fees_ore"] + amounts["charged_ore"] + amounts["vat_ore"] > 0)


@dataclass(frozen=True, slots=True)
class Details:
    """What an invoice says of the creditor beyond its name and number, and whether debtors stand by name or initials.

    ``account`` is where the money goes, as ``kind:number``.
    """

    address: str = ""
    vat: str = ""
    names: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a note. ``on`` is its own date."""

    from_on: date
    through_on: date
    on: date


def content(
    agency: Agency,
    creditor: Creditor,
    details: Details,
    period: Period,
    moved: Iterable[Moved],
    cases: Mapping[int, Case],
    before: Mapping[int, Before],
    carried_in: Ore,
) -> Content:
    """A note without a number: a draft. Nothing is paid out unless it reaches the creditor's least.

    Raises UnknownMove for a transfer that no note can explain.
    """
    by_case: dict[int | None, list[Moved]] = defaultdict(list)
    for row in sorted(moved, key=lambda row: row.id):
        by_case[row.case].append(row)
    parts = [
        _case(cases[number], rows, before.get(number, Before()), names=details.names)
        for number, rows in by_case.items()
        if number is not None
    ]
    others = [{**_line(rows, None), "note": rows[0].note} for rows in _by_source(by_case[None])]
    total = added([*(part["sum"] for part in parts), *(line["amounts"] for line in others)])
    balance = carried_in + total["net_ore"]
    payout = balance if balance >= max(creditor.terms.payout_least_ore, 1) else 0
    return {
        "format": FORMAT,
        "number": None,
        "on": period.on.isoformat(),
        "period": {"from": period.from_on.isoformat(), "through": period.through_on.isoformat()},
        "currency": "SEK",
        "agency": _agency(agency),
        "creditor": {
            "name": creditor.name,
            "number": creditor.number,
            "address": details.address,
            "vat": details.vat,
        },
        "cases": parts,
        "others": others,
        "sum": total,
        "vat": vat_table(parts),
        "credit": credit_part(parts),
        "carried_in_ore": carried_in,
        "net_ore": total["net_ore"],
        "payout_ore": payout,
        "carried_out_ore": balance - payout,
        "payee": {"account": details.account, "reference": ""},
    }


def numbered(draft: Content, number: int, on: date) -> Content:
    """The note as it is issued."""
    payee = {**draft["payee"], "reference": reference(number)}
    return {**draft, "number": number, "on": on.isoformat(), "payee": payee}


def reference(number: int) -> str:
    """What the creditor's bank shows beside the payout: letters and figures that every bank takes."""
    return f"AVRAKNING {number}"


def vat_table(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Ore]]:
    """What VAT is charged on, and how much, for each rate."""
    bases = [taxed(part["sum"], vat_on_interest=part["vat_on_interest"]) for part in parts]
    vat = sum(part["sum"]["vat_ore"] for part in parts)
    return [{"rate_bp": VAT_BP, "base_ore": sum(bases), "vat_ore": vat}] if any(bases) or vat else []


def credit_part(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What is taken back of earlier notes (kreditnota), which it names; None where nothing is."""
    lines = [
        (taxed(line["amounts"], vat_on_interest=part["vat_on_interest"]), line["amounts"]["vat_ore"], part["corrects"])
        for part in parts
        for line in part["lines"]
        if part["corrects"] and is_credit(line["amounts"])
    ]
    if not lines:
        return None
    notes = sorted({number for _, _, numbers in lines for number in numbers})
    return {
        "notes": notes,
        "base_ore": sum(base for base, _, _ in lines),
        "vat_ore": sum(vat for _, vat, _ in lines),
    }


def is_credit(amounts: Mapping[str, Any]) -> bool:
    """Whether a line takes back some of our pay or of the VAT on it."""
    return bool(amounts["fees_ore"] + amounts["charged_ore"] < 0 or amounts["vat_ore"] < 0)


def initials(debtor: Debtor, *, names: bool) -> str:
    """A person by initials, unless the creditor wants names; one with protected details never by name.

    Whose name was erased has none.
    """
    if debtor.kind is PartyKind.ORGANISATION or (names and not debtor.protected):
        return debtor.name
    return "".join(f"{part[0].upper()}." for part in debtor.name.split()) or "-"


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "name": agency.name,
        "address": agency.address,
        "number": agency.number,
        "vat": agency.vat,
        "f_tax": agency.f_tax,
        "phone": agency.phone,
        "email": agency.email,
    }


def _case(case: Case, rows: Sequence[Moved], before: Before, *, names: bool) -> dict[str, Any]:
    lines = [_line(of_one, case) for of_one in _by_source(rows)]
    total = added(line["amounts"] for line in lines)
    terms = case.money_terms
    on_interest = terms.vat_on_interest and not terms.interest_to_creditor
    so_far = {
        "taxed_ore": before.fees + before.charged + (before.interest if on_interest else 0),
        "vat_ore": before.vat,
    }
    credited = any(is_credit(line["amounts"]) for line in lines)
    return {
        "ocr": case.ocr,
        "debtor": initials(case.debtor, names=names),
        "invoices": [claim.reference for claim in case.claims],
        "vat_on_interest": on_interest,
        "vat_bp": VAT_BP,
        "before": so_far,
        "lines": lines,
        "sum": total,
        "after": {
            "taxed_ore": so_far["taxed_ore"] + taxed(total, vat_on_interest=on_interest),
            "vat_ore": so_far["vat_ore"] + total["vat_ore"],
        },
        "corrects": list(before.notes) if credited else [],
    }


def _by_source(rows: Sequence[Moved]) -> list[list[Moved]]:
    """What was booked together, in the order in which it was."""
    by_source: dict[str, list[Moved]] = defaultdict(list)
    for row in rows:
        by_source[row.source].append(row)
    return list(by_source.values())


def _line(rows: Sequence[Moved], case: Case | None) -> dict[str, Any]:
    first = rows[0]
    amounts: Amounts = of_transfers((row.debit, row.credit, row.ore) for row in rows)
    return {
        "source": first.source,
        "kind": first.kind,
        "booked_on": first.booked_on.isoformat(),
        "value_on": first.value_on.isoformat(),
        "payment": _payment(case, first.source) if case else None,
        "amounts": amounts,
        "transfers": [
            {
                "id": row.id,
                "line": row.line,
                "debit": row.debit,
                "credit": row.credit,
                "amount_ore": row.ore,
                "booked_on": row.booked_on.isoformat(),
                "value_on": row.value_on.isoformat(),
            }
            for row in rows
        ],
    }


def _payment(case: Case, source: str) -> dict[str, Any] | None:
    """The payment that a line is about. Its amount stands only where the line takes all of it in, or takes it back."""
    for fact in case.all(PaymentReceived):
        booked, reversed_ = f"payment:{fact.reference}", f"{case.ocr}:reversed:{fact.receipt}"
        if source in (booked, reversed_):
            return {**_told(case, fact), "amount_ore": fact.amount}
        if source == f"{booked}:released":
            return _told(case, fact)
    return None


def _told(case: Case, fact: PaymentReceived) -> dict[str, Any]:
    return {
        "reference": fact.reference,
        "receipt": f"{case.ocr}-{fact.receipt}",
        "on": fact.on.isoformat(),
        "way": fact.way,
    }
