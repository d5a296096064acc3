"""What becomes of payouts: the bank has paid, refuses, or sends back. What did not arrive is owed again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from core import ledger
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM, Actor
from core.services import payout_accounts, payout_parts, refunds
from core.services.house import House
from core.store import audit, house_book, tasks
from core.store import payouts as store
from core.store.database import transaction
from core.store.dialect import load_json
from core.store.house_book import Move
from core.store.payouts import PayoutRow, RunRow

FAILED_TASK: Final = "task.payout_failed"
#: Statuses (ISO 20022) of a payment that will not be made.
REJECTED: Final = frozenset({"RJCT", "CANC"})
#: Reasons (ISO 20022) that lie with the account or whoever has it: the next payment would come back too.
OF_THE_ACCOUNT: Final = ("AC", "AG01", "RC", "MD07", "BE")
#: How a payout came back that the bank had paid, in its ``code``.
RETURNED: Final = "returned"
#: In a run's audit chain: a person has said which line of the bank these payouts were, and has taken that back.
FOUND, NOT_FOUND = "found", "not_found"


class Status(Protocol):
    """What the bank says of one payment of a file; without ``end_to_end`` of all of them, or all of a ``group`` of the
    file (`core.files.pain002`).
    """

    @property
    def message_id(self) -> str: ...
    @property
    def end_to_end(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def group(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line of a status report about no payout of ours. ``order`` is the file's name for it."""

    line: int
    order: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Of how many payouts there was news, of how many what is told was known, and what is about none of ours."""

    accepted: int
    already: int
    unknown: tuple[Unknown, ...] = ()

    @property
    def refused(self) -> int:
        return len(self.unknown)


async def take_statuses(house: House, actor: Actor, statuses: Iterable[Status]) -> Taken:
    """Take in what a status report says. Told again, nothing changes. Each payment is counted once."""
    told: dict[int, bool] = {}
    unknown: dict[str, Unknown] = {}
    for status in statuses:
        async with transaction():
            lines = await _meant(house, status)
            for line in lines:
                told[line.id] = await _take(house, actor, line, status) or told.get(line.id, False)
        if not lines:
            order = status.end_to_end or status.message_id
            unknown.setdefault(order, Unknown(status.line, order))
    news = sum(told.values())
    return Taken(news, len(told) - news, tuple(unknown.values()))


async def _meant(house: House, status: Status) -> Sequence[PayoutRow]:
    if status.end_to_end:
        found = await store.by_end_to_end(status.end_to_end)
        return (found,) if found else ()
    group = await payout_parts.named(house, status.group) if status.group else None
    meant = group or await payout_parts.named(house, status.message_id)
    return meant[1] if meant else ()


async def _take(house: House, actor: Actor, line: PayoutRow, status: Status) -> bool:
    """True when it is news."""
    line = await _locked(line)
    code = status.code or status.status
    if status.status in REJECTED:
        return await _fail(house, actor, line, code, house.clock.today())
    if line.state != store.SENT or line.code == code:
        return False
    await store.code(line.id, code)
    return True


async def bank_told(house: House, end_to_end: str, ore: Ore, on: date, entry_id: int) -> bool:
    """The bank has taken a payout from the account, in the caller's transaction; ``end_to_end`` may be a whole file's.

    False when it is none of ours, of another amount, or told before: then a person looks.
    """
    found = await store.by_end_to_end(end_to_end)
    if found is not None:
        return found.ore == abs(ore) and await _paid(house, await _locked(found), on, entry_id)
    named = await payout_parts.named(house, end_to_end)
    if named is None:
        return False
    await store.lock(named[0].id)
    ids = {line.id for line in named[1]}
    lines = [line for line in await store.payouts(named[0].id) if line.state == store.SENT and line.id in ids]
    meant = [part for part in payout_parts.parts(house, lines) if sum(line.ore for line in part) == abs(ore)]
    if len(meant) != 1:
        return False
    for line in meant[0]:
        await _paid(house, line, on, entry_id)
    return True


async def bank_returned(house: House, end_to_end: str, ore: Ore, on: date, entry_id: int) -> bool:
    """A payout has come back to the account, in the caller's transaction. False as in `bank_told`."""
    found = await store.by_end_to_end(end_to_end)
    if found is None or found.ore != abs(ore):
        return False
    line = await _locked(found)
    # An answer may have told that it failed before the money is back.
    told = line.state == store.FAILED and await _confirmed(line) and not await _booked(line, "back")
    if line.state not in (store.SENT, store.PAID) and not told:
        return False
    back = Move(ledger.FUNDS_BANK, ledger.FUNDS_TRANSIT, line.ore, on, "payout_back", f"payout:{line.id}:back")
    noted = {"payout": line.id, "entry": entry_id}
    await house_book.post(_chain(line.run_id), [back], house.clock, SYSTEM, "came_back", **noted)
    return told or await _fail(house, SYSTEM, line, RETURNED, on)


