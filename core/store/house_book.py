"""Transfers that belong to no case: what the bank told, what left it, what a creditor was paid.

Each is vouched for by a row of an audit chain of its own (a bank file, an entry, a run). Its ``source`` is the chain's
name, a slash, and what it was; the database refuses a source that is there already, so nothing is booked twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.ledger import Transfer
from core.money import Ore
from core.party import Actor
from core.ports import Clock
from core.store import audit, database
from core.store.saving import facts_digest, transfer_line

_INSERT = (
    "INSERT INTO transfers (case_id, creditor_id, debit, credit, amount_ore, booked_on, value_on, kind, source, line,"
    " claim_id) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer to write. ``what`` is unique within its chain; ``ore`` is positive."""

    debit: str
    credit: str
    ore: Ore
    value_on: date
    kind: str
    what: str
    creditor_id: int | None = None


async def post(chain: str, moves: Sequence[Move], clock: Clock, actor: Actor, action: str, **data: Any) -> None:
    """Write transfers and the audit row that vouches for them, inside the caller's transaction.

    ``data`` holds ids, codes and amounts. Raises IntegrityError when one of them is booked already.
    """
    today, dialect = clock.today(), database.dialect()
    rows = [_transfer(chain, move, today) for move in moves]
    await database.execute_many(
        _INSERT,
        [
            (
                move.creditor_id,
                row.debit,
                row.credit,
                row.ore,
                dialect.day(row.booked_on),
                dialect.day(row.value_on),
                row.kind,
                row.source,
                row.line,
            )
            for move, row in zip(moves, rows, strict=True)
        ],
    )
    vouched = {**data, "transfers": len(rows), "digest": digest(rows)}
    await audit.record(chain, clock.now(), actor.label, action, vouched)


def digest(rows: Iterable[Transfer]) -> str:
    """The hash by which an audit row vouches for transfers."""
    return facts_digest((), [transfer_line(row) for row in rows])


def _transfer(chain: str, move: Move, today: date) -> Transfer:
    source = f"{chain}/{move.what}"
    return Transfer(move.debit, move.credit, move.ore, today, move.value_on, move.kind, source, 0)
