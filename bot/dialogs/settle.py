"""An offer to settle: a sum, a day, what it means; then the creditor is asked, and the case rests."""

from datetime import date, timedelta
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, states
from bot.dialogs.going import case_id_of, refuse, say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Short, by_sms, screen
from bot.dialogs.wording import sms_plan, sms_time
from bot.dialogs.wording.case import owed
from bot.middleware import Visit
from core import amounts_said, brief, dates_said, digits_said, phrases, words
from core.dates_said import Lean
from core.errors import Refusal
from core.money import Ore
from core.services import cases, settlements
from core.settlement import ANSWER_DAYS, PAY_WITHIN_DAYS


def build_settle() -> Dialog:
    send = Choice("send", "btn.settle.send", _send, counts=True)
    return Dialog(
        screen(states.Settle.ask, None, getter=_ask, hears=_hear_sum, back=BACK_HOME),
        screen(states.Settle.day, None, getter=_day, hears=_hear_day, back=states.Settle.ask),
        screen(
            states.Settle.check,
            None,
            send,
            Choice("change", "btn.settle.change", turns_to=states.Settle.ask),
            getter=_check,
            hears=_hear_day,
            back=states.Settle.day,
            sms=Short(choices=(send,)),
        ),
        screen(states.Settle.asked, None, getter=_asked, back=HOME),
        on_start=_begin,
    )


async def _begin(data: Any, manager: DialogManager) -> None:
    """Opened with a sum and a day from somebody's own words, what they mean is shown at once."""
    told = data if isinstance(data, dict) else {}
    if "ore" in told:
        day = told.get("day")
        await _propose(manager, int(told["ore"]), date.fromisoformat(day) if day else None)


def _sum(manager: DialogManager) -> Ore:
    return int(manager.dialog_data["ore"])


def _chosen(manager: DialogManager) -> date:
    return date.fromisoformat(manager.dialog_data["day"])


async def _ask(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    owes, creditor = owed(case, visit.today), case.creditor.short_name
    example = digits_said.example(visit.today)
    return {
        "text": visit.text("settle", amount=words.money(owes, visit.lang), creditor=creditor),
        "sms": visit.text("sms.settle", amount=brief.money(owes, visit.lang), creditor=creditor, example=example),
    }


async def _hear_sum(text: str, manager: DialogManager) -> None:
    """A sum, with a day or alone; anything that has another meaning is understood as on other screens."""
    visit = visit_of(manager)
    if by_sms(manager) and (both := digits_said.sum_and_day(text, visit.today)):
        await _propose(manager, *both)
        return
    ore, day = amounts_said.parse(text), None
    if ore is None:
        day = dates_said.find(text, visit.lang, visit.today, Lean.FUTURE)
        ore = amounts_said.find(text) if day or _is_offer(text, visit.lang) else None
    if ore is None:
        await _unclear(text, manager, "settle.sum.unclear")
        return
    await _propose(manager, ore, day)


def _is_offer(text: str, lang: str) -> bool:
    """Whether a longer text on this screen has no other meaning than an offer."""
    meant = phrases.meaning(lang, text)
    return not meant.ground and set(meant.guesses) <= {"settle", "pay", "part"}


async def _propose(manager: DialogManager, ore: Ore, day: date | None) -> None:
    """A sum, and the day if it was named with it: then only the answer to what it means is left."""
    tomorrow = visit_of(manager).today + timedelta(days=1)
    if await _refused(manager, ore, tomorrow):
        return
    manager.dialog_data["ore"] = ore
    if day is None or await _refused(manager, ore, day):
        await manager.switch_to(states.Settle.day)
        return
    manager.dialog_data["day"] = day.isoformat()
    await manager.switch_to(states.Settle.check)


async def _unclear(text: str, manager: DialogManager, key: str) -> None:
    meaning = phrases.meaning(visit_of(manager).lang, text)
    if meaning.guesses or meaning.ground:
        await free_text.hear(text, manager)
    else:
        say_first(manager, key)


async def _refused(manager: DialogManager, ore: Ore, day: date) -> bool:
    """Say why an offer cannot be made, above the screen that is open."""
    visit = visit_of(manager)
    try:
        await settlements.check(visit.house, visit.session.actor, case_id_of(manager), ore, day)
    except Refusal as refusal:
        refuse(manager, refusal)
        return True
    return False


async def _day(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    until, example = visit.today + timedelta(days=PAY_WITHIN_DAYS), digits_said.example(visit.today)
    last, amount = words.deadline(until, visit.today, visit.lang), words.kronor(_sum(dialog_manager), visit.lang)
    return {
        "text": visit.text("settle.day", amount=amount, last=last),
        "sms": visit.text("sms.settle.day", last=brief.weekday(until, visit.lang), example=example),
    }


async def _hear_day(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    if by_sms(manager) and (both := digits_said.sum_and_day(text, visit.today)):
        await _propose(manager, *both)
        return
    day = digits_said.day(text, visit.today) if by_sms(manager) else None
    day = day or dates_said.parse(text, visit.lang, visit.today, Lean.FUTURE)
    if day is None:
        await _unclear(text, manager, "settle.day.unclear")
        return
    if await _refused(manager, _sum(manager), day):
        return
    manager.dialog_data["day"] = day.isoformat()
    await manager.switch_to(states.Settle.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    total, ore = owed(case, visit.today), _sum(dialog_manager)
    answer_by = visit.today + timedelta(days=ANSWER_DAYS)
    text = visit.text(
        "settle.check",
        amount=words.kronor(ore, visit.lang),
        day=words.deadline(_chosen(dialog_manager), visit.today, visit.lang),
        total=words.money(total, visit.lang),
        off=words.money(max(total - ore, 0), visit.lang),
        creditor=case.creditor.short_name,
        answer_by=words.deadline(answer_by, visit.today, visit.lang),
    )
    short = sms_time.offer_text(case, ore, _chosen(dialog_manager), total, answer_by, visit.lang)
    return {"text": text, "sms": short}


async def _send(manager: DialogManager) -> None:
    visit, case_id = visit_of(manager), case_id_of(manager)
    if await settlements.waiting(visit.house, visit.session.actor, case_id) is None:
        await settlements.offer(visit.house, visit.session.actor, case_id, _sum(manager), _chosen(manager))
    await manager.switch_to(states.Settle.asked)


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    offered = await settlements.waiting(visit.house, actor, case_id)
    if offered is None:
        return {"text": visit.text("settle.over")}
    case = await cases.open_case(visit.house, actor, case_id)
    text = visit.text(
        "settle.asked",
        creditor=case.creditor.short_name,
        amount=words.kronor(offered.ore, visit.lang),
        day=words.deadline(offered.pay_on, visit.today, visit.lang),
        answer_by=words.deadline(offered.answer_by, visit.today, visit.lang),
    )
    short = visit.text(
        "sms.settle.asked",
        creditor=case.creditor.short_name,
        amount=sms_plan.kronor(offered.ore, visit.lang),
        day=brief.day(offered.pay_on, visit.lang),
        answer_by=brief.weekday(offered.answer_by, visit.lang),
    )
    return {"text": text, "sms": short}
