"""A made-up claims file: people and companies with one invoice or two, and bad rows of twenty kinds."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from stdnum import luhn

from core.files.claim_columns import COLUMNS
from core.files.claim_row import ClaimRow
from core.files.csv import read_claims
from tests.scale.lawful import Invoice

CREDITORS = (("559999-0016", "Norrhjul AB"), ("559999-0024", "Solros Tandvård AB"))

#: One fault a row: what it changes, and the code by which the answer names it.
FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"amount": "noll"}, "bad_amount"),
    ({"amount": "-500"}, "amount_not_positive"),
    ({"amount": ""}, "missing"),
    ({"debtor_number": "811228-9842"}, "number_check_digit"),
    ({"debtor_number": "8112289"}, "number_format"),
    ({"debtor_number": "20150101-9804"}, "minor_at_origin"),
    ({"debtor_kind": "person", "debtor_number": "556036-0793"}, "kind_contradicts_number"),
    ({"creditor_number": "559999-0017"}, "number_check_digit"),
    ({"due_date": "2025-02-30"}, "bad_date"),
    ({"due_date": "2001-01-01"}, "due_before_invoice"),
    ({"invoice_date": "2099-01-01"}, "in_the_future"),
    ({"origin_date": "2001-01-01"}, "time_barred"),
    ({"ground": "tjänst"}, "ground_vague"),
    ({"postcode": "9032"}, "bad_postcode"),
    ({"kind": "gåva"}, "unknown_kind"),
    ({"interest": "mycket"}, "bad_interest"),
    ({"email": "sara(at)example"}, "bad_email"),
    ({"creditor_reminder_fee": "75"}, "fee_above_cap"),
    ({"late_compensation": "yes"}, "not_for_consumers"),
    ({"undisputed": "no"}, "disputed"),
)

_AGREED = "reminder_fee_agreed_on"
_COLUMNS = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True)
class Row:
    """A good row: its cells, and what follows from them."""

    cells: dict[str, str]
    invoice: Invoice

    @property
    def debtor(self) -> tuple[str, str]:
        return self.cells["creditor_number"], self.cells["debtor_number"]


def read(rows: tuple[Row, ...], today: date) -> tuple[ClaimRow, ...]:
    """The rows as the product reads them, for tests that have no command line."""
    claims = read_claims(as_csv(rows).encode(), today)
    assert claims.errors == ()
    return claims.rows


def claims(number: int, today: date) -> tuple[Row, ...]:
    """So many unlike claims. Every seventh debtor has two invoices, every fifth is a company."""
    return tuple(islice(_rows(today), number))


def plain(number: int, today: date) -> str:
    """One invoice of each of so many people, all of them due today or in the last weeks."""
    rows = []
    for n in range(number):
        row = _row(n, 0, False, today - timedelta(days=n % 25), today)
        agreed = "yes" if n % 2 else "no"
        rows.append(
            replace(row, cells={**row.cells, "kind": "consumer", "amount": f"{500 + n},50"} | {_AGREED: agreed})
        )
    return as_csv(tuple(rows))


def as_csv(rows: tuple[Row, ...], bad: int = 0) -> str:
    """The rows as a Swedish spreadsheet writes them, ``bad`` rows of unlike faults spread among them."""
    cells = [row.cells for row in rows]
    plain = next(row for row in cells if row["kind"] == "consumer")
    step = max(len(cells) // max(bad, 1), 1)
    for number in range(bad):
        change, _ = FAULTS[number % len(FAULTS)]
        cells.insert(number * (step + 1), {**plain, "invoice_no": f"FEL{number}", **change})
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerows(cells)
    return text.getvalue()


def by_case(rows: tuple[Row, ...], today: date) -> dict[str, tuple[Invoice, ...]]:
    """The invoices of each case, by the first of its invoice numbers: those due share one, others wait alone."""
    cases: dict[str, tuple[Invoice, ...]] = {}
    shared: dict[tuple[str, str], str] = {}
    for row in rows:
        number = row.invoice.reference
        if row.invoice.due < today:
            number = shared.setdefault(row.debtor, number)
        cases[number] = (*cases.get(number, ()), row.invoice)
    return cases


def _rows(today: date) -> Iterator[Row]:
    number = 0
    while True:
        company, invoices = number % 5 == 4, 2 if number % 7 == 6 else 1
        for one in range(invoices):
            due = today + timedelta(days=20 - (number * 11 + one * 3) % 80)
            yield _row(number, one, company, due, today)
        number += 1


def _row(number: int, one: int, company: bool, due: date, today: date) -> Row:
    agreed = number % 3 != 0
    ore = 50_050 + number * 1_337
    creditor_number, creditor_name = CREDITORS[number % 2]
    cells = dict.fromkeys(_COLUMNS, "") | {
        "creditor_number": creditor_number,
        "creditor_name": creditor_name,
        "debtor_number": _organisation(number) if company else person(number),
        "debtor_name": f"Påhittad {number} AB" if company else f"Påhittad Person {number}",
        "street": f"Storgatan {number + 1}",
        "postcode": "903 26",
        "city": "Umeå",
        "invoice_no": f"F{number}-{one}",
        "invoice_date": min(due - timedelta(days=30), today).isoformat(),
        "ground": "service av cykel i våras" if number % 2 else "behandling och undersökning i mars",
        "due_date": due.isoformat(),
        "amount": f"{ore // 100},{ore % 100:02}",
        "kind": "business" if company else "rent" if number % 9 == 3 else "consumer",
        _AGREED: "yes" if agreed else "no",
        "late_compensation": "yes" if company and number % 2 else "no",
    }
    return Row(cells, Invoice(cells["invoice_no"], due, ore, agreed, cells["late_compensation"] == "yes"))


def person(number: int) -> str:
    """A personal number of somebody grown up; birth numbers 980 to 999 belong to nobody."""
    born = date(1950, 1, 1) + timedelta(days=number // 20)
    base = f"{born:%y%m%d}{980 + number % 20}"
    return f"{born:%Y%m%d}-{980 + number % 20}{luhn.calc_check_digit(base)}"


def _organisation(number: int) -> str:
    base = f"5599{number % 100_000:05}"
    return f"{base[:6]}-{base[6:]}{luhn.calc_check_digit(base)}"
