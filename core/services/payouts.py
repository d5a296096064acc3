"""Payout runs (utbetalningskörningar): put together by one person, approved by another, booked and sent as one file.

What is shown to whoever approves is what leaves, or nothing does. `payout_status` takes what the bank tells afterwards.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core import ledger, payout
from core.errors import NotAllowed, NotFound, Refusal
from core.party import SYSTEM, Actor, Role
from core.payout import Funds
from core.services import payout_file, payouts_due, refunds, settlement_notes
from core.services import payout_look as look
from core.services.house import House
from core.services.payout_look import Outlook, RunView, Waits
from core.services.payout_status import bank_returned, bank_told, take_statuses
from core.services.settlement_notes import Draft, Issued
from core.services.taking import staff_only
from core.store import audit, house_book, payout_accounts, payout_funds, tasks
from core.store import payouts as store
from core.store import refunds as refund_rows
from core.store import settlement_notes as note_rows
from core.store.database import transaction
from core.store.dialect import dump_json
from core.store.house_book import Move
from core.store.payouts import NewPayout, PayoutRow, RunRow

__all__ = ["bank_returned", "bank_told", "take_statuses"]

#: The task of whoever approves.
TASK: Final = "task.payout_run"
NAME_MAX: Final = 120


# Putting together


async def prepare(
    house: House,
    actor: Actor,
    creditors: Iterable[int] | None = None,
    *,
    all_now: bool = False,
    share: bool = False,
) -> RunView:
    """Put together what is to be paid today: the creditors whose day it is, these ones, or all; and ready refunds.

    ``share``: what is free of our own too. While a run waits for approval it is given again. Raises NotAllowed,
    Refusal ``payout_nothing``, ``payout_short`` when nothing may leave, or ``payout_no_own_account``.
    """
    if actor.role is not Role.SYSTEM:
        staff_only(actor)
    if share and not house.agency.own_account:
        raise Refusal("payout_no_own_account")
    today = house.clock.today()
    async with transaction():
        await store.take_turn()
        if waiting := await store.open_run():
            return await look.view_of(house, waiting)
        only = frozenset(creditors) if creditors is not None else None
        found = await look.planned(house, all_now=all_now, only=only)
        run_id = await store.add_run(look.calendar().on_or_after(today), actor.label, house.clock.now())
        number = await _put_together(house, run_id, found, share=share)
        if not number and not await note_rows.of_run(run_id, note_rows.DRAFT):
            if found.missing_ore:
                raise Refusal("payout_short", missing_ore=found.missing_ore)
            raise Refusal("payout_nothing")
        rows = await store.payouts(run_id)
        total = sum(row.ore for row in rows)
        await store.close_preparing(run_id, len(rows), total, await _digest(run_id, rows))
        told = {"payouts": len(rows), "total_ore": total}
        await audit.record(_chain(run_id), house.clock.now(), actor.label, "prepared", told)
        await tasks.add(_task_key(run_id), TASK, {"run": run_id, "amount_ore": total}, today, today)
        for open_task in await tasks.open_tasks(kind=payouts_due.TASK):
            await tasks.finish(open_task.id, today, actor.label)
        return await look.view_of(house, await look.run_of(run_id))


async def _put_together(house: House, run_id: int, found: Outlook, *, share: bool) -> int:
    """The payouts of a run: refunds first, because they are nobody's but the debtor's; how many there are."""
    number, accounts = 0, await payout_funds.accounts()
    for refund in await refund_rows.in_state(refund_rows.READY, way=refund_rows.BANK) if found.refunds else ():
        number += 1
        new = NewPayout(
            store.REFUND,
            refund.ore,
            refund.name or "",
            _end_to_end(run_id, number),
            to_sealed=refund.account,
            refund_id=refund.id,
        )
        await store.add_payout(run_id, new)
    for each in found.waits:
        draft = await _note(house, run_id, each)
        if draft is None or each.why:
            continue
        # What is paid is what the note says; both are read from the same book in the same transaction.
        assert draft.payout_ore == each.payable_ore
        number += 1
        account, name = accounts[each.creditor_id]
        new = NewPayout(
            store.CREDITOR,
            each.payable_ore,
            name[:NAME_MAX],
            _end_to_end(run_id, number),
            account,
            creditor_id=each.creditor_id,
            note_id=draft.note_id,
        )
        await store.add_payout(run_id, new)
    if share and found.share_ore:
        number += 1
        new = NewPayout(
            store.SHARE, found.share_ore, house.agency.name, _end_to_end(run_id, number), house.agency.own_account
        )
        await store.add_payout(run_id, new)
    return number


async def _note(house: House, run_id: int, each: Waits) -> Draft | None:
    """The note of whoever is paid; and of whoever owes us, once there is something new to say (it is an invoice)."""
    news = each.why == payout.NEGATIVE and await payout_funds.uncounted(each.creditor_id)
    if each.why and not news:
        return None
    return await settlement_notes.draft(house, each.creditor_id, run_id, house.clock.today())


# Approving, cancelling


async def approve(house: House, actor: Actor, run_id: int, digest: str = "") -> RunView:
    """Let a run leave: its notes get their numbers, its transfers are booked, its file is made, or nothing happens.

    ``digest`` is of what the supervisor was shown. Raises NotAllowed, NotFound, Refusal ``payout_own`` for whoever
    prepared it, ``payout_approved`` or ``payout_cancelled`` with ``who``, ``payout_changed``,
    ``payout_line_changed`` with the payment that can no longer leave, ``payout_short``.
    """
    if actor.role is not Role.SUPERVISOR:
        raise NotAllowed("supervisor_only")
    async with transaction():
        row = await _open(run_id)
        if row.prepared_by == actor.label:
            raise Refusal("payout_own")
        lines = await store.payouts(run_id)
        if row.digest != await _digest(run_id, lines) or digest not in ("", row.digest):
            raise Refusal("payout_changed")
        await _check(house, lines)
        issued = await settlement_notes.issue(house, run_id, house.clock.today(), actor)
        for line in lines:
            if line.refund_id is not None:
                await refunds.leave(house, actor, line.refund_id)
        await _book(house, actor, row, lines)
        await _close(house, actor, row, lines, issued)
        return await look.view_of(house, await look.run_of(run_id))


async def _check(house: House, lines: Sequence[PayoutRow]) -> None:
    """Nothing has changed for the worse since the run was put together: balances, accounts, refunds, the bank."""
    funds, accounts = await payout_funds.funds(), await payout_funds.accounts()
    asked = await payout_accounts.open_of_all()
    for line in lines:
        if line.creditor_id is not None:
            id = line.creditor_id
            if funds.payable.get(id, 0) < line.ore or accounts[id][0] != line.to_account or id in asked:
                raise _changed(line)
        elif line.refund_id is not None:
            refund = await refunds.get(line.refund_id)
            if (refund.state, refund.ore, refund.account) != (refund_rows.READY, line.ore, line.to_sealed):
                raise _changed(line)
        funds = funds.after(creditor=line.creditor_id, ore=line.ore, refund=line.kind == store.REFUND)
    if _missing(funds, lines):
        raise Refusal("payout_short", missing_ore=-funds.free())


def _changed(line: PayoutRow) -> Refusal:
    """Which payment can no longer leave as it stands: its sum, its account or its state is another by now."""
    return Refusal("payout_line_changed", amount_ore=line.ore, name=line.to_name)


def _missing(funds: Funds, lines: Sequence[PayoutRow]) -> bool:
    return bool(lines) and (funds.free() < 0 or (funds.own < 0 and any(line.kind == store.SHARE for line in lines)))


async def _book(house: House, actor: Actor, row: RunRow, lines: Sequence[PayoutRow]) -> None:
    """The transfers of a run with its audit row; refunds are booked in their cases. Raises Refusal as `approve`."""
    today, moves = house.clock.today(), []
    for line in lines:
        if line.kind == store.CREDITOR:
            what = f"payout:{line.id}:payable"
            move = Move(ledger.PAYABLE, ledger.FUNDS_TRANSIT, line.ore, today, "payout", what, line.creditor_id)
            moves.append(move)
        elif line.kind == store.SHARE:
            moves += await _drawn(line, today)
    told = {"digest_shown": row.digest, "payouts": len(lines), "total_ore": row.total_ore}
    if moves:
        await house_book.post(_chain(row.id), moves, house.clock, actor, "approved", **told)
    else:
        await audit.record(_chain(row.id), house.clock.now(), actor.label, "approved", told)


async def _drawn(line: PayoutRow, today: date) -> list[Move]:
    """Our own share out of the accounts on which it stands, in their order."""
    moves, left = [], line.ore
    for account, ore in (await payout_funds.own()).items():
        part = min(max(ore, 0), left)
        if part:
            what = f"payout:{line.id}:{account}"
            moves.append(Move(account, ledger.FUNDS_TRANSIT, part, today, "own_share", what))
            left -= part
    if left:
        raise Refusal("payout_changed")
    return moves


async def _close(house: House, actor: Actor, row: RunRow, lines: Sequence[PayoutRow], issued: Sequence[Issued]) -> None:
    today, now = house.clock.today(), house.clock.now()
    leaves = replace(row, pay_on=max(row.pay_on, look.calendar().on_or_after(today)), message_id=None)
    if lines:
        leaves = replace(leaves, message_id=f"{house.agency.number}-{row.id}", format=house.agency.payout_format)
        file = await payout_file.made(house, leaves, lines, {note.note_id: note.reference for note in issued}, now)
    approved = await store.approve(
        row.id, actor.label, now, leaves.pay_on, leaves.message_id, leaves.format, file if lines else None
    )
    assert approved
    await store.move_all(row.id, store.PREPARED, store.SENT, today)
    for line in lines:
        if line.refund_id is not None:
            await refunds.sent(house, line.refund_id, today)
    if not lines:
        await store.move_run(row.id, store.APPROVED, store.DONE)
    await _task_done(house, actor, row.id)


async def cancel(house: House, actor: Actor, run_id: int) -> None:
    """A run that is not approved comes to nothing; what it would have paid waits for the next one.

    Raises NotAllowed, NotFound, Refusal ``payout_approved`` or ``payout_cancelled`` with ``who``.
    """
    staff_only(actor)
    async with transaction():
        row = await _open(run_id)
        await store.move_run(row.id, store.PREPARED, store.CANCELLED)
        await store.move_all(row.id, store.PREPARED, store.CANCELLED, house.clock.today())
        await settlement_notes.drop(house, row.id)
        await audit.record(_chain(row.id), house.clock.now(), actor.label, "cancelled", {})
        await _task_done(house, actor, row.id)


async def fetch(house: House, actor: Actor, run_id: int) -> tuple[str, bytes]:
    """The file for the bank and its name: always the same bytes.

    Raises NotAllowed, NotFound, Refusal ``payout_no_file``.
    """
    if actor.role is not Role.SYSTEM:
        staff_only(actor)
    async with transaction():
        row = await store.lock(run_id)
        if row is None:
            raise NotFound("payout_run")
        text = await store.file_of(run_id)
        if text is None:
            raise Refusal("payout_no_file")
        body = text.encode()
        told = {"sha256": hashlib.sha256(body).hexdigest()}
        await audit.record(_chain(run_id), house.clock.now(), actor.label, "fetched", told)
    return file_name(row), body


async def history_files(house: House) -> tuple[bytes, ...]:
    """The files of which the bank has not told all yet, the oldest first: what lies in its hands."""
    texts = [await store.file_of(row.id) for row in await store.approved_runs()]
    return tuple(text.encode() for text in texts if text)


async def not_put_out(house: House) -> tuple[tuple[int, str, bytes], ...]:
    """The files that do not lie in the folder for the bank yet: the run, the name, the bytes."""
    found = [(row, await store.file_of(row.id)) for row in await store.approved_runs() if row.fetched_at is None]
    return tuple((row.id, file_name(row), text.encode()) for row, text in found if text)


async def was_put_out(house: House, run_id: int) -> None:
    """A run's file lies in the folder for the bank; whoever empties the folder does not get it again."""
    async with transaction():
        row = await store.lock(run_id)
        if row is not None and row.fetched_at is None:
            await audit.record(_chain(run_id), house.clock.now(), SYSTEM.label, "put_out", {})
            await store.fetched(run_id, house.clock.now())