async def _paid(house: House, line: PayoutRow, on: date, entry_id: int) -> bool:
    """The line of the bank's file; of one that came back in the same file perhaps only after the money did."""
    late = line.state == store.FAILED and line.code == RETURNED and not await _confirmed(line)
    if line.state != store.SENT and not late:
        return False
    what = f"payout:{line.id}:confirmed"
    gone = Move(ledger.FUNDS_TRANSIT, ledger.FUNDS_BANK, line.ore, on, "payout_confirmed", what)
    told = {"payout": line.id, "entry": entry_id}
    await house_book.post(_chain(line.run_id), [gone], house.clock, SYSTEM, "confirmed", **told)
    if late:
        return True
    await arrived(house, line, on)
    await ended(line.run_id)
    return True


async def arrived(house: House, line: PayoutRow, on: date) -> None:
    """A payout that left has been paid, in the caller's transaction; whoever calls has booked it."""
    await store.move(line.id, (store.SENT,), store.PAID, on)
    if line.refund_id is not None:
        await refunds.bank_told(house, line.refund_id, True, on)


async def _confirmed(line: PayoutRow) -> bool:
    """Whether a line of the bank is booked as this payout: by its id, or because a person said so."""
    if await _booked(line, "confirmed"):
        return True
    told = [row for row in await audit.entries(_chain(line.run_id)) if row.action in (FOUND, NOT_FOUND)]
    about = [row.action for row in told if line.id in load_json(row.data)["payouts"]]
    return about[-1:] == [FOUND]


async def _booked(line: PayoutRow, what: str) -> bool:
    return bool(await store.booked([f"{_chain(line.run_id)}/payout:{line.id}:{what}"]))


async def _fail(house: House, actor: Actor, line: PayoutRow, code: str, on: date) -> bool:
    """It did not arrive: it is owed again, a person looks, and the creditor is told. False: it had an end before."""
    if not await store.move(line.id, (store.SENT, store.PAID), store.FAILED, on, code):
        return False
    told = {"payout": line.id, "code": code[:40]}
    if line.refund_id is not None:
        await audit.record(_chain(line.run_id), house.clock.now(), actor.label, "failed", told)
        await refunds.bank_told(house, line.refund_id, False, on)
    else:
        moves = await _taken_back(line, on)
        await house_book.post(_chain(line.run_id), moves, house.clock, actor, "failed", **told)
        await _tell(house, line, code)
    await ended(line.run_id)
    return True


async def _taken_back(line: PayoutRow, on: date) -> list[Move]:
    """What was booked when it left, the other way round."""
    chain = _chain(line.run_id)
    left = [f"{chain}/payout:{line.id}:{account}" for account in ("payable", *ledger.OURS)]
    return [
        Move(
            row.credit,
            row.debit,
            row.ore,
            on,
            "payout_returned",
            f"{row.source.removeprefix(f'{chain}/')}:returned",
            creditor_id,
        )
        for row, creditor_id in await store.booked(left)
    ]


async def _tell(house: House, line: PayoutRow, code: str) -> None:
    """One task: of the account where it lies with that, else of the payout."""
    today, now, key = house.clock.today(), house.clock.now(), f"payout:{line.id}:failed"
    facts: dict[str, Any] = {"run": line.run_id, "payout": line.id, "amount_ore": line.ore, "code": code[:40]}
    doubted = False
    if line.creditor_id is not None and code.startswith((*OF_THE_ACCOUNT, RETURNED)):
        doubted = await payout_accounts.refused_by_bank(house, line.creditor_id, line.to_account, facts)
    if not doubted:
        await tasks.add(key, FAILED_TASK, facts, today, today)
    if line.creditor_id is not None:
        told = {**facts, "doubted": doubted}
        notice = Notice(key, "creditor.payout_failed", Receiver.CREDITOR, Form.CHAT, today, told)
        await tasks.queue_notice(notice, now, line.creditor_id)


async def ended(run_id: int) -> None:
    """The bank has told of each payout of a run."""
    if all(line.state in (store.PAID, store.FAILED) for line in await store.payouts(run_id)):
        await store.move_run(run_id, store.APPROVED, store.DONE)


async def _locked(line: PayoutRow) -> PayoutRow:
    """The payout as it stands once nobody else is at its run."""
    run: RunRow | None = await store.lock(line.run_id)
    assert run is not None
    found = await store.by_end_to_end(line.end_to_end)
    assert found is not None
    return found


def _chain(run_id: int) -> str:
    return f"payouts:{run_id}"
