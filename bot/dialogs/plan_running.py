"""A plan that runs: what is next, another pay day, the whole plan again, and its end."""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.channels.sms_menu import FRESH
from bot.dialogs import going, guesses, states
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Items, Short, by_sms, screen
from bot.dialogs.wording import sms_plan
from bot.dialogs.wording.plan import next_line, running_text
from bot.middleware import Visit
from bot.refusals import say
from core import brief, words
from core.errors import Refusal
from core.services import plans
from core.services.plans import USUAL_PAY_DAYS


def back_choice(elsewhere: State) -> Choice:
    """The way back from what SMS comes to from the offers, and other channels from another screen of a plan."""

    async def act(manager: DialogManager) -> None:
        await manager.switch_to(states.Plan.offers if by_sms(manager) else elsewhere)

    return Choice("back", "btn.back", act)


def running_screens() -> list[Any]:
    pay = Choice("pay", "btn.pay", opens=states.Pay.main, when="payable")
    day = Choice("day", "btn.plan.day", turns_to=states.Plan.move, when="running")
    end = Choice("end", "btn.plan.end", turns_to=states.Plan.end, when="running")
    return [
        screen(states.Plan.done, None, getter=_done, back=HOME),
        screen(
            states.Plan.running,
            None,
            pay,
            day,
            Choice("files", "btn.plan.files", opens=states.Files.main, when="running"),
            end,
            getter=_running,
            back=BACK_HOME,
            sms=Short(choices=(pay, day, end)),
        ),
        screen(
            states.Plan.move,
            "plan.move",
            Items("pay_day", "days", _move),
            getter=_days,
            hears=_move_in_words,
            back=states.Plan.running,
            sms=Short("sms.plan.move"),
        ),
        screen(
            states.Plan.end,
            None,
            Choice("hard", "btn.pause", _pause),
            Choice("end", "btn.plan.end", _end, counts=True),
            getter=_before_end,
            back=states.Plan.running,
        ),
    ]


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        found = await plans.running(visit.house, visit.session.actor, case_id_of(dialog_manager))
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang)}
    if found.status.next_due is None:
        return {"text": visit.text("plan.next.none"), "sms": visit.text("sms.plan.next.none")}
    short = visit.text(
        "sms.plan.done",
        day=brief.day(found.plan.accepted_on, visit.lang),
        receipt=found.receipt,
        amount=sms_plan.kronor(found.status.next_ore, visit.lang),
        next_day=brief.weekday(found.status.next_due, visit.lang),
    )
    text = visit.text(
        "plan.done",
        day=words.day_year(found.plan.accepted_on, visit.lang),
        receipt=found.receipt,
        amount=words.kronor(found.status.next_ore, visit.lang),
        next_day=words.deadline(found.status.next_due, visit.today, visit.lang),
    )
    return {"text": text, "sms": short}


async def _running(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        found = await plans.running(visit.house, visit.session.actor, case_id_of(dialog_manager))
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "payable": False, "running": False}
    text = running_text(found.plan, found.cases, visit.today, visit.lang)
    short = sms_plan.running_text(found.plan, found.cases, visit.today, visit.lang)
    return {"text": text, "sms": short, "payable": found.status.left > 0, "running": True}


# Another pay day


async def _days(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The usual days; by SMS a day that was written is asked about instead."""
    written = dialog_manager.dialog_data.get("written") if by_sms(dialog_manager) else None
    return {"days": [day_item(visit, day) for day in ((written,) if written else USUAL_PAY_DAYS)]}


def day_item(visit: Visit, day: int) -> dict[str, str]:
    """A pay day as a choice."""
    short = FRESH + visit.text("sms.btn.plan.pay_day", day=day)
    return {"id": str(day), "label": visit.text("btn.plan.pay_day", day=day), "sms": short}


async def _move_in_words(text: str, manager: DialogManager) -> None:
    if by_sms(manager):
        manager.dialog_data["written"] = plans.read_pay_day(text)
    else:
        await _move(manager, text)


async def _move(manager: DialogManager, text: str) -> None:
    visit, case_id = visit_of(manager), case_id_of(manager)
    await plans.change_day(visit.house, visit.session.actor, case_id, plans.read_pay_day(text))
    found = await plans.running(visit.house, visit.session.actor, case_id)
    manager.dialog_data.pop("written", None)
    say_first(manager, "plan.moved")
    manager.dialog_data["moved"] = found.plan.changes
    await manager.switch_to(states.Plan.running)


# The end


async def _before_end(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await plans.running(visit.house, visit.session.actor, case_id_of(dialog_manager))
    coming = next_line(found.lead, found.cases, visit.today, visit.lang)
    return {"text": f"{coming}\n{visit.text('plan.end')}", "sms": visit.text("sms.plan.end")}


async def _pause(manager: DialogManager) -> None:
    """A hard time may be a reason to pause and not to end."""
    await guesses.follow(manager, "hard")


async def _end(manager: DialogManager) -> None:
    """The plan is over; the overview says where the case stands now."""
    visit = visit_of(manager)
    await plans.end(visit.house, visit.session.actor, case_id_of(manager))
    say_first(manager, "plan.end.done")
    await going.go(manager, await going.ground(visit), Place(states.Case.main, {"case": case_id_of(manager)}))
