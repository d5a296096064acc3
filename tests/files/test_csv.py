"""Claims files as creditors write them: what is taken, and the line, column and code of all that is not."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import words
from core.claim import ClaimKind, DayCount, InterestTerms
from core.files import csv as claims_csv
from core.files.claim_columns import COLUMNS, REQUIRED, columns_doc, template
from core.files.claim_row import ClaimRow
from core.files.csv import ClaimFile, read_claims
from core.party import PartyKind

TODAY = date(2025, 7, 31)
GOOD = {
    "creditor_number": "556036-0793",
    "creditor_name": "Norrhjul AB",
    "debtor_number": "811228-9841",
    "debtor_name": "Sara Lind",
    "street": "Storgatan 1",
    "postcode": "114 55",
    "city": "Stockholm",
    "invoice_no": "5512",
    "invoice_date": "2025-05-30",
    "ground": "Cykelservice 28 maj 2025",
    "due_date": "2025-07-01",
    "amount": "1000,00",
}
COMPANY = {"debtor_number": "202100-5489", "debtor_name": "Kommunen"}


def file_of(*rows: dict[str, str], delimiter: str = ";") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def read(*rows: dict[str, str]) -> ClaimFile:
    return worded(file_of(*rows).encode())


def worded(data: bytes) -> ClaimFile:
    """Read a file and see that each reason in it can be told in every language."""
    file = read_claims(data, TODAY)
    for error in file.errors:
        for language in words.languages():
            assert words.text(language, error.message_key, **error.values)
    return file


def only(**cells: str) -> ClaimRow:
    """The one good row that these cells make of Sara Lind's."""
    file = read(GOOD | cells)
    assert [error.code for error in file.errors] == []
    return file.rows[0]


def check(cells: dict[str, str], column: str | None, code: str) -> None:
    """The row is refused with this one reason, and the good row after it stays."""
    file = read(GOOD | cells, GOOD | {"invoice_no": "next"})
    assert [(error.line, error.column, error.code) for error in file.errors] == [(2, column, code)]
    assert [row.claim.reference for row in file.rows] == ["next"]


def test_the_template_is_sara_linds_claim() -> None:
    file = read_claims(template().encode(), TODAY)
    assert (file.errors, file.ignored, file.refused) == ((), (), 0)
    (row,) = file.rows
    assert (row.line, row.key, row.creditor_name) == (2, ("5560360793", "5512"), "Norrhjul AB")
    assert (row.debtor.kind, row.debtor.name, row.debtor.number.reveal()) == (
        PartyKind.PERSON,
        "Sara Lind",
        "198112289841",
    )
    claim = row.claim
    assert (claim.principal, claim.origin_date, claim.due_date) == (1_000_00, date(2025, 5, 28), date(2025, 7, 1))
    assert (claim.kind, claim.reminder_fee_agreed) == (ClaimKind.CONSUMER, True)
    assert claim.interest == InterestTerms(date(2025, 7, 1))


def test_a_row_of_only_what_is_required() -> None:
    row = only()
    assert (row.debtor.language, row.debtor.address.country, row.debtor.email, row.debtor.phone) == (
        "sv",
        "SE",
        None,
        None,
    )
    assert row.claim.origin_date == row.claim.invoice_date
    assert not row.claim.reminder_fee_agreed


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(delimiter: str, encoding: str, newline: str) -> None:
    row = GOOD | {"debtor_name": "Åsa Öberg", "amount": "1000.50"}
    data = file_of(row, delimiter=delimiter).replace("\n", newline).encode(encoding)
    file = read_claims(data, TODAY)
    assert file.errors == ()
    assert (file.rows[0].debtor.name, file.rows[0].claim.principal) == ("Åsa Öberg", 1_000_50)


def test_each_line_has_the_encoding_that_it_has() -> None:
    first, second = GOOD | {"debtor_name": "Åsa Öberg"}, GOOD | {"debtor_name": "Märta €", "invoice_no": "2"}
    head, *lines = file_of(first, second).splitlines(keepends=True)
    mixed = head.encode() + lines[0].encode("utf-8") + lines[1].encode("cp1252")
    assert [row.debtor.name for row in read_claims(mixed, TODAY).rows] == ["Åsa Öberg", "Märta €"]
    marked = worded(b"\xef\xbb\xbf" + mixed)
    assert [(error.line, error.column, error.code) for error in marked.errors] == [(3, None, "encoding")]
    assert len(marked.rows) == 1


