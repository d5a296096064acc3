"""Staff let interest stand still or fall (jämkning, räntelagen 8 §), with the figures before and after it."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.middleware import Visit
from core import hardship, words
from core.books import books
from core.case import Case
from core.services import cases
from core.services import hardship as service
from core.statement import per_day

#: What can be done; ``btn.interest.<name>`` is its button, ``desk.interest.<name>.check`` what it means.
FALL, STOP, RUN = "fall", "stop", "run"
DONE: Final = "desk.interest.done"


def build_interest() -> Dialog:
    return Dialog(
        screen(
            states.Interest.main,
            None,
            _choice(FALL, "some"),
            _choice(STOP, "runs"),
            _choice(RUN, "still"),
            getter=_main,
            hears=_unsure,
            person=False,
        ),
        screen(
            states.Interest.check,
            None,
            *(Choice(f"{name}_yes", f"btn.interest.{name}", _do, when=name) for name in (FALL, STOP, RUN)),
            getter=_check,
            hears=_unsure,
            person=False,
            back=states.Interest.main,
        ),
    )


def _choice(name: str, when: str) -> Choice:
    async def act(manager: DialogManager) -> None:
        manager.dialog_data["what"] = name
        await manager.switch_to(states.Interest.check)

    return Choice(name, f"btn.interest.{name}", act, when=when)


async def _case(manager: DialogManager) -> Case:
    visit = visit_of(manager)
    return await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))


def _figures(case: Case, visit: Visit) -> dict[str, str]:
    book = books(case, visit.today)
    return {
        "ocr": case.ocr,
        "debtor": case.debtor.name,
        "amount": words.money(book.interest_left, visit.lang),
        "per_day": words.per_day(per_day(case, visit.today), visit.lang),
        "left": words.money(max(book.payable, 0), visit.lang),
    }


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    still, is_open = hardship.stopped(case) is not None, case.closed is None
    key = "desk.interest.still" if still else "desk.interest"
    return {
        "text": visit.text(key, **_figures(case, visit)),
        "some": is_open and books(case, visit.today).interest_left > 0,
        "runs": is_open and not still,
        "still": is_open and still,
    }


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What it means, in figures as they will be."""
    case, what = await _case(dialog_manager), dialog_manager.dialog_data["what"]
    figures = _figures(case, visit)
    if what == FALL:
        after = case.adding(hardship.let_fall(case, visit.today, waive=True))
        figures["left"] = words.money(max(books(after, visit.today).payable, 0), visit.lang)
    elif what == RUN:
        after = case.adding(hardship.run_again(case, visit.today))
        figures["per_day"] = words.per_day(per_day(after, visit.today), visit.lang)
    return {"text": visit.text(f"desk.interest.{what}.check", **figures), what: True}


async def _do(manager: DialogManager) -> None:
    visit, what = visit_of(manager), manager.dialog_data["what"]
    if what == RUN:
        case = await service.let_interest_run(visit.house, visit.session.actor, case_id_of(manager))
    else:
        case = await service.let_interest_fall(
            visit.house, visit.session.actor, case_id_of(manager), waive=what == FALL
        )
    say_first(manager, DONE, debtor=case.debtor.name)
    await manager.switch_to(states.Interest.main)


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")
