"""Talking to a person: the place in the queue or the opening hours, then what it is about. The answer comes here."""

from datetime import datetime, time, timedelta
from typing import Any

from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import free_text, going, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, by_sms, screen
from bot.middleware import Visit
from core import brief, phrases, words
from core.services import cases, questions
from core.services.questions import Asked, Time
from core.standing import open_holds

#: What was asked while we were closed is answered so long after we open.
ANSWERED_WITHIN = timedelta(hours=3)
#: The words for what asking does to the time in the case.
ENDINGS = {Time.STILL: "", Time.RUNS: ".again", Time.NONE: ".other"}
#: How long people wait, in minutes, as it is said.
USUAL = {
    15: "person.wait.usual",
    30: "person.usual.half_hour",
    60: "person.usual.hour",
    180: "person.usual.hours",
    None: "person.usual.day",
}


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
        screen(states.Person.closed, None, getter=_wait, hears=_tell, person=False),
        screen(
            states.Person.asked,
            None,
            Choice("leave", "btn.leave_queue", _leave, when="waits"),
            getter=_asked,
            hears=_tell,
            person=False,
            back=BACK_HOME,
        ),
        screen(states.Person.chat, None, getter=_chat, hears=_tell, person=False, back=HOME),
        on_start=_queue_up,
    )


async def _queue_up(_data: Any, manager: DialogManager) -> None:
    """Whoever asks for a person is in the queue at once; what it is about may follow."""
    visit, data = visit_of(manager), manager.start_data
    task = data.get("task") if isinstance(data, dict) else None
    asked = await questions.place(visit.house, visit.session, task) if task else None
    if asked is None:
        asked = await questions.ask(visit.house, visit.session, await _case_in_mind(manager), "")
    elif isinstance(data, dict) and data.get("said"):
        manager.dialog_data["said"] = True
    remember(manager, asked)
    await manager.switch_to(_screen_of(asked))


def _screen_of(asked: Asked) -> Any:
    if asked.taken_by is not None:
        return states.Person.chat
    return states.Person.wait if asked.open_now else states.Person.closed


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
    """What the texts of the queue are written from."""
    manager.dialog_data.update(
        task=asked.task_id,
        place=asked.queue_place,
        opens_at=asked.opens_at.isoformat(),
        open=asked.open_now,
        time=str(asked.time),
        usual=asked.usual,
        name=asked.taken_by,
    )


def _opens_at(manager: DialogManager) -> datetime:
    return datetime.fromisoformat(manager.dialog_data["opens_at"]).astimezone(words.HERE)


def queue_text(visit: Visit, manager: DialogManager) -> str:
    """The place in the queue, or the opening hours, and what happens meanwhile."""
    return _wait_text(visit, manager) if manager.dialog_data["open"] else _closed_text(visit, manager)


def _ending(manager: DialogManager) -> str:
    return ENDINGS[Time(manager.dialog_data["time"])]


def _wait_text(visit: Visit, manager: DialogManager) -> str:
    usual = USUAL[manager.dialog_data["usual"]]
    key = _key(manager, f"person.wait{_ending(manager)}")
    return visit.text(key, place=manager.dialog_data["place"], wait=visit.text(usual))


def _closed_text(visit: Visit, manager: DialogManager) -> str:
    opens_at = _opens_at(manager)
    return visit.text(
        _key(manager, f"person.closed{_ending(manager)}"),
        day=_day(manager, visit),
        opens=hour(opens_at.time(), visit),
        answer=hour((opens_at + ANSWERED_WITHIN).time(), visit),
    )


async def _look(manager: DialogManager) -> str | None:
    """How the question stands now: the words for it where it is taken or done with, else None."""
    visit = visit_of(manager)
    asked = await questions.place(visit.house, visit.session, manager.dialog_data["task"])
    if asked is None:
        return visit.text(_key(manager, "person.over"))
    remember(manager, asked)
    return visit.text(_key(manager, "person.chat.here"), name=asked.taken_by) if asked.taken_by is not None else None


def _key(manager: DialogManager, key: str) -> str:
    """By SMS the same in fewer words."""
    return f"sms.{key}" if by_sms(manager) else key


def _day(manager: DialogManager, visit: Visit) -> str:
    on = _opens_at(manager).date()
    return (brief.weekday if by_sms(manager) else words.weekday_day)(on, visit.lang)


async def _wait(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": await _look(dialog_manager) or queue_text(visit, dialog_manager)}


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    here = await _look(dialog_manager)
    return {"text": here or _thanks(visit, dialog_manager), "waits": here is None}


def _thanks(visit: Visit, manager: DialogManager) -> str:
    ending = {".other": ".stranger"}.get(_ending(manager), _ending(manager))
    key = f"person.asked{ending}" if ending else "person.asked"
    return visit.text(_key(manager, key), deadline=answer_time(visit, manager))


async def _chat(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """A person is in the chat: what was written has reached them."""
    said = dialog_manager.dialog_data.pop("said", False)
    here = await _look(dialog_manager)
    if said and dialog_manager.dialog_data["name"] is not None:
        return {"text": visit.text(_key(dialog_manager, "person.chat.sent"), name=dialog_manager.dialog_data["name"])}
    return {"text": here or queue_text(visit, dialog_manager)}


def answer_time(visit: Visit, manager: DialogManager) -> str:
    """Until when somebody hears from a person: before we close today, or so long after we open."""
    if manager.dialog_data["open"]:
        return visit.text("person.by.today", hour=hour(visit.house.agency.hours.closes, visit))
    opens_at = _opens_at(manager)
    return visit.text("person.by.day", day=_day(manager, visit), hour=hour((opens_at + ANSWERED_WITHIN).time(), visit))


def hour(at: time, visit: Visit) -> str:
    """``9``, ``9 am``, ``noon``: a full hour as the language says it."""
    if (at.hour, at.minute) == (12, 0):
        return visit.text("hour.noon")
    key = "hour.am" if at.hour < 12 else "hour.pm"
    return visit.text(key, hour=at.hour, hour_of_twelve=(at.hour - 1) % 12 + 1)


async def _tell(text: str, manager: DialogManager) -> None:
    """Words for the person. An objection among them counts besides: in doubt it is a dispute, and the case stops."""
    visit, task = visit_of(manager), manager.dialog_data["task"]
    asked = await questions.place(visit.house, visit.session, task)
    if asked is None:
        await _elsewhere(text, manager)
        return
    await questions.add_words(visit.house, visit.session, task, text)
    if asked.time is not Time.NONE and phrases.objects(text):
        await free_text.hear(text, manager)
        return
    remember(manager, asked)
    manager.dialog_data["said"] = True
    await manager.switch_to(states.Person.chat if asked.taken_by is not None else states.Person.asked)


async def _elsewhere(text: str, manager: DialogManager) -> None:
    """The question is done with: what is written now is understood as on any other screen."""
    manager.show_mode = ShowMode.NO_UPDATE
    await going.go_home(manager)
    manager.show_mode = ShowMode.SEND
    await free_text.hear(text, manager)


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
