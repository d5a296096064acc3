"""What is owed and why: today, on any day, and between two; as text, as a slip and as PDF; and what happens next."""

from calendar import monthrange
from datetime import date
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, states
from bot.dialogs.going import case_id_of, say_first, send_file, visit_of
from bot.dialogs.silent import Silent
from bot.dialogs.widgets import Choice, Items, Short, by_sms, screen
from bot.dialogs.wording.case import only_disputed_left, owed, sum_asked
from bot.dialogs.wording.days import day_slip, difference_slip
from bot.dialogs.wording.next import next_text
from bot.dialogs.wording.owe import owe
from bot.dialogs.wording.sms_case import day_short, difference_short, next_short, owe_short
from bot.middleware import Visit
from core import brief, dates_said, hardship, phrases, words
from core.case import Case
from core.digits_said import with_slash
from core.dunning import barred, current_deadline
from core.errors import Refusal
from core.services import cases, letters, statements

#: So many days are offered; the person and the way back come after them.
DAYS_SHOWN: Final = 4


def build_owe() -> Dialog:
    return Dialog(
        screen(
            states.Owe.main,
            None,
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("next", "btn.next", opens=states.Next.main),
            Choice("wrong", "btn.wrong", opens=states.Wrong.main, when="open"),
            Choice("pdf", "btn.pdf", _pdf),
            Choice("pay_anyway", "btn.pay", opens=states.Pay.main, when="payable_anyway"),
            Choice("day", "btn.other_day", _ask_day, when="roomy"),
            Choice("timeline", "btn.timeline", opens=states.Timeline.main, when="roomy"),
            getter=_owe,
            hears=_hear_below,
            sms=Short(
                choices=(
                    Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
                    Choice("next", "btn.next", opens=states.Next.main),
                    Choice("pay_anyway", "btn.pay", opens=states.Pay.main, when="payable_anyway"),
                    Silent("day", _ask_day),
                )
            ),
        ),
        screen(
            states.Owe.date,
            None,
            Items("day", "days", _choose_day),
            Choice("compare", "btn.compare", _ask_other, when="shown"),
            Choice("pdf", "btn.pdf", _day_pdf, when="shown"),
            Choice("change", "btn.other_day", _ask_day, when="shown"),
            getter=_day,
            hears=_hear_day,
            back=states.Owe.main,
            sms=Short(
                choices=(Items("day", "days", _choose_day), Choice("change", "btn.other_day", _ask_day, when="shown"))
            ),
        ),
        screen(
            states.Owe.between,
            None,
            Items("day", "days", _choose_other),
            Choice("pdf", "btn.pdf", _between_pdf, when="shown"),
            Choice("change", "btn.other_day", _ask_day, when="shown"),
            getter=_between,
            hears=_hear_other,
            back=states.Owe.date,
            sms=Short(choices=(Choice("change", "btn.other_day", _ask_day),)),
        ),
        screen(
            states.Owe.pdf,
            "owe.pdf.done",
            Choice("day", "btn.other_day", _ask_day),
            Choice("timeline", "btn.timeline", opens=states.Timeline.main),
            hears=_hear_below,
            back=states.Owe.main,
        ),
        on_start=_begin,
    )


def build_next() -> Dialog:
    return Dialog(
        screen(
            states.Next.main,
            None,
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("time", "btn.time", opens=states.Help.main, when="asked"),
            Choice("wrong", "btn.wrong", opens=states.Wrong.main, when="open"),
            Choice("hard", "btn.hard.see", opens=states.Hard.main, when="breathing"),
            Choice("pay_anyway", "btn.pay", opens=states.Pay.main, when="payable_anyway"),
            getter=_next,
        )
    )


