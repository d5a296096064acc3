"""Commands of staff at their desk: the queue, taking a task, answering, noting, finding, and the figures."""

from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs import desk as screens
from bot.dialogs import going, states
from bot.dialogs.desk_task import at_hand
from bot.dialogs.going import Place
from bot.dialogs.showing import answer
from bot.handlers.work import Slash, Works, first_and_rest, found_case
from bot.middleware import Visit
from bot.refusals import say
from core.errors import Refusal
from core.party import STAFF
from core.services import desk, notes
from core.services.taking import PERSON, TaskView

TASK_DIGITS_MAX: Final = 18
#: The shortest number that is a case's and not a task's.
OCR_DIGITS_MIN: Final = 6


def build_desk_commands() -> Router:
    router = Router(name="desk")
    router.message.filter(Slash())
    staff = Works(STAFF)
    router.message.register(queue, Command("queue"), staff)
    router.message.register(take, Command("take"), staff)
    router.message.register(reply, Command("reply"), staff)
    router.message.register(done, Command("done"), staff)
    router.message.register(note, Command("note"), staff)
    router.message.register(find, Command("find"), staff)
    router.message.register(stats, Command("stats"), staff)
    return router


async def queue(message: Message, dialog_manager: DialogManager) -> None:
    """Who waits for a person, and what else is to be done: what presses most first."""
    dialog_manager.show_mode = ShowMode.SEND
    await screens.go_to_queue(dialog_manager)


async def take(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Lock a task to oneself and open it."""
    task_id = _task_id((command.args or "").strip())
    if task_id is None:
        await answer(visit, visit.text("staff.usage.take"))
        return
    dialog_manager.show_mode = ShowMode.SEND
    try:
        await screens.take(dialog_manager, task_id)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))


async def reply(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Answer a person in their own chat, word for word: the one whose task was taken, or the one of a number.

    A number that is another's question is no part of an answer: nothing is sent, so that nobody reads what was meant
    for somebody else.
    """
    try:
        current = await at_hand(dialog_manager)
        task_id, text = await _whom(visit, current, (command.args or "").strip())
        if task_id is None or not text:
            await answer(visit, visit.text("staff.usage.reply"))
            return
        if current is not None and task_id != current.id:
            await answer(visit, visit.text("reply.which", taken=current.id, place=task_id))
            return
        await screens.send_reply(dialog_manager, task_id, text)
        dialog_manager.show_mode = ShowMode.SEND
        await dialog_manager.show()
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))


async def _whom(visit: Visit, current: TaskView | None, args: str) -> tuple[int | None, str]:
    """The task and the words of a reply, with or without a number in front."""
    first, rest = first_and_rest(args)
    number = _task_id(first)
    if current is None:
        return number, rest
    if number is not None and (number == current.id or await _waits(visit, number)):
        return number, rest
    return current.id, args


async def _waits(visit: Visit, number: int) -> bool:
    try:
        task = await desk.item(visit.house, visit.session.actor, number)
    except Refusal:
        return False
    return task.kind == PERSON


async def done(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Ask whether a task is to leave the queue, and say what that means."""
    task_id = _task_id((command.args or "").strip())
    if task_id is None:
        await answer(visit, visit.text("staff.usage.done"))
        return
    dialog_manager.show_mode = ShowMode.SEND
    try:
        await screens.ask_done(dialog_manager, task_id)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))


async def note(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Write something down about a case, for staff alone: by its number, or the case that was taken."""
    actor, args = visit.session.actor, (command.args or "").strip()
    first, rest = first_and_rest(args)
    if first.isdecimal() and len(first) >= OCR_DIGITS_MIN:
        found = await found_case(visit, first)
        if found is None:
            return
        case_id, ocr, text = found.id, found.ocr, rest
    else:
        current = await at_hand(dialog_manager)
        if current is None or current.case_id is None:
            await answer(visit, visit.text("staff.usage.note"))
            return
        case_id, ocr, text = current.case_id, current.ocr or "", args
    if not text:
        await answer(visit, visit.text("staff.usage.note"))
        return
    try:
        await notes.write(visit.house, actor, case_id, text)
    except Refusal as refusal:
        await answer(visit, say(refusal, visit.lang))
        return
    await answer(visit, visit.text("desk.noted", ocr=ocr))


async def find(message: Message, command: CommandObject, visit: Visit, dialog_manager: DialogManager) -> None:
    """Cases by name, OCR, the creditor's reference, personal number or phone."""
    text = (command.args or "").strip()
    rows = await desk.find(visit.house, visit.session.actor, text) if text else None
    dialog_manager.show_mode = ShowMode.SEND
    found = {"found": [row.id for row in rows]} if rows is not None else None
    await going.go(dialog_manager, Place(states.Work.main, {"brief": True}), Place(states.Desk.find, found))


async def stats(message: Message, dialog_manager: DialogManager) -> None:
    """How the work stands."""
    dialog_manager.show_mode = ShowMode.SEND
    await going.go(dialog_manager, Place(states.Work.main, {"brief": True}), Place(states.Desk.stats))


def _task_id(number: str) -> int | None:
    """The number of a task; superscripts are digits to Python, and numbers beyond a row's are nobody's."""
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= TASK_DIGITS_MAX else None
