"""Numbers of bank accounts (`domain.md` 6.2), and what is none."""

import pytest

from core.rules.se.accounts import RANGES, bank_account, iban_number, parted, show_account
from core.rules.se.identifiers import BadIdentifier


@pytest.mark.parametrize(
    ("written", "number", "shown"),
    [
        ("5491 0000003", "54910000003", "5491 0000003"),  # the account of the example of a Swedish IBAN
        ("5439-1024039", "54391024039", "5439 1024039"),
        ("3300-800928-6249", "33008009286249", "3300 8009286249"),  # a personal account
        ("6000 000000000", "6000000000000", "6000 000000000"),
        ("9040-1000003", "90401000003", "9040 1000003"),  # checked with the whole clearing number
        ("8327-9, 12345671", "8327912345671", "8327-9 12345671"),  # five digits, by their own check digit
        ("8000-2-0000000000", "800020000000000", "8000-2 0000000000"),
        ("9960 42", "996042", "9960 42"),
        ("9999 1234567", "99991234567", "9999 1234567"),  # not in our list: by its length
    ],
)
def test_accounts_as_people_write_them(written: str, number: str, shown: str) -> None:
    assert bank_account(written) == number
    assert show_account(number) == shown
    assert bank_account(shown) == number


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("5491 0000004", "check_digit"),
        ("3300 8009286240", "check_digit"),
        ("1100-12345", "length"),
        ("6000 0000000000", "length"),
        ("123", "length"),
        ("0000 0000000", "kind"),
        ("konto 5491", "format"),
        ("", "format"),
    ],
)
def test_what_is_no_account_says_why(written: str, code: str) -> None:
    with pytest.raises(BadIdentifier) as refused:
        bank_account(written)
    assert refused.value.code == code


def test_a_payment_file_gets_four_digits_of_clearing_number() -> None:
    assert (parted("8327-9,12345671").clearing, parted("8327-9,12345671").account) == ("8327", "12345671")


def test_no_clearing_number_is_in_two_rows_but_personal_accounts_come_first() -> None:
    twice = [
        (row, other)
        for place, row in enumerate(RANGES)
        for other in RANGES[place + 1 :]
        if row[0] <= other[1] and other[0] <= row[1] and row[0] != row[1]
    ]
    assert twice == []


def test_an_iban_of_any_country() -> None:
    assert iban_number("SE35 5000 0000 0549 1000 0003") == "SE3550000000054910000003"
    assert iban_number("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    for wrong in ("SE36 5000 0000 0549 1000 0003", "SE35 5000", "hej", ""):
        with pytest.raises(BadIdentifier):
            iban_number(wrong)
