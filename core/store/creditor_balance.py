"""What we owe a creditor: all that came in for it, less what was deducted and paid out."""

from datetime import date

from core import ledger
from core.money import Ore
from core.store.database import dialect, rows

_PAYABLE = (
    "SELECT COALESCE(SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore FROM transfers"
    " WHERE creditor_id = ? AND (debit = ? OR credit = ?)"
)


async def payable(creditor_id: int) -> Ore:
    """Now, in öre; negative when the creditor owes us, which is carried forward."""
    account = ledger.PAYABLE
    [row] = await rows(_PAYABLE, account, creditor_id, account, account)
    return int(row["ore"])


async def around(creditor_id: int, source: str) -> tuple[Ore, Ore] | None:
    """The balance before and after what was booked under a source; None where that moved nothing of the creditor's."""
    account = ledger.PAYABLE
    [moved] = await rows(
        "SELECT MAX(id) AS last, SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END) AS ore FROM transfers"
        " WHERE source = ? AND creditor_id = ? AND (debit = ? OR credit = ?)",
        account,
        source,
        creditor_id,
        account,
        account,
    )
    if moved["last"] is None:
        return None
    [row] = await rows(f"{_PAYABLE} AND id <= ?", account, creditor_id, account, account, moved["last"])
    after = int(row["ore"])
    return after - int(moved["ore"]), after


async def since(creditor_id: int) -> date | None:
    """Since when money of the creditor's lies here that was not paid out."""
    account = ledger.PAYABLE
    [row] = await rows(
        "SELECT MIN(booked_on) AS since FROM transfers WHERE creditor_id = ? AND credit = ? AND id > COALESCE("
        "(SELECT MAX(id) FROM transfers WHERE creditor_id = ? AND debit = ? AND kind = 'payout'), 0)",
        creditor_id,
        account,
        creditor_id,
        account,
    )
    return dialect().read_day(row["since"])
