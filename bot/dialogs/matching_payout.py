"""A payment that went out is payouts of ours, which the bank has booked without our id: chosen, figures, booked."""

from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import visit_of
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording import matching_payout as wording
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import matching, payout_found
from core.services.payout_found import Meant


def paying() -> tuple[Any, ...]:
    """The screens of the dialog `matching` that find the payouts of a line."""
    return (
        screen(
            states.Matching.payout,
            None,
            Items("payouts", "payouts", _ask),
            getter=_several,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.payout_check,
            None,
            Choice("book", "btn.match.payout.book", _book, when="may"),
            getter=_check,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
    )


async def choose(manager: DialogManager) -> None:
    """The figures at once where there is but one; else which of them."""
    found = await _candidates(visit_of(manager), manager)
    if len(found) == 1:
        await _ask(manager, "0")
    else:
        await manager.switch_to(states.Matching.payout)


async def lines(visit: Visit, manager: DialogManager) -> list[str]:
    """Which payouts the payment may be, a line each; they are what is chosen from, whatever has come to light since."""
    found = await _candidates(visit, manager)
    return [wording.maybe_text(each, visit.lang) for each in found]


async def _candidates(visit: Visit, manager: DialogManager) -> tuple[Meant, ...]:
    found = await payout_found.candidates(visit.house, visit.session.actor, int(manager.dialog_data["entry"]))
    manager.dialog_data["payouts"] = [each.key for each in found]
    return found


async def _several(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _candidates(visit, dialog_manager)
    said = [visit.text("staff.match.payout.which"), *(wording.maybe_text(each, visit.lang) for each in found)]
    return {
        "text": "\n".join(said),
        "payouts": [
            {"id": str(number), "label": shortened(wording.label(each, visit.lang))}
            for number, each in enumerate(found)
        ],
    }


async def _ask(manager: DialogManager, number: str) -> None:
    shown = manager.dialog_data.get("payouts", [])
    if number.isdecimal() and int(number) < len(shown):
        manager.dialog_data["payout"] = shown[int(number)]
        await manager.switch_to(states.Matching.payout_check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data, actor = dialog_manager.dialog_data, visit.session.actor
    row = (await matching.entry(visit.house, actor, int(data["entry"]))).row
    found = await payout_found.candidates(visit.house, actor, row.id)
    chosen = next((each for each in found if each.key == data["payout"]), None)
    if chosen is None:
        # The bank has told of it, or a colleague was quicker, while this screen was open.
        return {"text": visit.text("refusal.payout_told"), "may": False}
    data["seen"] = row.rest
    figures = await payout_found.figures(chosen)
    values = {
        "amount": words.money(-row.rest, visit.lang),
        "day": words.day_year(row.booked_on, visit.lang),
        "what": wording.what(chosen, visit.lang),
        "now": words.money(figures.leaving, visit.lang),
        "then": words.money(figures.leaving_then, visit.lang),
    }
    return {"text": visit.text("staff.match.payout.check", **values), "may": True}


async def _book(manager: DialogManager) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    try:
        made = await payout_found.take(
            visit.house, visit.session.actor, int(data["entry"]), data["payout"], data["seen"]
        )
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Matching.main)
        return
    data.update(made=[made], parts=[], page=0)
    await manager.switch_to(states.Matching.done)
