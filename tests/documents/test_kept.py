"""The statement and the receipts as documents that one keeps."""

import io
from datetime import UTC, date, datetime

from pypdf import PdfReader

from core.case import Case
from core.documents import owed, receipt
from core.documents.receipt import DisputeReceipt, PaymentReceipt
from core.facts import Registered
from core.rules.se import pack
from core.statement import Statement
from tests.documents.sara import AGENCY, CLAIM, CREDITOR, DEBTOR, DEMAND_FEE, PRINCIPAL, REMINDER_FEE, interest

JULY_31 = date(2025, 7, 31)
CASE = Case(
    1,
    "10000180",
    CREDITOR,
    DEBTOR,
    (CLAIM,),
    pack(),
    "SE",
    (Registered(on=date(2025, 7, 2), recorded_on=date(2025, 7, 2)),),
)
STATED = Statement(JULY_31, (PRINCIPAL, interest(JULY_31, 822), REMINDER_FEE, DEMAND_FEE), 124822, 0)
PAID = PaymentReceipt(
    receipt="10000180-1",
    ocr="10000180",
    debtor=DEBTOR,
    creditor=CREDITOR,
    on=JULY_31,
    way="swish",
    amount=124822,
    parts=(("principal", 100000), ("interest", 822), ("reminder", 6000), ("demand", 18000)),
    left=0,
    closed=True,
    at=datetime(2025, 7, 31, 12, 7, tzinfo=UTC),
)
DISPUTED = DisputeReceipt(
    "10000180-1", "10000180", DEBTOR, CREDITOR, JULY_31, 124822, date(2025, 8, 14), date(2025, 8, 21)
)


def read(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_a_statement_gives_every_line_with_its_reason() -> None:
    said = read(owed.render(AGENCY, CASE, STATED, "sv"))
    for part in (
        "Uträkning 31 juli 2025",
        "Faktura 5512 (kapital)",
        "Service av cykel 28 maj 2025. Sista betaldag var 1 juli 2025.",
        "Det är 30 dagar med 10 % om året på 1 000,00 kr (referensränta 2 % plus 8, räntelagen 6 §).",
        "1 248,22 kr",
        "Betala till bankgiro 991-2346, OCR 10000180. Mottagare är Schysst, klientmedel.",
    ):
        assert part in said, part


def test_a_statement_speaks_the_readers_language() -> None:
    said = read(owed.render(AGENCY, CASE, STATED, "en"))
    assert "Statement 31 July 2025" in said
    assert "SEK 1,248.22" in said
    assert "Page 1 of 1" in said


def test_a_receipt_for_money_is_complete_by_itself() -> None:
    said = read(receipt.render(AGENCY, PAID, "sv"))
    for part in (
        "Kvitto 10000180-1",
        "Vi fick 1 248,22 kr via Swish 31 juli 2025 klockan 14.07 för Norrhjul AB, ärende 10000180 (Sara Lind).",
        "Inkassokrav 180,00",
        "Kvar att betala: 0,00 kr.",
        "Ärendet är klart, utan betalningsanmärkning.",
        "Det du betalar till oss räknas som betalt till Norrhjul AB (inkassolagen 9 §).",
    ):
        assert part in said, part


def test_what_was_too_much_stands_in_the_receipt() -> None:
    over = PaymentReceipt(
        "10000180-1", "10000180", DEBTOR, CREDITOR, JULY_31, "bank", 130000, PAID.parts, 0, over=5178, closed=True
    )
    said = read(receipt.render(AGENCY, over, "en"))
    assert "Paid too much 51.78" in said
    assert "We received SEK 1,300.00 by bank transfer on 31 July 2025" in said


def test_a_receipt_for_a_dispute_says_what_is_stopped_and_who_answers_when() -> None:
    said = read(receipt.render(AGENCY, DISPUTED, "en"))
    assert "Stopped: SEK 1,248.22." in said
    assert "Norrhjul AB is to answer by Thursday 14 August 2025" in said


def test_the_same_receipt_is_the_same_bytes() -> None:
    assert receipt.render(AGENCY, PAID, "sv") == receipt.render(AGENCY, PAID, "sv")
