"""The bank books many payments in one sum: a notification tells its parts, a statement often only the sum.

Whichever comes first is booked. A sum whose parts are booked is there already; parts that come after their sum take its
place, as long as nobody has taken of it.
"""

from collections.abc import Iterable

from core import ledger
from core.store import bank_sums as store
from core.store.bank import Quicker
from core.store.bank_sums import Sum
from core.store.house_book import Move


async def undo(sums: Iterable[Sum]) -> list[Move]:
    """The transfers by which sums leave suspense again. Raises Quicker when somebody has taken of one meanwhile."""
    moves = []
    for each in {found.id: found for found in sums}.values():
        if not await store.give_way(each.id):
            raise Quicker
        accounts = (ledger.SUSPENSE, ledger.FUNDS_BANK) if each.ore > 0 else (ledger.FUNDS_BANK, ledger.SUSPENSE)
        kind = "bank_in" if each.ore > 0 else "bank_out"
        moves.append(Move(*accounts, abs(each.ore), each.value_on, kind, f"e{each.id}:parts"))
    return moves
