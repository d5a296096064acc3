"""The staff's desk: the queue, one task and what can be done about it, a talk, finding a case, the figures.

What can be done about each kind of task is the table `desk_actions.ACTIONS`; here are the screens.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import desk_checks, finding, going, states
from bot.dialogs.desk_actions import Action, action_of, actions_for
from bot.dialogs.desk_task import about, ending, task_id_of, task_of, values_of
from bot.dialogs.going import Place, say_first, say_text_first, visit_of
from bot.dialogs.showing import show_case
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.desk import figures_text, item_text, queue_line, sent_text, talk_text, todo_text
from bot.middleware import Visit
from core import words
from core.services import desk, holds, notes, questions, stats
from core.services.taking import PERSON, TaskView

#: The first button of a screen of one task; beside it stand at most two of the kind's own.
OWN_ACTIONS = 2


def build_desk() -> Dialog:
    return Dialog(
        screen(
            states.Desk.queue,
            None,
            Items("take", "tasks", _take),
            Choice("more", "btn.show_more", _more, when="more"),
            Choice("find", "btn.find_case", turns_to=states.Desk.find),
            getter=_queue,
            hears=_unsure,
            person=False,
            back=None,
        ),
        screen(
            states.Desk.item,
            None,
            Items("act", "actions", _act),
            Choice("case", "btn.see_case", _see, when="case"),
            Choice("note", "btn.note", turns_to=states.Desk.note, when="case"),
            Choice("done", "btn.task_done", _ask_done),
            _to_queue(),
            getter=_item,
            hears=_unsure,
            person=False,
            back=None,
        ),
        screen(
            states.Desk.reply,
            None,
            Choice("release", "btn.release", _ask_done),
            Choice("hold", "btn.hold", turns_to=states.Desk.hold, when="case"),
            Choice("note", "btn.note", turns_to=states.Desk.note, when="case"),
            _to_queue(),
            getter=_talk,
            hears=_reply,
            person=False,
            back=None,
        ),
        *_asking(),
        finding.build_find(_to_queue()),
        screen(states.Desk.stats, None, _to_queue(), getter=_stats, hears=_unsure, person=False, back=None),
    )


def _asking() -> tuple[Any, ...]:
    """The screens that ask for words, and the one that asks whether."""
    return (
        screen(states.Desk.hold, None, _back(), getter=_why, hears=_hold, person=False, back=None),
        screen(states.Desk.note, None, _back(), getter=_what, hears=_note, person=False, back=None),
        screen(states.Desk.words, None, _back(), getter=_question, hears=_words, person=False, back=None),
        screen(
            states.Desk.confirm,
            None,
            Items("yes", "yes", _yes),
            _back(),
            getter=_meaning,
            hears=_because,
            person=False,
            back=None,
        ),
        desk_checks.found_window(),
    )


def _to_queue() -> Choice:
    return Choice("queue", "btn.queue", go_to_queue)


def _back() -> Choice:
    return Choice("back", "btn.back", _go_back)


async def go_to_queue(manager: DialogManager) -> None:
    """The queue, above the desk."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Desk.queue))


async def open_task(manager: DialogManager, task_id: int) -> None:
    """One task, above the queue: the talk with whoever waits, or what can be done about it."""
    visit = visit_of(manager)
    task = await desk.item(visit.house, visit.session.actor, task_id)
    shown = states.Desk.reply if task.kind == PERSON and task.holder == visit.session.actor.id else states.Desk.item
    desk_below = Place(states.Work.main, {"brief": True})
    await going.go(manager, desk_below, Place(states.Desk.queue), Place(shown, {"task": task_id}))


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")


# The queue


