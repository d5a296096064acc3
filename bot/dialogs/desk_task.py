"""The task that a screen of the desk is about, and what staff read of it besides its line in the queue."""

from typing import Final

from aiogram_dialog import DialogManager

from bot.dialogs import states
from bot.dialogs.going import visit_of
from bot.dialogs.wording.desk import brief_text, queue_line
from bot.middleware import Visit
from core.errors import NotFound
from core.services import cases, desk
from core.services.taking import PERSON, TaskView

#: Screens about one task.
ON_TASK: Final = frozenset({states.Desk.item, states.Desk.reply, states.Desk.hold, states.Desk.note, states.Desk.words})


def task_id_of(manager: DialogManager) -> int:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data["task"])


async def task_of(manager: DialogManager) -> TaskView | None:
    """The task of the open screen; None once it is done."""
    visit = visit_of(manager)
    try:
        return await desk.item(visit.house, visit.session.actor, task_id_of(manager))
    except NotFound:
        return None


async def at_hand(manager: DialogManager) -> TaskView | None:
    """The task that this member does now: the one on the screen, if it is theirs, else the one taken last."""
    visit = visit_of(manager)
    actor = visit.session.actor
    if manager.has_context() and manager.current_context().state in ON_TASK:
        task = await task_of(manager)
        if task is not None and task.holder == actor.id:
            return task
    return await desk.mine(visit.house, actor)


async def values_of(visit: Visit, task: TaskView, reason: str) -> dict[str, str]:
    debtor = ""
    if task.case_id is not None:
        debtor = (await cases.open_case(visit.house, visit.session.actor, task.case_id)).debtor.name
    creditor = task.creditor_name or ""
    return {"place": str(task.id), "ocr": task.ocr or "-", "creditor": creditor, "debtor": debtor, "reason": reason}


async def about(visit: Visit, task: TaskView) -> str:
    """Whose case it is, what is owed and until when; empty for a task about none."""
    if task.case_id is None:
        return ""
    case = await cases.open_case(visit.house, visit.session.actor, task.case_id)
    return brief_text(case, visit.session.actor.role, visit.today, visit.lang)


async def ending(visit: Visit, task: TaskView) -> str:
    """What leaves the queue, whether anybody has answered, and what that means."""
    lines = [queue_line(task, visit.session.actor, visit.today, visit.lang)]
    if task.kind == PERSON:
        said = await desk.talk(visit.house, visit.session.actor, task.id)
        lines += [] if any(spoken.ours for spoken in said) else [visit.text("desk.unanswered")]
        debtor = (await values_of(visit, task, ""))["debtor"] or visit.text("desk.somebody")
        told = "desk.release.confirm" if task.taken_by is not None else "desk.done.confirm"
        lines.append(visit.text(told, place=task.id, debtor=debtor))
        lines += [visit.text("desk.release.time")] if task.paused else []
    else:
        lines.append(visit.text("desk.done.confirm", place=task.id))
    if task.case_id is not None:
        lines.append(visit.text("desk.done.why"))
    return "\n".join(lines)