def test_swedish_headers_in_any_writing() -> None:
    names = {
        "creditor_number": "Borgenärens orgnr",
        "creditor_name": "Borgenär",
        "debtor_number": "PERSONNUMMER",
        "debtor_name": " Namn ",
        "street": "Adress",
        "postcode": "Postnr",
        "city": "Ort",
        "invoice_no": "Fakturanr",
        "invoice_date": "Fakturadatum",
        "ground": "Avser",
        "due_date": "Förfallodatum",
        "amount": "Belopp",
    }
    head, body = file_of(GOOD).splitlines()
    swedish = ";".join(names[name] for name in head.split(";"))
    assert len(read_claims(f"{swedish}\n{body}\n".encode("latin-1"), TODAY).rows) == 1
    wrong = read_claims(f"{swedish}\n{body.replace('1000,00', 'mycket')}\n".encode(), TODAY)
    assert [(error.column, error.code) for error in wrong.errors] == [("Belopp", "bad_amount")]


def test_quoted_cells_may_hold_separators_quotes_and_line_breaks() -> None:
    row = GOOD | {"ground": '"Ställ; 2 st ""Norr"""', "street": '"c/o Berg\nStorgatan 1"'}
    file = read(row, GOOD | {"invoice_no": "after", "amount": "x"})
    assert file.rows[0].claim.ground == 'Ställ; 2 st "Norr"'
    assert file.rows[0].debtor.address.street == "c/o Berg\nStorgatan 1"
    assert [(error.line, error.code) for error in file.errors] == [(4, "bad_amount")]


def test_a_quote_that_is_never_closed_costs_one_row_only() -> None:
    rows = [GOOD | {"invoice_no": str(number)} for number in range(20)]
    rows[3]["creditor_name"] = '"Norrhjul AB'
    file = read(*rows)
    assert [(error.line, error.column, error.code) for error in file.errors] == [(5, None, "bad_quotes")]
    assert len(file.rows) == 19


def test_blank_lines_are_counted_and_passed_over() -> None:
    head, body = file_of(GOOD).splitlines()
    text = f"sep=;\n\n{head}\n\n;;;\n{body}\n \n;;\n{body}\n\n"
    file = read_claims(text.encode(), TODAY)
    assert [row.line for row in file.rows] == [6]
    assert [(error.line, error.code) for error in file.errors] == [(9, "duplicate_row")]


def test_the_same_invoice_twice_is_told_with_its_first_line() -> None:
    file = read(GOOD, GOOD | {"invoice_no": "5513"}, GOOD)
    assert [(error.line, error.column, error.code, dict(error.values)) for error in file.errors] == [
        (4, "invoice_no", "duplicate_row", {"first_line": "2"})
    ]
    assert len(file.rows) == 2


def test_a_refused_row_does_not_block_its_mended_repeat() -> None:
    file = read(GOOD | {"amount": "0"}, GOOD)
    assert (len(file.rows), file.refused) == (1, 1)


def test_unknown_columns_are_named_and_left_out() -> None:
    assert read(GOOD | {"Säljare": "Kim"}).ignored == ("Säljare",)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["empty_file"]),
        (b"\n \n", ["empty_file"]),
        (b"hello\nworld\n", ["no_header"]),
        (b'"\n', ["bad_quotes"]),
        (b"\x00\x01\x02", ["no_text"]),
        ("amount;kund\n".encode("utf-16"), ["utf16"]),
        (b"amount;" * 5_000, ["no_header"]),
        (b"amount;amount\n1;2\n", ["missing_column"] * (len(REQUIRED) - 1) + ["duplicate_column"]),
    ],
)
def test_what_is_no_claims_file(data: bytes, codes: list[str]) -> None:
    file = worded(data)
    assert [error.code for error in file.errors] == codes
    assert file.rows == ()