def file_name(row: RunRow) -> str:
    """``payouts-7-2025-08-04.xml``: the same for a run, wherever it is put."""
    return f"payouts-{row.id}-{row.pay_on.isoformat()}.xml"


async def _open(run_id: int) -> RunRow:
    """A run that waits for approval, locked. Raises NotFound, and Refusal with ``who`` when somebody was quicker."""
    row = await store.lock(run_id)
    if row is None:
        raise NotFound("payout_run")
    if row.state == store.CANCELLED:
        raise Refusal("payout_cancelled")
    if row.state != store.PREPARED:
        raise Refusal("payout_approved", who=await look.name_of(row.approved_by))
    return row


async def _digest(run_id: int, rows: Sequence[PayoutRow]) -> str:
    """The hash of all that is shown of a run: who gets how much where, and what their notes say."""
    notes = [note for state in (note_rows.DRAFT, note_rows.ISSUED) for note in await note_rows.of_run(run_id, state)]
    shown = {
        "run": run_id,
        "payouts": [
            [row.kind, row.creditor_id, row.refund_id, row.note_id, row.ore, row.to_name, row.end_to_end]
            for row in rows
        ],
        "accounts": [[row.to_account, hashlib.sha256(row.to_sealed or b"").hexdigest()] for row in rows],
        "notes": [[note.id, note.creditor_id, note.payout_ore, note.carried_out_ore, note.sha256] for note in notes],
    }
    return hashlib.sha256(dump_json(shown).encode()).hexdigest()


async def _task_done(house: House, actor: Actor, run_id: int) -> None:
    found = await tasks.by_key(_task_key(run_id))
    if found is not None:
        await tasks.finish(found.id, house.clock.today(), actor.label)


def _task_key(run_id: int) -> str:
    return f"payout_run:{run_id}"


def _chain(run_id: int) -> str:
    return f"payouts:{run_id}"


def _end_to_end(run_id: int, number: int) -> str:
    """Ours for ever: a file that is sent twice names the same payments."""
    return f"SCH-{run_id}-{number}"
