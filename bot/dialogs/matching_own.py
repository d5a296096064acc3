"""Payments that are about our own money: laid in by us, charged by the bank, paid by the bank. Figures before each."""

from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.matching import fee_text, from_bank_text, laid_in_text
from bot.middleware import Visit
from core.errors import Refusal
from core.services import matching, own_money
from core.store import bank
from core.store.matching import FEE, INTEREST, OWN


def owning() -> tuple[Any, ...]:
    """The screens of the dialog `matching` that book a payment as ours."""
    return (
        screen(
            states.Matching.own,
            None,
            Choice("lay_in", "btn.match.lay_in", _lay_in, when="may"),
            Choice("from_bank", "btn.match.from_bank", turns_to=states.Matching.from_bank, when="may"),
            getter=_own,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.fee,
            None,
            Choice("book", "btn.match.cost", _fee, when="may"),
            getter=_charged,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.from_bank,
            None,
            Choice("interest", "btn.match.interest", _interest, when="may"),
            Choice("fee", "btn.match.fee_back", _fee, when="may"),
            getter=_from_bank,
            hears=meant.choose,
            person=False,
            back=states.Matching.own,
        ),
    )


async def _own(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return await _asked(visit, dialog_manager, laid_in_text)


async def _charged(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return await _asked(visit, dialog_manager, fee_text)


async def _from_bank(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return await _asked(visit, dialog_manager, from_bank_text)


async def _asked(visit: Visit, manager: DialogManager, said: Any) -> dict[str, Any]:
    """The figures of the payment that is open, in the words of one of the screens."""
    entry_id, actor = int(manager.dialog_data["entry"]), visit.session.actor
    row = (await matching.entry(visit.house, actor, entry_id)).row
    manager.dialog_data["seen"] = row.rest
    found = await own_money.figures(visit.house, actor, entry_id)
    return {"text": said(row, found, visit.lang), "may": row.state == bank.OPEN and bool(row.rest)}


async def _lay_in(manager: DialogManager) -> None:
    await _book(manager, OWN)


async def _fee(manager: DialogManager) -> None:
    await _book(manager, FEE)


async def _interest(manager: DialogManager) -> None:
    await _book(manager, INTEREST)


async def _book(manager: DialogManager, kind: str) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    try:
        made = await own_money.book(visit.house, visit.session.actor, int(data["entry"]), kind, data["seen"])
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Matching.main)
        return
    data.update(made=[made], parts=[], page=0)
    await manager.switch_to(states.Matching.done)
