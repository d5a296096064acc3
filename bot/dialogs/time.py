"""More time to pay: a day within the creditor's rule, or a promise to pay on a day that one has already."""

from datetime import date
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.channels.sms_menu import FRESH
from bot.dialogs import by_digits, free_text, going, states
from bot.dialogs.going import case_id_of, refuse, visit_of
from bot.dialogs.guesses import follow
from bot.dialogs.widgets import BACK, BACK_HOME, HOME, Choice, Items, Short, by_sms, screen
from bot.dialogs.wording import sms_time
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.time import promised, time_done
from bot.middleware import Visit
from bot.refusals import say
from core import amounts_said, brief, dates_said, phrases, words
from core.dates_said import Lean
from core.deferral import amount_on
from core.errors import Refusal
from core.facts import Deferred, Promised
from core.services import cases, more_time

#: The days of the transcript's screen: the next pay day, and the last day of all.
DAYS: Final = 2


#: By SMS a day that is promised is told from one that is asked for.
PROMISED: Final = "p"


def build_time() -> Dialog:
    pay = Choice("pay", "btn.pay", opens=states.Pay.main)
    return Dialog(
        _ask_screen(),
        screen(states.Time.day, None, getter=_day, hears=_hear_day, back=states.Time.ask),
        _refused_screen(),
        screen(states.Time.done, None, pay, getter=_done, back=HOME),
        screen(
            states.Time.promise,
            None,
            _split(),
            _settle(),
            getter=_promise,
            hears=_hear_promise,
            back=states.Time.ask,
        ),
        screen(states.Time.promised, None, pay, getter=_promised, back=HOME),
    )


def _ask_screen() -> Any:
    days, split, settle = Items("until", "days", _choose), _split(), _settle("refused")
    return screen(
        states.Time.ask,
        None,
        days,
        Choice("other_day", "btn.time.other", turns_to=states.Time.day, when="given"),
        Choice("promise", "btn.time.promise", turns_to=states.Time.promise, when="refused"),
        split,
        settle,
        getter=_ask,
        hears=_hear_day,
        back=BACK_HOME,
        sms=Short(choices=(days, split, settle), back=BACK),
    )


def _refused_screen() -> Any:
    days, split, settle = Items("until", "days", _choose), _split(), _settle()
    return screen(
        states.Time.refused,
        None,
        days,
        Choice("promise", "btn.time.promise", turns_to=states.Time.promise),
        split,
        settle,
        getter=_refused,
        hears=_hear_day,
        back=states.Time.ask,
        sms=Short(choices=(days, split, settle)),
    )


def _split() -> Choice:
    async def act(manager: DialogManager) -> None:
        await follow(manager, "split")

    return Choice("split", "btn.split", act)


def _settle(when: str | None = None) -> Choice:
    async def act(manager: DialogManager) -> None:
        await follow(manager, "settle")

    return Choice("settle", "btn.settle", act, when=when)


async def _offered(manager: DialogManager) -> more_time.Offered:
    visit = visit_of(manager)
    return await more_time.offered(visit.house, visit.session.actor, case_id_of(manager))


def _buttons(days: tuple[date, ...], visit: Visit) -> list[dict[str, str]]:
    return [
        {
            "id": day.isoformat(),
            "label": visit.text("btn.time.until", day=words.day(day, visit.lang)),
            "sms": FRESH + visit.text("sms.btn.time.until", day=brief.day(day, visit.lang)),
        }
        for day in days
    ]


def _promise_button(day: date, visit: Visit) -> dict[str, str]:
    """By SMS a promise is one number too."""
    said = visit.text("sms.btn.time.promise", day=brief.day(day, visit.lang))
    return {"id": f"{PROMISED}{day.isoformat()}", "label": said, "sms": f"{FRESH}{said}"}


