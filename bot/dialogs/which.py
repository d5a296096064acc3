"""What an objection in words leaves to ask: which of several cases it is about, or whether it is the wrong person.

The words wait with the question, and no sums are shown until it is answered.
"""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, notme, objecting, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, Choice, Items, Short, screen
from bot.middleware import Visit
from core import phrases
from core.services import cases, questions, unplaced
from core.services.cases import CaseRow

#: A longer list shows so many and a way to the rest (conversations 1, buttons).
SHOWN: Final = 3
LABEL_MAX: Final = 24


def build_objecting() -> Dialog:
    return Dialog(
        screen(
            states.Objecting.which,
            "objection.which",
            Items("case", "shown", _choose),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            Choice("person", "btn.person", _ask_person),
            getter=_cases,
            hears=_add,
            person=False,
            back=BACK_HOME,
            sms=Short("sms.objection.which"),
        ),
        screen(
            states.Objecting.who,
            "objection.who",
            Choice("object", "btn.objection.not_mine", _not_mine),
            Choice("notme", "btn.notme", notme.say_not_me),
            Choice("special", "btn.special", opens=states.Special.main),
            back=BACK_HOME,
            sms=Short("sms.objection.who"),
        ),
    )


def _said(manager: DialogManager) -> str:
    """What was written so far."""
    data = manager.start_data
    first = data.get("words", "") if isinstance(data, dict) else ""
    return "\n".join(part for part in (first, *manager.dialog_data.get("more", ())) if part)


async def _cases(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Closed cases cannot be objected to; they are left out."""
    rows = await _open_ones(visit)
    first = int(dialog_manager.dialog_data.get("first", 0))
    shown = rows[first : first + SHOWN] or rows[:SHOWN]
    return {"shown": [{"id": str(row.id), "label": _label(row)} for row in shown], "more": len(rows) > SHOWN}


async def _open_ones(visit: Visit) -> tuple[CaseRow, ...]:
    rows = await cases.overview(visit.house, visit.session.actor)
    return tuple(row for row in rows if row.next_on is not None) or tuple(rows)


def _label(row: CaseRow) -> str:
    """The number whole, so that no two look the same, and as much of the name as there is room for."""
    return f"{row.creditor_name[: LABEL_MAX - 1 - len(row.ocr)].rstrip()} {row.ocr}"


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    count = len(await _open_ones(visit_of(manager)))
    first = int(manager.dialog_data.get("first", 0)) + SHOWN
    manager.dialog_data["first"] = first if first < count else 0


async def _choose(manager: DialogManager, case_id: str) -> None:
    data = manager.start_data
    assert isinstance(data, dict)
    await objecting.begin(manager, int(case_id), data["ground"], _said(manager) or None)
    await _placed(data, manager)


async def _placed(data: Any, manager: DialogManager) -> None:
    """Staff need not ask any more which case it is about."""
    if isinstance(data, dict) and "kept" in data:
        visit = visit_of(manager)
        await unplaced.placed(visit.house, visit.session, data["kept"])


async def _add(text: str, manager: DialogManager) -> None:
    """More of what is wrong is kept with the rest; what has another meaning is understood as anywhere."""
    meaning = phrases.meaning(visit_of(manager).lang, text)
    if meaning.guesses and meaning.ground is None:
        await free_text.hear(text, manager)
        return
    manager.dialog_data["more"] = [*manager.dialog_data.get("more", ()), text]
    say_first(manager, "dispute.words_kept")


async def _ask_person(manager: DialogManager) -> None:
    """A person reads what was written, whichever case it is about."""
    visit = visit_of(manager)
    await questions.ask(visit.house, visit.session, None, _said(manager))
    await _placed(manager.start_data, manager)
    await manager.start(states.Person.wait)


async def _not_mine(manager: DialogManager) -> None:
    await objecting.object_to(manager, "other", _said(manager) or None)