def test_a_missing_column_is_named() -> None:
    head, body = file_of({name: cell for name, cell in GOOD.items() if name != "ground"}).splitlines()
    file = read_claims(f"{head}\n{body}\n".encode(), TODAY)
    assert [(error.line, error.column, error.code) for error in file.errors] == [(1, "ground", "missing_column")]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims_csv, "ROWS_MAX", 2)
    file = read(*(GOOD | {"invoice_no": str(number)} for number in range(4)))
    assert (len(file.rows), [(error.line, error.code) for error in file.errors]) == (2, [(4, "too_many_rows")])
    monkeypatch.setattr(claims_csv, "BYTES_MAX", 10)
    assert [error.code for error in read(GOOD).errors] == ["file_too_large"]


def test_rows_that_are_cut_off_or_run_over() -> None:
    head, body = file_of(GOOD).splitlines()
    file = worded(f"{head}\n556036-0793;Norrhjul AB;8112\n{body};x;y\n{body};;\n".encode())
    assert [(error.line, error.column, error.code) for error in file.errors] == [
        (2, None, "too_few_cells"),
        (3, None, "too_many_cells"),
    ]
    assert len(file.rows) == 1


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        *(({name: ""}, name, "missing") for name in REQUIRED),
        ({"creditor_number": "556036-0794"}, "creditor_number", "number_check_digit"),
        ({"creditor_number": "811228-9841"}, "creditor_number", "number_kind"),
        ({"creditor_number": "5560"}, "creditor_number", "number_length"),
        ({"debtor_number": "811228-9842"}, "debtor_number", "number_check_digit"),
        ({"debtor_number": "556036-0794"}, "debtor_number", "number_check_digit"),
        ({"debtor_number": "811328-9840"}, "debtor_number", "number_date"),
        ({"debtor_number": "8112"}, "debtor_number", "number_format"),
        ({"debtor_kind": "organisation"}, "debtor_number", "kind_contradicts_number"),
        ({"debtor_kind": "person", "debtor_number": "202100-5489"}, "debtor_number", "kind_contradicts_number"),
        ({"debtor_kind": "dog"}, "debtor_kind", "unknown_debtor_kind"),
        ({"debtor_name": "x" * 101}, "debtor_name", "too_long"),
        ({"debtor_name": "Sara\x07Lind"}, "debtor_name", "control_character"),
        ({"postcode": "1145"}, "postcode", "bad_postcode"),
        ({"country": "Norge"}, "country", "unknown_country"),
        ({"email": "sara at example"}, "email", "bad_email"),
        ({"phone": "12"}, "phone", "bad_phone"),
        ({"language": "svenska"}, "language", "unknown_language"),
        ({"amount": "tusen"}, "amount", "bad_amount"),
        ({"amount": "0,00"}, "amount", "amount_not_positive"),
        ({"amount": "-100"}, "amount", "amount_not_positive"),
        ({"amount": "0,99"}, "amount", "amount_below_krona"),
        (COMPANY | {"debtor_number": "556036-0793"}, "debtor_number", "debtor_is_creditor"),
        ({"invoice_date": "2025-02-30"}, "invoice_date", "bad_date"),
        ({"due_date": "1 juli"}, "due_date", "bad_date"),
        ({"due_date": "01/07/2025"}, "due_date", "bad_date"),
        ({"invoice_date": "2025-08-01", "due_date": "2025-09-01"}, "invoice_date", "in_the_future"),
        ({"origin_date": "2025-08-01"}, "origin_date", "in_the_future"),
        ({"due_date": "2025-05-29"}, "due_date", "due_before_invoice"),
        ({"debtor_number": "20080701-2398"}, "debtor_number", "minor_at_origin"),
        ({"ground": "Cykel"}, "ground", "ground_vague"),
        ({"ground": "Faktura 5512"}, "ground", "ground_vague"),
        ({"ground": "12345678"}, "ground", "ground_vague"),
        ({"kind": "gift"}, "kind", "unknown_kind"),
        (COMPANY | {"kind": "consumer"}, "kind", "kind_contradicts_debtor"),
        ({"reminder_fee_agreed_on": "kanske"}, "reminder_fee_agreed_on", "not_yes_or_no"),
        ({"reminder_fee_agreed_on": "2025-13-01"}, "reminder_fee_agreed_on", "bad_date"),
        ({"interest": "lots"}, "interest", "bad_interest"),
        ({"interest": "800"}, "interest", "bad_interest"),
        ({"interest": "reference+"}, "interest", "bad_interest"),
        ({"interest_from": "2025-06-30"}, "interest_from", "interest_before_due"),
        ({"day_count": "ACT/364"}, "day_count", "unknown_day_count"),
        ({"creditor_reminder_fee": "60"}, "creditor_reminder_fee", "fee_not_agreed"),
        ({"late_compensation": "yes"}, "late_compensation", "not_for_consumers"),
        (COMPANY | {"late_compensation": "ja", "interest": "none"}, "late_compensation", "no_late_interest"),
        ({"original_creditor": "Gamla Cyklar AB"}, "assigned_on", "assignment_incomplete"),
        ({"assigned_on": "2025-07-02"}, "original_creditor", "assignment_incomplete"),
        (
            {"original_creditor": "Gamla Cyklar AB", "assigned_on": "2025-05-01"},
            "assigned_on",
            "assigned_before_origin",
        ),
        ({"undisputed": "nej"}, "undisputed", "disputed"),
    ],
)
def test_a_bad_cell_is_told_by_line_column_and_code(cells: dict[str, str], column: str, code: str) -> None:
    check(cells, column, code)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"origin_date": "2022-07-30"}, "origin_date", "time_barred"),
        ({"invoice_date": "2022-07-30"}, "invoice_date", "time_barred"),
        ({"kind": "consumer_credit", "interest": "22,01"}, "interest", "rate_above_cap"),
        ({"kind": "consumer_credit", "interest": "reference+20,5"}, "interest", "rate_above_cap"),
        (
            {"creditor_reminder_fee": "60,01", "reminder_fee_agreed_on": "ja"},
            "creditor_reminder_fee",
            "fee_above_cap",
        ),
    ],
)
def test_limits_that_move_with_time_hold_for_new_claims(cells: dict[str, str], column: str, code: str) -> None:
    [error] = only(**cells).if_new
    assert (error.line, error.column, error.code) == (2, column, code)
    assert code in {error.code for error in read(GOOD | cells | {"phone": "1"}).errors}
    assert only().if_new == ()


