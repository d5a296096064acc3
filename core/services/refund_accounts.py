"""Where a debtor's money shall go back to: asked for once, said after BankID, changed until it has left.

Only the person themselves may say it: a letter's code is not enough (design 6), and nobody says it for another.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stdnum import iban

from core import refund
from core.case import Case
from core.errors import NotFound, Refusal
from core.facts import Refunded
from core.money import Ore
from core.party import SYSTEM, Actor
from core.rules.se import accounts, identifiers, payee
from core.services import cases, payouts_due, refund_given, refund_payee, refunds
from core.services.house import House
from core.services.proof import themselves
from core.services.refunds import Account
from core.store import refunds as store
from core.store.database import transaction
from core.store.refunds import RefundRow


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes back in a case, and where to; sums in öre, each account once.

    ``unsaid_ore``: nobody has said where to. ``known`` can still be changed, ``left`` has left. ``swish_ore`` goes
    back by Swish.
    """

    unsaid_ore: Ore = 0
    known: tuple[tuple[Account, Ore], ...] = ()
    left: tuple[tuple[Account, Ore], ...] = ()
    swish_ore: Ore = 0

    @property
    def ore(self) -> Ore:
        """What goes where the debtor says, as long as it has not left."""
        return self.unsaid_ore + sum(ore for _, ore in self.known)

    @property
    def account(self) -> Account | None:
        """Where it goes as far as it is said, what has left last."""
        return next((account for account, _ in (*self.known, *self.left)), None)

    def __bool__(self) -> bool:
        return bool(self.ore or self.left or self.swish_ore)


def read_account(house: House, kind: str, text: str) -> Account:
    """An account as it was typed; an IBAN is taken for an account as well.

    Raises BadIdentifier with its code, Refusal ``refund_ours`` for an account of the agency's own.
    """
    match kind:
        case "bg":
            found = Account("bg", identifiers.bankgiro_number(text))
        case "pg":
            found = Account("pg", identifiers.plusgiro_number(text))
        case "account" if text.strip()[:2].isalpha():
            found = Account("iban", accounts.iban_number(text))
        case "account":
            found = Account("account", accounts.bank_account(text))
        case _:
            raise AssertionError(kind)
    not_ours(house, found)
    return found


def possible(house: House, text: str) -> tuple[Account, ...]:
    """What a number may be whose kind was not chosen. Raises Refusal ``refund_ours``."""
    found = tuple(Account(kind, number) for kind, _, number in (each.partition(":") for each in payee.possible(text)))
    for account in found:
        not_ours(house, account)
    return found


def not_ours(house: House, account: Account) -> None:
    """Whoever copies a number off a letter may have copied ours."""
    if account.number in house.agency.accounts or f"{account.kind}:{account.number}" == house.agency.own_account:
        raise Refusal("refund_ours")


def sealed(house: House, account: Account) -> str:
    """The account as a half-done dialog keeps it."""
    return b64encode(kept(house, account)).decode()


def kept(house: House, account: Account) -> bytes:
    """The account as a refund keeps it."""
    return house.keys.encrypt(f"{account.kind}:{account.number}", store.ACCOUNT)


def opened(house: House, text: str) -> Account:
    """What `sealed` made."""
    kind, _, number = house.keys.decrypt(b64decode(text), store.ACCOUNT).partition(":")
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
    if found := await _of_case(house, case_id):
        return found
    raise NotFound("refund")


async def going_back(house: House, case: Case) -> Asked:
    """What goes back in a case, maybe nothing; most cases are not asked for in the database."""
    if refund.owed_back(case, house.clock.today()) <= 0 and case.last(Refunded) is None:
        return Asked()
    return await _of_case(house, case.id)


async def of_notice(house: House, kind: str, case: Case | None, facts: Mapping[str, Any]) -> Asked | None:
    """What goes back of the refunds that a notice tells of, as it stands now; None for any other."""
    if kind != refund_given.KIND or case is None or "refunds" not in facts:
        return None
    return await _of_case(house, case.id, frozenset(facts["refunds"]))


async def _of_case(house: House, case_id: int, only: frozenset[int] = frozenset()) -> Asked:
    """What goes back in a case, or of ``only`` these refunds of it."""
    unsaid = swish = 0
    known: dict[Account, Ore] = {}
    left: dict[Account, Ore] = {}
    for row in await store.of_case(case_id):
        account = refunds.account_of(house, row)
        if row.state not in store.OPEN or (only and row.id not in only):
            continue
        if row.way == store.SWISH:
            swish += row.ore
        elif account is None:
            unsaid += row.ore
        else:
            told = known if row.state in store.BEFORE else left
            told[account] = told.get(account, 0) + row.ore
    return Asked(unsaid, tuple(known.items()), tuple(left.items()), swish)


async def tell(house: House, chat_id: int, case_id: int, account: Account) -> Asked:
    """The debtor says where what goes back by bank shall go; one of the staff looks before it leaves.

    Raises NotAllowed, Refusal ``only_bankid``, ``refund_ours``, ``refund_state`` when it has left, NotFound.
    """
    not_ours(house, account)
    actor = await themselves(house, chat_id)
    case = await cases.open_case(house, actor, case_id)
    sealed_account = kept(house, account)
    async with transaction():
        await store.lock_case(case_id)
        told: list[RefundRow] = []
        for row in await store.of_case(case_id):
            by_bank = row.way == store.BANK and row.state in store.BEFORE
            if by_bank and await store.give_account(row.id, sealed_account, case.debtor.name[: refund_payee.NAME_MAX]):
                told.append(row)
        if not told:
            raise Refusal("refund_state", state=store.SENT)
        for row in told:
            await refunds.ask_staff(house, row.id, row.ore, case)
        # The audit log keeps that it was said and by whom; the account stands sealed in its own column.
        await house.book.note(case_id, actor, "refund.account", refunds=[row.id for row in told], kind=account.kind)
        await payouts_due.renew(house, SYSTEM)
    return await asked(house, actor, case_id)
