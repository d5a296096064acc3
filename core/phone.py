"""Telephone numbers: as people write them, as wires carry them (E.164), and as staff may see them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

#: Where an SMS can arrive. Some countries' numbers do not tell a mobile from a fixed line.
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_TYPED_MAX = 40
_DIGITS_SHOWN_AT_END = 2


def e164(text: str, country: str = "SE") -> str | None:
    """``+46701740605`` of whatever somebody wrote; None when it is no number that exists in any country.

    ``country`` (ISO 3166) is meant where the text names none.
    """
    number = _read(text, country)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Whether a number in E.164 can take an SMS, as far as numbers tell."""
    read = _read(number, None)
    return read is not None and phonenumbers.number_type(read) in _MOBILE


def shown(number: str) -> str:
    """A number in E.164 as staff see it: enough to know it again, too little to call it (``070-xxx xx 05``)."""
    read = _read(number, None)
    if read is None:
        return "x" * max(0, len(number) - _DIGITS_SHOWN_AT_END) + number[-_DIGITS_SHOWN_AT_END:]
    swedish = phonenumbers.region_code_for_number(read) == "SE"
    written = phonenumbers.format_number(
        read, PhoneNumberFormat.NATIONAL if swedish else PhoneNumberFormat.INTERNATIONAL
    )
    head = re.match(r"\+?\d+", written)
    kept = head.end() if head else 0
    hidden = re.sub(r"\d", "x", written[kept:-_DIGITS_SHOWN_AT_END])
    return written[:kept] + hidden + written[-_DIGITS_SHOWN_AT_END:]


def _read(text: str, country: str | None) -> PhoneNumber | None:
    if len(text) > _TYPED_MAX:
        return None
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
