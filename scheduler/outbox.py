"""Emptying the outbox: claim a batch, ask the core once more, let each notice leave, record what became of it."""

import asyncio
import logging
import traceback
from collections.abc import Iterable, Sequence
from itertools import groupby

from core.notice import Form
from core.store import outbox
from core.store.book import TooBusy
from core.store.database import transaction
from core.store.outbox import LeaseLost, Row
from scheduler import documents, messages
from scheduler.deps import Deps
from scheduler.retry import FIRST_S

log = logging.getLogger(__name__)

BATCH = 32
#: Receivers that are written to side by side; to one receiver goes one thing at a time.
AT_ONCE = 4


async def drain(deps: Deps) -> int:
    """Until nothing is due; how many notices were taken up."""
    taken = 0
    while rows := await outbox.claim(deps.owner, deps.house.clock.now(), BATCH):
        await _deliver_all(deps, rows)
        taken += len(rows)
    return taken


async def _deliver_all(deps: Deps, rows: Sequence[Row]) -> None:
    room = asyncio.Semaphore(AT_ONCE)

    async def deliver(of_one: Iterable[Row]) -> None:
        async with room:
            for row in of_one:
                await _deliver(deps, row)

    by_receiver = groupby(sorted(rows, key=_receiver), key=_receiver)
    async with asyncio.TaskGroup() as group:
        for _, of_one in by_receiver:
            group.create_task(deliver(list(of_one)))


def _receiver(row: Row) -> tuple[str, int]:
    return row.receiver, row.receiver_id


async def _deliver(deps: Deps, row: Row) -> None:
    """One notice. What goes wrong with it stops it alone, and is shown to staff."""
    try:
        if row.form == Form.DOCUMENT:
            await documents.deliver(deps, row)
        else:
            await messages.deliver(deps, row)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)
    except TooBusy:
        await _give_back(row)
    except Exception as error:
        # The message of an exception may hold a person's data; where it was raised does not.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("notice %d failed: %s at %s:%s", row.id, type(error).__name__, where.filename, where.lineno)
        await _fail(deps, row, type(error).__name__)


async def _give_back(row: Row) -> None:
    try:
        await outbox.again(row, FIRST_S)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)


async def _fail(deps: Deps, row: Row, code: str) -> None:
    try:
        async with transaction():
            await outbox.failed(row, row.via or "", deps.house.clock.now(), code)
            await messages.alarm(deps, row)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)
