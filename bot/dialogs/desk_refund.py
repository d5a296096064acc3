"""One of the staff looks at a refund: its sum, its way, the last digits of the account. Nothing leaves before."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import desk, desk_refund_account, meant, states
from bot.dialogs.desk_refund_account import refund_of
from bot.dialogs.going import refuse, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.matching import told_lines
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import refund_desk
from core.services.refund_desk import Seen
from core.store import refunds as store

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
            Choice("account", "btn.refund.give", desk_refund_account.ask, when="open"),
            Choice("off", "btn.refund.off", turns_to=states.DeskRefund.off, when="open"),
            getter=_main,
            hears=meant.choose,
            person=False,
        ),
        *desk_refund_account.windows(),
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    refund_id = await refund_of(dialog_manager)
    if refund_id is None:
        return {"text": visit.text("desk.refund.gone"), "waits": False, "open": False}
    seen = await refund_desk.look(visit.house, visit.session.actor, refund_id)
    dialog_manager.dialog_data["mark"] = seen.mark
    waits = seen.row.waits_for_staff and not seen.missing and not seen.own
    return {"text": "\n".join(_lines(visit, seen)), "waits": waits, "open": seen.open}


def _lines(visit: Visit, seen: Seen) -> list[str]:
    lines = [_where_to(visit, seen)]
    if seen.entry is not None:
        lines += [*told_lines(seen.entry, visit.lang), visit.text("desk.refund.entry")]
        lines += [visit.text("desk.refund.failed_before")] if seen.failed else []
    else:
        lines.append(visit.text("desk.refund.owed", ocr=seen.ocr, owed=words.money(seen.owed, visit.lang)))
    if seen.row.state != store.WANTED:
        return [*lines, visit.text("desk.refund.gone")]
    if seen.row.needs_account:
        return [*lines, visit.text("desk.refund.find" if seen.open else "desk.refund.later")]
    if seen.missing:
        lines.append(visit.text("desk.refund.short", missing=words.money(seen.missing, visit.lang)))
    return [*lines, visit.text("desk.refund.own" if seen.own else "desk.refund.confirm")]


def _where_to(visit: Visit, seen: Seen) -> str:
    amount = words.money(seen.row.ore, visit.lang)
    if seen.row.way == store.SWISH:
        return visit.text("desk.refund.swish", amount=amount)
    if seen.account is None:
        return visit.text("desk.refund.unknown" if seen.entry is not None else "desk.refund.waits", amount=amount)
    kind = visit.text(f"refund.kind.{'account' if seen.account.kind == 'iban' else seen.account.kind}")
    return visit.text("desk.refund.bank", amount=amount, kind=kind, last=seen.account.last_four)


async def _approve(manager: DialogManager) -> None:
    """What was on the screen is approved, once; who was quicker is told of, and what is new is looked at again."""
    visit, refund_id = visit_of(manager), await refund_of(manager)
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
