"""One of the staff looks at a refund: its sum, its way, the last digits of the account. Nothing leaves before."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import desk, meant, states
from bot.dialogs.desk_task import task_id_of, task_of
from bot.dialogs.going import refuse, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import refund_desk
from core.services.refund_desk import Seen

#: What became of it, by the state in which it stands after the yes.
OUTCOMES: Final = {
    "ready": "desk.refund.ready",
    "sent": "desk.refund.sent",
    "done": "desk.refund.sent",
    "failed": "desk.refund.refused",
}


def build_desk_refund() -> Dialog:
    return Dialog(
        screen(
            states.DeskRefund.main,
            None,
            Choice("approve", "btn.refund.approve", _approve, when="waits"),
            getter=_main,
            hears=meant.choose,
            person=False,
        )
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    refund_id = await _refund_of(dialog_manager)
    if refund_id is None:
        return {"text": visit.text("desk.refund.gone"), "waits": False}
    seen = await refund_desk.look(visit.house, visit.session.actor, refund_id)
    dialog_manager.dialog_data["mark"] = seen.mark
    return {"text": "\n".join(_lines(visit, seen)), "waits": seen.row.waits_for_staff and not seen.missing}


def _lines(visit: Visit, seen: Seen) -> list[str]:
    amount = words.money(seen.row.ore, visit.lang)
    if seen.row.way == "swish":
        lines = [visit.text("desk.refund.swish", amount=amount)]
    elif seen.account is None:
        lines = [visit.text("desk.refund.waits")]
    else:
        kind = visit.text(f"refund.kind.{'account' if seen.account.kind == 'iban' else seen.account.kind}")
        lines = [visit.text("desk.refund.bank", amount=amount, kind=kind, last=seen.account.last_four)]
    if seen.ocr:
        lines.append(visit.text("desk.refund.owed", ocr=seen.ocr, owed=words.money(seen.owed, visit.lang)))
    else:
        lines.append(visit.text("desk.refund.entry"))
    if seen.missing:
        lines.append(visit.text("desk.refund.short", missing=words.money(seen.missing, visit.lang)))
    else:
        lines.append(visit.text("desk.refund.confirm" if seen.row.waits_for_staff else "desk.refund.gone"))
    return lines


async def _approve(manager: DialogManager) -> None:
    """What was on the screen is approved, once; who was quicker is told of, and what is new is looked at again."""
    visit, refund_id = visit_of(manager), await _refund_of(manager)
    if refund_id is None:
        say_first(manager, "desk.refund.gone")
    else:
        mark = str(manager.dialog_data.get("mark", ""))
        try:
            row = await refund_desk.approve(visit.house, visit.session.actor, refund_id, mark)
        except Refusal as refusal:
            refuse(manager, refusal)
            return
        say_first(manager, OUTCOMES.get(row.state, "desk.refund.asking"))
    await desk.go_to_queue(manager)


async def _refund_of(manager: DialogManager) -> int | None:
    """The refund of the task that is open; None once the task is done."""
    assert task_id_of(manager)
    task = await task_of(manager)
    return int(task.facts["refund"]) if task is not None and "refund" in task.facts else None