async def _owe(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Where nothing is left to pay or to object to, other days have room among the choices."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    slip = owe(case, visit.today, visit.lang)
    is_open = case.closed is None
    short = owe_short(case, visit.today, visit.lang)
    return {
        "text": slip.text,
        "sms": short,
        "card": slip.card,
        "open": is_open,
        "roomy": not is_open,
        **_payable(case, visit),
    }


def _payable(case: Case, visit: Visit) -> dict[str, bool]:
    """Whether there is something to pay. Where nobody asks for it now, paying is the last choice and not the first."""
    payable, still = case.closed is None and owed(case, visit.today) > 0, sum_asked(case, visit.today) == "still"
    return {"payable": payable and not still, "payable_anyway": payable and still}


async def _next(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    is_open = case.closed is None
    return {
        "text": next_text(case, visit.today, visit.lang),
        "sms": next_short(case, visit.today, visit.lang),
        "open": is_open,
        "asked": is_open and not only_disputed_left(case, visit.today) and not barred(case, visit.today),
        "breathing": is_open and hardship.paused(case) is not None,
        **_payable(case, visit),
    }


async def _pdf(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case_id = case_id_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    body = await letters.statement_pdf(visit.house, visit.session.actor, case_id, visit.lang)
    name = visit.text("file.name.statement", ocr=case.ocr, date=visit.today.isoformat())
    await send_file(manager, name, body, visit.text("owe.pdf"))
    await manager.switch_to(states.Owe.pdf)


# Any day


async def _begin(data: Any, manager: DialogManager) -> None:
    """Opened with one day or two from somebody's own words, they are counted at once."""
    days = data.get("days") if isinstance(data, dict) else None
    match [date.fromisoformat(day) for day in days or ()]:
        case [on]:
            await _show_day(manager, on)
        case [one, other]:
            await manager.switch_to(states.Owe.date)
            await _show_between(manager, one, other)


def _remembered(manager: DialogManager, name: str) -> date | None:
    """A day that was chosen here: ``on``, and ``other`` to compare it with."""
    found = manager.dialog_data.get(name)
    return date.fromisoformat(found) if found else None


async def _ask_day(manager: DialogManager) -> None:
    for name in ("on", "other"):
        manager.dialog_data.pop(name, None)
    await manager.switch_to(states.Owe.date)


async def _day(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id, on = case_id_of(dialog_manager), _remembered(dialog_manager, "on")
    if on is None:
        case = await cases.open_case(visit.house, visit.session.actor, case_id)
        asked = {"text": visit.text("owe.date"), "sms": visit.text("sms.owe.date")}
        return {**asked, "days": _offered(case, visit, "btn.count_to"), "shown": False}
    case, stated = await statements.on_day(visit.house, visit.session.actor, case_id, on)
    slip, short = day_slip(case, stated, visit.today, visit.lang), day_short(stated, visit.lang)
    return {"text": slip.text, "sms": short, "card": slip.card, "days": [], "shown": True}


def _offered(case: Case, visit: Visit, key: str, but: date | None = None) -> list[dict[str, str]]:
    """Days that people ask about, in order: the due date, today, the last day, the end of the month."""
    today = visit.today
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    found = {case.due_date, today, month_end, current_deadline(case) or today} - {but}
    days = sorted(day for day in found if day)[:DAYS_SHOWN]
    return [
        {
            "id": day.isoformat(),
            "label": visit.text(key, day=words.day(day, visit.lang)),
            "sms": brief.day(day, visit.lang),
        }
        for day in days
    ]


async def _choose_day(manager: DialogManager, chosen: str) -> None:
    await _show_day(manager, date.fromisoformat(chosen))


async def _show_day(manager: DialogManager, on: date) -> None:
    """Show a day, if there is something to say about it; else say why not and what would work."""
    visit = visit_of(manager)
    try:
        await statements.on_day(visit.house, visit.session.actor, case_id_of(manager), on)
    except Refusal as refusal:
        await _refuse(manager, refusal)
        return
    manager.dialog_data["on"] = on.isoformat()
    manager.dialog_data.pop("other", None)
    await manager.switch_to(states.Owe.date)


async def _refuse(manager: DialogManager, refusal: Refusal) -> None:
    """The two ways in which a day can be too far ahead. Everything else is not for this screen."""
    visit = visit_of(manager)
    match refusal.code:
        case "too_far":
            say_first(manager, "owe.date.far", day=words.day_year(refusal.facts["until"], visit.lang))
        case "unknown_rate":
            case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
            say_first(manager, "owe.date.rate", day=words.day_year(case.rules.rates.known_until, visit.lang))
        case _:
            raise refusal


async def _hear_day(text: str, manager: DialogManager) -> None:
    """A day, or two to compare; something else that we know is understood as always."""
    visit = visit_of(manager)
    text = with_slash(text) if by_sms(manager) else text
    if on := dates_said.parse(text, visit.lang, visit.today):
        await _show_day(manager, on)
    elif pair := dates_said.two(text, visit.lang, visit.today):
        await _show_between(manager, *pair)
    elif phrases.guess(visit.lang, text) or phrases.objects(text):
        await free_text.hear(text, manager)
    else:
        no_day = dates_said.no_such_day(text, visit.lang)
        say_first(manager, "owe.date.none" if no_day else "owe.date.unclear")


async def _hear_below(text: str, manager: DialogManager) -> None:
    """Where no day was asked for, a day or two are still understood; a bare number is not one."""
    visit = visit_of(manager)
    text = with_slash(text) if by_sms(manager) else text
    one = None if text.isdigit() else dates_said.parse(text, visit.lang, visit.today)
    if one or dates_said.two(text, visit.lang, visit.today) or dates_said.no_such_day(text, visit.lang):
        await _hear_day(text, manager)
    else:
        await free_text.hear(text, manager)


async def _day_pdf(manager: DialogManager) -> None:
    visit, case_id, on = visit_of(manager), case_id_of(manager), _remembered(manager, "on")
    assert on is not None
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    body = await statements.day_pdf(visit.house, visit.session.actor, case_id, on, visit.lang)
    name = visit.text("file.name.statement", ocr=case.ocr, date=on.isoformat())
    await send_file(manager, name, body, visit.text("owe.day.pdf", day=words.day_year(on, visit.lang)))
    await manager.switch_to(states.Owe.pdf)


# Between two days


async def _ask_other(manager: DialogManager) -> None:
    manager.dialog_data.pop("other", None)
    await manager.switch_to(states.Owe.between)


async def _between(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id = case_id_of(dialog_manager)
    on, other = (_remembered(dialog_manager, name) for name in ("on", "other"))
    assert on is not None
    if other is None:
        case = await cases.open_case(visit.house, visit.session.actor, case_id)
        asked = visit.text("owe.between.ask", day=words.day_year(on, visit.lang))
        return {
            "text": asked,
            "sms": visit.text("sms.owe.date"),
            "days": _offered(case, visit, "btn.compare_with", but=on),
            "shown": False,
        }
    case, found = await statements.between(visit.house, visit.session.actor, case_id, on, other)
    slip, short = difference_slip(case, found, visit.lang), difference_short(found, visit.lang)
    return {"text": slip.text, "sms": short, "card": slip.card, "days": [], "shown": True}


async def _choose_other(manager: DialogManager, chosen: str) -> None:
    on = _remembered(manager, "on")
    assert on is not None
    await _show_between(manager, on, date.fromisoformat(chosen))


async def _show_between(manager: DialogManager, one: date, other: date) -> None:
    visit = visit_of(manager)
    try:
        await statements.between(visit.house, visit.session.actor, case_id_of(manager), one, other)
    except Refusal as refusal:
        await _refuse(manager, refusal)
        return
    manager.dialog_data.update(on=one.isoformat(), other=other.isoformat())
    await manager.switch_to(states.Owe.between)


async def _hear_other(text: str, manager: DialogManager) -> None:
    visit, on = visit_of(manager), _remembered(manager, "on")
    other = dates_said.parse(text, visit.lang, visit.today)
    if on is None or other is None:
        await _hear_day(text, manager)
    elif other == on:
        say_first(manager, "owe.between.same")
    else:
        await _show_between(manager, on, other)


async def _between_pdf(manager: DialogManager) -> None:
    visit, case_id = visit_of(manager), case_id_of(manager)
    on, other = (_remembered(manager, name) for name in ("on", "other"))
    assert on is not None
    assert other is not None
    first, last = sorted((on, other))
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    body = await statements.between_pdf(visit.house, visit.session.actor, case_id, first, last, visit.lang)
    days = {"first": first.isoformat(), "last": last.isoformat()}
    await send_file(
        manager, visit.text("file.name.difference", ocr=case.ocr, **days), body, visit.text("owe.between.pdf")
    )
    await manager.switch_to(states.Owe.pdf)