async def _queue(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor = visit.session.actor
    page = await desk.queue(visit.house, actor, int(dialog_manager.dialog_data.get("page", 0)))
    lines = [queue_line(task, actor, visit.today, visit.lang) for task in page.tasks]
    buttons = [{"id": str(task.id), "label": visit.text("btn.take", place=task.id)} for task in page.tasks]
    return {
        "text": "\n".join(lines) or visit.text("queue.empty"),
        "tasks": buttons,
        "more": page.more,
    }


async def _more(manager: DialogManager) -> None:
    manager.dialog_data["page"] = int(manager.dialog_data.get("page", 0)) + 1


async def _take(manager: DialogManager, task_id: str) -> None:
    await take(manager, int(task_id))


async def take(manager: DialogManager, task_id: int) -> None:
    """Lock the task to whoever pressed, and show it."""
    visit = visit_of(manager)
    await desk.take(visit.house, visit.session.actor, task_id)
    await open_task(manager, task_id)


# One task


async def _item(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    task = await task_of(dialog_manager)
    if task is None:
        return {"text": visit.text("desk.gone"), "actions": [], "case": False}
    actor = visit.session.actor
    shown = actions_for(task, actor.role)[:OWN_ACTIONS]
    actions = [{"id": action.id, "label": visit.text(action.label)} for action in shown]
    if task.kind == PERSON:
        actions = [{"id": "take", "label": visit.text("btn.take", place=task.id)}]
    told = (item_text(task, actor, visit.today, visit.lang), todo_text(task, visit.lang), await about(visit, task))
    lines = filter(None, told)
    return {
        "text": "\n".join(lines),
        "actions": actions,
        "case": task.case_id is not None,
    }


async def _act(manager: DialogManager, id: str) -> None:
    visit, task = visit_of(manager), await task_of(manager)
    if id == "take" or task is None:
        await take(manager, task_id_of(manager))
        return
    action = action_of(task, visit.session.actor.role, id)
    if action is None:
        return
    if action.opens is not None:
        await manager.start(action.opens, {"case": task.case_id, "task": task.id})
        return
    manager.dialog_data.update(action=id, words="")
    if action.asks:
        await manager.switch_to(states.Desk.words)
    elif action.confirm:
        await manager.switch_to(states.Desk.confirm)
    else:
        await _do(manager, task, action)


async def _do(manager: DialogManager, task: TaskView, action: Action) -> None:
    """The service does it and says what became of it; then the task, or the queue when it is done."""
    assert action.do is not None
    say_text_first(manager, await action.do(visit_of(manager), task, manager.dialog_data.pop("words", "")))
    if await task_of(manager) is None:
        await go_to_queue(manager)
    else:
        await manager.switch_to(states.Desk.item)


async def _see(manager: DialogManager) -> None:
    task = await task_of(manager)
    if task is not None and task.case_id is not None:
        await show_case(visit_of(manager), task.case_id)
        manager.show_mode = ShowMode.SEND


async def _ask_done(manager: DialogManager) -> None:
    manager.dialog_data.update(action="", words="")
    await manager.switch_to(states.Desk.confirm)


async def ask_done(manager: DialogManager, task_id: int) -> None:
    """Ask whether a task is to leave the queue: nobody takes it off by a slip of a number."""
    visit = visit_of(manager)
    await desk.to_finish(visit.house, visit.session.actor, task_id)
    below = Place(states.Work.main, {"brief": True}), Place(states.Desk.queue)
    await going.go(manager, *below, Place(states.Desk.confirm, {"task": task_id}))


# Words that are asked for, and what is confirmed


async def _chosen(manager: DialogManager) -> tuple[TaskView | None, Action | None]:
    task = await task_of(manager)
    if task is None:
        return None, None
    role = visit_of(manager).session.actor.role
    return task, action_of(task, role, manager.dialog_data.get("action", ""))


async def _question(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    task, action = await _chosen(dialog_manager)
    if task is None or action is None:
        return {"text": visit.text("desk.gone")}
    return {"text": visit.text(action.asks, **await values_of(visit, task, ""))}


async def _words(text: str, manager: DialogManager) -> None:
    task, action = await _chosen(manager)
    if task is None or action is None:
        await go_to_queue(manager)
        return
    manager.dialog_data["words"] = text
    if action.confirm:
        await manager.switch_to(states.Desk.confirm)
    else:
        await _do(manager, task, action)


async def _meaning(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    task, action = await _chosen(dialog_manager)
    if task is None:
        return {"text": visit.text("desk.gone"), "yes": []}
    values = await values_of(visit, task, dialog_manager.dialog_data.get("words", ""))
    if action is not None:
        text, label = visit.text(action.confirm, **values), action.label
    else:
        text, label = await ending(visit, task), "btn.release" if task.kind == PERSON else "btn.task_done"
    return {"text": text, "yes": [{"id": "yes", "label": visit.text(label)}]}


async def _because(text: str, manager: DialogManager) -> None:
    """Words below "is it done": why, for colleagues to read."""
    task, action = await _chosen(manager)
    if task is None or action is not None or task.case_id is None:
        say_first(manager, "work.unsure")
        return
    await _finish(manager, task, text)


async def _yes(manager: DialogManager, _id: str) -> None:
    task, action = await _chosen(manager)
    if task is None:
        await go_to_queue(manager)
    elif action is None:
        await _finish(manager, task)
    else:
        await _do(manager, task, action)


async def _finish(manager: DialogManager, task: TaskView, why: str = "") -> None:
    visit = visit_of(manager)
    await questions.done(visit.house, visit.session.actor, task.id, why)
    say_first(manager, "queue.done", place=task.id)
    await go_to_queue(manager)


# A talk


async def _talk(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What was written, and that what one writes goes to them; or that it has just been sent."""
    task = await task_of(dialog_manager)
    if task is None:
        return {"text": visit.text("desk.gone"), "case": False}
    sent = dialog_manager.dialog_data.pop("sent", "")
    if sent:
        return {"text": sent, "case": task.case_id is not None}
    actor = visit.session.actor
    if task.case_id is not None:
        talk = await desk.talks_of_case(visit.house, actor, task.case_id)
    else:
        talk = await desk.talk(visit.house, actor, task.id)
    said = talk_text(talk, visit.lang)
    values = await values_of(visit, task, "")
    debtor = values["debtor"] or visit.text("desk.somebody")
    head = visit.text("desk.talk", place=task.id, ocr=task.ocr or "-")
    lines = filter(None, (head, await about(visit, task), said, visit.text("desk.write", debtor=debtor)))
    return {"text": "\n".join(lines), "case": task.case_id is not None}


async def _reply(text: str, manager: DialogManager) -> None:
    await send_reply(manager, task_id_of(manager), text)
    await manager.switch_to(states.Desk.reply)


async def send_reply(manager: DialogManager, task_id: int, text: str) -> None:
    """The service sends it; the screen that is open, or opens next, says to whom."""
    visit = visit_of(manager)
    sent = await questions.reply(visit.house, visit.session.actor, task_id, text)
    told = sent_text(sent, visit.house.clock.now(), visit.lang)
    if not _in_talk(manager, task_id):
        manager.show_mode = ShowMode.NO_UPDATE
        await open_task(manager, task_id)
    manager.dialog_data["sent"] = told


def _in_talk(manager: DialogManager, task_id: int) -> bool:
    if not manager.has_context() or manager.current_context().state != states.Desk.reply:
        return False
    return task_id_of(manager) == task_id


# Holding, noting


async def _why(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("desk.ask.hold", ocr=await _ocr(dialog_manager))}


async def _what(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("desk.ask.note", ocr=await _ocr(dialog_manager))}


async def _ocr(manager: DialogManager) -> str:
    task = await task_of(manager)
    return task.ocr or "-" if task else "-"


async def _hold(text: str, manager: DialogManager) -> None:
    visit, task = visit_of(manager), await task_of(manager)
    if task is not None and task.case_id is not None:
        await holds.place(visit.house, visit.session.actor, task.case_id, "staff", text)
        say_first(manager, "desk.held", ocr=task.ocr or "-")
    await _go_back(manager)


async def _note(text: str, manager: DialogManager) -> None:
    visit, task = visit_of(manager), await task_of(manager)
    if task is not None and task.case_id is not None:
        await notes.write(visit.house, visit.session.actor, task.case_id, text)
        say_first(manager, "desk.noted", ocr=task.ocr or "-")
    await _go_back(manager)


async def _go_back(manager: DialogManager) -> None:
    """To the task: the talk for whoever is in one."""
    task = await task_of(manager)
    if task is None:
        await go_to_queue(manager)
        return
    in_talk = task.kind == PERSON and task.holder == visit_of(manager).session.actor.id
    await manager.switch_to(states.Desk.reply if in_talk else states.Desk.item)


# Figures


async def _stats(visit: Visit, **_: Any) -> dict[str, Any]:
    figures = await stats.figures(visit.house, visit.session.actor)
    return {"text": figures_text(figures, visit.today, words.known(visit.lang))}
