"""Paying what was agreed: on a running plan the next payment, another sum or all that is left, of a settlement its sum.

One payment on a plan is for all its cases.
"""

from datetime import date
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.wording.plan import next_line, paying_text
from bot.middleware import Visit
from core import deferral, plan_life, words
from core.case import Case
from core.deferral import Settlement
from core.money import Ore
from core.services import cases, plans
from core.services.plans import Running


async def found(visit: Visit, manager: DialogManager) -> Running | None:
    """The plan that the open case is on, if it is on one."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if plan_life.running(case) is None:
        return None
    return await plans.running(visit.house, visit.session.actor, case.id)


def main_screen(running: Running, visit: Visit) -> dict[str, Any]:
    """The next payment first; the rest is one tap away."""
    status = running.status
    left = visit.text("plan.pay.left", left=words.money(status.left, visit.lang))
    coming = next_line(running.lead, running.cases, visit.today, visit.lang)
    return {
        "text": f"{coming}\n{left}" if status.left > status.next_ore else coming,
        "payable": False,
        "planned": status.next_ore > 0,
        "rest": status.left > status.next_ore > 0,
        "amount": words.kronor(status.next_ore, visit.lang),
    }


def check_screen(running: Running, amount: Ore, visit: Visit) -> dict[str, Any]:
    text = paying_text(amount, running.status.left, running.lead, running.cases, visit.today, visit.lang)
    return {"text": text, "amount": words.kronor(amount, visit.lang), "rest": False}


def settlement_of(case: Case, today: date) -> Settlement | None:
    """What the creditor has said yes to, while it can still be paid."""
    settlement = deferral.agreed(case)
    return settlement if settlement and today <= settlement.pay_by and settlement.left else None


def settlement_screen(settlement: Settlement, visit: Visit) -> dict[str, Any]:
    """The agreed sum is all that is asked for."""
    due = words.deadline(settlement.pay_by, visit.today, visit.lang)
    amount = words.kronor(settlement.left, visit.lang)
    text = visit.text("pay.settlement", amount=amount, deadline=due)
    return {"text": text, "payable": False, "planned": True, "rest": False, "amount": amount}


async def take_next(manager: DialogManager) -> None:
    """The sum of the next payment, or of the settlement, as it stands now."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if running := await found(visit, manager):
        manager.dialog_data["part_ore"] = running.status.next_ore
    elif settlement := settlement_of(case, visit.today):
        manager.dialog_data["part_ore"] = settlement.left


async def pay_rest(manager: DialogManager) -> None:
    """All that is left, shown before it is paid."""
    running = await found(visit_of(manager), manager)
    if running:
        manager.dialog_data["part_ore"] = running.status.left
        await manager.switch_to(states.Pay.check)
