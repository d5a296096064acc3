"""The table of jobs: name, how often one looks, and what is done. Days are business days, intervals machine time.

Nothing durable lives in the timetable: the work is rows, and every process may look at any time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from core.services import (
    bookkeeping,
    complaints,
    delivery,
    disputes,
    erasure,
    identity,
    monthly,
    questions,
    refunds,
    swish,
    swish_refunds,
    texting,
)
from core.store import chats, daily, fsm, identity_orders, sessions, sms
from scheduler import bank_folder, documents, night, outbox, payouts
from scheduler.deps import Deps

log = logging.getLogger(__name__)

#: A process that has not renewed its turn for so long is dead: another takes the day's work up where it is.
DAILY_LEASE_S: Final = 60.0
#: Half-done dialogs and the references of what came in are forgotten after so long.
DIALOGS_KEPT: Final = timedelta(days=90)
INBOX_KEPT: Final = timedelta(days=30)
#: Words of an SMS stand with its notice or in its chat; the row on its way out is of use until it is reported.
SMS_KEPT: Final = timedelta(days=30)
#: An order for BankID holds who identified, sealed, for as long as their session may last.
ORDERS_KEPT: Final = timedelta(days=2)

Work = Callable[[Deps], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Job:
    """``every_s`` is how often one looks; ``daily`` work is done once a business day, by one process.

    ``at_the_end``: whoever lives many days at once does it on the last of them. It reads the whole book, and asked
    of the last day it answers for all of them.
    """

    name: str
    every_s: float
    work: Work
    daily: bool = False
    at_the_end: bool = False


async def reconcile(deps: Deps) -> int:
    """Ask Swish about payments whose callback has not come."""
    return await swish.reconcile(deps.house)


async def see_to_refunds(deps: Deps) -> int:
    """What is owed back has its refund, and Swish is asked what became of those under way."""
    return await refunds.see_to_new(deps.house) + await swish_refunds.reconcile(deps.house)


async def sweep_refunds(deps: Deps) -> int:
    """Once a day the whole book is asked whether anything is owed back that nobody has seen to."""
    return await refunds.sweep(deps.house)


async def send_sms(deps: Deps) -> int:
    """Answers that wait for their gateway, and what it has reported of those that went."""
    return await texting.drain(deps.house) + await delivery.take_reports(deps.house)


async def lapse(deps: Deps) -> int:
    """After 30 minutes of silence nobody is identified any more, and no details stay on the screen."""
    silent = await sessions.silent_since(deps.house.clock.machine_now())
    for chat in silent:
        await identity.lapse(deps.house, chat.id)
        await deps.carrier.make_neutral(chat.id, chat.channel, chat.language or "sv")
    return len(silent)


async def forget(deps: Deps) -> None:
    """What is no longer needed: dialogs that nobody came back to, and references of updates long handled."""
    now = deps.house.clock.machine_now()
    await fsm.sweep(now - DIALOGS_KEPT)
    await chats.forget_inbox(now - INBOX_KEPT)
    await sms.forget(now - SMS_KEPT)
    await identity_orders.forget(deps.house.clock.now() - ORDERS_KEPT)


async def file_left_disputes(deps: Deps) -> int:
    """Disputes begun and left are filed as they stand after 24 hours."""
    return await disputes.file_left(deps.house)


async def remind_of_complaints(deps: Deps) -> int:
    """Complaints whose day has passed become tasks of their own."""
    return await complaints.remind(deps.house)


async def forget_wordless(deps: Deps) -> int:
    """Strangers who called for a person a day ago and wrote nothing wait no more."""
    return await questions.forget_wordless(deps.house)


async def keep_books(deps: Deps) -> int:
    """Files for the bookkeeper, of the days or months that are over."""
    return await bookkeeping.keep(deps.house, deps.bookkeeping) if deps.bookkeeping else 0


async def tell_of_the_month(deps: Deps) -> int:
    """Reports of the month that is over, from its first banking day after."""
    return await monthly.keep(deps.house, deps.reports) if deps.reports else 0


async def erase(deps: Deps) -> int:
    """Who asked to be erased is erased of what the law has let go of since."""
    return await erasure.erase_what_is_over(deps.house)


#: In the order of a day. The night run comes first, so that what it decides can leave the same day.
JOBS: Final = (
    Job("dunning", 60.0, night.run, daily=True),
    Job("drafts", 60.0, file_left_disputes),
    Job("reports", 300.0, tell_of_the_month, daily=True, at_the_end=True),
    Job("outbox", 2.0, outbox.drain),
    Job("sms", 2.0, send_sms),
    Job("printing", 60.0, documents.clear_left_behind),
    Job("payments", 60.0, reconcile),
    Job("bank", 60.0, bank_folder.look),
    Job("refunds", 60.0, see_to_refunds),
    Job("all_refunds", 300.0, sweep_refunds, daily=True, at_the_end=True),
    Job("payouts", 60.0, payouts.look),
    Job("silence", 60.0, lapse),
    Job("rates", 300.0, night.warn_of_rates, daily=True),
    Job("checks", 60.0, night.check, daily=True, at_the_end=True),
    Job("bookkeeping", 300.0, keep_books, daily=True, at_the_end=True),
    Job("complaints", 300.0, remind_of_complaints, daily=True),
    Job("wordless", 300.0, forget_wordless),
    Job("erasure", 300.0, erase, daily=True),
    Job("retention", 300.0, forget, daily=True),
)


class Jobs:
    """The jobs of one process. Different jobs may run side by side; whoever lives a day has them all to himself."""

    def __init__(self, deps: Deps, table: tuple[Job, ...] = JOBS) -> None:
        self.deps = deps
        self.table = table
        self._at_work = {job.name: asyncio.Lock() for job in table}

    async def do(self, job: Job) -> None:
        """One look at a job."""
        async with self._at_work[job.name]:
            await (self._do_daily(job) if job.daily else job.work(self.deps))

    async def live_day(self, *, last: bool = True) -> None:
        """Everything of one business day in order; the caller has moved the clock, to an hour when one may ring.

        ``last``: no other day is lived right after this one.
        """
        async with AsyncExitStack() as alone:
            for lock in self._at_work.values():
                await alone.enter_async_context(lock)
            for job in self.table:
                if last or not job.at_the_end:
                    await (self._do_daily(job, take_over=True) if job.daily else job.work(self.deps))

    async def _do_daily(self, job: Job, *, take_over: bool = False) -> None:
        today, owner = self.deps.house.clock.today(), f"{self.deps.owner}:{uuid4().hex[:8]}"
        turn = await daily.begin(job.name, today, owner, DAILY_LEASE_S, take_over=take_over)
        if turn is None:
            return
        renewing = asyncio.create_task(_keep_renewing(turn))
        try:
            await job.work(self.deps)
        except BaseException:
            await daily.give_up(turn)
            raise
        finally:
            renewing.cancel()
        await daily.done(turn)


async def _keep_renewing(turn: daily.Turn) -> None:
    while True:
        await asyncio.sleep(DAILY_LEASE_S / 3)
        await daily.renew(turn, DAILY_LEASE_S)
