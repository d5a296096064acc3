"""OCR references, account and party numbers with the published vectors (domain 6.1, 6.2)."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.se import identifiers as ids
from core.rules.se.identifiers import BadIdentifier

TODAY = date(2025, 7, 31)


def refusal(read: Callable[[str], str], text: str) -> str:
    with pytest.raises(BadIdentifier) as refused:
        read(text)
    assert text not in str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("payload", "check_digit_only", "with_length_digit"),
    [
        ("123", "1230", "12351"),
        ("100001", "1000017", "10000180"),
        ("2026000123", "20260001233", "202600012324"),
        ("1234567890", "12345678903", "123456789023"),
    ],
)
def test_ocr_references(payload: str, check_digit_only: str, with_length_digit: str) -> None:
    assert ids.make_ocr(payload, length_digit=False) == check_digit_only
    assert ids.make_ocr(payload) == with_length_digit
    assert ids.check_ocr(check_digit_only) is None
    assert ids.check_ocr(with_length_digit, length_digit=True) is None
    assert ids.check_ocr(f" {with_length_digit[:3]} {with_length_digit[3:]} ", length_digit=True) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1231", "check_digit"),
        ("12369", "length_digit"),
        ("1" * 26, "length"),
        ("7", "length"),
        ("12E45", "format"),
        ("", "format"),
        ("１２３０", "format"),
        ("12³0", "format"),
    ],
)
def test_what_is_no_ocr_reference(text: str, reason: str) -> None:
    assert ids.check_ocr(text, length_digit=True) == reason


def test_an_ocr_reference_has_25_digits_at_most() -> None:
    assert len(ids.make_ocr("1" * 23)) == 25
    assert refusal(ids.make_ocr, "1" * 24) == "length"
    assert refusal(ids.make_ocr, "12a") == "format"


@given(st.text("0123456789", min_size=1, max_size=23), st.booleans())
def test_every_reference_we_make_is_one_and_a_wrong_digit_is_seen(payload: str, length_digit: bool) -> None:
    ocr = ids.make_ocr(payload, length_digit)
    assert ids.check_ocr(ocr, length_digit) is None
    wrong = str((int(ocr[0]) + 1) % 10) + ocr[1:]
    assert ids.check_ocr(wrong, length_digit) == "check_digit"


@pytest.mark.parametrize("number", ["5402-9681", "297-3675", "640-5070", "5050-1055", "991-2346"])
def test_bankgiro(number: str) -> None:
    assert ids.show_bankgiro(ids.bankgiro_number(number)) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [("5402-9682", "check_digit"), ("123-4567", "check_digit"), ("123456", "length"), ("54O2-9681", "format")],
)
def test_what_is_no_bankgiro(text: str, code: str) -> None:
    assert refusal(ids.bankgiro_number, text) == code


@pytest.mark.parametrize("number", ["4-2", "28 65 43-4", "410 54 68-5"])
def test_plusgiro(number: str) -> None:
    assert ids.show_plusgiro(ids.plusgiro_number(number)) == number


def test_what_is_no_plusgiro() -> None:
    assert refusal(ids.plusgiro_number, "410 54 68-6") == "check_digit"
    assert refusal(ids.plusgiro_number, "4") == "length"


@pytest.mark.parametrize(
    ("body", "shown"), [("1", "1-"), ("12", "12-"), ("123", "123-"), ("1234", "12 34-"), ("12345", "123 45-")]
)
def test_plusgiro_stands_in_pairs(body: str, shown: str) -> None:
    assert ids.show_plusgiro(body + "0") == shown + "0"


@pytest.mark.parametrize("number", ["556036-0793", "202100-5489"])
def test_organisation_numbers(number: str) -> None:
    digits = ids.organisation_number(number)
    assert digits == number.replace("-", "")
    assert ids.show_organisation(digits) == number
    assert ids.organisation_number(f"16{digits}") == digits


def test_a_personal_number_is_no_organisation_number() -> None:
    assert refusal(ids.organisation_number, "811228-9841") == "kind"
    assert refusal(ids.organisation_number, "556036-0794") == "check_digit"
    assert refusal(ids.organisation_number, "556036-079") == "length"
    assert [ids.looks_like_organisation(text) for text in ("556036-0794", "165560360793", "811228-9841", "x")] == [
        True,
        True,
        False,
        False,
    ]


def test_vat_numbers() -> None:
    assert ids.vat_number("SE 556036-0793 01") == "SE556036079301"
    assert refusal(ids.vat_number, "SE556036079302") == "format"
    assert refusal(ids.vat_number, "SE556036079401") == "check_digit"


@pytest.mark.parametrize(
    ("text", "normal", "born"),
    [
        ("811228-9841", "198112289841", "1981-12-28"),
        ("8112289841", "198112289841", "1981-12-28"),
        ("19811228-9841", "198112289841", "1981-12-28"),
        (" 19811228 9841 ", "198112289841", "1981-12-28"),
        ("811228\u20139841", "198112289841", "1981-12-28"),
        ("811228+9841", "188112289841", "1881-12-28"),
        ("701063-2391", "197010632391", "1970-10-03"),
    ],
)
def test_personal_and_coordination_numbers(text: str, normal: str, born: str) -> None:
    assert ids.personal_number(text, TODAY) == normal
    assert ids.birth_date(text, TODAY) == date.fromisoformat(born)
    assert ids.show_personal(normal) == f"{normal[:8]}-{normal[8:]}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("811228-9842", "check_digit"),
        ("811228-984", "format"),
        ("811228-98411", "format"),
        ("abc", "format"),
        ("811328-9840", "date"),
        ("811228-0006", "date"),
        ("20811228-9841", "date"),
        ("", "format"),
    ],
)
def test_what_is_no_personal_number(text: str, code: str) -> None:
    assert refusal(lambda number: ids.personal_number(number, TODAY), text or " ") == code


def test_the_century_follows_from_the_sign_and_the_day() -> None:
    """Born on 1 October: in July somebody of this year is not born yet."""
    number = "251001-2384"
    unsigned = number.replace("-", "")
    assert ids.personal_number(unsigned, date(2025, 10, 1)) == "202510012384"
    assert ids.personal_number(unsigned, date(2025, 9, 30)) == "192510012384"
    assert ids.personal_number(number.replace("-", "+"), date(2025, 9, 30)) == "192510012384"
    assert refusal(lambda text: ids.personal_number(text, date(2025, 9, 30)), number) == "date"


def test_postcodes() -> None:
    assert ids.show_postcode(ids.postcode("11455")) == "114 55"
    assert ids.postcode("SE-114 55") == ids.postcode("114\u00a055") == "11455"
    assert refusal(ids.postcode, "1145") == "length"
    assert refusal(ids.postcode, "01455") == "format"


def test_a_swish_number_is_shown_as_people_know_it() -> None:
    assert ids.show_swish("1231181189") == "123 118 11 89"


def test_swish_numbers_of_companies() -> None:
    assert ids.swish_number("123 118 11 89") == ids.swish_number("1231181189") == "1231181189"
    assert refusal(ids.swish_number, "1231181188") == "check_digit"
    assert refusal(ids.swish_number, "070-123 45 67") == "check_digit"
    assert refusal(ids.swish_number, "9912340008") == "kind"
