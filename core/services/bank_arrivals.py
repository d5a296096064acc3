"""Files that arrive from the bank by themselves: laid into a folder, sent by staff, or left half read by a crash."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from core.bank import BankFileRefused
from core.files import bank_file, pain002
from core.party import SYSTEM, Actor
from core.services import bank_files, payout_status, taking
from core.services.bank_files import Imported
from core.services.house import House
from core.services.payout_status import Taken
from core.store import bank_files as store
from core.store import tasks
from core.store.bank_folder import BankFolder

log = logging.getLogger(__name__)

STATUSES: Final = "pain.002"
REFUSED_TASK: Final = "task.bank_refused"
#: Whoever began a file is given so long before somebody else takes it up.
LEFT_AFTER: Final = timedelta(minutes=10)


def is_of_a_bank(head: bytes) -> bool:
    """Whether a file is one that a bank sends, by its first bytes."""
    return bank_file.recognise(head) in bank_files.FORMATS | {STATUSES}


async def take_in(
    house: House, actor: Actor, source: BinaryIO, name: str, *, chat_id: int | None = None
) -> Imported | Taken:
    """Take in a file of the bank: payments, or statuses of payouts. Raises NotAllowed, BankFileRefused."""
    head = source.read(bank_file.HEAD)
    source.seek(0)
    if bank_file.recognise(head) != STATUSES:
        return await bank_files.import_file(house, actor, source, name, chat_id=chat_id)
    taking.staff_only(actor)
    return await payout_status.take_statuses(house, actor, list(pain002.read(source)))


async def look(house: House) -> int:
    """Take in what has lain still in the folder ``bank-in`` for a while; how many files that were."""
    assert house.bank is not None
    found = await asyncio.to_thread(house.bank.lies_still, house.clock.monotonic())
    for path in found:
        await _take(house, house.bank, path)
    return len(found)


async def _take(house: House, folder: BankFolder, path: Path) -> None:
    try:
        with path.open("rb") as file:
            told = await take_in(house, SYSTEM, file, path.name)
        refused = isinstance(told, Imported) and told.as_a_whole
    except FileNotFoundError:  # another process was quicker
        return
    except BankFileRefused as refusal:
        log.warning("a file in bank-in is refused: %s, line %d", refusal.code, refusal.line)
        refused = True
    if refused:
        today = house.clock.today()
        await tasks.add(f"bank_refused:{folder.digest(path)}", REFUSED_TASK, {}, today, today)
    await asyncio.to_thread(folder.put_away, path, refused=refused)


async def resume(house: House, left_after: timedelta = LEFT_AFTER) -> int:
    """Go on with files that were begun and not brought to an end; how many there were."""
    left = await store.being_read(house.clock.machine_now() - left_after)
    for row in left:
        await bank_files.read_in(house, SYSTEM, row)
    return len(left)
