"""Staff decide about money that came and is kept apart: it counts, it goes back, or it waits (`core.kept`)."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.desk import go_to_queue
from bot.dialogs.desk_task import task_id_of
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.entries import kept_count_text, kept_text
from bot.middleware import Visit
from core import words
from core.errors import NotFound, Refusal
from core.kept import May
from core.services import kept_payments
from core.services.kept_payments import Kept


def build_kept() -> Dialog:
    return Dialog(
        _quiet(
            states.Kept.main,
            Choice("count", "btn.kept.count", _count, when="may"),
            Choice("send", "btn.kept.send_back", turns_to=states.Kept.send, when="there"),
            Choice("wait", "btn.kept.wait", _wait, when="there"),
            getter=_main,
        ),
        _quiet(states.Kept.words, getter=_ask, hears=_hear, back=states.Kept.main),
        _quiet(
            states.Kept.check,
            Choice("confirm", "btn.kept.count", _counted, when="may"),
            getter=_check,
            back=states.Kept.main,
        ),
        _quiet(
            states.Kept.send,
            Choice("confirm", "btn.kept.send_back", _sent, when="there"),
            getter=_send,
            back=states.Kept.main,
        ),
    )


def _quiet(state: Any, *choices: Any, **more: Any) -> Any:
    return screen(state, None, *choices, **{"hears": meant.choose, "person": False, **more})


async def _look(manager: DialogManager) -> Kept | None:
    """The payment, as long as it is kept apart."""
    visit = visit_of(manager)
    try:
        return await kept_payments.of_task(visit.house, visit.session.actor, task_id_of(manager))
    except NotFound:
        return None


def _gone(visit: Visit) -> dict[str, Any]:
    return {"text": visit.text("desk.gone"), "may": False, "there": False}


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await _look(dialog_manager)
    if look is None:
        return _gone(visit)
    return {"text": kept_text(look, visit.lang), "may": look.may is not May.NEVER, "there": True}


async def _count(manager: DialogManager) -> None:
    """Where the law wants that the debtor asks for it, first how they did."""
    look = await _look(manager)
    manager.dialog_data["words"] = ""
    asks = look is not None and look.may is May.ASKED
    await manager.switch_to(states.Kept.words if asks else states.Kept.check)


async def _ask(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await _look(dialog_manager)
    return {"text": visit.text("desk.kept.ask", debtor=look.case.debtor.name)} if look else _gone(visit)


async def _hear(text: str, manager: DialogManager) -> None:
    manager.dialog_data["words"] = text[: kept_payments.REASON_MAX]
    await manager.switch_to(states.Kept.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await _look(dialog_manager)
    return {"text": kept_count_text(look, visit.lang), "may": look.may is not May.NEVER} if look else _gone(visit)


async def _counted(manager: DialogManager) -> None:
    visit, said = visit_of(manager), str(manager.dialog_data.get("words", ""))
    try:
        case = await kept_payments.count(visit.house, visit.session.actor, task_id_of(manager), said)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Kept.main)
        return
    say_first(manager, "desk.kept.counted", ocr=case.ocr)
    await go_to_queue(manager)


async def _send(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await _look(dialog_manager)
    if look is None:
        return _gone(visit)
    amount = words.money(look.apart, visit.lang)
    return {"text": visit.text("desk.kept.send", amount=amount, debtor=look.case.debtor.name), "there": True}


async def _sent(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        sent = await kept_payments.send_back(visit.house, visit.session.actor, task_id_of(manager))
    except Refusal as refusal:
        going.refuse(manager, refusal)
        await manager.switch_to(states.Kept.main)
        return
    say_first(manager, "desk.kept.sent", amount=words.money(sent.apart, visit.lang), ocr=sent.case.ocr)
    await go_to_queue(manager)


async def _wait(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        row = await kept_payments.wait(visit.house, visit.session.actor, task_id_of(manager))
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    say_first(manager, "desk.kept.waits", ocr=row.ocr or "-", day=words.day(row.due_on, visit.lang))
    await go_to_queue(manager)
