"""What the nightly questions have found, question by question, with the cases among it to open."""

from datetime import date
from typing import Any, Final

from aiogram_dialog import DialogManager, ShowMode, Window

from bot.dialogs import meant, states
from bot.dialogs.desk_task import task_of
from bot.dialogs.going import visit_of
from bot.dialogs.showing import show_case
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.checks import cases_of, found_lines
from bot.middleware import Visit
from core import words
from core.services import cases

#: Questions on a screen, and cases with a button of their own.
SHOWN: Final = 2
CASES: Final = 3


def found_window() -> Window:
    return screen(
        states.Desk.found,
        None,
        Items("found_case", "cases", _open),
        Choice("show_more", "btn.show_more", _more, when="more"),
        getter=_main,
        hears=meant.choose,
        person=False,
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """As it was in the night: what has been seen to since is found no more in the next."""
    task = await task_of(dialog_manager)
    if task is None:
        return {"text": visit.text("desk.gone"), "cases": [], "more": False}
    found = task.facts["found"]
    first = int(dialog_manager.dialog_data.get("first", 0)) % max(len(found), 1)
    shown = found[first : first + SHOWN]
    lines = [line for each in shown for line in found_lines(each, visit.lang)]
    day = words.day(date.fromisoformat(task.facts["on"]), visit.lang)
    numbers = list(dict.fromkeys(ocr for each in shown for ocr in cases_of(each)))[:CASES]
    return {
        "text": "\n".join([*lines, visit.text("desk.checks.as_of", day=day)]),
        "cases": [{"id": ocr, "label": visit.text("btn.checks.case", ocr=ocr)} for ocr in numbers],
        "more": len(found) > SHOWN,
    }


async def _more(manager: DialogManager) -> None:
    """The next questions; after the last, the first again."""
    manager.dialog_data["first"] = int(manager.dialog_data.get("first", 0)) + SHOWN


async def _open(manager: DialogManager, ocr: str) -> None:
    visit = visit_of(manager)
    await show_case(visit, (await cases.find(visit.house, visit.session.actor, ocr)).id)
    manager.show_mode = ShowMode.SEND
