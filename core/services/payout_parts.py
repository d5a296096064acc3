"""The parts of a payout run that a bank books or answers for as one: all, what goes to bankgiro, what does not."""

from collections.abc import Iterator, Sequence

from core.files.pain001 import BANKGIRO_PART
from core.services.house import House
from core.store import payouts as store
from core.store import refunds as refund_rows
from core.store.payouts import PayoutRow, RunRow


def account_of(house: House, line: PayoutRow) -> str:
    """Where a payout goes, as ``kind:number``; a person's account is opened."""
    if line.to_sealed is None:
        return line.to_account
    return house.keys.decrypt(line.to_sealed, refund_rows.ACCOUNT)


def to_bankgiro(house: House, line: PayoutRow) -> bool:
    return account_of(house, line).startswith("bg:")


def parts(house: House, lines: Sequence[PayoutRow]) -> Iterator[tuple[PayoutRow, ...]]:
    """What the bank may book as one sum: these payouts, and where they differ, those to bankgiro and the others."""
    if not lines:
        return
    yield tuple(lines)
    giro = tuple(line for line in lines if to_bankgiro(house, line))
    others = tuple(line for line in lines if line not in giro)
    if giro and others:
        yield giro
        yield others


async def named(house: House, reference: str) -> tuple[RunRow, tuple[PayoutRow, ...]] | None:
    """The run whose file, or a group of whose file, bears this id, and its payouts there."""
    if run := await store.by_message(reference):
        return run, await store.payouts(run.id)
    whole = reference.removesuffix(BANKGIRO_PART)
    run = await store.by_message(whole) if whole != reference else None
    if run is None:
        return None
    return run, tuple(line for line in await store.payouts(run.id) if to_bankgiro(house, line))
