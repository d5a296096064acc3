"""Staff pay creditors: what is due, a run, its payments, and a supervisor's yes with the figures in view."""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager, Window

from bot.dialogs import going, meant, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.payout_account import account_window
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.payouts import (
    outlook_text,
    row_label,
    row_text,
    run_lines,
    run_text,
    waiting_for_their_day,
    waiting_text,
)
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.party import Role
from core.services import payout_look, payouts
from core.services.payout_look import RunView

#: Payments that fit on a screen, and runs.
LINES: Final = 6
RUNS: Final = 3


def build_payouts() -> Dialog:
    return Dialog(
        screen(
            states.Payouts.main,
            None,
            Choice("waiting", "btn.payouts.waiting", _see_waiting, when="waiting"),
            Choice("prepare", "btn.payouts.prepare", _prepare(), when="due"),
            Choice("share", "btn.payouts.share", _prepare(share=True), when="share"),
            Choice("all", "btn.payouts.all", _prepare(all_now=True), when="more"),
            Choice("history", "btn.payouts.history", opens=states.Payouts.history),
            getter=_main,
            hears=meant.choose,
            person=False,
        ),
        _run_window(),
        screen(
            states.Payouts.confirm,
            None,
            Choice("approve", "btn.payouts.approve_now", _approve, when="open"),
            getter=_confirm,
            hears=meant.choose,
            person=False,
            back=states.Payouts.run,
        ),
        screen(
            states.Payouts.stop,
            None,
            Choice("cancel", "btn.payouts.cancel_now", _cancel, when="open"),
            getter=_stop,
            hears=meant.choose,
            person=False,
            back=states.Payouts.run,
        ),
        screen(
            states.Payouts.lines,
            None,
            Choice("more", "btn.payouts.more", _more, when="more"),
            getter=_lines,
            hears=meant.choose,
            person=False,
            back=states.Payouts.run,
        ),
        screen(
            states.Payouts.history,
            None,
            Items("runs", "runs", _open_run),
            Choice("older", "btn.payouts.more", _more, when="more"),
            getter=_history,
            hears=meant.choose,
            person=False,
        ),
        account_window(),
    )


def _run_window() -> Window:
    return screen(
        states.Payouts.run,
        None,
        Choice("approve", "btn.payouts.approve", turns_to=states.Payouts.confirm, when="may"),
        Choice("file", "btn.payouts.file", _file, when="file"),
        Choice("lines", "btn.payouts.lines", _see_lines, when="any"),
        Choice("cancel", "btn.payouts.cancel", turns_to=states.Payouts.stop, when="open"),
        getter=_run,
        hears=meant.choose,
        person=False,
    )


async def open_payouts(manager: DialogManager) -> None:
    """What is due, above the desk."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Payouts.main))


# What is due


async def _main(visit: Visit, **_: Any) -> dict[str, Any]:
    actor = visit.session.actor
    found = await payout_look.outlook(visit.house, actor)
    waiting = await payout_look.waiting(visit.house, actor)
    if waiting is not None:
        run = await payout_look.view(visit.house, actor, waiting.id)
        rest = outlook_text(payout_look.besides(found, run), visit.lang, "payouts.none.besides")
        yours = actor.role is Role.SUPERVISOR and waiting.prepared_by != actor.label
        text = f"{waiting_text(run, visit.lang, yours=yours)}\n{rest}"
    else:
        text = outlook_text(found, visit.lang)
    due = bool(found.due or found.refunds)
    return {
        "text": text,
        "waiting": waiting is not None,
        "due": due and waiting is None,
        "share": found.share_ore > 0 and waiting is None,
        "more": bool(waiting_for_their_day(found)) and waiting is None,
    }


def _prepare(*, all_now: bool = False, share: bool = False) -> Any:
    async def act(manager: DialogManager) -> None:
        visit = visit_of(manager)
        view = await payouts.prepare(visit.house, visit.session.actor, all_now=all_now, share=share)
        await manager.start(states.Payouts.run, {"run": view.row.id})

    return act


async def _see_waiting(manager: DialogManager) -> None:
    await manager.start(states.Payouts.run)


# A run


async def _shown(manager: DialogManager) -> RunView | None:
    """The run that was opened; from the queue, the one that waits."""
    visit, data = visit_of(manager), manager.start_data
    run_id = data.get("run") if isinstance(data, dict) else None
    if run_id is None:
        waiting = await payout_look.waiting(visit.house, visit.session.actor)
        run_id = waiting.id if waiting else None
    return await payout_look.view(visit.house, visit.session.actor, int(run_id)) if run_id is not None else None


async def _run(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _shown(dialog_manager)
    if view is None:
        return {"text": visit.text("payouts.gone"), "may": False, "file": False, "any": False, "open": False}
    actor, is_open = visit.session.actor, view.row.state == "prepared"
    own = view.row.prepared_by == actor.label
    may = is_open and actor.role is Role.SUPERVISOR and not own
    lines = [run_text(view, visit.lang)]
    if is_open and not may:
        supervises = actor.role is Role.SUPERVISOR
        lines.append(visit.text("payouts.another" if supervises else "payouts.supervisor"))
    dialog_manager.dialog_data["digest"] = view.row.digest
    return {
        "text": "\n".join(lines),
        "may": may,
        "file": view.row.message_id is not None,
        "any": bool(view.lines or view.carried),
        "open": is_open,
    }


async def _confirm(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What a yes means, in figures."""
    view = await _shown(dialog_manager)
    if view is None or view.row.state != "prepared":
        return {"text": visit.text("payouts.gone"), "open": False}
    values = {"run": view.row.id, "total": words.money(view.row.total_ore, visit.lang)}
    text = words.plural(visit.lang, "payouts.confirm", view.row.number, **values)
    hint = visit.text("payouts.confirm.hint" if view.notes else "payouts.confirm.hint_alone")
    return {"text": f"{text}\n{hint}", "open": True}


