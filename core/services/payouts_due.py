"""The task that somebody is to be paid today: it comes by the clock, says today's sum, and goes once nothing is due."""

from typing import Final

from core import payout
from core.money import Ore
from core.party import SYSTEM, Actor
from core.services import payout_look as look
from core.services.house import House
from core.services.payout_accounts import ask_for
from core.services.payout_look import Outlook
from core.store import bank_files, money_tasks, tasks
from core.store import payouts as store

#: The task of whoever puts a run together.
TASK: Final = "task.payouts_due"


async def remind(house: House) -> bool:
    """A task for staff when somebody's day has come and nobody has put a run together; who has no account is asked.

    The same day's task is one task; a new one comes when there is more to pay after a run. True when it is new.
    """
    today, found = house.clock.today(), await look.planned(house)
    if not look.calendar().is_banking_day(today) or await store.open_run() is not None:
        await _keep_right(house, SYSTEM, found)
        return False
    for each in found.waits:
        if each.why == payout.NO_ACCOUNT:
            await ask_for(each.creditor_id, each.payable_ore, house.clock.now(), today)
    if await _keep_right(house, SYSTEM, found):
        return False
    key = f"payouts:{today.isoformat()}:{await store.last_id()}"
    return await tasks.add(key, TASK, {"amount_ore": _due(found)}, today, today)


async def renew(house: House, actor: Actor) -> None:
    """What was to be paid is another sum by now, or nothing. In the caller's transaction."""
    if await tasks.open_tasks(kind=TASK):
        await _keep_right(house, actor, await look.planned(house))


async def _keep_right(house: House, actor: Actor, found: Outlook) -> bool:
    """Put today's sum into the task that is there, or end it. True when nobody need be asked anew."""
    if not (found.due or found.refunds):
        await money_tasks.give_way(TASK, house.clock.today(), actor.label)
        return True
    return await bank_files.renew_task(TASK, {"amount_ore": _due(found)})


def _due(found: Outlook) -> Ore:
    return sum(each.payable_ore for each in found.due) + found.refunds_ore
