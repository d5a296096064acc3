"""Where money is found: staff see what waits and go there, creditors their balance, notes, files and entries."""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import entries, entries_credit, going, meant, states
from bot.dialogs.desk import open_task
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.money_files import month_before, send_books, send_report
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording.desk import queue_line
from bot.dialogs.wording.payouts import balance_text
from bot.dialogs.wording.work import row_text
from bot.middleware import Visit
from core import words
from core.party import STAFF
from core.services import cases, money, payout_look
from core.services.money import Waiting


def build_money() -> Dialog:
    return Dialog(
        screen(
            states.Money.main,
            None,
            Choice("unmatched", "btn.money.unmatched", opens=states.Matching.main, when="unmatched"),
            Choice("payouts", "btn.money.payouts", opens=states.Payouts.main, when="staff"),
            *(Choice(name, f"btn.money.{name}", _see(name), when=name) for name in (money.REFUNDS, money.KEPT)),
            Choice(money.WRONG, "btn.money.wrong", _see(money.WRONG), when=money.WRONG),
            Choice("more", "btn.money.more", turns_to=states.Money.more, when="staff"),
            Choice("balance", "btn.money.balance", opens=states.Balance.main, when="creditor"),
            Choice("notes", "btn.money.notes", _notes, when="creditor"),
            Choice("direct", "btn.money.direct", turns_to=states.Money.direct, when="creditor"),
            Choice("credit", "btn.money.credit", turns_to=states.Money.credit, when="creditor"),
            Choice("report", "btn.money.report", _report, when="creditor"),
            Choice("books", "btn.money.books", _books, when="creditor"),
            getter=_main,
            hears=meant.choose,
            person=False,
        ),
        screen(
            states.Money.tasks,
            None,
            Items("task", "tasks", _open),
            Choice("next", "btn.show_more", _next, when="more"),
            getter=_tasks,
            hears=meant.choose,
            person=False,
            back=states.Money.main,
        ),
        screen(
            states.Money.more,
            "staff.money.more",
            Choice("report", "btn.money.report", _report),
            Choice("books", "btn.money.books", _books),
            hears=meant.choose,
            person=False,
            back=states.Money.main,
        ),
        _which(states.Money.direct, "creditor.money.direct"),
        _which(states.Money.credit, "creditor.money.credit"),
    )


def _which(state: State, key: str) -> Any:
    """Asks for the case that money came for, or that is taken back."""

    async def asking(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
        found = dialog_manager.dialog_data.get("found", _begun(dialog_manager).get("found", ()))
        rows = await cases.of_ids(visit.house, visit.session.actor, tuple(found))
        lines = [row_text(row, visit.session.actor.role, visit.lang) for row in rows]
        return {
            "text": "\n".join([*lines, visit.text(key)]),
            "cases": [{"id": str(row.id), "label": shortened(f"{row.ocr} {row.debtor_name}")} for row in rows],
        }

    listed = Items("found", "cases", _take_case)
    return screen(state, None, listed, getter=asking, hears=_hear_case, person=False, back=states.Money.main)


async def open_money(manager: DialogManager) -> None:
    """From the command, above the desk."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Money.main))


# What there is


async def _main(visit: Visit, **_: Any) -> dict[str, Any]:
    actor = visit.session.actor
    if actor.role not in STAFF:
        found = await payout_look.balance(visit.house, actor)
        nothing = dict.fromkeys(("unmatched", money.REFUNDS, money.KEPT, money.WRONG), 0)
        return {"text": balance_text(found, visit.lang), "staff": False, "creditor": True, **nothing}
    waits = await money.waiting(visit.house, actor)
    counts = {"unmatched": waits.unmatched, "refunds": waits.refunds, "kept": waits.kept, "wrong": waits.wrong}
    return {"text": "\n".join(_lines(waits, visit)), "staff": True, "creditor": False, **counts}


def _lines(waits: Waiting, visit: Visit) -> list[str]:
    missing = words.money(waits.short_ore, visit.lang)
    short = [visit.text("payouts.missing", missing=missing)] if waits.short_ore else []
    if not waits.anything:
        return short or [visit.text("staff.money.none")]
    lines = [*short, visit.text("staff.money")]
    if waits.unmatched:
        amount = words.money(waits.unmatched_ore, visit.lang)
        lines.append(visit.text("staff.money.unmatched", number=waits.unmatched, amount=amount))
    lines += [visit.text("staff.money.run")] if waits.run else []
    lines += [visit.text("staff.money.due")] if waits.due and not waits.run else []
    for name, number in (("refunds", waits.refunds), ("kept", waits.kept), ("wrong", waits.wrong)):
        lines += [visit.text(f"staff.money.{name}", number=number)] if number else []
    return lines


async def _notes(manager: DialogManager) -> None:
    await manager.start(states.Notes.main, {"creditor": visit_of(manager).session.actor.creditor_id})


# Tasks about money


def _see(name: str) -> Any:
    async def act(manager: DialogManager) -> None:
        manager.dialog_data.update(tasks=name, page=0)
        await manager.switch_to(states.Money.tasks)

    return act


async def _tasks(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, data = visit.session.actor, dialog_manager.dialog_data
    page = await money.page(visit.house, actor, data["tasks"], int(data["page"]))
    lines = [queue_line(task, actor, visit.today, visit.lang) for task in page.tasks]
    buttons = [{"id": str(task.id), "label": visit.text("btn.open_task", place=task.id)} for task in page.tasks]
    return {"text": "\n".join(lines) or visit.text("staff.money.none"), "tasks": buttons, "more": page.more}


async def _next(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    manager.dialog_data["page"] = int(manager.dialog_data["page"]) + 1


async def _open(manager: DialogManager, task_id: str) -> None:
    await open_task(manager, int(task_id))


# Files


async def _report(manager: DialogManager) -> None:
    manager.show_mode = ShowMode.SEND
    await send_report(visit_of(manager))


async def _books(manager: DialogManager) -> None:
    visit = visit_of(manager)
    manager.show_mode = ShowMode.SEND
    await send_books(visit, month_before(visit.today))


# What a creditor tells of


def _begun(manager: DialogManager) -> dict[str, Any]:
    return manager.start_data if isinstance(manager.start_data, dict) else {}


async def _hear_case(text: str, manager: DialogManager) -> None:
    rows = await meant.search(text, manager)
    if len(rows) == 1:
        await _take_case(manager, str(rows[0].id))
        return
    if not rows:
        say_first(manager, "entries.case.none")
    manager.dialog_data["found"] = [row.id for row in rows]


async def _take_case(manager: DialogManager, case_id: str) -> None:
    if manager.current_context().state == states.Money.direct:
        await entries.open_direct(manager, int(case_id), _begun(manager).get("said", ""))
    else:
        await entries_credit.open_credit(manager, int(case_id), _begun(manager).get("said", ""))
