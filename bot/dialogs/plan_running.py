"""A plan that runs: what is next, another pay day, the whole plan again, and its end."""

from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, guesses, states
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Items, screen
from bot.dialogs.wording.plan import next_line, running_text
from bot.middleware import Visit
from bot.refusals import say
from core import words
from core.errors import Refusal
from core.services import plans
from core.services.plans import USUAL_PAY_DAYS


def running_screens() -> list[Any]:
    return [
        screen(states.Plan.done, None, getter=_done, back=HOME),
        screen(
            states.Plan.running,
            None,
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("day", "btn.plan.day", turns_to=states.Plan.move, when="running"),
            Choice("files", "btn.plan.files", opens=states.Files.main, when="running"),
            Choice("end", "btn.plan.end", turns_to=states.Plan.end, when="running"),
            getter=_running,
            back=BACK_HOME,
        ),
        screen(
            states.Plan.move,
            "plan.move",
            Items("pay_day", "days", _move),
            getter=_days,
            hears=_move_in_words,
            back=states.Plan.running,
        ),
        screen(
            states.Plan.end,
            None,
            Choice("hard", "btn.pause", _pause),
            Choice("end", "btn.plan.end", _end),
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
        return {"text": visit.text("plan.next.none")}
    text = visit.text(
        "plan.done",
        day=words.day_year(found.plan.accepted_on, visit.lang),
        receipt=found.receipt,
        amount=words.kronor(found.status.next_ore, visit.lang),
        next_day=words.deadline(found.status.next_due, visit.today, visit.lang),
    )
    return {"text": text}


async def _running(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        found = await plans.running(visit.house, visit.session.actor, case_id_of(dialog_manager))
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "payable": False, "running": False}
    text = running_text(found.plan, found.cases, visit.today, visit.lang)
    return {"text": text, "payable": found.status.left > 0, "running": True}


# Another pay day


async def _days(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"days": [day_item(visit, day) for day in USUAL_PAY_DAYS]}


def day_item(visit: Visit, day: int) -> dict[str, str]:
    """A pay day as a choice."""
    return {"id": str(day), "label": visit.text("btn.plan.pay_day", day=day)}


async def _move_in_words(text: str, manager: DialogManager) -> None:
    await _move(manager, text)


async def _move(manager: DialogManager, text: str) -> None:
    visit, case_id = visit_of(manager), case_id_of(manager)
    await plans.change_day(visit.house, visit.session.actor, case_id, plans.read_pay_day(text))
    found = await plans.running(visit.house, visit.session.actor, case_id)
    say_first(manager, "plan.moved")
    manager.dialog_data["moved"] = found.plan.changes
    await manager.switch_to(states.Plan.running)


# The end


async def _before_end(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await plans.running(visit.house, visit.session.actor, case_id_of(dialog_manager))
    coming = next_line(found.lead, found.cases, visit.today, visit.lang)
    return {"text": f"{coming}\n{visit.text('plan.end')}"}


async def _pause(manager: DialogManager) -> None:
    """A hard time may be a reason to pause and not to end."""
    await guesses.follow(manager, "hard")


async def _end(manager: DialogManager) -> None:
    """The plan is over; the overview says where the case stands now."""
    visit = visit_of(manager)
    await plans.end(visit.house, visit.session.actor, case_id_of(manager))
    say_first(manager, "plan.end.done")
    await going.go(manager, await going.ground(visit), Place(states.Case.main, {"case": case_id_of(manager)}))
