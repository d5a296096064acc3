"""Emptying the outbox: claim a batch, ask the core once more, let each notice leave, record what became of it."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from itertools import groupby

from core.notice import Form
from core.store import outbox
from core.store.book import TooBusy
from core.store.database import transaction
from core.store.outbox import LeaseLost, Row
from scheduler import documents, messages
from scheduler.deps import Deps
from scheduler.places import Paced
from scheduler.retry import FIRST_S

log = logging.getLogger(__name__)

BATCH = 32
#: Receivers that are written to side by side; to one receiver goes one thing at a time.
AT_ONCE = 4


async def drain(deps: Deps) -> int:
    """Until nothing is due, or nothing can leave at the moment; how many notices were taken up.

    A long run of pointers goes at its channel's pace: once a whole batch has to wait, so would the next.
    """
    taken = 0
    while rows := await outbox.claim(deps.owner, deps.house.clock.now(), BATCH):
        paced = await _deliver_all(deps, rows)
        taken += len(rows) - paced
        if paced == len(rows):
            break
    return taken


async def _deliver_all(deps: Deps, rows: Sequence[Row]) -> int:
    """How many have to wait for their channel."""
    room = asyncio.Semaphore(AT_ONCE)
    paced = 0

    async def deliver(of_one: Sequence[Row]) -> None:
        nonlocal paced
        async with room:
            for place, row in enumerate(of_one):
                pause = await _deliver(deps, row)
                if pause:
                    # What comes after it to the same receiver must not overtake it.
                    for later in of_one[place + 1 :]:
                        await _give_back(later, pause)
                    paced += len(of_one) - place
                    return

    by_receiver = groupby(sorted(rows, key=_receiver), key=_receiver)
    async with asyncio.TaskGroup() as group:
        for _, of_one in by_receiver:
            group.create_task(deliver(list(of_one)))
    return paced


def _receiver(row: Row) -> tuple[str, int]:
    return row.receiver, row.receiver_id


async def _deliver(deps: Deps, row: Row) -> float:
    """One notice; the seconds that it has to wait for its channel, if it has to.

    What goes wrong with it stops it alone, and is shown to staff.
    """
    try:
        if row.form == Form.DOCUMENT:
            await documents.deliver(deps, row)
        else:
            await messages.deliver(deps, row)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)
    except TooBusy:
        await _give_back(row, FIRST_S)
    except Paced as paced:
        await _give_back(row, paced.seconds)
        return paced.seconds
    except Exception as error:
        # The message of an exception may hold a person's data; where it was raised does not.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("notice %d failed: %s at %s:%s", row.id, type(error).__name__, where.filename, where.lineno)
        await _fail(deps, row, type(error).__name__)
    return 0.0


async def _give_back(row: Row, seconds: float) -> None:
    try:
        await outbox.again(row, seconds)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)


async def _fail(deps: Deps, row: Row, code: str) -> None:
    try:
        async with transaction():
            await outbox.failed(row, row.via or "", deps.house.clock.now(), code)
            await messages.alarm(deps, row)
    except LeaseLost:
        log.info("notice %d is another's now", row.id)
