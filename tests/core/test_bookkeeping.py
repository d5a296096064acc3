"""The worked example of the domain notes (V1) as the agency's and the creditor's vouchers, and the file around them."""

import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from core import ledger
from core.bookkeeping import Accounts, Moved, NoteMoves, Voucher, creditor_vouchers, financial_year, used, vouchers
from core.files import sie4
from core.ledger import Transfer
from core.party import CreditorTerms
from tests.core.test_worked_numbers import charged
from tests.files.sie import parse

PAID, PAYOUT, SHARE = date(2025, 7, 31), date(2025, 8, 4), date(2025, 8, 5)
ACCOUNTS = Accounts()


def moved(transfers: Iterable[Transfer], case: str | None = "1000017") -> list[Moved]:
    return [Moved(one.booked_on, one.kind, one.debit, one.credit, one.ore, case is None, case) for one in transfers]


def v1() -> list[Moved]:
    """Principal 1 000, reminder 60, demand 180, interest 8.22: paid, settled, paid out, and our share moved."""
    world = charged(CreditorTerms())
    world.today = PAID
    world.pay(124_822, "bank")
    house = [
        Moved(PAYOUT, "payout", ledger.PAYABLE, ledger.FUNDS_TRANSIT, 94_000, house=True),
        Moved(PAYOUT, "payout_confirmed", ledger.FUNDS_TRANSIT, ledger.FUNDS_BANK, 94_000, house=True),
        Moved(SHARE, "own_share", ledger.FEES_EARNED, ledger.FUNDS_TRANSIT, 24_000, house=True),
        Moved(SHARE, "own_share", ledger.INTEREST_EARNED, ledger.FUNDS_TRANSIT, 822, house=True),
        Moved(SHARE, "own_share", ledger.VAT_PAYABLE, ledger.FUNDS_TRANSIT, 6_000, house=True),
    ]
    return [*moved(world.case.transfers), *house]


def test_the_worked_example_is_four_vouchers() -> None:
    made = vouchers(v1(), ACCOUNTS)
    assert [(one.number, one.on, dict(one.rows)) for one in made] == [
        (1, PAID, {"1940": 124_822, "2830": -124_822}),
        (2, PAID, {"2830": 30_822, "3001": -24_000, "2611": -6_000, "8313": -822}),
        (3, PAYOUT, {"1940": -94_000, "2830": 94_000}),
        (4, SHARE, {"1940": -30_822, "1930": 30_822}),
    ]
    assert made[1].text == "Avräkning ärende 1000017"
    left = {account: sum(dict(one.rows).get(account, 0) for one in made) for account in ("1940", "2830")}
    assert left == {"1940": 0, "2830": 0}


def test_the_creditors_voucher_is_what_it_got_its_vat_and_the_invoice() -> None:
    theirs = tuple(one for one in v1() if ledger.PAYABLE in (one.debit, one.credit))
    [made] = creditor_vouchers([NoteMoves(7, PAYOUT, 94_000, theirs)], ACCOUNTS)
    assert dict(made.rows) == {"1930": 94_000, "2641": 6_000, "1510": -100_000}
    assert made.text == "Avräkningsnota 7"


def test_what_is_carried_forward_is_a_claim_on_the_agency() -> None:
    earned = Moved(PAID, "payment", ledger.ENTRUSTED, ledger.PAYABLE, 10_000)
    made = creditor_vouchers([NoteMoves(1, PAID, 0, (earned,)), NoteMoves(2, PAYOUT, 20_000, (earned,))], ACCOUNTS)
    assert [dict(one.rows) for one in made] == [
        {"1510": -10_000, "1680": 10_000},
        {"1930": 20_000, "1510": -10_000, "1680": -10_000},
    ]


def test_the_settlement_voucher_reads_as_the_specification_has_it() -> None:
    [_, settlement, *_] = vouchers(v1(), ACCOUNTS)
    voucher = replace(settlement, number=1, text="Avrakning arende 1000017")
    body = sie4.write(sie4.Company("Exempel Inkasso AB", "5599990032", PAID), {}, [voucher], "A").decode("cp437")
    assert """#VER "A" 1 20250731 "Avrakning arende 1000017"
{
#TRANS 2830 {} 308.22
#TRANS 3001 {} -240.00
#TRANS 2611 {} -60.00
#TRANS 8313 {} -8.22
}
""" in body.replace("\r\n", "\n")


def test_another_reader_finds_what_was_written() -> None:
    made = vouchers(v1(), ACCOUNTS)
    company = sie4.Company('Ränta & "Rätt" AB', "5599990032", date(2025, 9, 1))
    body = sie4.write(company, used(made, ACCOUNTS), made, "A")
    read = parse(body)
    assert (read.company, read.number, read.made_on) == ('Ränta & "Rätt" AB', "559999-0032", date(2025, 9, 1))
    assert read.accounts["2830"] == "Avräkning för annans räkning"
    assert set(read.accounts) == {account for one in made for account, _ in one.rows}
    assert [(one.series, one.number, one.on, one.text) for one in read.vouchers] == [
        ("A", one.number, one.on, one.text) for one in made
    ]
    assert [one.rows for one in read.vouchers] == [list(one.rows) for one in made]
    assert body == sie4.write(company, used(made, ACCOUNTS), made, "A")


def test_the_sum_is_the_crc_that_others_compute() -> None:
    # The check value of CRC-32 as catalogues of such sums give it, reached through a file of ours.
    assert zlib.crc32(b"123456789") == 0xCBF43926
    body = sie4.write(sie4.Company("A", "5599990032", PAID), {}, [Voucher(1, PAID, 'x "y"', ())], "A")
    counted = b'#PROGRAMSchysst1#FORMATPC8#GEN20250731#SIETYP4#ORGNR559999-0032#FNAMNA#VERA120250731x "y"'
    assert body.endswith(f"#KSUMMA {zlib.crc32(counted)}\r\n".encode())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("6 § räntelagen – ÅÄÖ", "6 par. räntelagen - ÅÄÖ"),
        ("100 € … ”så”", '100 EUR ... "så"'),
        ("Łukasz\tŠimić\n", "?ukasz Simic"),
        ("ärende 中", "ärende ?"),
    ],
)
def test_what_the_code_page_has_no_sign_for_is_written_otherwise(written: str, shown: str) -> None:
    assert sie4.plain(written) == shown
    sie4.plain(written).encode("cp437")


def test_a_financial_year_may_be_broken() -> None:
    assert financial_year(date(2025, 4, 30), 5) == date(2024, 5, 1)
    assert financial_year(date(2025, 5, 1), 5) == date(2025, 5, 1)


def test_rounding_in_a_case_is_income_and_moved_out_is_money() -> None:
    over = Moved(PAID, "payment", ledger.FUNDS_BANK, ledger.ROUNDING, 40, case="1")
    out = Moved(PAID, "own_share", ledger.ROUNDING, ledger.FUNDS_TRANSIT, 40, house=True)
    assert [dict(one.rows) for one in vouchers([over, out], ACCOUNTS)] == [
        {"1940": 40, "3740": -40},
        {"1940": -40, "1930": 40},
    ]
