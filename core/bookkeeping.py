"""The agency's own bookkeeping (bokföring): vouchers made of transfers, one a day and kind of event.

What is entrusted to us or not earned yet is no asset of ours. It stands on the account for what we hold on behalf of
others (2830 Avräkning för annans räkning), where it cancels out by invariant 2: what is left there is what creditors
are owed. Only days that are over become vouchers, and numbers are counted from the first day of the financial year:
the same days always give the same vouchers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core import ledger, words
from core.money import Ore

Every = Literal["day", "month", "never"]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which account of the chart (BAS) each of ours is, and the creditor's; how vouchers are numbered and when filed.

    The second half is the creditor's chart: ``at_agency`` is what we hold for them and have not paid out.
    ``year_starts`` is the first month of the financial year (räkenskapsår).
    """

    client_bank: str = "1940"
    in_transit: str = "1940"
    own_bank: str = "1930"
    held_for_others: str = "2830"
    suspense: str = "2890"
    overpaid: str = "2891"
    fees: str = "3001"
    vat: str = "2611"
    interest: str = "8313"
    rounding: str = "3740"
    bank_fees: str = "6570"
    bank_interest: str = "8311"
    creditor_bank: str = "1930"
    receivables: str = "1510"
    input_vat: str = "2641"
    collection_costs: str = "6062"
    creditor_interest: str = "8313"
    at_agency: str = "1680"
    series: str = "A"
    year_starts: int = 1
    every: Every = "month"


#: The accounts of `Accounts` that are numbers of a chart.
NUMBERED: Final = (
    *("client_bank", "in_transit", "own_bank", "held_for_others", "suspense", "overpaid", "fees", "vat", "interest"),
    *("rounding", "bank_fees", "bank_interest"),
    *("creditor_bank", "receivables", "input_vat", "collection_costs", "creditor_interest", "at_agency"),
)
#: In the order in which they stand in a voucher.
OWN: Final = NUMBERED[: NUMBERED.index("creditor_bank")]
THEIRS: Final = NUMBERED[len(OWN) :]

#: The kinds of a day's events, in the order of their vouchers.
EVENTS: Final = (
    *("receipt", "unmatched", "settlement", "payout", "own_share", "refund", "reversal", "bank", "adjustment"),
)
_EVENT_OF: Final[Mapping[str, str]] = {
    "payment": "receipt",
    "bank_in": "unmatched",
    "bank_out": "bank",
    "bank_twin": "bank",
    "own_in": "bank",
    "bank_fee": "bank",
    "bank_interest": "bank",
    "swish_confirmed": "bank",
    "payout_confirmed": "bank",
    "payout": "payout",
    "payout_returned": "payout",
    "payout_back": "payout",
    "own_share": "own_share",
    "refund": "refund",
    "refund_returned": "refund",
    "reversal": "reversal",
}
_FUNDS: Final = (ledger.FUNDS_BANK, ledger.FUNDS_TRANSIT)
_MONEY: Final = (*_FUNDS, ledger.SUSPENSE, ledger.OVERPAID)
_EARNED: Final = ledger.OURS


@dataclass(frozen=True, slots=True)
class Moved:
    """The sum of a day's transfers of one kind between two accounts.

    ``house``: they belong to no case. ``case`` is the OCR number, where all of them are one case's.
    """

    on: date
    kind: str
    debit: str
    credit: str
    ore: Ore
    house: bool = False
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher (verifikation): debit is positive, credit negative, and the rows sum to nothing."""

    number: int
    on: date
    text: str
    rows: tuple[tuple[str, Ore], ...]


@dataclass(frozen=True, slots=True)
class NoteMoves:
    """What a settlement note (avräkningsnota) accounts for, as the creditor books it.

    ``moved`` are the transfers on the creditor's account with us; ``payout_ore`` is what the note pays out.
    """

    number: int
    on: date
    payout_ore: Ore
    moved: tuple[Moved, ...]


def financial_year(day: date, year_starts: int) -> date:
    """The first day of the financial year that a day is in."""
    return date(day.year if day.month >= year_starts else day.year - 1, year_starts, 1)


def vouchers(moved: Iterable[Moved], accounts: Accounts) -> tuple[Voucher, ...]:
    """The vouchers of a financial year so far. ``moved`` holds everything since its first day."""
    found: dict[tuple[date, int], list[Moved]] = {}
    for one in moved:
        found.setdefault((one.on, EVENTS.index(_event(one))), []).append(one)
    made: list[Voucher] = []
    for (day, event), moves in sorted(found.items(), key=lambda item: item[0]):
        sums: dict[str, Ore] = {}
        for one in moves:
            debit, credit = _names(one)
            _add(sums, getattr(accounts, debit), one.ore)
            _add(sums, getattr(accounts, credit), -one.ore)
        rows = _rows(sums, accounts, OWN)
        if rows:
            made.append(Voucher(len(made) + 1, day, _text(EVENTS[event], moves, day), rows))
    return tuple(made)


def creditor_vouchers(notes: Iterable[NoteMoves], accounts: Accounts) -> tuple[Voucher, ...]:
    """The creditor's own vouchers of a financial year so far, one a settlement note."""
    made: list[Voucher] = []
    for note in notes:
        sums: dict[str, Ore] = {accounts.creditor_bank: note.payout_ore}
        for one in note.moved:
            toward, other = (one.ore, one.credit) if one.debit == ledger.PAYABLE else (-one.ore, one.debit)
            if one.kind != "payout":
                _add(sums, getattr(accounts, _theirs(other)), toward)
        _add(sums, accounts.at_agency, -sum(sums.values()))
        rows = _rows(sums, accounts, THEIRS)
        if rows:
            text = words.text(words.ORIGINAL, "books.note", number=note.number)
            made.append(Voucher(len(made) + 1, note.on, text, rows))
    return tuple(made)


