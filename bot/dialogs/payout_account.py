"""A supervisor looks at the account that a creditor asked for, before any money goes there."""

from collections.abc import Mapping
from typing import Any

from aiogram_dialog import DialogManager, Window

from bot.dialogs import going, meant, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.payouts import code_text
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.party import Role
from core.rules.se import payee
from core.services import desk, payout_accounts


def account_window() -> Window:
    return screen(
        states.Payouts.account,
        None,
        Choice("yes", "btn.payouts.account_yes", _answer(yes=True), when="may"),
        Choice("no", "btn.payouts.account_no", _answer(yes=False), when="may"),
        getter=_account,
        hears=meant.choose,
        person=False,
    )


async def _wanted(manager: DialogManager) -> Mapping[str, Any] | None:
    """The facts of the task that was opened, with its creditor and wish; None when it is done."""
    visit, data = visit_of(manager), manager.start_data
    assert isinstance(data, dict)
    try:
        task = await desk.item(visit.house, visit.session.actor, int(data["task"]))
    except Refusal:
        return None
    return task.facts


async def _account(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    wanted = await _wanted(dialog_manager)
    if wanted is None:
        return {"text": visit.text("payouts.account.gone"), "may": False}
    actor = visit.session.actor
    creditor, before, wish = await payout_accounts.waiting(visit.house, actor, wanted["creditor"])
    if wish is None or wish.id != wanted["wish"]:
        return {"text": visit.text("payouts.account.gone"), "may": False}
    values = {"creditor": creditor.name, "account": payee.show(wish.account)}
    doubted = wish.account == before
    if doubted:
        values["amount"] = words.money(wanted["amount_ore"], visit.lang)
        values["why"] = code_text(wanted["code"], visit.lang)
    lines = [visit.text("payouts.account.refused" if doubted else "payouts.account", **values)]
    if before and not doubted:
        lines.append(visit.text("payouts.account.before", account=payee.show(before)))
    may = actor.role is Role.SUPERVISOR and wish.asked_by != actor.label
    lines.append(visit.text("payouts.account.check" if may else "payouts.account.another"))
    return {"text": "\n".join(lines), "may": may}


def _answer(*, yes: bool) -> Any:
    async def act(manager: DialogManager) -> None:
        visit, wanted = visit_of(manager), await _wanted(manager)
        if wanted is not None:
            actor, creditor_id = visit.session.actor, wanted["creditor"]
            try:
                await payout_accounts.answer(visit.house, actor, wanted["wish"], creditor_id, yes=yes)
            except Refusal as refusal:
                going.refuse(manager, refusal)
            else:
                say_first(manager, "payouts.account.yes" if yes else "payouts.account.no")
        await going.go_home(manager)

    return act
