"""Finding a case by whatever staff know of it: a name, a number, a phone."""

from typing import Any

from aiogram_dialog import DialogManager, ShowMode, Window

from bot.dialogs import states
from bot.dialogs.going import visit_of
from bot.dialogs.showing import show_case
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.work import row_text
from bot.middleware import Visit
from core.services import cases, desk


def build_find(way_back: Choice) -> Window:
    """The screen that asks, and shows what was found; whatever is written there is looked for."""
    return screen(
        states.Desk.find,
        None,
        Items("found", "cases", _open),
        way_back,
        getter=_find,
        hears=_look_for,
        person=False,
        back=None,
    )


async def _find(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data = dialog_manager.dialog_data
    found = data.get("found", (dialog_manager.start_data or {}).get("found"))  # type: ignore[union-attr]
    if found is None:
        return {"text": visit.text("desk.find"), "cases": []}
    if not found:
        return {"text": f"{visit.text('creditor.cases.none')}\n{visit.text('desk.find')}", "cases": []}
    rows = await cases.of_ids(visit.house, visit.session.actor, tuple(found))
    lines = [row_text(row, visit.session.actor.role, visit.lang) for row in rows]
    buttons = [{"id": str(row.id), "label": f"{row.ocr} {row.debtor_name}"[:24]} for row in rows]
    return {"text": "\n".join(lines), "cases": buttons}


async def _look_for(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    rows = await desk.find(visit.house, visit.session.actor, text)
    # What was looked for may be a personal number: only the cases that it met are kept with the dialog.
    manager.dialog_data["found"] = [row.id for row in rows]


async def _open(manager: DialogManager, case_id: str) -> None:
    await show_case(visit_of(manager), int(case_id))
    manager.show_mode = ShowMode.SEND
