"""Payouts by the clock: staff are told what is due, and approved files are put where the bank's are fetched from."""

import asyncio

from core.services import payouts, payouts_due
from core.store.payout_folder import put
from scheduler.deps import Deps


async def look(deps: Deps) -> int:
    """How many files were put out. After a crash the same file is put once more, which is no second payment."""
    await payouts_due.remind(deps.house)
    if deps.bank_out is None:
        return 0
    found = await payouts.not_put_out(deps.house)
    for run_id, name, body in found:
        await asyncio.to_thread(put, deps.bank_out / name, body)
        await payouts.was_put_out(deps.house, run_id)
    return len(found)
