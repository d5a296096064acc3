"""Money of no case goes back, and the bank did not tell where to: one of the staff has found out and gives the account.

It is shown again before it is kept, and a colleague approves it. Or the refund is called off.
"""

from typing import Any, Final

from aiogram_dialog import DialogManager

from bot.dialogs import desk, going, meant, states
from bot.dialogs.desk_task import task_of
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.back import said
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.rules.se.identifiers import BadIdentifier
from core.services import refund_accounts, refund_desk, refunds
from core.services.refunds import Account

#: What a number may be, as buttons, where its form does not tell.
KINDS: Final = {"account": "btn.refund.account", "bg": "btn.refund.bg", "pg": "btn.refund.pg"}


def windows() -> tuple[Any, ...]:
    """The screens of the dialog `desk_refund` that follow its first."""
    return (
        screen(
            states.DeskRefund.account,
            None,
            *(Choice(kind, label, _chooser(kind), when="which") for kind, label in KINDS.items()),
            getter=_account,
            hears=_hear,
            person=False,
            back=states.DeskRefund.main,
        ),
        screen(
            states.DeskRefund.check,
            None,
            Choice("keep", "btn.refund.keep", _keep),
            Choice("change", "btn.refund.change", ask),
            getter=_check,
            hears=_hear,
            person=False,
            back=states.DeskRefund.main,
        ),
        screen(
            states.DeskRefund.off,
            None,
            Choice("off", "btn.refund.off", _call_off),
            getter=_off,
            hears=meant.choose,
            person=False,
            back=states.DeskRefund.main,
        ),
    )


async def refund_of(manager: DialogManager) -> int | None:
    """The refund of the task that is open; None once the task is done."""
    task = await task_of(manager)
    return int(task.facts["refund"]) if task is not None and "refund" in task.facts else None


async def ask(manager: DialogManager) -> None:
    manager.dialog_data.pop("written", None)
    await manager.switch_to(states.DeskRefund.account)


async def _account(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    text = visit.text("desk.refund.ask", amount=await _amount(dialog_manager))
    return {"text": text, "which": "written" in dialog_manager.dialog_data}


async def _amount(manager: DialogManager) -> str:
    """The sum of the refund; a colleague may have been quicker."""
    visit, refund_id = visit_of(manager), await refund_of(manager)
    return words.money((await refunds.get(refund_id)).ore, visit.lang) if refund_id is not None else "-"


async def _hear(typed: str, manager: DialogManager) -> None:
    """The number leaves the chat, a mistyped one too, and is sealed into the dialog."""
    house, data = visit_of(manager).house, manager.dialog_data
    await take_away(manager)
    data.pop("written", None)
    try:
        found = refund_accounts.possible(house, typed)
    except Refusal:
        say_first(manager, "desk.refund.ours")
        return
    if len(found) == 1:
        await _show(manager, found[0])
    elif found:
        say_first(manager, "refund.which")
        data["written"] = refund_accounts.sealed(house, Account("", typed))
        await manager.switch_to(states.DeskRefund.account)
    else:
        say_first(manager, "refund.wrong")


def _chooser(kind: str) -> Any:
    async def choose(manager: DialogManager) -> None:
        """The number that was written is taken for this."""
        house, written = visit_of(manager).house, manager.dialog_data.pop("written", None)
        if written is None:
            return
        try:
            typed = refund_accounts.opened(house, written).number
            await _show(manager, refund_accounts.read_account(house, kind, typed))
        except BadIdentifier:
            say_first(manager, "refund.wrong")

    return choose


async def _show(manager: DialogManager, account: Account) -> None:
    manager.dialog_data["account"] = refund_accounts.sealed(visit_of(manager).house, account)
    await manager.switch_to(states.DeskRefund.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    refund_id = await refund_of(dialog_manager)
    if refund_id is None:
        return {"text": visit.text("desk.refund.gone")}
    account = refund_accounts.opened(visit.house, dialog_manager.dialog_data["account"])
    row = await refunds.get(refund_id)
    return {"text": said("desk.refund.check", row.ore, account, visit.lang, whole=True)}


async def _keep(manager: DialogManager) -> None:
    visit, refund_id = visit_of(manager), await refund_of(manager)
    if refund_id is None:
        say_first(manager, "desk.refund.gone")
    else:
        account = refund_accounts.opened(visit.house, manager.dialog_data["account"])
        try:
            await refund_desk.give_account(visit.house, visit.session.actor, refund_id, account)
            say_first(manager, "desk.refund.kept")
        except Refusal as refusal:
            going.refuse(manager, refusal)
    await desk.go_to_queue(manager)


async def _off(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("desk.refund.off", amount=await _amount(dialog_manager))}


async def _call_off(manager: DialogManager) -> None:
    visit, refund_id = visit_of(manager), await refund_of(manager)
    if refund_id is None:
        say_first(manager, "desk.refund.gone")
    else:
        try:
            await refund_desk.call_off(visit.house, visit.session.actor, refund_id)
            say_first(manager, "desk.refund.called_off")
        except Refusal as refusal:
            going.refuse(manager, refusal)
    await desk.go_to_queue(manager)
