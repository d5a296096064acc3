"""Where money is found: staff see what waits and go there, creditors their balance, notes, files and entries."""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import entries, entries_credit, going, states
from bot.dialogs.desk import open_task
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.money_files import month_before, send_books, send_report
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.desk import queue_line
from bot.dialogs.wording.payouts import balance_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
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
            hears=_unsure,
            person=False,
        ),
        screen(
            states.Money.tasks,
            None,
            Items("task", "tasks", _open),
            Choice("next", "btn.show_more", _next, when="more"),
            getter=_tasks,
            hears=_unsure,
            person=False,
            back=states.Money.main,
        ),
        screen(
            states.Money.more,
            "staff.money.more",
            Choice("report", "btn.money.report", _report),
            Choice("books", "btn.money.books", _books),
            hears=_unsure,
            person=False,
            back=states.Money.main,
        ),
        _which(states.Money.direct, "creditor.money.direct"),
        _which(states.Money.credit, "creditor.money.credit"),
    )


def _which(state: State, key: str) -> Any:
    """Asks for the case that money came for, or that is taken back."""
    return screen(state, key, hears=_hear_case, person=False, back=states.Money.main)


async def open_money(manager: DialogManager) -> None:
    """From the command, above the desk."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Money.main))


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")


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
    if not waits.anything:
        return [visit.text("staff.money.none")]
    lines = [visit.text("staff.money")]
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


async def _hear_case(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    direct = manager.current_context().state == states.Money.direct
    try:
        case = await cases.find(visit.house, visit.session.actor, text.strip())
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    if direct:
        await entries.open_direct(manager, case.id)
    else:
        await entries_credit.open_credit(manager, case.id)