async def _approve(manager: DialogManager) -> None:
    visit, view = visit_of(manager), await _shown(manager)
    if view is not None:
        digest = manager.dialog_data.get("digest", "")
        try:
            view = await payouts.approve(visit.house, visit.session.actor, view.row.id, digest)
        except Refusal as refusal:
            going.refuse(manager, refusal)
        else:
            total = words.money(view.row.total_ore, visit.lang)
            say_first(manager, "payouts.approved", run=view.row.id, total=total)
            await _keep(manager, view)
    await manager.switch_to(states.Payouts.run)


async def _stop(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _shown(dialog_manager)
    if view is None or view.row.state != "prepared":
        return {"text": visit.text("payouts.gone"), "open": False}
    return {"text": visit.text("payouts.stop", run=view.row.id), "open": True}


async def _cancel(manager: DialogManager) -> None:
    visit, view = visit_of(manager), await _shown(manager)
    if view is not None:
        try:
            await payouts.cancel(visit.house, visit.session.actor, view.row.id)
        except Refusal as refusal:
            going.refuse(manager, refusal)
        else:
            say_first(manager, "payouts.cancelled", run=view.row.id)
    await open_payouts(manager)


async def _keep(manager: DialogManager, view: RunView) -> None:
    """The run that was opened from the queue is this one from now on."""
    if isinstance(manager.start_data, dict):
        manager.start_data["run"] = view.row.id
    else:
        await going.go(
            manager,
            Place(states.Work.main, {"brief": True}),
            Place(states.Payouts.main),
            Place(states.Payouts.run, {"run": view.row.id}),
        )


async def _file(manager: DialogManager) -> None:
    """The payment file as a document in the chat; that it was fetched is written down."""
    visit, view = visit_of(manager), await _shown(manager)
    if view is not None:
        name, body = await payouts.fetch(visit.house, visit.session.actor, view.row.id)
        await going.send_file(manager, name, body, visit.text("payouts.file", run=view.row.id))


async def _see_lines(manager: DialogManager) -> None:
    manager.dialog_data["page"] = 0
    await manager.switch_to(states.Payouts.lines)


async def _lines(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    view = await _shown(dialog_manager)
    if view is None:
        return {"text": visit.text("payouts.gone"), "more": False}
    first = int(dialog_manager.dialog_data.get("page", 0)) * LINES
    lines = run_lines(view, visit.lang)
    return {
        "text": "\n".join(lines[first : first + LINES]) or visit.text("payouts.no_lines"),
        "more": len(lines) > first + LINES,
    }


async def _more(manager: DialogManager) -> None:
    manager.dialog_data["page"] = int(manager.dialog_data.get("page", 0)) + 1


# What was paid before


async def _history(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    page = int(dialog_manager.dialog_data.get("page", 0))
    rows = await payout_look.history(visit.house, visit.session.actor, RUNS + 1, page * RUNS)
    shown = rows[:RUNS]
    return {
        "text": "\n".join(row_text(row, visit.lang) for row in shown) or visit.text("payouts.history.none"),
        "runs": [{"id": str(row.id), "label": row_label(row, visit.lang)} for row in shown],
        "more": len(rows) > RUNS,
    }


async def _open_run(manager: DialogManager, run_id: str) -> None:
    await manager.start(states.Payouts.run, {"run": int(run_id)})
