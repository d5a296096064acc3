"""The account for clients' money holds less than is others': staff are asked at once to lay in what is missing.

It happens when the bank takes back a payment whose money has gone on already, or takes a charge that is more than our
own there. Nothing may leave until somebody has laid it in (design 5, invariant 3).
"""

from secrets import token_hex
from typing import Final

from core.money import Ore
from core.party import Actor
from core.services.house import House
from core.store import bank_files, money_tasks, payout_funds, tasks

KIND: Final = "task.funds_short"


async def missing() -> Ore:
    """What has to be laid in; what is still to come of payments by Swish is as good as there."""
    return (await payout_funds.funds()).missing_for_swish()


async def look(house: House, actor: Actor) -> None:
    """One task as long as anything is missing, with the sum as it is now. In the caller's transaction."""
    short, today = await missing(), house.clock.today()
    facts = {"amount_ore": short}
    if not short:
        await money_tasks.finish(KIND, today, actor.label)
    elif not await bank_files.renew_task(KIND, facts):
        await tasks.add(f"funds_short:{today:%Y%m%d}:{token_hex(4)}", KIND, facts, today, today)
