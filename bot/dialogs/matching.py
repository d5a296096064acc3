"""Payments that found no case: the list, one of them with its likely cases, the figures before it is booked, and undo.

Most take two presses: a likely case, and the button under the figures.
"""

from collections.abc import Sequence
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import (
    going,
    matching_own,
    matching_part,
    matching_parts,
    matching_payout,
    matching_undo,
    meant,
    states,
)
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording.matching import (
    booked_text,
    effect_text,
    entry_labels,
    entry_text,
    found_text,
    list_text,
    original_label,
)
from bot.dialogs.wording.work import row_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.matching import Part
from core.services import cases, desk, likely, matching, taken_back
from core.services.likely import Likely
from core.services.matching import EntryView
from core.store import bank
from core.store.matching import EntryRow

#: With fewer likely cases, and fewer that a search met, there is room for one more button.
LIKELY_ROOM: Final = 3
FOUND_ROOM: Final = 5
#: So many payments that may have been taken back have a button, where no other way has.
ORIGINALS_ROOM: Final = 4


def build_matching() -> Dialog:
    return Dialog(
        screen(
            states.Matching.main,
            None,
            Items("open", "entries", _open),
            Choice("more", "btn.show_more", _more, when="more"),
            Choice("first", "btn.match.first", _first, when="first"),
            Choice("booked", "btn.match.booked", _to_booked, when="booked"),
            getter=_main,
            hears=_find_open,
            person=False,
        ),
        screen(
            states.Matching.entry,
            None,
            Items("likely", "likely", _choose),
            Items("back_to", "originals", matching_undo.ask_back),
            Choice("own", "btn.match.own", _own, when="doubtful"),
            Choice("twin", "btn.match.twin", _twin, when="doubtful"),
            Choice("other", "btn.match.other", turns_to=states.Matching.other, when="matches"),
            Choice("own_money", "btn.match.own_money", turns_to=states.Matching.own, when="room"),
            Choice("refund", "btn.match.refund", turns_to=states.Matching.refund, when="matches"),
            Choice("payout", "btn.match.payout", matching_payout.choose, when="paid_out"),
            Choice("part", "btn.match.part", matching_part.choose, when="part"),
            Choice("fee", "btn.match.fee", turns_to=states.Matching.fee, when="went_out"),
            Choice("later", "btn.match.later", turns_to=states.Matching.main),
            getter=_entry,
            hears=_look_for,
            person=False,
            back=None,
        ),
        *_deciding(),
        *matching_own.owning(),
        *matching_payout.paying(),
        *matching_part.reducing(),
        *matching_undo.undoing(),
        on_start=_begin,
    )


def _deciding() -> tuple[Any, ...]:
    """The screens between a payment and its booking."""
    return (
        screen(
            states.Matching.other,
            None,
            Items("found", "found", _choose_found),
            Choice("own_money", "btn.match.own_money", turns_to=states.Matching.own, when="room"),
            getter=_other,
            hears=_look_for,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.check,
            None,
            Choice("book", "btn.book", _book, when="may"),
            Choice("other", "btn.match.other", turns_to=states.Matching.other),
            getter=_check,
            hears=_look_for,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.refund,
            None,
            Choice("send", "btn.match.send_back", _send_back),
            getter=_refund,
            hears=meant.choose,
            person=False,
            back=states.Matching.entry,
        ),
        screen(
            states.Matching.done,
            None,
            Choice("next", "btn.match.next", turns_to=states.Matching.main),
            Choice("undo", "btn.match.undo", _undo_made, when="made"),
            Choice("queue", "btn.queue", opens=states.Desk.queue),
            getter=_done,
            hears=meant.choose,
            person=False,
            back=None,
        ),
    )


async def go_to_list(manager: DialogManager, text: str = "") -> None:
    """The payments that wait, above the desk; of them those that a ``text`` meets."""
    met = await _met(text, manager) if text else []
    await going.go(
        manager, Place(states.Work.main, {"brief": True}), Place(states.Matching.main, {"met": met} if met else None)
    )


