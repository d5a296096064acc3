"""Talking to a person: the place in the queue or the opening hours, then what it is about. The answer comes here."""

from datetime import datetime, time, timedelta
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, Choice, screen
from bot.middleware import Visit
from core import words
from core.services import cases, questions
from core.services.questions import Asked
from core.standing import open_holds

#: What was asked while we were closed is answered so long after we open.
ANSWERED_WITHIN = timedelta(hours=3)


def build_person() -> Dialog:
    return Dialog(
        screen(
            states.Person.wait,
            None,
            Choice("leave", "btn.leave_queue", _leave),
            getter=_wait,
            hears=_tell,
            person=False,
        ),
        screen(states.Person.closed, None, getter=_closed, hears=_tell, person=False),
        screen(states.Person.asked, None, getter=_asked, hears=_tell, person=False, back=BACK_HOME),
        on_start=_queue_up,
    )


async def _queue_up(_data: Any, manager: DialogManager) -> None:
    """Whoever asks for a person is in the queue at once; what it is about may follow."""
    visit = visit_of(manager)
    asked = await questions.ask(visit.house, visit.session, await _case_in_mind(manager), "")
    remember(manager, asked)
    await manager.switch_to(states.Person.wait if asked.open_now else states.Person.closed)


async def _case_in_mind(manager: DialogManager) -> int | None:
    """The case that is open, or the only one; a question of whoever has several and none open is about none."""
    visit = visit_of(manager)
    if not visit.session.identified:
        return None
    if (case_id := going.about_case(manager)) is not None:
        return case_id
    rows = await cases.overview(visit.house, visit.session.actor)
    return rows[0].id if len(rows) == 1 else None


def remember(manager: DialogManager, asked: Asked) -> None:
    manager.dialog_data.update(
        task=asked.task_id, place=asked.queue_place, opens_at=asked.opens_at.isoformat(), open=asked.open_now
    )


def _opens_at(manager: DialogManager) -> datetime:
    return datetime.fromisoformat(manager.dialog_data["opens_at"]).astimezone(words.HERE)


def queue_text(visit: Visit, manager: DialogManager) -> str:
    """The place in the queue, or the opening hours, and what happens meanwhile."""
    return _wait_text(visit, manager) if manager.dialog_data["open"] else _closed_text(visit, manager)


async def _wait(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": _wait_text(visit, dialog_manager)}


def _wait_text(visit: Visit, dialog_manager: DialogManager) -> str:
    place = dialog_manager.dialog_data["place"]
    key = "person.wait" if visit.session.identified else "person.wait.other"
    return visit.text(key, place=place, wait=visit.text("person.wait.usual"))


async def _closed(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": _closed_text(visit, dialog_manager)}


def _closed_text(visit: Visit, dialog_manager: DialogManager) -> str:
    opens_at = _opens_at(dialog_manager)
    return visit.text(
        "person.closed" if visit.session.identified else "person.closed.other",
        day=words.weekday_day(opens_at.date(), visit.lang),
        opens=hour(opens_at.time(), visit),
        answer=hour((opens_at + ANSWERED_WITHIN).time(), visit),
    )


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    key = "person.asked" if visit.session.identified else "person.asked.stranger"
    return {"text": visit.text(key, deadline=answer_time(visit, dialog_manager))}


def answer_time(visit: Visit, manager: DialogManager) -> str:
    """Until when somebody hears from a person: before we close today, or so long after we open."""
    if manager.dialog_data["open"]:
        return visit.text("person.by.today", hour=hour(visit.house.agency.hours.closes, visit))
    opens_at = _opens_at(manager)
    day = words.weekday_day(opens_at.date(), visit.lang)
    return visit.text("person.by.day", day=day, hour=hour((opens_at + ANSWERED_WITHIN).time(), visit))


def hour(at: time, visit: Visit) -> str:
    """``9``, ``9 am``, ``noon``: a full hour as the language says it."""
    if (at.hour, at.minute) == (12, 0):
        return visit.text("hour.noon")
    key = "hour.am" if at.hour < 12 else "hour.pm"
    return visit.text(key, hour=at.hour, hour_of_twelve=(at.hour - 1) % 12 + 1)


async def _tell(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    await questions.add_words(visit.house, visit.session, manager.dialog_data["task"], text)
    await manager.switch_to(states.Person.asked)


async def _leave(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await questions.leave(visit.house, visit.session, manager.dialog_data["task"])
    say_first(manager, await _left(manager))
    await going.go_back(manager)


async def _left(manager: DialogManager) -> str:
    """What leaving means: time runs on, unless something else holds the case or nothing was held."""
    visit, case_id = visit_of(manager), await _case_in_mind(manager)
    if case_id is None:
        return "person.left_queue.other"
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    if case.closed:
        return "person.left_queue.other"
    return "person.left_queue.held" if open_holds(case) else "person.left_queue"
