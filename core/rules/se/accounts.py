"""Numbers of Swedish bank accounts: clearing number and account, and the check digit that each bank counts by.

How long an account is, and over which digits its check is counted, follows from the clearing number: *Bankernas
kontonummer*, the list that Bankgirot keeps. A clearing number that is not in our list is judged by its length alone.
"""

import re
from dataclasses import dataclass
from typing import Final

from stdnum import exceptions, iban, luhn

from core.rules.se.identifiers import BadIdentifier

#: How a check digit is counted: over the account with the last three digits of the clearing number, or with all four
#: (type 1, comments 1 and 2; modulo 11); over the account alone (type 2: modulo 10 for 1 and 3, modulo 11 for 2).
#: Savings banks (8000) count as comment 3 too, but have issued accounts that do not: no check there is certain.
CLEARING_3: Final = "1:1"
CLEARING_4: Final = "1:2"
TEN: Final = "2:1"
NINE: Final = "2:2"
UP_TO_TEN: Final = "2:3"
SAVINGS: Final = "savings"

#: From, through, how. The first row that holds the clearing number is its own.
RANGES: Final = (
    (1100, 1399, CLEARING_3),
    (1400, 2099, CLEARING_3),
    (2300, 2399, CLEARING_4),
    (2400, 2499, CLEARING_3),
    (3300, 3300, TEN),
    (3782, 3782, TEN),
    (3000, 3999, CLEARING_3),
    (4000, 4999, CLEARING_4),
    (5000, 5999, CLEARING_3),
    (6000, 6999, NINE),
    (7000, 7999, CLEARING_3),
    (8000, 8999, SAVINGS),
    (9020, 9029, CLEARING_4),
    (9040, 9049, CLEARING_4),
    (9060, 9079, CLEARING_3),
    (9100, 9109, CLEARING_4),
    (9120, 9124, CLEARING_3),
    (9130, 9149, CLEARING_3),
    (9150, 9169, CLEARING_4),
    (9170, 9179, CLEARING_3),
    (9180, 9189, TEN),
    (9190, 9199, CLEARING_4),
    (9230, 9239, CLEARING_3),
    (9250, 9259, CLEARING_3),
    (9260, 9269, CLEARING_4),
    (9270, 9289, CLEARING_3),
    (9300, 9349, TEN),
    (9390, 9399, CLEARING_4),
    (9400, 9449, CLEARING_3),
    (9460, 9469, CLEARING_3),
    (9470, 9479, CLEARING_4),
    (9500, 9549, UP_TO_TEN),
    (9550, 9569, CLEARING_4),
    (9570, 9579, TEN),
    (9580, 9589, CLEARING_3),
    (9590, 9599, CLEARING_4),
    (9630, 9639, CLEARING_3),
    (9640, 9679, CLEARING_4),
    (9680, 9689, CLEARING_3),
    (9700, 9719, CLEARING_4),
    (9750, 9759, CLEARING_4),
    (9780, 9789, CLEARING_4),
    (9880, 9889, CLEARING_4),
    (9890, 9899, TEN),
    (9960, 9969, UP_TO_TEN),
)
_LENGTHS: Final = {
    CLEARING_3: range(7, 8),
    CLEARING_4: range(7, 8),
    TEN: range(10, 11),
    # Handelsbanken writes eight digits without the first zero; giro and savings bank accounts are shorter still.
    NINE: range(8, 10),
    UP_TO_TEN: range(2, 11),
    SAVINGS: range(2, 11),
}
_UNKNOWN: Final = range(5, 11)
_SEPARATORS: Final = re.compile(r"[\s\u00a0\u2010-\u2015.,-]+")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Clearing number (four digits) and account, as payment files have them; ``fifth`` is an extra digit of 8000."""

    clearing: str
    account: str
    fifth: str = ""


def bank_account(text: str) -> str:
    """A bank account, clearing number first, as digits in the form in which people write it. Raises BadIdentifier."""
    parts = parted(text)
    return f"{parts.clearing}{parts.fifth}{parts.account}"


def parted(text: str) -> BankAccount:
    """The parts of a bank account, checked. The fifth digit of an 8000 number is told by its own check digit."""
    digits = _SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise BadIdentifier("format")
    clearing, account = digits[:4], digits[4:]
    if len(clearing) < 4 or clearing < "1000":
        raise BadIdentifier("length" if len(digits) < 9 else "kind")
    how = _how(int(clearing))
    if how == SAVINGS and _has_fifth(digits):
        return BankAccount(clearing, account[1:], account[0])
    wrong = _fits(how, clearing, account)
    if wrong:
        raise BadIdentifier(wrong)
    return BankAccount(clearing, account)


def show_account(number: str) -> str:
    """As banks write it: ``5491 0000003``, ``8327-9 12345671``."""
    try:
        parts = parted(number)
    except BadIdentifier:
        return number
    return f"{parts.clearing}{f'-{parts.fifth}' if parts.fifth else ''} {parts.account}"


def iban_number(text: str) -> str:
    """An IBAN of any country, without blanks. Raises BadIdentifier."""
    try:
        return str(iban.validate(text))
    except exceptions.InvalidLength:
        raise BadIdentifier("length") from None
    except exceptions.InvalidChecksum:
        raise BadIdentifier("check_digit") from None
    except exceptions.ValidationError:
        raise BadIdentifier("format") from None


def _has_fifth(digits: str) -> bool:
    """Whether the digit after an 8000 number is its fifth: it checks the four before, and the rest is an account.

    One account in ten begins with such a digit by chance; then its own check digit tells.
    """
    if not luhn.is_valid(digits[:5]) or len(digits) - 5 not in _LENGTHS[SAVINGS]:
        return False
    return luhn.is_valid(digits[5:]) or not luhn.is_valid(digits[4:]) or len(digits) - 4 not in _LENGTHS[SAVINGS]


def _how(clearing: int) -> str | None:
    return next((how for first, last, how in RANGES if first <= clearing <= last), None)


def _fits(how: str | None, clearing: str, account: str) -> str | None:
    """Why an account is none of this clearing number: ``length``, ``check_digit``; None if it is."""
    if len(account) not in (_LENGTHS[how] if how else _UNKNOWN):
        return "length"
    match how:
        case "1:1":
            good = _eleven(clearing[1:] + account)
        case "1:2":
            good = _eleven(clearing + account)
        case "2:1" | "2:3":
            good = luhn.is_valid(account)
        case "2:2":
            good = _eleven(account)
        case _:
            good = True
    return None if good else "check_digit"


def _eleven(digits: str) -> bool:
    """Modulo 11: weights 1, 2 … 10 and 1 again, from the right."""
    return sum(int(digit) * (place % 10 + 1) for place, digit in enumerate(reversed(digits))) % 11 == 0
