"""What a transfer means on a settlement note: the column that each pair of accounts belongs to.

A note lists every transfer that moved money, and nothing on it is known that these transfers do not say.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core import ledger
from core.money import Ore

#: A transfer between two of these moves no money: it tells what is owed, and stands on no note.
OWED: Final = frozenset({ledger.ENTRUSTED, ledger.OUTLAY, ledger.FEES_PENDING, ledger.INTEREST_PENDING})
CASE: Final = "case:"
#: The payout itself is no line of a note: it is what the note ends with.
PAYOUT: Final = "payout"

#: What a line, a case and a note say, in öre. ``received`` came to us, ``direct`` to the creditor; ``rounding`` we bear
#: ourselves; ``over`` is owed back to the debtor; ``elsewhere`` turned out to be somebody else's. ``principal``,
#: ``interest`` and ``costs`` are what that settled. ``entrusted``, ``outlay``, ``interest_yours`` are the creditor's,
#: ``fees``, ``charged`` and ``interest_ours`` our pay, ``vat`` is on it; ``returned`` is a payout that came back.
COLUMNS: Final = (
    "received",
    "direct",
    "rounding",
    "over",
    "elsewhere",
    "principal",
    "interest",
    "entrusted",
    "outlay",
    "interest_yours",
    "fees",
    "charged",
    "interest_ours",
    "vat",
    "returned",
    "net",
)
_MONEY: Final = frozenset({ledger.FUNDS_BANK, ledger.FUNDS_TRANSIT, ledger.SUSPENSE})
_PAID_FROM: Final = {**dict.fromkeys(_MONEY, "received"), ledger.PAYABLE: "direct", ledger.ROUNDING: "rounding"}
_EARNED: Final = {
    (ledger.ENTRUSTED, ledger.PAYABLE): (("entrusted", 1), ("net", 1)),
    (ledger.OUTLAY, ledger.PAYABLE): (("outlay", 1), ("net", 1)),
    (ledger.INTEREST_PENDING, ledger.PAYABLE): (("interest_yours", 1), ("net", 1)),
    (ledger.INTEREST_PENDING, ledger.INTEREST_EARNED): (("interest_ours", 1),),
    (ledger.FEES_PENDING, ledger.FEES_EARNED): (("fees", 1),),
    (ledger.PAYABLE, ledger.FEES_EARNED): (("charged", 1), ("net", -1)),
    (ledger.PAYABLE, ledger.VAT_PAYABLE): (("vat", 1), ("net", -1)),
    (ledger.FUNDS_TRANSIT, ledger.PAYABLE): (("returned", 1), ("net", 1)),
}

#: Columns and ``costs`` by kind, as JSON says them: ``received_ore``, and under ``costs`` ``demand_ore``.
Amounts = dict[str, Any]


class UnknownMove(ValueError):
    """Two accounts between which no case of a creditor moves anything."""


def moves_money(debit: str, credit: str) -> bool:
    """Whether a transfer of a case stands on a note: one side of it is more than what is owed."""
    return not (_is_owed(debit) and _is_owed(credit))


def of_transfers(transfers: Iterable[tuple[str, str, Ore]]) -> Amounts:
    """The columns that transfers (debit, credit, öre) add up to. Raises UnknownMove."""
    sums = dict.fromkeys(COLUMNS, 0)
    costs: dict[str, Ore] = {}
    for debit, credit, ore in transfers:
        for column, sign in _meaning(debit, credit):
            if column.startswith(CASE):
                kind = column.removeprefix(CASE)
                costs[kind] = costs.get(kind, 0) + sign * ore
            else:
                sums[column] += sign * ore
    return _written(sums, costs)


def added(parts: Iterable[Mapping[str, Any]]) -> Amounts:
    """The sum of amounts, column by column."""
    sums = dict.fromkeys(COLUMNS, 0)
    costs: dict[str, Ore] = {}
    for part in parts:
        for column in COLUMNS:
            sums[column] += part[f"{column}_ore"]
        for kind, ore in part["costs"].items():
            costs[kind.removesuffix("_ore")] = costs.get(kind.removesuffix("_ore"), 0) + ore
    return _written(sums, costs)


def taxed(amounts: Mapping[str, Any], *, vat_on_interest: bool) -> Ore:
    """Our pay that VAT is charged on."""
    pay: Ore = amounts["fees_ore"] + amounts["charged_ore"]
    return pay + (amounts["interest_ours_ore"] if vat_on_interest else 0)


def _written(sums: Mapping[str, Ore], costs: Mapping[str, Ore]) -> Amounts:
    found: Amounts = {f"{column}_ore": ore for column, ore in sums.items()}
    found["costs"] = {f"{kind}_ore": ore for kind, ore in sorted(costs.items()) if ore}
    return found


def _is_owed(account: str) -> bool:
    return account in OWED or account.startswith(CASE)


def _meaning(debit: str, credit: str) -> tuple[tuple[str, int], ...]:
    """Columns and signs of one transfer; a counter-transfer has the other signs."""
    found = _one_way(debit, credit)
    if found is None:
        back = _one_way(credit, debit)
        if back is None:
            raise UnknownMove(f"{debit} and {credit}")
        return tuple((column, -sign) for column, sign in back)
    return found


def _one_way(debit: str, credit: str) -> tuple[tuple[str, int], ...] | None:
    if (debit, credit) in _EARNED:
        return _EARNED[debit, credit]
    if debit in _MONEY and credit == ledger.SUSPENSE:
        return (("elsewhere", 1),)
    settled = _settles(credit)
    if debit not in _PAID_FROM or settled is None or debit == credit:
        return None
    way = _PAID_FROM[debit]
    return ((way, 1), *settled, *((("net", -1),) if way == "direct" else ()))


def _settles(credit: str) -> tuple[tuple[str, int], ...] | None:
    """What is settled when money goes to an account; öre that we keep by whole-krona rounding count against us."""
    if credit == ledger.OVERPAID:
        return (("over", 1),)
    if credit == ledger.ROUNDING:
        return (("rounding", -1),)
    if credit == ledger.PRINCIPAL:
        return (("principal", 1),)
    if credit == ledger.INTEREST:
        return (("interest", 1),)
    return ((credit, 1),) if credit.startswith(CASE) else None
