"""Accounts that creditors are paid to: the one that counts stands at the creditor, a new one waits for a supervisor."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.store.database import dialect, execute, rows

ASKED, CONFIRMED, REFUSED, REPLACED = "asked", "confirmed", "refused", "replaced"
_OPEN: Final = "SELECT id, creditor_id, account, asked_by FROM payout_accounts WHERE state = 'asked'"


@dataclass(frozen=True, slots=True)
class Wish:
    """An account that a creditor asked for, as ``kind:number``."""

    id: int
    creditor_id: int
    account: str
    asked_by: str


async def counts(creditor_id: int) -> str:
    """The account that the creditor is paid to, as ``kind:number``; locked until the transaction ends."""
    [row] = await rows(f"SELECT payout_account FROM creditors WHERE id = ? {dialect().for_update}", creditor_id)  # noqa: S608
    return str(row["payout_account"])


async def put(creditor_id: int, account: str) -> None:
    """From now on the creditor is paid here."""
    await execute("UPDATE creditors SET payout_account = ? WHERE id = ?", account, creditor_id)


async def wish(creditor_id: int, account: str, label: str, today: date, state: str = ASKED) -> int:
    """Keep a wish in place of an earlier one that nobody has answered; its id."""
    answered = "UPDATE payout_accounts SET state = ? WHERE creditor_id = ? AND state = ?"
    await execute(answered, REPLACED, creditor_id, ASKED)
    [row] = await rows(
        "INSERT INTO payout_accounts (creditor_id, account, state, asked_by, asked_on) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        creditor_id,
        account,
        state,
        label,
        dialect().day(today),
    )
    return int(row["id"])


async def open_wish(creditor_id: int) -> Wish | None:
    """What a supervisor has not answered yet."""
    found = await rows(f"{_OPEN} AND creditor_id = ? ORDER BY id DESC LIMIT 1", creditor_id)
    return _wish(found[0]) if found else None


async def open_of_all() -> dict[int, str]:
    """The accounts that wait for a supervisor, by creditor."""
    return {int(row["creditor_id"]): row["account"] for row in await rows(_OPEN)}


async def answer(wish_id: int, state: str, label: str, today: date) -> bool:
    """False: it was answered or replaced before."""
    return bool(
        await execute(
            "UPDATE payout_accounts SET state = ?, answered_by = ?, answered_on = ? WHERE id = ? AND state = ?",
            state,
            label,
            dialect().day(today),
            wish_id,
            ASKED,
        )
    )


async def asked_today(key: str) -> bool:
    """Whether a creditor was asked for its account under this key."""
    return bool(await rows("SELECT 1 AS one FROM notices WHERE key = ?", key))


def _wish(row: dict[str, object]) -> Wish:
    return Wish(int(str(row["id"])), int(str(row["creditor_id"])), str(row["account"]), str(row["asked_by"]))