def used(made: Sequence[Voucher], accounts: Accounts, names: Sequence[str] = OWN) -> dict[str, str]:
    """The accounts that vouchers name, with their names."""
    there = {account for voucher in made for account, _ in voucher.rows}
    named = {getattr(accounts, name): words.text(words.ORIGINAL, f"books.account.{name}") for name in reversed(names)}
    return {number: named[number] for number in sorted(there)}


def _event(one: Moved) -> str:
    event = _EVENT_OF.get(one.kind, "adjustment")
    # A payment's own transfers are the receipt; what it lets us recognise is the settlement.
    if event == "receipt" and not {one.debit, one.credit} & {*_MONEY}:
        return "settlement"
    return event


def _names(one: Moved) -> tuple[str, str]:
    """The fields of `Accounts` that a transfer's two sides are.

    Where the house moves what is earned out of the client account, it is money that changes banks: it became our
    income when it was earned.
    """
    moved_out = one.house and bool({one.debit, one.credit} & {*_FUNDS})
    first, second = (
        "own_bank" if moved_out and name in _EARNED else _OURS.get(name, "held_for_others")
        for name in (one.debit, one.credit)
    )
    return first, second


_OURS: Final[Mapping[str, str]] = {
    ledger.FUNDS_BANK: "client_bank",
    ledger.FUNDS_TRANSIT: "in_transit",
    ledger.SUSPENSE: "suspense",
    ledger.OVERPAID: "overpaid",
    ledger.FEES_EARNED: "fees",
    ledger.VAT_PAYABLE: "vat",
    ledger.INTEREST_EARNED: "interest",
    ledger.ROUNDING: "rounding",
    ledger.OWN_LAID_IN: "own_bank",
    ledger.BANK_FEES: "bank_fees",
    ledger.BANK_INTEREST: "bank_interest",
}


def _theirs(other: str) -> str:
    """The field of `Accounts` that stands against the creditor's account with us."""
    match other:
        case ledger.VAT_PAYABLE:
            return "input_vat"
        case ledger.FEES_EARNED | ledger.OUTLAY:
            return "collection_costs"
        case ledger.INTEREST_PENDING | ledger.INTEREST_EARNED:
            return "creditor_interest"
        case ledger.FUNDS_BANK | ledger.FUNDS_TRANSIT:
            return "creditor_bank"
        case _:
            return "receivables"


def _add(sums: dict[str, Ore], account: str, ore: Ore) -> None:
    sums[account] = sums.get(account, 0) + ore


def _rows(sums: Mapping[str, Ore], accounts: Accounts, names: Sequence[str]) -> tuple[tuple[str, Ore], ...]:
    order = dict.fromkeys(getattr(accounts, name) for name in names)
    rows = tuple((account, sums[account]) for account in order if sums.get(account))
    assert sum(ore for _, ore in rows) == 0
    return rows


def _text(event: str, moves: Sequence[Moved], day: date) -> str:
    cases = {one.case for one in moves}
    [case] = cases if len(cases) == 1 else [None]
    told = f"{words.text(words.ORIGINAL, f'books.{event}')} "
    return told + (words.text(words.ORIGINAL, "books.case", ocr=case) if case else day.isoformat())
