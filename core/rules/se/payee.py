"""Where money is paid to in Sweden, as people write it: a bankgiro, a plusgiro, a bank account or an IBAN.

Kept as ``kind:number``: ``bg``, ``pg``, ``account`` (clearing number and account together) or ``iban``.
"""

import re
from contextlib import suppress
from typing import Final

from stdnum import iban

from core.rules.se import accounts, identifiers
from core.rules.se.identifiers import BadIdentifier

BANKGIRO, PLUSGIRO, ACCOUNT, IBAN = "bg", "pg", "account", "iban"
_NAMED: Final = re.compile(r"\s*(bankgiro|bg|plusgiro|postgiro|pg|iban|konto|account)\b[\s.:]*(.*)", re.I | re.S)
_NAMES: Final = {
    "bankgiro": BANKGIRO,
    "bg": BANKGIRO,
    "plusgiro": PLUSGIRO,
    "postgiro": PLUSGIRO,
    "pg": PLUSGIRO,
    "iban": IBAN,
    "konto": ACCOUNT,
    "account": ACCOUNT,
}
_BANKGIRO: Final = re.compile(r"\d{3,4}[-\u2013]\d{4}|\d{7,8}")
_PLUSGIRO: Final = re.compile(r"\d[\d ]*[-\u2013]\d")
#: What bare digits may be.
_NUMBERS: Final = {
    ACCOUNT: accounts.bank_account,
    BANKGIRO: identifiers.bankgiro_number,
    PLUSGIRO: identifiers.plusgiro_number,
}


def read(text: str) -> str:
    """``kind:number`` of what somebody wrote; its kind by its name or its form. Raises BadIdentifier."""
    named = _NAMED.fullmatch(text)
    kind, written = (_NAMES[named[1].lower()], named[2]) if named else (_kind(text), text)
    match kind:
        case "bg":
            return f"{BANKGIRO}:{identifiers.bankgiro_number(written)}"
        case "pg":
            return f"{PLUSGIRO}:{identifiers.plusgiro_number(written)}"
        case "iban":
            return f"{IBAN}:{accounts.iban_number(written)}"
        case _:
            return f"{ACCOUNT}:{accounts.bank_account(written)}"


def possible(text: str) -> tuple[str, ...]:
    """Every ``kind:number`` that somebody may mean: one where its form or a name tells, else each that checks."""
    if _NAMED.fullmatch(text) or _kind(text) == IBAN or not re.sub(r"[\s\u00a0]", "", text).isdecimal():
        with suppress(BadIdentifier):
            return (read(text),)
        return ()
    found = []
    for kind, number in _NUMBERS.items():
        with suppress(BadIdentifier):
            found.append(f"{kind}:{number(text)}")
    return tuple(found)


def show(account: str) -> str:
    """As it is written for people: ``bankgiro 5402-9681``; an account of which only the end is known stays so."""
    kind, _, number = account.partition(":")
    if not number.isalnum():
        return number
    match kind:
        case "bg":
            return f"bankgiro {identifiers.show_bankgiro(number)}"
        case "pg":
            return f"plusgiro {identifiers.show_plusgiro(number)}"
        case "iban":
            return str(iban.format(number))
        case _:
            return accounts.show_account(number)


def _kind(text: str) -> str:
    plain = text.strip()
    if plain[:2].isalpha():
        return IBAN
    if _BANKGIRO.fullmatch(plain):
        return BANKGIRO
    return PLUSGIRO if _PLUSGIRO.fullmatch(plain) else ACCOUNT
