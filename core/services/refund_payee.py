"""The account that a payment came from, as far as the bank told it: where its money goes back to."""

from contextlib import suppress
from typing import Final

from core.bank import BANKGIRO_OF
from core.rules.se import accounts, identifiers
from core.rules.se.identifiers import BadIdentifier
from core.services.house import House
from core.store import refunds as store
from core.store.bank import PAYER
from core.store.refunds import PayerRow

#: What a payer's account can be, as banks tell it in digits or as an IBAN; the first that it fits.
_READERS: Final = {
    "iban": accounts.iban_number,
    "account": accounts.bank_account,
    "bg": identifiers.bankgiro_number,
}
NAME_MAX: Final = 120


def of_payer(house: House, payer: PayerRow) -> tuple[bytes | None, str | None]:
    """The payer's account as a refund keeps it; None when the bank did not tell one that money can be sent to."""
    if payer.account is None:
        return None, (payer.name or None) and str(payer.name)[:NAME_MAX]
    told = house.keys.decrypt(payer.account, PAYER)
    name = (payer.name or "")[:NAME_MAX]
    # Digits of a bankgiro may be an account at a bank too: where the bank said which, only that is meant.
    readers = {"bg": _READERS["bg"]} if told.startswith(BANKGIRO_OF) else _READERS
    told = told.removeprefix(BANKGIRO_OF)
    for kind, read in readers.items():
        with suppress(BadIdentifier):
            return house.keys.encrypt(f"{kind}:{read(told)}", store.ACCOUNT), name
    return None, name
