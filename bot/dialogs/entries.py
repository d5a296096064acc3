"""What a creditor tells of by itself (or staff in its place): money that it got. The figures first, then the booking.

Claims that it takes back are in `entries_credit`; what was told or booked in the wrong place is taken back here too.
"""

import re
from datetime import date
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager, ShowMode, Window

from bot.dialogs import going, meant, states
from bot.dialogs.entries_credit import credit_screens
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.showing import answer, show_case
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.entries import direct_text, fallen_lines, undo_text
from bot.middleware import Visit
from bot.refusals import say
from core import paid_said, phrases, words
from core.errors import Refusal
from core.paid_said import PaidSaid
from core.services import cases, undoing
from core.services import creditor_entries as entries

_RECEIPT: Final = re.compile(r"\d+-\d+")


def build_entries() -> Dialog:
    return Dialog(
        quiet(states.Entries.direct, getter=_ask, hears=_hear_or_case),
        quiet(
            states.Entries.direct_check,
            Choice("change", "btn.entries.change", turns_to=states.Entries.direct),
            Choice("confirm", "btn.direct.register", _register, when="possible"),
            Choice("again", "btn.direct.again", _register, when="again"),
            getter=_check,
            hears=_correct,
            back=states.Entries.direct,
        ),
        quiet(
            states.Entries.direct_done,
            Choice("undo", "btn.direct.undo", _undo, when="may_undo"),
            Choice("case", "btn.see_case", see_case),
            getter=_done,
            back=None,
        ),
        *credit_screens(),
        quiet(
            states.Entries.undo,
            Choice("confirm", "btn.payment.undo", _take_back, when="possible"),
            getter=_undoing,
            hears=_hear_receipt,
        ),
        screen(states.Entries.undo_which, "entries.undo.ask", hears=_hear_receipt, person=False),
    )


def quiet(state: Any, *choices: Any, **more: Any) -> Window:
    """Members talk with us by commands: anything else that they write shows which there are."""
    return screen(state, None, *choices, **{"hears": meant.choose, "person": False, **more})


async def see_case(manager: DialogManager) -> None:
    await show_case(visit_of(manager), case_id_of(manager))
    manager.show_mode = ShowMode.SEND


# Money that the creditor got


async def open_direct(manager: DialogManager, case_id: int, said: str = "") -> None:
    """From a command or a case's button; what was said of it in the command is taken as if it were written there."""
    visit = visit_of(manager)
    await cases.open_case(visit.house, visit.session.actor, case_id)
    desk = Place(states.Work.main, {"brief": True})
    paid = paid_said.read(said, visit.lang, visit.today, soon=True)
    if unclear := _unclear(said, paid):
        if said:
            say_first(manager, unclear)
        await going.go(manager, desk, Place(states.Entries.direct, {"case": case_id}))
        return
    on = (paid.paid_on or visit.today).isoformat()
    told = {"case": case_id, "amount": paid.amount, "on": on}
    await going.go(manager, desk, Place(states.Entries.direct_check, told))


