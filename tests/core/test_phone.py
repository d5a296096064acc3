"""Numbers as people write them, as wires carry them, and as staff may see them."""

import pytest

from core import phone


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("070-174 06 05", "+46701740605"),
        ("0701740605", "+46701740605"),
        ("+46 (0)70 174 06 05", "+46701740605"),
        ("0046701740605", "+46701740605"),
        ("46701740605", "+46701740605"),
        ("08-123 456 78", "+46812345678"),
        ("+48 601 234 567", "+48601234567"),
        ("+963 944 567 890", "+963944567890"),
        ("112", None),
        ("71700", None),
        ("Telia", None),
        ("+46", None),
        ("", None),
        ("0" * 1_000, None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str | None) -> None:
    assert phone.e164(typed) == number


def test_a_number_without_a_country_belongs_to_the_one_that_is_meant() -> None:
    assert phone.e164("0401234567", "FI") == "+358401234567"


@pytest.mark.parametrize(
    ("number", "mobile"), [("+46701740605", True), ("+46812345678", False), ("+14158675309", True), ("Telia", False)]
)
def test_a_fixed_line_takes_no_sms(number: str, mobile: bool) -> None:
    assert phone.is_mobile(number) is mobile


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        ("+46701740605", "070-xxx xx 05"),
        ("+46812345678", "08-xxx xxx 78"),
        ("+48601234567", "+48 xxx xxx x67"),
        ("no number", "xxxxxxxer"),
    ],
)
def test_staff_know_a_number_again_and_cannot_call_it(number: str, seen: str) -> None:
    assert phone.shown(number) == seen
