"""Complaints: in own words, by anybody; numbered, answered by a person by a day, and listed with how far they are."""

from typing import Any, Final

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, going, states
from bot.dialogs.going import about_case, visit_of
from bot.dialogs.widgets import HOME, Choice, Items, Short, screen
from bot.middleware import Visit
from core import brief, words
from core.errors import Refusal
from core.services import complaints
from core.services.complaints import ComplaintView

SHOWN: Final = 3
#: Of the person's own words so much is shown again above the answer.
QUOTED_MAX: Final = 300


def build_complain() -> Dialog:
    return Dialog(
        screen(
            states.Complain.main,
            None,
            Choice("mine", "btn.complaints", turns_to=states.Complain.mine, when="any"),
            getter=_ask,
            hears=_make,
            sms=Short(
                "sms.complain.ask",
                choices=(
                    Choice("wordless", "sms.btn.wordless", _make_wordless),
                    Choice("mine", "btn.complaints", turns_to=states.Complain.mine, when="any"),
                ),
            ),
        ),
        screen(
            states.Complain.done,
            None,
            Choice("mine", "btn.complaints", turns_to=states.Complain.mine),
            getter=_done,
            hears=_tell_more,
            back=HOME,
            sms=Short(),
        ),
        screen(
            states.Complain.mine,
            None,
            Items("one", "shown", _open),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            getter=_mine,
            back=states.Complain.main,
        ),
        screen(states.Complain.one, None, getter=_one, back=states.Complain.mine),
    )


async def _ask(visit: Visit, **_: Any) -> dict[str, Any]:
    agency = visit.house.agency
    found = await complaints.mine(visit.house, visit.session)
    text = visit.text("complain.ask", email=agency.complaint_email, supervised=agency.supervision(visit.lang))
    return {"text": text, "any": bool(found)}


async def _make(text: str, manager: DialogManager) -> None:
    assert isinstance(manager.event, Message)
    await _keep(text, str(manager.event.message_id), manager)


async def _make_wordless(manager: DialogManager) -> None:
    """From a keypad without words: a person asks what it is about."""
    assert isinstance(manager.event, CallbackQuery)
    await _keep(words.text(words.ORIGINAL, "sms.complain.wordless"), manager.event.id, manager)
    manager.dialog_data["wordless"] = True


async def _tell_more(text: str, manager: DialogManager) -> None:
    """What is written after a complaint without words is what it is about; else it is understood as anywhere."""
    if not manager.dialog_data.get("wordless"):
        await free_text.hear(text, manager)
        return
    visit = visit_of(manager)
    try:
        await complaints.add_words(visit.house, visit.session, manager.dialog_data["made"], text)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    going.say_text_first(manager, visit.text("sms.complain.added"))


async def _keep(text: str, client_id: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    key = f"{visit.chat_id}:{client_id}"
    case_id = about_case(manager) if visit.session.identified else None
    made = await complaints.make(visit.house, visit.session, case_id, text, key)
    manager.dialog_data["made"] = made.id
    await manager.switch_to(states.Complain.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    made = await _chosen(visit, dialog_manager.dialog_data["made"])
    if made is None:
        return {"text": visit.text("complain.none")}
    day = words.weekday_day(made.answer_by, visit.lang)
    due = brief.weekday(made.answer_by, visit.lang)
    short = visit.text("sms.complain.done", number=made.number, day=due)
    if dialog_manager.dialog_data.get("wordless"):
        short = f"{short} {visit.text('sms.complain.more')}"
    return {"text": visit.text("complain.done", number=made.number, day=day), "sms": short}


async def _mine(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await complaints.mine(visit.house, visit.session)
    if not found:
        return {"text": visit.text("complain.none"), "shown": [], "more": False}
    first = int(dialog_manager.dialog_data.get("first", 0))
    shown = found[first : first + SHOWN] or found[:SHOWN]
    return {
        "text": "\n".join(_standing(visit, view) for view in shown),
        "shown": [_item(visit, view) for view in shown],
        "more": len(found) > SHOWN,
    }


def _item(visit: Visit, view: ComplaintView) -> dict[str, str]:
    return {"id": str(view.id), "label": visit.text("btn.complaint", number=view.number), "sms": view.number}


def _standing(visit: Visit, view: ComplaintView) -> str:
    made = words.day(view.made_on, visit.lang)
    if view.answered_on:
        on = words.day(view.answered_on, visit.lang)
        return visit.text("complain.line.answered", number=view.number, made=made, day=on)
    key = "complain.line.late" if view.late(visit.today) else "complain.line.waits"
    return visit.text(key, number=view.number, made=made, day=words.weekday_day(view.answer_by, visit.lang))


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    visit = visit_of(manager)
    first = int(manager.dialog_data.get("first", 0)) + SHOWN
    count = len(await complaints.mine(visit.house, visit.session))
    manager.dialog_data["first"] = first if first < count else 0


async def _open(manager: DialogManager, complaint_id: str) -> None:
    manager.dialog_data["made"] = int(complaint_id)
    await manager.switch_to(states.Complain.one)


async def _one(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _chosen(visit, dialog_manager.dialog_data["made"])
    if view is None:
        return {"text": visit.text("complain.none")}
    said = view.text or visit.text("complain.erased")
    quoted = said if len(said) <= QUOTED_MAX else f"{said[:QUOTED_MAX].rstrip()} ..."
    lines = [_standing(visit, view), visit.text("complain.you_wrote", text=quoted)]
    if view.answered_on:
        lines.append(visit.text("complain.we_answered", text=view.answer or visit.text("complain.erased")))
        if visit.house.agency.supervised:
            lines.append(visit.text("complain.further"))
    # By SMS nobody pays for reading their own words again.
    return {"text": "\n".join(lines), "sms": " ".join([lines[0], *lines[2:]])}


async def _chosen(visit: Visit, complaint_id: int) -> ComplaintView | None:
    """The complaint, while whoever sits there may see it."""
    found = await complaints.mine(visit.house, visit.session)
    return next((view for view in found if view.id == complaint_id), None)
