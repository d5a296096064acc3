"""The figures of the account for clients' money that decide what may leave it, as the book has them now."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core import ledger
from core.money import Ore
from core.payout import Funds
from core.plan_pay import PART_OF
from core.store.database import dialect, rows

#: Kinds of transfers by which money leaves, is confirmed to have left, and comes back.
LEAVING: Final = (
    "payout",
    "own_share",
    "refund",
    "payout_confirmed",
    "payout_returned",
    "refund_returned",
    "payout_back",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A creditor's balance, and since when money of its lies there that was not paid out (None: there is none)."""

    creditor_id: int
    payable: Ore
    since: date | None


async def funds() -> Funds:
    """Clients' money as the book has it now."""
    sums = await _sums()
    return Funds(
        bank=sums.get(ledger.FUNDS_BANK, 0),
        leaving=await _leaving(),
        others=ledger.kept_for_others(await _overpaid(), -sums.get(ledger.SUSPENSE, 0), await _unexplained()),
        payable=await payable(),
        coming=await _coming(),
        own=-sum(sums.get(account, 0) for account in ledger.OURS),
        over_coming=await _over_coming(),
    )


async def own() -> dict[str, Ore]:
    """What stands on each of our own accounts, as credit."""
    sums = await _sums()
    return {account: -sums.get(account, 0) for account in ledger.OURS}


async def payable() -> dict[int, Ore]:
    """What is owed to each creditor who has ever been owed anything; negative: it owes us."""
    found = await rows(
        "SELECT creditor_id, SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END) AS ore FROM transfers"
        " WHERE (credit = ? OR debit = ?) AND creditor_id IS NOT NULL GROUP BY creditor_id",
        *([ledger.PAYABLE] * 3),
    )
    return {int(row["creditor_id"]): int(row["ore"]) for row in found}


async def standings() -> tuple[Standing, ...]:
    """Every creditor whose balance is not zero, in order of id."""
    since = {
        int(row["creditor_id"]): dialect().read_day(row["since"])
        for row in await rows(
            "SELECT t.creditor_id, MIN(t.booked_on) AS since FROM transfers t LEFT JOIN"
            " (SELECT creditor_id, MAX(id) AS id FROM transfers WHERE debit = ? AND kind = 'payout'"
            "  GROUP BY creditor_id) last ON last.creditor_id = t.creditor_id"
            " WHERE t.credit = ? AND t.creditor_id IS NOT NULL AND t.id > COALESCE(last.id, 0) GROUP BY t.creditor_id",
            ledger.PAYABLE,
            ledger.PAYABLE,
        )
    }
    return tuple(Standing(id, ore, since.get(id)) for id, ore in sorted((await payable()).items()) if ore)


async def _overpaid() -> list[Ore]:
    """What is kept for debtors who paid too much, by case; less than nothing where too much was paid back."""
    found = await rows(
        "SELECT SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END) AS ore FROM transfers"
        " WHERE credit = ? OR debit = ? GROUP BY case_id",
        *([ledger.OVERPAID] * 3),
    )
    return [int(row["ore"]) for row in found]


async def _unexplained() -> Ore:
    """What left the bank and nobody has explained."""
    [row] = await rows("SELECT COALESCE(-SUM(rest_ore), 0) AS ore FROM bank_entries WHERE rest_ore < 0")
    return int(row["ore"])


async def _sums() -> dict[str, Ore]:
    found = await rows(
        "SELECT account, SUM(ore) AS ore FROM (SELECT debit AS account, amount_ore AS ore FROM transfers"
        " UNION ALL SELECT credit, -amount_ore FROM transfers) moves GROUP BY account"
    )
    return {row["account"]: int(row["ore"]) for row in found}


async def _leaving() -> Ore:
    """What left in files, or went back by Swish, and the bank's file has not shown yet."""
    marks = ", ".join("?" for _ in LEAVING)
    [row] = await rows(
        "SELECT COALESCE(SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore FROM transfers"  # noqa: S608
        f" WHERE (credit = ? OR debit = ?) AND kind IN ({marks})",
        *([ledger.FUNDS_TRANSIT] * 3),
        *LEAVING,
    )
    return max(int(row["ore"]), 0)


async def _coming() -> dict[int, Ore]:
    """The creditors' part of what was paid by Swish and is not in the bank's file yet."""
    found = await rows(
        "SELECT t.creditor_id, SUM(CASE WHEN t.credit = ? THEN t.amount_ore ELSE -t.amount_ore END) AS ore"  # noqa: S608
        f" FROM transfers t WHERE (t.credit = ? OR t.debit = ?) AND t.source IN ({_still_to_come()})"
        " GROUP BY t.creditor_id",
        *([ledger.PAYABLE] * 3),
        ledger.FUNDS_TRANSIT,
    )
    return {int(row["creditor_id"]): max(int(row["ore"]), 0) for row in found if row["creditor_id"] is not None}


async def _over_coming() -> Ore:
    """What was too much of what was paid by Swish and is not in the bank's file yet."""
    [row] = await rows(
        "SELECT COALESCE(SUM(CASE WHEN t.credit = ? THEN t.amount_ore ELSE -t.amount_ore END), 0) AS ore"  # noqa: S608
        f" FROM transfers t WHERE (t.credit = ? OR t.debit = ?) AND t.source IN ({_still_to_come()})",
        *([ledger.OVERPAID] * 3),
        ledger.FUNDS_TRANSIT,
    )
    return max(int(row["ore"]), 0)


def _still_to_come() -> str:
    """SQL for the sources of payments by Swish that no line of the bank has confirmed.

    A payment's transfers bear its reference, and the case that got a part of it, as their source; its line in the
    bank's file is a booking with the same reference.
    """
    return (
        "SELECT s.source FROM transfers s LEFT JOIN bank_bookings b ON b.kind = 'swish' AND b.undone_on IS NULL"  # noqa: S608
        f" AND b.target = substr({dialect().head_of('s.source', PART_OF)}, {len('payment:') + 1})"
        " WHERE s.debit = ? AND s.kind = 'payment' AND b.id IS NULL"
    )


async def accounts() -> dict[int, tuple[str, str]]:
    """Each creditor's account, and its name as banks are to write it."""
    found = await rows("SELECT id, name, payout_account FROM creditors")
    return {int(row["id"]): (row["payout_account"], row["name"]) for row in found}


async def uncounted(creditor_id: int) -> bool:
    """Whether something has moved a creditor's balance that stands on no note yet."""
    found = await rows(
        "SELECT 1 AS one FROM transfers t LEFT JOIN note_transfers n ON n.transfer_id = t.id"
        " WHERE t.creditor_id = ? AND (t.credit = ? OR t.debit = ?) AND t.kind <> 'payout' AND n.id IS NULL LIMIT 1",
        creditor_id,
        ledger.PAYABLE,
        ledger.PAYABLE,
    )
    return bool(found)
