"""Where a debtor's money shall go back to: asked for once, said after BankID, changed until it has left.

Only the person themselves may say it: a letter's code is not enough (design 6), and nobody says it for another.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from stdnum import iban

from core import refund
from core.case import Case
from core.errors import NotFound, Refusal
from core.money import Ore
from core.party import Actor
from core.rules.se import accounts, identifiers
from core.services import cases, refunds
from core.services.house import House
from core.services.proof import themselves
from core.services.refunds import Account
from core.store import refunds as store
from core.store.database import transaction
from core.store.refunds import RefundRow

#: The ways in which money can be sent in Sweden, as a person chooses one.
KINDS: Final = ("account", "bg", "pg")


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes back in a case by bank, and to which account: None while it is not said.

    ``sent``: it has left, and nothing can be changed any more. ``swish_ore`` goes back by Swish besides.
    """

    ore: Ore
    account: Account | None
    sent: bool
    swish_ore: Ore = 0


def read_account(kind: str, text: str) -> Account:
    """An account as it was typed. Raises BadIdentifier with its code; an IBAN is taken for an account as well."""
    match kind:
        case "bg":
            return Account("bg", identifiers.bankgiro_number(text))
        case "pg":
            return Account("pg", identifiers.plusgiro_number(text))
        case "account" if text.strip()[:2].isalpha():
            return Account("iban", accounts.iban_number(text))
        case "account":
            return Account("account", accounts.bank_account(text))
    raise AssertionError(kind)


def sealed(house: House, account: Account) -> str:
    """The account as a half-done dialog keeps it."""
    return b64encode(house.keys.encrypt(f"{account.kind}:{account.number}", store.ACCOUNT)).decode()


def opened(house: House, kept: str) -> Account:
    kind, _, number = house.keys.decrypt(b64decode(kept), store.ACCOUNT).partition(":")
    return Account(kind, number)


def shown(account: Account) -> str:
    """The account as people write it."""
    match account.kind:
        case "bg":
            return identifiers.show_bankgiro(account.number)
        case "pg":
            return identifiers.show_plusgiro(account.number)
        case "iban":
            return str(iban.format(account.number))
        case _:
            return accounts.show_account(account.number)


async def asked(house: House, actor: Actor, case_id: int) -> Asked:
    """What goes back in a case. Raises NotFound where nothing does."""
    await cases.open_case(house, actor, case_id)
    rows = await store.of_case(case_id)
    open_rows = [row for row in rows if row.state in store.OPEN]
    by_bank = [row for row in open_rows if row.way == store.BANK]
    if not open_rows:
        raise NotFound("refund")
    changeable = [row for row in by_bank if row.state in store.BEFORE]
    told = next((account for row in changeable or by_bank if (account := refunds.account_of(house, row))), None)
    return Asked(
        sum(row.ore for row in changeable or by_bank),
        told,
        not changeable,
        sum(row.ore for row in open_rows if row.way == store.SWISH),
    )


async def unsaid(house: House, case: Case) -> Ore:
    """What goes back by bank while nobody has said where to, in öre; most cases are not asked for in the database."""
    if refund.owed_back(case, house.clock.today()) <= 0:
        return 0
    waits = [row for row in await store.of_case(case.id) if row.way == store.BANK and row.state in store.BEFORE]
    return sum(row.ore for row in waits) if any(row.account is None for row in waits) else 0


async def tell(house: House, chat_id: int, case_id: int, account: Account) -> Asked:
    """The debtor says where what goes back by bank shall go; one of the staff looks before it leaves.

    Raises NotAllowed, Refusal ``only_bankid``, ``refund_state`` when it has left, NotFound.
    """
    actor = await themselves(house, chat_id)
    case = await cases.open_case(house, actor, case_id)
    sealed = house.keys.encrypt(f"{account.kind}:{account.number}", store.ACCOUNT)
    async with transaction():
        await store.lock_case(case_id)
        told: list[RefundRow] = []
        for row in await store.of_case(case_id):
            by_bank = row.way == store.BANK and row.state in store.BEFORE
            if by_bank and await store.give_account(row.id, sealed, case.debtor.name[: refunds.NAME_MAX]):
                told.append(row)
        if not told:
            raise Refusal("refund_state", state=store.SENT)
        for row in told:
            await refunds.ask_staff(house, row.id, row.ore, case)
        # The audit log keeps that it was said and by whom; the account stands sealed in its own column.
        await house.book.note(case_id, actor, "refund.account", refunds=[row.id for row in told], kind=account.kind)
    return await asked(house, actor, case_id)
