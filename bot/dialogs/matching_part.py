"""A payment that went out is a part of one that came in, which the bank took back: chosen, figures first, booked."""

from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import visit_of
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording.matching import part_back_text, part_label, part_text
from bot.middleware import Visit
from core.errors import Refusal
from core.services import matching, part_back


def reducing() -> tuple[Any, ...]:
    """The screens of the dialog `matching` that find the payment, and that ask whether."""
    return (
        screen(
            states.Matching.part,
            None,
            Items("part_of", "wholes", _ask),
            getter=_several,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.part_check,
            None,
            Choice("book", "btn.match.part.book", _book, when="may"),
            getter=_check,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
    )


async def lines(visit: Visit, manager: DialogManager) -> list[str]:
    """Of which payments it may be a part, a line each."""
    found = await part_back.likely(visit.house, visit.session.actor, int(manager.dialog_data["entry"]))
    if not found:
        return []
    return [visit.text("staff.match.part.maybe"), *(part_text(each, visit.lang) for each in found)]


async def choose(manager: DialogManager) -> None:
    """The figures at once where there is but one; else which of them."""
    visit = visit_of(manager)
    found = await part_back.likely(visit.house, visit.session.actor, int(manager.dialog_data["entry"]))
    if len(found) == 1:
        await _ask(manager, str(found[0].booking_id))
    else:
        await manager.switch_to(states.Matching.part)


async def _several(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await part_back.likely(visit.house, visit.session.actor, int(dialog_manager.dialog_data["entry"]))
    said = [visit.text("staff.match.part.which"), *(part_text(each, visit.lang) for each in found)]
    buttons = [{"id": str(each.booking_id), "label": shortened(part_label(each, visit.lang))} for each in found]
    return {"text": "\n".join(said), "wholes": buttons}


async def _ask(manager: DialogManager, booking_id: str) -> None:
    manager.dialog_data["whole"] = int(booking_id)
    await manager.switch_to(states.Matching.part_check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data, actor = dialog_manager.dialog_data, visit.session.actor
    row = (await matching.entry(visit.house, actor, int(data["entry"]))).row
    try:
        effect = await part_back.preview(visit.house, actor, row.id, int(data["whole"]))
    except Refusal:
        # A colleague was quicker while this screen was open.
        return {"text": visit.text("refusal.match_gone"), "may": False}
    data["seen"] = row.rest
    return {"text": part_back_text(effect, visit.lang), "may": True}


async def _book(manager: DialogManager) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    try:
        made = await part_back.take_back(
            visit.house, visit.session.actor, int(data["entry"]), int(data["whole"]), data["seen"]
        )
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Matching.main)
        return
    data.update(made=[made], parts=[], page=0)
    await manager.switch_to(states.Matching.done)
