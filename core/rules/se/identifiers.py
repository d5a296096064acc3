"""Numbers that Swedes are asked for: OCR references, bankgiro and plusgiro, organisation, VAT and personal numbers.

Each ``…_number`` reads what people write and answers the number in its normal form, digits only, or raises
`BadIdentifier`, whose code says why and which never carries the number itself. Each ``show_…`` writes it for people.
"""

import re
from datetime import date

from personnummer.personnummer import Personnummer, PersonnummerException  # type: ignore[import-untyped]
from stdnum import luhn

_SEPARATORS = re.compile(r"[\s\u00a0\u2010-\u2015.-]+")
_PERSONAL = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{3})(\d)", re.ASCII)
_OCR_LENGTHS = range(2, 26)


class BadIdentifier(ValueError):
    """Not such a number. ``code``: ``format``, ``length``, ``check_digit``, ``length_digit``, ``date``, ``kind``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_ocr(payload: str, length_digit: bool = True) -> str:
    """An OCR reference: payload, the length digit (the whole length modulo 10) if wanted, and the check digit."""
    if not _is_digits(payload):
        raise BadIdentifier("format")
    length = len(payload) + 2 if length_digit else len(payload) + 1
    if length not in _OCR_LENGTHS:
        raise BadIdentifier("length")
    body = f"{payload}{length % 10}" if length_digit else payload
    return body + luhn.calc_check_digit(body)


def check_ocr(text: str, length_digit: bool = False) -> str | None:
    """Why a text is no OCR reference: ``format``, ``length``, ``check_digit``, ``length_digit``; None if it is."""
    digits = _compact(text)
    if not _is_digits(digits):
        return "format"
    if len(digits) not in _OCR_LENGTHS:
        return "length"
    if not luhn.is_valid(digits):
        return "check_digit"
    if length_digit and int(digits[-2]) != len(digits) % 10:
        return "length_digit"
    return None


def bankgiro_number(text: str) -> str:
    """A bankgiro number, 7 or 8 digits."""
    return _checked(_compact(text), range(7, 9))


def show_bankgiro(number: str) -> str:
    return f"{number[:-4]}-{number[-4:]}"


def plusgiro_number(text: str) -> str:
    """A plusgiro number, 2 to 8 digits."""
    return _checked(_compact(text), range(2, 9))


def show_plusgiro(number: str) -> str:
    """In pairs from the right before the check digit, three digits first when they are odd: ``410 54 68-5``."""
    body, check = number[:-1], number[-1]
    head = len(body) % 2 + 2 if len(body) > 1 else 1
    pairs = [body[at : at + 2] for at in range(head, len(body), 2)]
    return f"{' '.join([body[:head], *pairs])}-{check}"


def organisation_number(text: str) -> str:
    """The number of a legal person (organisationsnummer): 10 digits, the third at least 2; else ``kind``.

    A sole trader's is a personal number, and is refused here: what such a person is must be a stored fact.
    """
    digits = _compact(text)
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    digits = _checked(digits, range(10, 11))
    if digits[2] < "2":
        raise BadIdentifier("kind")
    return digits


def looks_like_organisation(text: str) -> bool:
    """Whether a number, right or wrong, can only be meant as a legal person's: a month has no third digit above 1."""
    digits = _compact(text)
    digits = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    return _is_digits(digits) and len(digits) == 10 and digits[2] >= "2"


def show_organisation(number: str) -> str:
    return f"{number[:6]}-{number[6:]}"


def vat_number(text: str) -> str:
    """A VAT number (momsregistreringsnummer): SE, the organisation number and 01."""
    compact = _compact(text).upper()
    if not compact.startswith("SE") or not compact.endswith("01"):
        raise BadIdentifier("format")
    return f"SE{_checked(compact[2:-2], range(10, 11))}01"


def personal_number(text: str, today: date) -> str:
    """A personal or coordination number (personnummer, samordningsnummer) as 12 digits.

    With ten digits the century follows from the sign: ``+`` from the year in which one turns 100, ``-`` before it. A
    number without a sign is that of the youngest person it can be. Nobody is born after ``today``.
    """
    found = _PERSONAL.fullmatch(re.sub(r"[\s\u00a0]", "", text).replace("\u2013", "-").replace("\u2212", "-"))
    if not found:
        raise BadIdentifier("format")
    century, year, month, day, sign, serial, check = found.groups()
    rest = f"{month}{day}{serial}{check}"
    whole = int(century + year) if century else _whole_year(int(year), sign, today)
    born = _birth(f"{whole}{rest}")
    if born > today and not century and not sign:
        whole -= 100
        born = _birth(f"{whole}{rest}")
    if born > today:
        raise BadIdentifier("date")
    return f"{whole}{rest}"


def birth_date(number: str, today: date) -> date:
    """The day of birth in a personal or coordination number, in any form in which it is written."""
    return _birth(personal_number(number, today))


def show_personal(number: str) -> str:
    """Twelve digits with a dash: ``19811228-9841``."""
    return f"{number[:8]}-{number[8:]}"


def postcode(text: str) -> str:
    """A Swedish postcode (postnummer), five digits, with or without ``SE-`` before it."""
    digits = re.sub(r"^(?i:SE?)-?", "", _compact(text))
    if not _is_digits(digits) or digits.startswith("0"):
        raise BadIdentifier("format")
    if len(digits) != 5:
        raise BadIdentifier("length")
    return digits


def show_postcode(number: str) -> str:
    """As envelopes have it: ``903 26``."""
    digits = _compact(number)
    return f"{digits[:3]} {digits[3:]}"


def swish_number(text: str) -> str:
    """A company's Swish number: ten digits, of which the first are 123."""
    digits = _checked(_compact(text), range(10, 11))
    if not digits.startswith("123"):
        raise BadIdentifier("kind")
    return digits


def show_swish(number: str) -> str:
    """A Swish number for companies in the grouping that people know: ``123 118 11 89``."""
    return f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"


def _checked(digits: str, lengths: range) -> str:
    if not _is_digits(digits):
        raise BadIdentifier("format")
    if len(digits) not in lengths:
        raise BadIdentifier("length")
    if not luhn.is_valid(digits):
        raise BadIdentifier("check_digit")
    return digits


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` takes superscripts and other scripts for digits too."""
    return text.isascii() and text.isdigit()


def _whole_year(year: int, sign: str, today: date) -> int:
    """The latest year up to today that ends so; a hundred years earlier with ``+``."""
    latest = today.year - (today.year - year) % 100
    return latest - 100 if sign == "+" else latest


def _birth(digits: str) -> date:
    """The day of birth in 12 digits. The library checks digit and date; a full century keeps it off its own clock."""
    if not luhn.is_valid(digits[2:]):
        raise BadIdentifier("check_digit")
    try:
        born: date = Personnummer(digits).get_date()
    except PersonnummerException:
        raise BadIdentifier("date") from None
    return born
