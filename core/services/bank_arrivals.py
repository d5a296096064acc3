"""Files that arrive from the bank by themselves: laid into a folder, sent by staff, or left half read by a crash."""

import asyncio
import logging
import traceback
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from core.bank import BankFileRefused
from core.files import bank_file, pain002
from core.party import SYSTEM, Actor, Role
from core.services import bank_files, bank_told, payout_status, taking
from core.services.bank_told import FileError, Imported
from core.services.house import House
from core.services.payout_status import Taken
from core.store import bank_files as store
from core.store import tasks
from core.store.bank_files import FileRow
from core.store.bank_folder import BankFolder

log = logging.getLogger(__name__)

STATUSES: Final = "pain.002"
REFUSED_TASK: Final = "task.bank_refused"
ENTRIES_TASK: Final = "task.bank_entries"
#: Why an answer about a payout is not taken in.
UNKNOWN_ORDER: Final = "bank.entry.unknown_order"


def is_of_a_bank(head: bytes) -> bool:
    """Whether a file is one that a bank sends, by its first bytes."""
    return bank_file.recognise(head) in bank_files.FORMATS | {STATUSES}


async def take_in(house: House, actor: Actor, source: BinaryIO, name: str) -> Imported | Taken:
    """Take in a file of the bank: payments, or statuses of payouts. Raises NotAllowed, BankFileRefused."""
    if _kind(source) == STATUSES:
        return await _statuses(house, actor, source)
    row = await bank_files.keep(house, actor, source, name)
    return await bank_files.read_in(house, actor, row, batch=bank_files.BESIDE)


async def bring(
    house: House, actor: Actor, source: BinaryIO, name: str, chat_id: int
) -> Imported | Taken | FileRow | None:
    """Lay a file in that a chat sent. What is told in a moment is given back: statuses, or what a file brought that
    is known. A row is to be read now with `bank_files.read_in`, and its end is told to the chat by the outbox; None
    is a file that somebody else reads at this moment. Raises as above.
    """
    if _kind(source) == STATUSES:
        return await _statuses(house, actor, source)
    row = await bank_files.keep(house, actor, source, name)
    if row.whole:
        return await bank_files.again(row)
    return row if await bank_files.begin(house, row, chat_id) else None


def _kind(source: BinaryIO) -> str | None:
    head = source.read(bank_file.HEAD)
    source.seek(0)
    return bank_file.recognise(head)


async def _statuses(house: House, actor: Actor, source: BinaryIO) -> Taken:
    if actor.role is not Role.SYSTEM:
        taking.staff_only(actor)
    return await payout_status.take_statuses(house, actor, await asyncio.to_thread(_read_statuses, source))


def _read_statuses(source: BinaryIO) -> list[pain002.PaymentStatus]:
    return list(pain002.read(source))


async def look(house: House) -> int:
    """Take in what has lain still in the folder ``bank-in`` for a while; how many files that were. One that fails holds
    up none.
    """
    assert house.bank is not None
    found = await asyncio.to_thread(house.bank.lies_still, house.clock.monotonic())
    for path in found:
        try:
            await _take(house, house.bank, path)
        except Exception as error:  # its words may be a person's
            _failed("a file in bank-in", error)
    return len(found)


async def _take(house: House, folder: BankFolder, path: Path) -> None:
    """Nobody sits there to be told: what was not taken in is a task of staff, with lines and reasons."""
    try:
        with path.open("rb") as file:
            told = _as_imported(await take_in(house, SYSTEM, file, path.name))
    except FileNotFoundError:  # another process was quicker
        return
    except BankFileRefused as refusal:
        log.warning("a file in bank-in is refused: %s, line %d", refusal.code, refusal.line)
        told = bank_told.whole_file(refusal)
    if told.errors:
        today, kind = house.clock.today(), REFUSED_TASK if told.as_a_whole else ENTRIES_TASK
        facts = bank_told.facts_of(told, path.name)
        data = {name: facts[name] for name in ("name", "errors", "refused")}
        await tasks.add(f"{kind.removeprefix('task.')}:{folder.digest(path)}", kind, data, today, today)
    await asyncio.to_thread(folder.put_away, path, refused=told.as_a_whole)


def _as_imported(told: Imported | Taken) -> Imported:
    """Statuses about payouts that we never sent are entries that were not taken in."""
    if isinstance(told, Imported):
        return told
    errors = tuple(
        FileError(each.line, UNKNOWN_ORDER.rpartition(".")[2], UNKNOWN_ORDER, {"order": each.order})
        for each in told.unknown
    )
    return Imported(0, STATUSES, refused=told.refused, errors=errors)


async def resume(house: House, left_after: timedelta = bank_files.LEFT_AFTER) -> int:
    """Go on with files that were begun and whose reader is gone; how many there were. One that fails holds up none."""
    now, done = house.clock.machine_now(), 0
    for row in await store.left(now - left_after):
        if not await store.take_up(row.id, now, now - left_after):
            continue
        done += 1
        try:
            await bank_files.read_in(house, SYSTEM, row, batch=bank_files.BESIDE)
        except Exception as error:  # its words may be a person's
            _failed(f"file {row.id}", error)
    return done


def _failed(what: str, error: Exception) -> None:
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s is not read: %s at %s:%s", what, type(error).__name__, where.filename, where.lineno)