def test_every_wrong_cell_of_a_row_is_told_at_once() -> None:
    file = read(GOOD | {"amount": "x", "due_date": "2025-01-01", "phone": "1", "creditor_number": "1"})
    assert {error.code for error in file.errors} == {"bad_amount", "due_before_invoice", "bad_phone", "number_length"}
    assert file.refused == 1


@pytest.mark.parametrize("text", ["2025-07-01", "20250701", "01.07.2025", "1.7.2025", "2025-7-1", "2025-07-01 00:00"])
def test_dates(text: str) -> None:
    assert only(due_date=text).claim.due_date == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "ore"), [("1 000,00", 100000), ("1.000,50", 100050), ("999.9", 99990), ("1\u00a0000 kr", 100000)]
)
def test_amounts(text: str, ore: int) -> None:
    assert only(amount=text).claim.principal == ore


@pytest.mark.parametrize(
    ("text", "runs", "rate_bp", "margin_bp"),
    [
        ("", True, None, 800),
        ("none", False, None, 800),
        ("ingen", False, None, 800),
        ("reference+8", True, None, 800),
        ("Referensräntan + 10,5 %", True, None, 1050),
        ("12,5", True, 1250, 800),
        ("12.50 %", True, 1250, 800),
    ],
)
def test_interest_terms(text: str, runs: bool, rate_bp: int | None, margin_bp: int) -> None:
    starts_after = date(2025, 7, 1) if runs else None
    assert only(interest=text).claim.interest == InterestTerms(starts_after, rate_bp, margin_bp)