async def _ask(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    about = await _offered(dialog_manager)
    if about.refusal is not None or about.last is None:
        told = say(about.refusal, visit.lang) if about.refusal else ""
        shown = {"text": f"{told}\n{visit.text('time.instead')}", "days": [], "given": False, "refused": True}
        return {**shown, **await _promise_instead(told, about, dialog_manager)} if by_sms(dialog_manager) else shown
    creditor = about.case.creditor
    asked = visit.text(
        "time.ask",
        creditor=creditor.short_name,
        days=creditor.terms.more_time_days,
        last=words.deadline(about.last, visit.today, visit.lang),
    )
    return {
        "text": f"{asked}\n{visit.text('note.ack')}",
        "sms": sms_time.ask_text(about.last, visit.today, visit.lang),
        "days": _buttons(about.choices[:DAYS], visit),
        "given": True,
        "refused": False,
    }


async def _promise_instead(told: str, about: more_time.Offered, manager: DialogManager) -> dict[str, Any]:
    """By SMS: no more time, but a day that one has can be promised."""
    visit, last = visit_of(manager), about.last_day
    why = await more_time.why_no_promise(visit.house, visit.session.actor, case_id_of(manager), last)
    if why is not None:
        return {"sms": told, "days": []}
    until, example = brief.weekday(last, visit.lang), f"{last:%d%m}"
    instead = visit.text("sms.time.promise", last=until, example=example)
    return {"sms": f"{told} {instead}", "days": [_promise_button(last, visit)]}


async def _day(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    about = await _offered(dialog_manager)
    if about.last is None:
        return {"text": say(about.refusal, visit.lang) if about.refusal else visit.text("time.instead")}
    last = words.deadline(about.last, visit.today, visit.lang)
    return {"text": f"{visit.text('time.day', last=last)}\n{visit.text('note.ack')}"}


async def _choose(manager: DialogManager, day: str) -> None:
    on = date.fromisoformat(day.removeprefix(PROMISED))
    await (_keep_promise if day.startswith(PROMISED) else _take)(manager, on)


async def _hear_day(text: str, manager: DialogManager) -> None:
    """A day in somebody's own words; anything else is understood as on other screens. By SMS it is asked about."""
    if by_sms(manager) and await by_digits.opened(text, manager):
        return
    visit = visit_of(manager)
    day = dates_said.parse(text, visit.lang, visit.today, Lean.FUTURE) or dates_said.find(
        text, visit.lang, visit.today, Lean.FUTURE
    )
    if day is None:
        await free_text.hear(text, manager)
    elif not await _less_than_all(text, day, manager):
        if by_sms(manager):
            manager.dialog_data["asked"] = day.isoformat()
            await manager.switch_to(states.Time.refused)
        else:
            await _take(manager, day)


async def _less_than_all(text: str, day: date, manager: DialogManager) -> bool:
    """A day with a sum that is not all is an offer, never a day for all: it is shown as one, and nothing is done."""
    ore = amounts_said.find(text)
    if ore is None:
        guesses = phrases.meaning(visit_of(manager).lang, text).guesses
        if not {"part", "settle", "split"} & set(guesses):
            return False
        await free_text.hear(text, manager)
        return True
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if ore >= owed(case, visit.today):
        return False
    await going.open_screen(manager, states.Settle.ask, {"case": case.id, "ore": ore, "day": day.isoformat()})
    return True


async def _take(manager: DialogManager, day: date) -> None:
    """Move the last day there; where that cannot be, why, and what can."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    if await more_time.why_not(visit.house, visit.session.actor, case_id, day) is None:
        await more_time.defer(visit.house, visit.session.actor, case_id, day)
        await manager.switch_to(states.Time.done)
        return
    manager.dialog_data["asked"] = day.isoformat()
    await manager.switch_to(states.Time.refused)


def _asked_for(manager: DialogManager) -> date:
    """The day that was asked for, here or before this screen was opened."""
    begun = manager.start_data if isinstance(manager.start_data, dict) else {}
    return date.fromisoformat(manager.dialog_data.get("asked") or begun["asked"])


async def _refused(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    asked = _asked_for(dialog_manager)
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    why = await more_time.why_not(visit.house, actor, case_id, asked)
    case = await cases.open_case(visit.house, actor, case_id)
    if why is None:
        short = sms_time.possible_text(case, asked, visit.lang)
        return {"text": visit.text("time.possible"), "sms": short, "days": _buttons((asked,), visit)}
    if by_sms(dialog_manager) and not await more_time.why_no_promise(visit.house, actor, case_id, asked):
        kept = visit.text("sms.time.has", day=brief.weekday(asked, visit.lang))
        return {"text": kept, "sms": kept, "days": [_promise_button(asked, visit)]}
    nearest = why.facts.get("nearest")
    lines, short = [say(why, visit.lang)], say(why, visit.lang)
    if isinstance(nearest, date):
        lines.append(visit.text("note.ack"))
        short = f"{short} {visit.text('sms.time.ack')}"
    days = _buttons((nearest,), visit) if isinstance(nearest, date) else []
    return {"text": "\n".join(lines), "sms": short, "days": days}


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    fact = case.last(Deferred)
    assert fact is not None
    receipt = f"{case.ocr}-{fact.receipt}"
    return {
        "text": time_done(fact.until, amount_on(case, fact.until), receipt, visit.today, visit.lang),
        "sms": sms_time.done_text("time.done", case, fact.until, fact.receipt, visit.today, visit.lang),
    }


# A promise


async def _promise(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    last = (await _offered(dialog_manager)).last_day
    return {"text": visit.text("time.promise", last=words.deadline(last, visit.today, visit.lang))}


async def _hear_promise(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    day = dates_said.parse(text, visit.lang, visit.today, Lean.FUTURE) or dates_said.find(
        text, visit.lang, visit.today, Lean.FUTURE
    )
    if day is None:
        await free_text.hear(text, manager)
        return
    if await _less_than_all(text, day, manager):
        return
    await _keep_promise(manager, day)


async def _keep_promise(manager: DialogManager, day: date) -> None:
    visit = visit_of(manager)
    try:
        await more_time.promise(visit.house, visit.session.actor, case_id_of(manager), day)
    except Refusal as refusal:
        refuse(manager, refusal)
        return
    await manager.switch_to(states.Time.promised)


async def _promised(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    fact = case.last(Promised)
    assert fact is not None
    receipt = f"{case.ocr}-{fact.receipt}"
    return {
        "text": promised(fact.pay_on, amount_on(case, fact.pay_on), receipt, visit.today, visit.lang),
        "sms": sms_time.done_text("time.promised", case, fact.pay_on, fact.receipt, visit.today, visit.lang),
    }
