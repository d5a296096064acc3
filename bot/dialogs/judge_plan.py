"""The creditor's word about a longer plan than its consent, or staff's in its place: one screen, yes or no."""

from typing import Any

from aiogram_dialog import DialogManager, Window

from bot.dialogs import going, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import longer_plans, plans


def plan_screens() -> tuple[Window, ...]:
    return (
        screen(
            states.Judge.plan,
            None,
            Choice("yes", "btn.judge.plan_yes", _yes, when="waits"),
            Choice("no", "btn.judge.plan_no", _no, when="waits"),
            getter=_asked,
            hears=_unsure,
            person=False,
        ),
        screen(
            states.Judge.plan_done,
            None,
            Choice("more", "btn.more_matters", turns_to=states.Judge.main),
            getter=_done,
            hears=_unsure,
            person=False,
        ),
    )


async def open_plan(manager: DialogManager, case_id: int, number: int) -> None:
    """From a notice's button."""
    about = {"case": case_id, "number": number}
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Judge.plan, about))


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")


def _data(manager: DialogManager) -> tuple[int, int]:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data["case"]), int(data.get("number") or manager.dialog_data.get("number") or 0)


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id, number = _data(dialog_manager)
    try:
        found = await longer_plans.asked(visit.house, visit.session.actor, case_id, number)
    except Refusal:
        return {"text": visit.text("refusal.plan_not_asked"), "waits": False}
    dialog_manager.dialog_data["number"] = found.number
    values = {
        "debtor": found.case.debtor.name,
        "ocr": found.case.ocr,
        "months": words.number(found.months, visit.lang),
        "allowed": words.number(found.case.creditor.terms.plan_months, visit.lang),
        "total": words.money(found.total, visit.lang),
        "day": words.deadline(found.answer_by, visit.today, visit.lang),
    }
    if found.answer:
        return {"text": visit.text(f"judge.plan.answered.{found.answer}", **values), "waits": False}
    lines = [visit.text("creditor.plan_asked", **values)]
    lines += [visit.text("judge.plan.allowed", **values)] if found.case.creditor.terms.plan_months else []
    return {"text": "\n".join([*lines, visit.text("judge.plan", **values)]), "waits": True, "number": values["months"]}


async def _yes(manager: DialogManager) -> None:
    await _answer(manager, yes=True)


async def _no(manager: DialogManager) -> None:
    await _answer(manager, yes=False)


async def _answer(manager: DialogManager, *, yes: bool) -> None:
    """One call; the first answer counts, and the screen says which it was. The request is the one that was shown."""
    visit, (case_id, number) = visit_of(manager), _data(manager)
    await plans.answer_longer(visit.house, visit.session.actor, case_id, number, yes)
    await manager.switch_to(states.Judge.plan_done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    shown = await _asked(visit, dialog_manager)
    return {"text": shown["text"]}