def test_interest_from_a_later_day_with_another_day_count() -> None:
    terms = only(interest_from="2025-07-15", day_count="30/360").claim.interest
    assert (terms.starts_after, terms.day_count) == (date(2025, 7, 15), DayCount.E30_360)
    assert only(day_count="act/365f").claim.interest.day_count is DayCount.ACT_365F


def test_a_company_owes_as_a_business_and_may_owe_compensation() -> None:
    row = only(**COMPANY, late_compensation="ja")
    assert (row.debtor.kind, row.debtor.number.reveal()) == (PartyKind.ORGANISATION, "2021005489")
    assert (row.claim.kind, row.claim.late_compensation) == (ClaimKind.BUSINESS, True)


def test_a_sole_trader_owes_as_a_business_under_a_personal_number() -> None:
    row = only(kind="business", origin_date="2016-01-01")
    assert (row.debtor.kind, row.claim.kind) == (PartyKind.PERSON, ClaimKind.BUSINESS)


def test_the_reminder_fee_is_agreed_by_date_or_by_yes() -> None:
    assert only(reminder_fee_agreed_on="ja").claim.fee_agreed_on == date(2025, 5, 30)
    assert not only(reminder_fee_agreed_on="2025-05-31").claim.reminder_fee_agreed
    assert only(reminder_fee_agreed_on="nej").claim.fee_agreed_on is None
    assert only(reminder_fee_agreed_on="ja", creditor_reminder_fee="60").claim.creditor_reminder_fee == 60_00


def test_contact_and_address_in_normal_form() -> None:
    row = only(phone="070-123 45 67", email="sara@example.se", country="Sverige", postcode="11455", language="EN")
    assert (row.debtor.phone, row.debtor.email, row.debtor.language) == ("+46701234567", "sara@example.se", "en")
    assert (row.debtor.address.postcode, row.debtor.address.country) == ("114 55", "SE")
    assert only(phone="0046 (0)70-123 45 67").debtor.phone == "+46701234567"
    assert only(country="NO", postcode="0150").debtor.address.postcode == "0150"


def test_an_assigned_claim_names_whom_it_came_from() -> None:
    claim = only(original_creditor="Gamla Cyklar AB", assigned_on="2025-07-10").claim
    assert (claim.original_creditor, claim.assigned_on) == ("Gamla Cyklar AB", date(2025, 7, 10))


def test_a_thousand_rows_with_twenty_bad_ones() -> None:
    spoil: list[Callable[[dict[str, str]], dict[str, str]]] = [
        lambda row: row | {"amount": "0"},
        lambda row: row | {"debtor_number": "811228-9842"},
        lambda row: row | {"ground": ""},
        lambda row: row | {"due_date": "2025-01-01"},
    ]
    rows = [GOOD | {"invoice_no": str(number)} for number in range(1000)]
    for number in range(0, 1000, 50):
        rows[number] = spoil[number // 50 % 4](rows[number])
    file = read(*rows)
    assert (len(file.rows), file.refused, len(file.errors)) == (980, 20, 20)
    assert [error.line for error in file.errors] == list(range(2, 1002, 50))


def test_reasons_never_repeat_what_stood_in_a_cell() -> None:
    secret = "19811228-9842"
    file = read(GOOD | dict.fromkeys(GOOD, secret) | {"phone": secret, "interest": secret, "kind": secret})
    assert file.errors
    assert secret not in repr(file.errors)
    assert "9841" not in repr(read(GOOD))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall(data: bytes) -> None:
    assert isinstance(read_claims(data, TODAY), ClaimFile)


@given(st.lists(st.text(max_size=12), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_cells_make_it_fall(cells: list[str]) -> None:
    head = ";".join(column.name for column in COLUMNS)
    file = read_claims(f"{head}\n{';'.join(cells)}\n".encode("utf-8", "replace"), TODAY)
    assert file.rows == ()


def test_the_columns_are_documented() -> None:
    doc = columns_doc()
    assert all(f"| `{column.name}` |" in doc for column in COLUMNS)
    assert len({alias for column in COLUMNS for alias in column.aliases}) == sum(len(c.aliases) for c in COLUMNS)
