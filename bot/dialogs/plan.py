"""An instalment plan from the first offer to the signature. What a running plan needs is in `plan_running`.

The terms are made anew each time they are shown; the digest of what was shown goes with the signature, so nobody signs
other terms than those they saw.
"""

from datetime import date
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.channels.sms_menu import FRESH, SILENT
from bot.dialogs import free_text, guesses, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.plan_budget import budget_screen
from bot.dialogs.plan_running import running_screens
from bot.dialogs.plan_signing import begin, by_letter, send_letter, signing_screens, take, wanted_of
from bot.dialogs.widgets import HOME, Choice, Items, Short, by_sms, screen
from bot.dialogs.wording import sms_plan
from bot.dialogs.wording.plan import can_be_asked, offers_text, refused_text, time_until
from bot.middleware import Visit
from bot.refusals import say
from core import amounts_said, brief, words
from core.errors import Refusal
from core.plan import Refused
from core.services import cases, plans
from core.services.plans import Wanted

#: Where the creditor agrees to no plan at all, so many months can be asked for.
ASKABLE = (6, 12)


def build_plan() -> Dialog:
    return Dialog(
        _offers_screen(),
        screen(
            states.Plan.own,
            "plan.own",
            Choice("budget", "btn.plan.budget", turns_to=states.Plan.budget),
            hears=_own,
            back=states.Plan.offers,
        ),
        budget_screen(_would_be),
        _refused_screen(),
        screen(states.Plan.asked, None, getter=_asked, back=HOME),
        *signing_screens(_own_among_others),
        *running_screens(),
        on_start=_begin,
    )


async def _begin(data: Any, manager: DialogManager) -> None:
    """With a sum a month that was said before, straight to what it would be."""
    if isinstance(data, dict) and data.get("per_month"):
        await _would_be(manager, int(data["per_month"]))
    else:
        await begin(data, manager)


def _offers_screen() -> Any:
    numbers, months = Items("number", "offers", _choose), Items("months", "askable", _ask_for)
    anew = Choice("anew", "btn.plan.anew", _anew, when="proposed")
    time = Choice("time", "btn.more_time", _more_time, when="time")
    running = Choice("running", "btn.plan.see", turns_to=states.Plan.running, when="running")
    return screen(
        states.Plan.offers,
        None,
        numbers,
        months,
        Choice("code", "btn.code", turns_to=states.Plan.code, when="proposed"),
        anew,
        Choice("own", "btn.plan.own", turns_to=states.Plan.own, when="own"),
        time,
        running,
        getter=_offers,
        hears=_own_among_others,
        sms=Short(choices=(numbers, Items("letter", "letters", _choose_letter), months, anew, time, running)),
    )


def _refused_screen() -> Any:
    nearest = Choice("nearest", "btn.plan.nearest", _nearest)
    ask = Choice("ask", "btn.plan.ask", _ask, when="askable", counts=True)
    return screen(
        states.Plan.refused,
        None,
        nearest,
        ask,
        Choice("own", "btn.amount", turns_to=states.Plan.own),
        getter=_refused,
        hears=_own,
        back=states.Plan.offers,
        sms=Short(choices=(nearest, ask)),
    )


# What can be had


