"""Accounts as people write them."""

import pytest

from core.rules.se import payee
from core.rules.se.identifiers import BadIdentifier


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("5402-9681", "bg:54029681", "bankgiro 5402-9681"),
        ("BG 297-3675", "bg:2973675", "bankgiro 297-3675"),
        ("28 65 43-4", "pg:2865434", "plusgiro 28 65 43-4"),
        ("Plusgiro 410 54 68-5", "pg:41054685", "plusgiro 410 54 68-5"),
        ("SE35 5000 0000 0549 1000 0003", "iban:SE3550000000054910000003", "SE35 5000 0000 0549 1000 0003"),
        ("konto 5491 0000003", "account:54910000003", "5491 0000003"),
    ],
)
def test_an_account_is_known_by_its_name_or_its_form(written: str, kept: str, shown: str) -> None:
    assert payee.read(written) == kept
    assert payee.show(kept) == shown


def test_of_a_persons_account_only_the_end_is_shown() -> None:
    assert payee.show("account:…0003") == "…0003"


@pytest.mark.parametrize("written", ["", "5402-9682", "410 54 68-6", "SE35 5000 0000 0549 1000 0004", "hej", "123"])
def test_what_is_no_account_is_refused(written: str) -> None:
    with pytest.raises(BadIdentifier):
        payee.read(written)
