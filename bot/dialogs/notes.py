"""Settlement notes in the chat: the list, one with its figures, and the note itself as PDF and JSON."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import Place, say_first, send_file, visit_of
from bot.dialogs.widgets import LABEL_MAX, Choice, Items, screen
from bot.dialogs.wording.payouts import note_paid_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import settlement_notes
from core.store.payouts import FAILED
from core.store.settlement_notes import NoteRow

SHOWN: Final = 4
PDF, JSON = "pdf", "json"


def build_notes() -> Dialog:
    return Dialog(
        screen(
            states.Notes.main,
            None,
            Items("note", "notes", _open),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            getter=_list,
            hears=meant.choose,
            person=False,
        ),
        screen(
            states.Notes.note,
            None,
            Choice("note_pdf", "btn.note_pdf", _send_pdf),
            Choice("note_json", "btn.note_json", _send_json),
            getter=_one,
            hears=meant.choose,
            person=False,
            back=states.Notes.main,
        ),
    )


async def open_list(manager: DialogManager, creditor_id: int) -> None:
    """The notes of a creditor, above the desk."""
    await going.go(
        manager, Place(states.Work.main, {"brief": True}), Place(states.Notes.main, {"creditor": creditor_id})
    )


async def send_note(manager: DialogManager, note_id: int, kind: str) -> None:
    """One note as a file, from the button of its notice; then the desk."""
    try:
        await _send(manager, note_id, kind)
    except Refusal as refusal:
        going.refuse(manager, refusal)
    else:
        say_first(manager, "creditor.note.sent")
    await going.go(manager, Place(states.Work.main, {"brief": True}))


async def _list(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    first = int(dialog_manager.dialog_data.get("first", 0))
    creditor_id = _creditor(dialog_manager)
    found = await settlement_notes.of_creditor(visit.house, visit.session.actor, creditor_id, SHOWN, first)
    key = "creditor.notes" if found.rows else "creditor.notes.none"
    return {
        "text": visit.text(key, creditor=found.creditor.short_name),
        "notes": [{"id": str(row.id), "label": _label(visit, row, row.id in found.came_back)} for row in found.rows],
        "more": found.more or first > 0,
    }


def _label(visit: Visit, row: NoteRow, came_back: bool) -> str:
    amount = words.money(row.payout_ore or row.carried_out_ore, visit.lang)
    key = "creditor.notes.back" if came_back else "creditor.notes.item"
    return visit.text(key, number=row.number, amount=amount)[:LABEL_MAX]


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    visit, first = visit_of(manager), int(manager.dialog_data.get("first", 0))
    creditor_id = _creditor(manager)
    found = await settlement_notes.of_creditor(visit.house, visit.session.actor, creditor_id, SHOWN, first)
    manager.dialog_data["first"] = first + SHOWN if found.more else 0


async def _open(manager: DialogManager, note_id: str) -> None:
    manager.dialog_data["note"] = int(note_id)
    await manager.switch_to(states.Notes.note)


async def _one(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    note_id, actor = int(dialog_manager.dialog_data["note"]), visit.session.actor
    row = await settlement_notes.see(visit.house, actor, note_id)
    fate = await settlement_notes.fate(visit.house, actor, note_id)
    figures = {
        "net": row.net_ore,
        "carried_in": row.carried_in_ore,
        "carried_out": row.carried_out_ore,
    }
    text = visit.text(
        "creditor.note.one",
        number=row.number,
        day=words.day_year(row.on, visit.lang),
        period=words.period_year(row.from_on, row.through_on, visit.lang),
        paid=note_paid_text(row.payout_ore, fate, visit.lang),
        **{name: words.money(ore, visit.lang) for name, ore in figures.items()},
    )
    return {"text": text}


async def _send_pdf(manager: DialogManager) -> None:
    await _send(manager, int(manager.dialog_data["note"]), PDF)


async def _send_json(manager: DialogManager) -> None:
    await _send(manager, int(manager.dialog_data["note"]), JSON)


async def _send(manager: DialogManager, note_id: int, kind: str) -> None:
    visit = visit_of(manager)
    actor = visit.session.actor
    row = await settlement_notes.see(visit.house, actor, note_id)
    if kind == JSON:
        body = (await settlement_notes.json_of(visit.house, actor, note_id)).encode()
    else:
        body = await settlement_notes.pdf_of(visit.house, actor, note_id, visit.lang)
    fate = await settlement_notes.fate(visit.house, actor, note_id)
    caption = note_paid_text(row.payout_ore, fate, visit.lang) if fate and fate.state == FAILED else None
    await send_file(manager, visit.text("creditor.note.file", number=row.number or 0, suffix=kind), body, caption)


def _creditor(manager: DialogManager) -> int:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data["creditor"])
