"""The report of the month before, once it is over: as PDF in a folder, and told to each creditor with cases."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

from core import words
from core.calendar import ONE_DAY
from core.notice import Form, Notice, Receiver
from core.party import SYSTEM
from core.services import bookkeeping, reports
from core.services.house import House
from core.services.reports import Told
from core.store import outbox, tasks
from core.store import reports as stored
from core.store.database import transaction
from core.store.payout_folder import put

KIND: Final = "creditor.report"
COUNTRY: Final = "SE"


async def keep(house: House, folder: Path) -> int:
    """From the first banking day of a month on: what is not written yet of the month before; how many reports."""
    today = house.clock.today()
    begins = today.replace(day=1)
    if today < house.book.rules_of(COUNTRY).calendar.on_or_after(begins):
        return 0
    month = begins - ONE_DAY
    creditors = await stored.creditors_of(*bookkeeping.month(month))
    whose = (None, *creditors) if creditors else ()
    return sum([await _keep(house, folder, month, creditor_id) for creditor_id in whose])


async def of_notice(house: House, month: date, creditor_id: int) -> Told:
    """The report that a notice told of, for whoever reads it by mail."""
    return await reports.of(house, SYSTEM, *bookkeeping.month(month), creditor_id)


async def _keep(house: House, folder: Path, month: date, creditor_id: int | None) -> bool:
    path = folder / f"{month:%Y-%m}" / ("all.pdf" if creditor_id is None else f"creditor-{creditor_id}.pdf")
    if await asyncio.to_thread(path.exists):
        return False
    told = await reports.of(house, SYSTEM, *bookkeeping.month(month), creditor_id)
    # Told first: after a crash in between it is written the next day, and nobody is told twice.
    if creditor_id is not None:
        await _tell(house, told, creditor_id)
    await asyncio.to_thread(put, path, await reports.pdf(house, told, words.ORIGINAL))
    return True


async def _tell(house: House, told: Told, creditor_id: int) -> None:
    month = told.report.from_on
    key = f"report:{creditor_id}:{month:%Y-%m}"
    facts = {
        "creditor": creditor_id,
        "month": month.isoformat(),
        "collected_ore": told.report.figure("collected").total or 0,
        "taken_off_ore": told.report.figure("taken_off").total or 0,
    }
    notice = Notice(key, KIND, Receiver.CREDITOR, Form.CHAT, house.clock.today(), facts)
    async with transaction():
        if await outbox.by_key(key) is None:
            await tasks.queue_notice(notice, house.clock.now(), creditor_id)
