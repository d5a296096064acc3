"""Lives of a payout run, one after the other on one database, each killed (SIGKILL, by itself) at its moment.

``python -m tests.services.mortal_payouts URL KEY FOLDER '[["module:function", 1], …]'`` prints their exit codes. A
life puts a run together, approves it and puts its file out, as far as that has not been done before it.
"""

import asyncio
import functools
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from core.errors import Refusal
from core.services import payouts
from core.store.database import opened
from scheduler import payouts as by_the_clock
from scheduler.deps import Deps
from tests.fakes import FakeClock
from tests.services.test_payouts import CIA, MONDAY
from tests.services.world import CLERK, build

FAILED = 70


async def live(url: str, key: str, folder: Path) -> None:
    async with opened(url):
        house = build(FakeClock.on(MONDAY), key).house
        try:
            run = await payouts.prepare(house, CLERK)
        except Refusal as refusal:
            if refusal.code != "payout_nothing":
                raise
        else:
            await payouts.approve(house, CIA, run.row.id, run.row.digest)
        await by_the_clock.look(cast(Deps, SimpleNamespace(house=house, bank_out=folder)))


def mortal(function: Callable[..., Any], nth: int) -> Callable[..., Any]:
    """Dies when its nth call has done its work."""
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(function)
    def plain(*given: Any, **named: Any) -> Any:
        answer = function(*given, **named)
        count()
        return answer

    @functools.wraps(function)
    async def awaited(*given: Any, **named: Any) -> Any:
        answer = await function(*given, **named)
        count()
        return answer

    return awaited if asyncio.iscoroutinefunction(function) else plain


def one(url: str, key: str, folder: Path, place: str, nth: int) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if place:
            module, _, name = place.partition(":")
            holder = importlib.import_module(module)
            setattr(holder, name, mortal(getattr(holder, name), nth))
        asyncio.run(live(url, key, folder))
    except BaseException:
        traceback.print_exc()
        os._exit(FAILED)
    os._exit(0)


if __name__ == "__main__":
    where, secret, out = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    print(json.dumps([one(where, secret, out, place, nth) for place, nth in json.loads(sys.argv[4])]))
