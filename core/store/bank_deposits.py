"""Deposits of Bankgirot as the bank told them: the payments of each by its file, their sum by a statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core import deposit
from core.deposit import Deposit
from core.money import Ore
from core.store.bank import DOUBTFUL, OPEN, refs_of
from core.store.bank_sums import TWIN, Sum
from core.store.database import dialect, execute, rows
from core.store.matching import OURS

#: The kind of the booking that says which deposit a sum is: each has one.
KIND: Final = "deposit"
#: How a sum stands that nobody has placed, or a person has: nothing that the bank told of it has.
_NAMELESS: Final = ("", "clerk", "refund", *OURS)
_SUMS_DAY: Final = (
    "SELECT s.booked_on FROM bank_bookings d JOIN bank_entries s ON s.id = d.entry_id"  # noqa: S608 - our own words
    f" WHERE d.target = '{KIND}:' || bank_entries.batch_ref"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sum that may be a deposit: on which day it was booked, whether it speaks of Bankgirot, and in what kind of file
    it was told.
    """

    sum: Sum
    booked_on: date
    says_so: bool
    format: str


def target(ref: str) -> str:
    """The target of the booking by which a deposit's sum is told."""
    return f"{KIND}:{ref}"


async def whole(days: Iterable[date]) -> list[Deposit]:
    """The deposits of these days whose payments are all there."""
    found: list[Deposit] = []
    for day in sorted(set(days)):
        for row in await rows(
            "SELECT batch_ref, sum(amount_ore) AS ore FROM bank_entries WHERE batch_ref BETWEEN ? AND ?"
            " GROUP BY batch_ref ORDER BY batch_ref",
            *deposit.of_day(day),
        ):
            told = deposit.read(row["batch_ref"])
            if told and told.ore == int(row["ore"]):
                found.append(told)
    return found


async def sums(days: Iterable[date], amounts: Iterable[Ore]) -> list[Waiting]:
    """The sums of these days and amounts that may be deposits and are still booked, in order of id."""
    wanted = sorted(set(days))
    marks = ", ".join("?" * len(wanted))
    found = await rows(
        "SELECT id, booked_on, value_on, amount_ore, rest_ore, state, refs, text, payer_name,"  # noqa: S608 - marks alone
        " payer_account IS NOT NULL AS has_account, (SELECT f.format FROM bank_files f WHERE f.id = file_id) AS format"
        f" FROM bank_entries WHERE booked_on IN ({marks})"
        f" AND amount_ore {dialect().in_ids} AND batch_ref = '' AND how IN ({', '.join('?' * len(_NAMELESS))})"
        " ORDER BY id",
        *map(dialect().day, wanted),
        dialect().ids(sorted(set(amounts))),
        *_NAMELESS,
    )
    waiting = []
    for row in found:
        name, has_account = row["payer_name"] or "", bool(row["has_account"])
        referred = any(ref.structured for ref in refs_of(row["refs"]))
        if referred or not deposit.is_nobodys(name, has_account=has_account):
            continue
        booked_on, value_on = dialect().read_day(row["booked_on"]), dialect().read_day(row["value_on"])
        assert booked_on is not None
        assert value_on is not None
        untouched = row["state"] in (OPEN, DOUBTFUL) and row["rest_ore"] == row["amount_ore"]
        told = Sum(row["id"], row["amount_ore"], value_on, untouched)
        waiting.append(Waiting(told, booked_on, deposit.says_so(f"{name} {row['text'] or ''}"), row["format"]))
    return waiting


async def on_the_sums_day(refs: Sequence[str], ids: Sequence[int]) -> None:
    """Payments of deposits, all of some and these of others, were booked on the day of their sum: the account's bank
    knows it better than Bankgirot. From when a payment counts is not touched.
    """
    marks = ", ".join("?" * len(refs)) or "NULL"
    await execute(
        f"UPDATE bank_entries SET booked_on = ({_SUMS_DAY}) WHERE (batch_ref IN ({marks}) OR id {dialect().in_ids})"  # noqa: S608
        f" AND batch_ref <> '' AND how <> '{TWIN}' AND EXISTS ({_SUMS_DAY} AND s.booked_on <> bank_entries.booked_on)",
        *refs,
        dialect().ids(ids),
    )