async def _offers(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    shown: dict[str, Any] = {name: () for name in ("offers", "letters", "askable")}
    shown |= {name: False for name in ("own", "time", "proposed", "running")}
    case = await cases.open_case(visit.house, actor, case_id)
    waiting = plans.proposal(case)
    if waiting and not dialog_manager.dialog_data.get("anew"):
        due = words.deadline(waiting[1], visit.today, visit.lang)
        short = visit.text("sms.plan.proposed", day=brief.weekday(waiting[1], visit.lang))
        return {**shown, "text": visit.text("plan.proposed", day=due), "sms": short, "proposed": True}
    time = time_until(case, visit.today) is not None
    try:
        found = await plans.offers(visit.house, actor, case_id)
    except Refusal as refusal:
        return {**shown, **_no_offers(visit, refusal, time=time)}
    choices = tuple(_item(visit, "btn.plan.choose_number", offer.months) | {"sms": SILENT} for offer in found.offers)
    letters = choices if by_letter(dialog_manager) else ()
    text = offers_text(found.lead, found.cases, found.offers, visit.today, visit.lang)
    short = sms_plan.offers_text(found.cases, found.offers, visit.lang, by_letter=bool(letters))
    may = {"own": True, "time": time and not by_sms(dialog_manager)}
    return {**shown, "text": text, "sms": short, "offers": choices, "letters": letters, **may}


def _no_offers(visit: Visit, refusal: Refusal, *, time: bool) -> dict[str, Any]:
    """Why there is no plan, and what there is instead: asking the creditor, more time, the plan that runs."""
    lines = [say(refusal, visit.lang)]
    if refusal.code != "plan_not_offered":
        return {"text": lines[0], "time": time, "running": refusal.code == "plan_running"}
    lines.append(visit.text("note.ack"))
    return {
        "text": "\n".join(lines),
        "sms": f"{lines[0]} {visit.text('sms.plan.ack')}",
        "time": time,
        "askable": tuple(_askable(visit, months) for months in ASKABLE),
    }


def _askable(visit: Visit, months: int) -> dict[str, str]:
    """By SMS it counts, so it has a number that cannot be guessed."""
    label = visit.text("sms.btn.plan.ask", number=words.number(months, visit.lang))
    return _item(visit, "btn.plan.ask", months) | {"sms": f"{FRESH}{label}"}


def _item(visit: Visit, key: str, number: int) -> dict[str, str]:
    return {"id": str(number), "label": visit.text(key, number=words.number(number, visit.lang))}


async def _anew(manager: DialogManager) -> None:
    manager.dialog_data["anew"] = True


async def _more_time(manager: DialogManager) -> None:
    await guesses.follow(manager, "time")


async def _choose(manager: DialogManager, number: str) -> None:
    await take(manager, Wanted(number=int(number)))


async def _choose_letter(manager: DialogManager, number: str) -> None:
    await send_letter(manager, Wanted(number=int(number)))


# A sum of one's own


async def _own(text: str, manager: DialogManager) -> None:
    amount = amounts_said.parse(text)
    if amount is None:
        say_first(manager, "plan.own.invalid")
        return
    await _would_be(manager, amount)


async def _own_among_others(text: str, manager: DialogManager) -> None:
    """A sum is the sum a month, wherever plans are spoken of; anything else is understood as on other screens."""
    amount = amounts_said.parse(text)
    if amount is None:
        await free_text.hear(text, manager)
    else:
        await _would_be(manager, amount)


async def _would_be(manager: DialogManager, per_month: int) -> None:
    """So much a month: the terms, or the nearest that there are."""
    visit = visit_of(manager)
    pay_day = wanted_of(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        manager.dialog_data["per_month"] = per_month
        await manager.switch_to(states.Plan.refused)
    else:
        await take(manager, Wanted(per_month=per_month))


async def _refused(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    per_month = int(dialog_manager.dialog_data["per_month"])
    case = await cases.open_case(visit.house, actor, case_id)
    found = await plans.own(visit.house, actor, case_id, per_month, wanted_of(dialog_manager).pay_day)
    if not isinstance(found, Refused):
        # The creditor has said yes meanwhile: what was refused can be had.
        amount = words.kronor(found.first[1], visit.lang)
        return {"text": visit.text("plan.own.now", amount=amount), "amount": amount, "askable": False}
    return {
        "text": refused_text(found, per_month, case.creditor.short_name, visit.lang),
        "sms": sms_plan.refused_text(found, per_month, case.creditor.short_name, visit.lang),
        "amount": words.kronor(found.nearest.first[1], visit.lang),
        "number": words.number(found.months_needed, visit.lang),
        "askable": can_be_asked(found),
    }


async def _nearest(manager: DialogManager) -> None:
    visit = visit_of(manager)
    per_month, pay_day = int(manager.dialog_data["per_month"]), wanted_of(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        await take(manager, Wanted(number=found.nearest.months))
    else:
        await take(manager, Wanted(per_month=per_month))


async def _ask(manager: DialogManager) -> None:
    visit = visit_of(manager)
    per_month, pay_day = int(manager.dialog_data["per_month"]), wanted_of(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        await _request(manager, found.months_needed, per_month)


async def _ask_for(manager: DialogManager, months: str) -> None:
    await _request(manager, int(months), 0)


async def _request(manager: DialogManager, months: int, per_month: int) -> None:
    """The creditor is asked, and the case rests until there is an answer."""
    visit = visit_of(manager)
    until = await plans.ask(visit.house, visit.session.actor, case_id_of(manager), months, per_month)
    manager.dialog_data["asked"] = {"months": months, "until": until.isoformat()}
    await manager.switch_to(states.Plan.asked)


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    asked = dialog_manager.dialog_data["asked"]
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    months = words.number(asked["months"], visit.lang)
    until = date.fromisoformat(asked["until"])
    told = {"creditor": case.creditor.short_name, "months": months}
    return {
        "text": visit.text("plan.asked", **told, day=words.deadline(until, visit.today, visit.lang)),
        "sms": visit.text("sms.plan.asked", **told, day=brief.weekday(until, visit.lang)),
    }
