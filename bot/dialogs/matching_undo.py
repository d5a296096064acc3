"""A payment that is in a case is taken out: found again by its sum or its case, or because the bank took it back."""

from collections.abc import Sequence
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording.matching import back_text, booked_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.matching import is_ocr
from core.money import parse_kronor
from core.services import matching, taken_back
from core.services.matching import Booked
from core.store.matching import OWN, PART, PAYOUT


def undoing() -> tuple[Any, ...]:
    """The screens of the dialog `matching` that find it, and that ask whether."""
    return (
        screen(
            states.Matching.booked,
            None,
            Items("take", "bookings", _ask_undo),
            getter=_booked,
            hears=_hear_booked,
            person=False,
        ),
        screen(
            states.Matching.undo,
            None,
            Choice("undo", "btn.match.undo", _undo),
            getter=_undo_check,
            hears=meant.choose,
            person=False,
            back=states.Matching.booked,
        ),
        screen(
            states.Matching.back,
            None,
            Choice("confirm", "btn.match.back", _confirm_back, when="may"),
            getter=_back_check,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
    )


async def go_to_booked(manager: DialogManager, text: str) -> None:
    """Payments that are in a case, by their sum or the case's number; without text, the question for them."""
    data = {"bookings": await _found_booked(visit_of(manager), text)} if text else None
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Matching.booked, data))


async def take_back(manager: DialogManager, ids: Sequence[int]) -> None:
    """Out of the cases again; then the payment as it waits."""
    visit = visit_of(manager)
    try:
        entry_id = await matching.undo(visit.house, visit.session.actor, *ids)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["entry"] = entry_id
    say_first(manager, "staff.match.undone")
    await manager.switch_to(states.Matching.entry)


async def _booked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    ids = dialog_manager.dialog_data.get("bookings", (dialog_manager.start_data or {}).get("bookings"))  # type: ignore[union-attr]
    found = await matching.of_ids(visit.house, visit.session.actor, ids or ())
    lines = [booked_text(each, visit.lang) for each in found]
    if not lines:
        lines = [visit.text("staff.match.find")] if ids is None else [visit.text("staff.match.none")]
    labels = _labels(found, visit)
    return {
        "text": "\n".join(lines),
        "bookings": [{"id": str(each.id), "label": label} for each, label in zip(found, labels, strict=True)],
    }


def _labels(found: Sequence[Booked], visit: Visit) -> list[str]:
    """Bookings on their buttons; several in one case by their sums, those of one sum by their places too."""
    labels = [_label(each, visit) for each in found]
    labels = [
        shortened(f"{each.ocr} {words.money(each.ore, visit.lang)}".strip()) if labels.count(label) > 1 else label
        for each, label in zip(found, labels, strict=True)
    ]
    placed = enumerate(labels, start=1)
    return [shortened(f"{place}. {label}") if labels.count(label) > 1 else label for place, label in placed]


def _label(booked: Booked, visit: Visit) -> str:
    if not booked.ocr:
        return visit.text(f"btn.match.is.{booked.kind}")
    return shortened(f"{booked.ocr} {booked.debtor}")


async def _hear_booked(text: str, manager: DialogManager) -> None:
    manager.dialog_data["bookings"] = await _found_booked(visit_of(manager), text)


async def _found_booked(visit: Visit, text: str) -> list[int]:
    """By an OCR number, else by a sum."""
    number = "".join(text.split())
    try:
        ore = None if is_ocr(number) else parse_kronor(text)
        found = await matching.find_booked(visit.house, visit.session.actor, ore, number)
    except (ValueError, Refusal):
        return []
    return [each.id for each in found]


async def _ask_undo(manager: DialogManager, booking_id: str) -> None:
    manager.dialog_data["booking"] = int(booking_id)
    await manager.switch_to(states.Matching.undo)


async def _undo_check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    [found] = await matching.of_ids(visit.house, visit.session.actor, [dialog_manager.dialog_data["booking"]])
    asked = (
        visit.text("staff.match.undo", ocr=found.ocr)
        if found.ocr
        else visit.text(f"staff.match.undo.{found.kind if found.kind in (OWN, PART, PAYOUT) else 'bank'}")
    )
    lines = [booked_text(found, visit.lang), asked]
    return {"text": "\n".join(lines)}


async def _undo(manager: DialogManager) -> None:
    await take_back(manager, [manager.dialog_data["booking"]])


# Money that went out and that nobody knew


async def ask_back(manager: DialogManager, original_id: str) -> None:
    """Show the payment that may have been taken back, before it is."""
    manager.dialog_data["original"] = int(original_id)
    await manager.switch_to(states.Matching.back)


async def _back_check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data, actor = dialog_manager.dialog_data, visit.session.actor
    try:
        effect = await taken_back.preview(visit.house, actor, int(data["entry"]), int(data["original"]))
    except Refusal:
        # A colleague was quicker while this screen was open.
        return {"text": visit.text("refusal.match_gone"), "may": False}
    return {"text": back_text(effect, visit.lang), "may": True}


async def _confirm_back(manager: DialogManager) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    try:
        await taken_back.take_back(visit.house, visit.session.actor, int(data["entry"]), int(data["original"]))
        say_first(manager, "staff.match.back.done")
    except Refusal as refusal:
        going.refuse(manager, refusal)
    await manager.switch_to(states.Matching.main)