# The list


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The list, or for once what was looked for: a search may be a name, so only what it met is kept."""
    data = dialog_manager.dialog_data
    if met := data.pop("met", None):
        rows = await matching.still_open(visit.house, visit.session.actor, met)
        shown = {"text": found_text(rows, visit.lang), "entries": _buttons(rows, visit.lang)}
        return {**shown, "more": False, "first": False, "booked": True}
    page = await matching.open_entries(visit.house, visit.session.actor, int(data.get("page", 0)))
    data["page"] = page.number
    shown = {"text": list_text(page, visit.lang), "entries": _buttons(page.entries, visit.lang)}
    return {**shown, "more": page.more, "first": page.number > 0, "booked": not page.number}


def _buttons(rows: Sequence[EntryRow], lang: str) -> list[dict[str, str]]:
    return [{"id": str(row.id), "label": label} for row, label in zip(rows, entry_labels(rows, lang), strict=True)]


async def _find_open(text: str, manager: DialogManager) -> None:
    manager.dialog_data["met"] = await _met(text, manager)


async def _met(text: str, manager: DialogManager) -> list[int]:
    """The payments that a search meets; that it met none is said."""
    visit = visit_of(manager)
    found = await matching.find_open(visit.house, visit.session.actor, text)
    if not found:
        say_first(manager, "staff.match.found.none")
    return [row.id for row in found]


async def _begin(data: Any, manager: DialogManager) -> None:
    """Opened with a search, what it met is shown once."""
    if isinstance(data, dict) and data.get("met"):
        manager.dialog_data["met"] = data["met"]


async def _to_booked(manager: DialogManager) -> None:
    manager.dialog_data.pop("bookings", None)
    await manager.switch_to(states.Matching.booked)


async def _more(manager: DialogManager) -> None:
    manager.dialog_data["page"] = int(manager.dialog_data.get("page", 0)) + 1


async def _first(manager: DialogManager) -> None:
    manager.dialog_data["page"] = 0


async def _open(manager: DialogManager, entry_id: str) -> None:
    manager.dialog_data.update(entry=int(entry_id), parts=[], found=[])
    await manager.switch_to(states.Matching.entry)


# One payment


def _entry_id(manager: DialogManager) -> int:
    return int(manager.dialog_data["entry"])


async def _view(manager: DialogManager) -> EntryView:
    visit = visit_of(manager)
    return await matching.entry(visit.house, visit.session.actor, _entry_id(manager))


async def _likely(visit: Visit, view: EntryView) -> Sequence[Likely]:
    if view.row.state != bank.OPEN:
        return ()
    return await likely.matches(visit.house, visit.session.actor, view.row)


async def _entry(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _view(dialog_manager)
    found = await _likely(visit, view)
    originals = await taken_back.originals(visit.house, visit.session.actor, view.row.id)
    paid_out = await matching_payout.lines(visit, dialog_manager)
    part = await matching_part.lines(visit, dialog_manager)
    # With each way besides there is room for one payment less.
    originals = originals[: ORIGINALS_ROOM - bool(paid_out) - bool(part)]
    # What was shown is what is chosen from, whatever has come to light since.
    dialog_manager.dialog_data["shown"] = [_kept(each.candidate.parts) for each in found]
    return {
        "text": entry_text(view, found, originals, visit.lang, [*paid_out, *part]),
        "originals": [{"id": str(each.row.id), "label": original_label(each, visit.lang)} for each in originals],
        "likely": [{"id": str(number), "label": _label(visit, each)} for number, each in enumerate(found)],
        "matches": view.row.state == bank.OPEN and view.row.ore > 0,
        "room": view.row.state == bank.OPEN and view.row.ore > 0 and len(found) < LIKELY_ROOM,
        "paid_out": bool(paid_out),
        "part": bool(part),
        "went_out": view.row.state == bank.OPEN and view.row.ore < 0,
        "doubtful": view.row.state == bank.DOUBTFUL,
    }


def _label(visit: Visit, each: Likely) -> str:
    parts = each.candidate.parts
    if len(parts) > 1:
        return visit.text("btn.match.several", number=len(parts))
    return shortened(f"{parts[0].ocr} {each.debtor}")


def _kept(parts: Sequence[Part]) -> list[list[Any]]:
    """Parts as dialogs are stored."""
    return [[part.ocr, part.ore] for part in parts]


async def _choose(manager: DialogManager, number: str) -> None:
    shown = manager.dialog_data.get("shown", [])
    if number.isdecimal() and int(number) < len(shown):
        await _to_check(manager, [Part(ocr, ore) for ocr, ore in shown[int(number)]])


async def _to_check(manager: DialogManager, parts: Sequence[Part]) -> None:
    """Show what booking would do; what is refused is said where the person is."""
    visit = visit_of(manager)
    try:
        await matching.preview(visit.house, visit.session.actor, _entry_id(manager), parts)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["parts"] = _kept(parts)
    await manager.switch_to(states.Matching.check)


async def _own(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        await matching.not_twin(visit.house, visit.session.actor, _entry_id(manager))
    except Refusal as refusal:
        going.refuse(manager, refusal)


async def _twin(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        await matching.is_twin(visit.house, visit.session.actor, _entry_id(manager))
        say_first(manager, "staff.match.twin.done")
        await _first(manager)
    except Refusal as refusal:
        going.refuse(manager, refusal)
    await manager.switch_to(states.Matching.main)


# Another case, or several


async def _other(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _view(dialog_manager)
    rest = words.money(view.row.rest, visit.lang)
    found = tuple(dialog_manager.dialog_data.get("found", ()))
    rows = await cases.of_ids(visit.house, visit.session.actor, found)
    lines = [row_text(row, visit.session.actor.role, visit.lang) for row in rows]
    return {
        "text": "\n".join([*lines, visit.text("staff.match.other", rest=rest)]),
        "found": [{"id": row.ocr, "label": shortened(f"{row.ocr} {row.debtor_name}")} for row in rows],
        "room": len(rows) < FOUND_ROOM,
    }


async def _look_for(text: str, manager: DialogManager) -> None:
    """A case by whatever staff know of it, or several, each with its part of the payment."""
    visit = visit_of(manager)
    view = await _view(manager)
    if view.row.state != bank.OPEN or view.row.ore <= 0:
        say_first(manager, "work.unsure")
        return
    if parts := matching_parts.parts_of(text):
        await _to_check(manager, parts)
        return
    rows = await desk.find(visit.house, visit.session.actor, text)
    if len(rows) == 1:
        await _to_check(manager, [Part(rows[0].ocr, view.row.rest)])
        return
    if not rows:
        say_first(manager, "staff.match.split" if matching_parts.meant(text) else "creditor.cases.none")
    # What was looked for may be a personal number: only the cases that it met are kept with the dialog.
    manager.dialog_data["found"] = [row.id for row in rows]
    await manager.switch_to(states.Matching.other)


async def _choose_found(manager: DialogManager, ocr: str) -> None:
    view = await _view(manager)
    await _to_check(manager, [Part(ocr, view.row.rest)])


# The figures, and the booking


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    data = dialog_manager.dialog_data
    parts = [Part(ocr, ore) for ocr, ore in data["parts"]]
    view, given = await _view(dialog_manager), sum(part.ore for part in parts)
    try:
        effects = await matching.preview(visit.house, visit.session.actor, _entry_id(dialog_manager), parts)
    except Refusal:
        # A colleague was quicker while this screen was open.
        return {"text": entry_text(view, (), (), visit.lang), "may": False, "amount": ""}
    data["seen"] = view.row.rest
    lines = [effect_text(each, visit.lang) for each in effects]
    if view.row.rest > given:
        lines.append(visit.text("staff.match.waits", rest=words.money(view.row.rest - given, visit.lang)))
    return {"text": "\n".join(lines), "may": True, "amount": words.kronor(given, visit.lang)}


async def _book(manager: DialogManager) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    parts = [Part(ocr, ore) for ocr, ore in data["parts"]]
    try:
        made = await matching.match(visit.house, visit.session.actor, _entry_id(manager), parts, data["seen"])
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Matching.main)
        return
    data.update(made=list(made), parts=[], page=0)
    await manager.switch_to(states.Matching.done)


async def _refund(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    row = (await _view(dialog_manager)).row
    dialog_manager.dialog_data["seen"] = row.rest
    key = "staff.match.refund.known" if row.payer_account is not None else "staff.match.refund.unknown"
    payer = row.payer_name or visit.text("staff.match.refund.whoever")
    return {"text": visit.text(key, amount=words.money(row.rest, visit.lang), payer=payer)}


async def _send_back(manager: DialogManager) -> None:
    visit, data = visit_of(manager), manager.dialog_data
    try:
        await matching.refund(visit.house, visit.session.actor, _entry_id(manager), data["seen"])
        known = (await _view(manager)).row.payer_account is not None
        say_first(
            manager,
            "staff.match.refunded" if known else "staff.match.refunded.find",
            amount=words.money(data["seen"], visit.lang),
        )
        await _first(manager)
    except Refusal as refusal:
        going.refuse(manager, refusal)
    await manager.switch_to(states.Matching.main)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view, made = await _view(dialog_manager), dialog_manager.dialog_data.get("made", [])
    lines = [booked_text(each, visit.lang) for each in view.booked if each.id in made]
    if view.row.rest:
        lines.append(visit.text("staff.match.rest", rest=words.money(view.row.rest, visit.lang)))
    return {"text": "\n".join(lines), "made": bool(made)}


async def _undo_made(manager: DialogManager) -> None:
    await matching_undo.take_back(manager, manager.dialog_data.pop("made", []))
