"""What we owe a creditor now: all that came in for it, less what was deducted and paid out."""

from core import ledger
from core.money import Ore
from core.store.database import rows

_PAYABLE = (
    "SELECT COALESCE(SUM(CASE WHEN credit = ? THEN amount_ore ELSE -amount_ore END), 0) AS ore FROM transfers"
    " WHERE creditor_id = ? AND (debit = ? OR credit = ?)"
)


async def payable(creditor_id: int) -> Ore:
    """In öre; negative when the creditor owes us, which is carried forward."""
    account = ledger.PAYABLE
    [row] = await rows(_PAYABLE, account, creditor_id, account, account)
    return int(row["ore"])
