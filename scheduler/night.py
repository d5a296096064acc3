"""The night run: every case whose day has come moves on. Running twice does nothing twice; after a crash it goes on.

Nothing is sent here. What must be said is a row in the same transaction, and the outbox takes it from there.
"""

import logging
from collections import Counter
from datetime import date, timedelta

from core.case import Case, Decision
from core.steps import advance
from core.store import audit, checks, found_tasks, night, tasks
from core.store.night import Round
from core.store.problem import WRONG
from scheduler.deps import Deps

log = logging.getLogger(__name__)

#: Staff are warned so long before the last known reference rate ends (räntelagen 9 §: set for each half-year).
RATES_WARNING = timedelta(days=31)
COUNTRY = "SE"


async def run(deps: Deps) -> Round:
    """Advance the cases whose day has come. Cases that cannot be decided are shown to staff."""
    clock = deps.house.clock

    def decide(case: Case) -> Decision:
        return advance(case, clock.today())

    done = await night.run(deps.house.book, deps.database, decide, "night")
    log.info("night run: %d changed, %d as they were, %d later", done.changed, done.unchanged, len(done.stale))
    for code, number in Counter(done.refused.values()).items():
        await _task(f"night:{code}:{clock.today():%Y%m%d}", "task.refused", clock.today(), code=code, cases=number)
    return done


async def check(deps: Deps) -> int:
    """After the run: ask the book what must never be true, and seal the audit log. The number of problems."""
    today = deps.house.clock.today()
    problems = await checks.verify(deps.house.book, deps.database, deps.seals)
    wrong = [problem for problem in problems if problem.severity == WRONG]
    for problem in problems:
        level = logging.ERROR if problem.severity == WRONG else logging.WARNING
        log.log(level, "verify: %s [%s]", problem.code, problem.show)
    await found_tasks.tell("task.verify", "verify", wrong, today)
    await found_tasks.tell("task.checks", "checks", [each for each in problems if each.severity != WRONG], today)
    await audit.seal(deps.database, deps.house.keys, deps.seals, deps.house.clock.now())
    return len(problems)


async def warn_of_rates(deps: Deps) -> None:
    """A month before the last known half-year ends, staff look up the next reference rate."""
    today = deps.house.clock.today()
    rates = deps.house.book.rules_of(COUNTRY).rates
    if today >= rates.known_until - RATES_WARNING:
        await _task(f"rates:{rates.known_until:%Y%m%d}", "task.rates", today, until=rates.known_until.isoformat())


async def _task(key: str, kind: str, today: date, **facts: object) -> None:
    """One task a key, however often the night comes by."""
    await tasks.add(key, kind, facts, today, today)
