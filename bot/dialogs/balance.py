"""A creditor's money: what is payable and when, where it goes, and on which days. Only its admin changes that."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, meant, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.payouts import WEEKDAYS, balance_text, schedule_text
from bot.middleware import Visit
from core import payout, words
from core.errors import Refusal
from core.money import parse_kronor
from core.party import Role
from core.rules.se import payee
from core.services import payout_accounts, payout_look


def build_balance() -> Dialog:
    return Dialog(
        screen(
            states.Balance.main,
            None,
            Choice("account", "btn.balance.account", turns_to=states.Balance.account, when="admin"),
            Choice("days", "btn.balance.days", turns_to=states.Balance.days, when="admin"),
            Choice("least", "btn.balance.least", turns_to=states.Balance.least, when="admin"),
            getter=_main,
            hears=meant.choose,
            person=False,
        ),
        screen(states.Balance.account, "creditor.account.ask", hears=_typed, person=False, back=states.Balance.main),
        screen(
            states.Balance.check,
            None,
            Choice("yes", "btn.balance.confirm", _ask),
            getter=_check,
            hears=_typed,
            person=False,
            back=states.Balance.account,
        ),
        screen(
            states.Balance.days,
            "creditor.days.ask",
            *(Choice(name, f"btn.balance.{name}", _schedule(name)) for name in (payout.AT_ONCE, payout.DAILY)),
            Choice("weekly", "btn.balance.weekly", turns_to=states.Balance.weekday),
            Choice("monthly", "btn.balance.monthly", turns_to=states.Balance.monthday),
            hears=meant.choose,
            person=False,
            back=states.Balance.main,
        ),
        screen(
            states.Balance.weekday,
            "creditor.weekday.ask",
            Items("weekdays", "weekdays", _weekday),
            getter=_weekdays,
            hears=_hear_weekday,
            person=False,
            back=states.Balance.days,
        ),
        screen(
            states.Balance.monthday, "creditor.monthday.ask", hears=_monthday, person=False, back=states.Balance.days
        ),
        screen(states.Balance.least, "creditor.least.ask", hears=_least, person=False, back=states.Balance.main),
    )


async def open_balance(manager: DialogManager) -> None:
    """Above the desk of whoever works for a creditor."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Balance.main))


def _own(manager: DialogManager) -> int:
    creditor_id = visit_of(manager).session.actor.creditor_id
    assert creditor_id is not None
    return creditor_id


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor = visit.session.actor
    found = await payout_look.balance(visit.house, actor)
    creditor, _before, _wish = await payout_accounts.waiting(visit.house, actor, _own(dialog_manager))
    lines = [balance_text(found, visit.lang), schedule_text(creditor.terms, visit.lang)]
    return {"text": "\n".join(lines), "admin": actor.role is Role.CREDITOR_ADMIN}


# The account


async def _typed(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        account = await payout_accounts.another(visit.house, visit.session.actor, _own(manager), text)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["account"] = account
    await manager.switch_to(states.Balance.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    account = payee.show(dialog_manager.dialog_data["account"])
    return {"text": visit.text("creditor.account.check", account=account)}


async def _ask(manager: DialogManager) -> None:
    visit = visit_of(manager)
    account = manager.dialog_data["account"]
    # Read once more, as it was shown: a stale button never sends another text than the screen's.
    await payout_accounts.ask(visit.house, visit.session.actor, _own(manager), payee.show(account))
    say_first(manager, "creditor.account.asked", account=payee.show(account))
    await manager.switch_to(states.Balance.main)


# The days


async def _set(manager: DialogManager, **wanted: Any) -> bool:
    visit = visit_of(manager)
    try:
        creditor = await payout_accounts.set_days(visit.house, visit.session.actor, _own(manager), **wanted)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return False
    say_first(manager, "creditor.days.done", days=schedule_text(creditor.terms, visit.lang))
    await manager.switch_to(states.Balance.main)
    return True


def _schedule(name: str) -> Any:
    async def act(manager: DialogManager) -> None:
        await _set(manager, schedule=name)

    return act


async def _weekdays(visit: Visit, **_: Any) -> dict[str, Any]:
    named = ((number, WEEKDAYS[number]) for number in payout.DAYS[payout.WEEKLY])
    days = [(number, words.capital(visit.text(f"payouts.weekday.{name}"))) for number, name in named]
    return {"weekdays": [{"id": str(number), "label": label} for number, label in days]}


async def _weekday(manager: DialogManager, number: str) -> None:
    await _set(manager, schedule=payout.WEEKLY, day=int(number))


async def _hear_weekday(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    for number, day in enumerate((await _weekdays(visit))["weekdays"], 1):
        if text.strip().casefold() in (day["label"].casefold(), str(number)):
            await _weekday(manager, day["id"])
            return
    await meant.choose(text, manager)


async def _monthday(text: str, manager: DialogManager) -> None:
    plain = text.strip().rstrip(".")
    day = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 3 else 0
    await _set(manager, schedule=payout.MONTHLY, day=day)


async def _least(text: str, manager: DialogManager) -> None:
    try:
        least = parse_kronor(text)
    except ValueError:
        say_first(manager, "creditor.least.unsure")
        return
    await _set(manager, least_ore=least)