async def _ask(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    values = {"debtor": case.debtor.name, "creditor": case.creditor.short_name, "ocr": case.ocr}
    left = words.money(owed(case, visit.today), visit.lang)
    return {"text": visit.text("entries.direct.ask", left=left, **values)}


async def _hear_or_case(text: str, manager: DialogManager) -> None:
    """What was paid; the number of another case leads there, as no sum is that large."""
    found = await meant.by_number(text, manager)
    if found is not None and found.id != case_id_of(manager):
        await open_direct(manager, found.id)
    elif found is not None:
        say_first(manager, "entries.direct.unclear")
    else:
        await _hear(text, manager)


async def _correct(text: str, manager: DialogManager) -> None:
    """Yes to what is asked; or another sum or another day than is shown: the other of them stands."""
    visit, (amount, on) = visit_of(manager), _told(manager)
    if phrases.normalised(text) in map(phrases.normalised, visit.text("entries.direct.yes").split(";")):
        await _register(manager)
        return
    paid = paid_said.read(text, visit.lang, visit.today, soon=True)
    shown = PaidSaid(amount, on) if paid.amount or paid.paid_on else PaidSaid()
    await _take(text, shown.filled_by(paid), manager)


async def _hear(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    await _take(text, paid_said.read(text, visit.lang, visit.today, soon=True), manager)


def _unclear(text: str, paid: PaidSaid) -> str:
    """What is missing or not understood; empty: nothing. A day that we do not know never becomes today's."""
    if not paid.amount:
        return "entries.direct.amount" if any(map(str.isdecimal, text)) else "entries.direct.unclear"
    return "entries.direct.day" if paid.unread else ""


async def _take(text: str, paid: PaidSaid, manager: DialogManager) -> None:
    visit = visit_of(manager)
    if unclear := _unclear(text, paid):
        say_first(manager, unclear)
        return
    on = paid.paid_on or visit.today
    try:
        await entries.preview_direct(visit.house, visit.session.actor, case_id_of(manager), paid.amount, on)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data.update(amount=paid.amount, on=on.isoformat())
    await manager.switch_to(states.Entries.direct_check)


def _told(manager: DialogManager) -> tuple[int, date]:
    """Amount and day as they were told: here, or in the command."""
    begun = manager.start_data
    assert isinstance(begun, dict)
    told = {**begun, **manager.dialog_data}
    return int(told["amount"]), date.fromisoformat(told["on"])


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The figures, before anything is booked; or why it cannot be."""
    (amount, on), case_id = _told(dialog_manager), case_id_of(dialog_manager)
    try:
        look = await entries.preview_direct(visit.house, visit.session.actor, case_id, amount, on)
    except Refusal as refusal:
        dialog_manager.dialog_data.pop("number", None)
        return {"text": say(refusal, visit.lang), "possible": False, "again": False}
    # The number and the figures that were shown are those that are registered, however often it is pressed.
    dialog_manager.dialog_data.update(number=look.number, shown=look.effect.shown)
    return {"text": direct_text(look, visit.lang), "possible": not look.twins, "again": bool(look.twins)}


async def _register(manager: DialogManager) -> None:
    """One call; nothing where the screen says why it cannot be."""
    visit, (amount, on) = visit_of(manager), _told(manager)
    if "number" not in manager.dialog_data:
        return
    number, shown = int(manager.dialog_data["number"]), manager.dialog_data["shown"]
    try:
        await entries.register_direct(visit.house, visit.session.actor, case_id_of(manager), amount, on, number, shown)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    await manager.switch_to(states.Entries.direct_done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id, number = case_id_of(dialog_manager), int(dialog_manager.dialog_data["number"])
    done = await entries.look_direct(visit.house, visit.session.actor, case_id, number)
    key = "entries.direct.undone" if done.undone else "entries.direct.done"
    left = words.money(done.left, visit.lang)
    lines = [visit.text(key, receipt=done.receipt, left=left, debtor=done.case.debtor.name)]
    if not done.undone:
        lines += fallen_lines(done.case, done.fallen, visit.lang)
    return {"text": "\n".join(lines), "may_undo": done.may_undo}


async def _undo(manager: DialogManager) -> None:
    """One call; the screen then says that it is undone."""
    visit, number = visit_of(manager), int(manager.dialog_data["number"])
    try:
        await entries.undo_direct(visit.house, visit.session.actor, case_id_of(manager), number)
    except Refusal as refusal:
        going.refuse(manager, refusal)


# A payment in the wrong place


async def ask_undo(manager: DialogManager) -> None:
    """From the command without a number: which receipt."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Entries.undo_which))


async def _hear_receipt(text: str, manager: DialogManager) -> None:
    if not _RECEIPT.fullmatch(text.strip()):
        say_first(manager, "entries.usage.undo")
        return
    try:
        await open_undo(manager, text.strip())
    except Refusal as refusal:
        going.refuse(manager, refusal)


async def open_undo(manager: DialogManager, receipt: str) -> None:
    """From the command. Refuses as `undoing.check`."""
    visit = visit_of(manager)
    look = await undoing.check(visit.house, visit.session.actor, receipt)
    about = {"case": look.case.id, "receipt": receipt}
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Entries.undo, about))


async def open_undo_of(manager: DialogManager, case_id: int, number: int) -> None:
    """From a button under the case: the receipt with that number."""
    visit = visit_of(manager)
    try:
        case = await cases.open_case(visit.house, visit.session.actor, case_id)
        await open_undo(manager, f"{case.ocr}-{number}")
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))


async def _undoing(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    receipt = _receipt(dialog_manager)
    try:
        look = await undoing.check(visit.house, visit.session.actor, receipt)
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "possible": False}
    if look.done:
        left = words.money(look.left, visit.lang)
        return {"text": visit.text("entries.undo.done", receipt=receipt, left=left), "possible": False}
    return {"text": undo_text(look, visit.lang), "possible": True}


async def _take_back(manager: DialogManager) -> None:
    """One call; the screen then says that it is done."""
    visit = visit_of(manager)
    try:
        await undoing.undo(visit.house, visit.session.actor, _receipt(manager))
    except Refusal as refusal:
        going.refuse(manager, refusal)


def _receipt(manager: DialogManager) -> str:
    data = manager.start_data
    assert isinstance(data, dict)
    return str(data["receipt"])
