"""Money that we owe somebody: which account it shall go to, checked by them, and changed until it has left.

Only after BankID, and never by SMS: there a link leads to our own page.
"""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, proving, states
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.own_page import page
from bot.dialogs.unsaid import take_away
from bot.dialogs.widgets import HOME, Choice, Short, by_sms, screen
from bot.middleware import Visit
from core import brief, words
from core.errors import NotFound
from core.money import Ore
from core.rules.se.identifiers import BadIdentifier
from core.services import refund_accounts
from core.services.refund_accounts import Asked
from core.services.refunds import Account

#: The ways to be paid, as buttons of the first screen.
CHOICES: Final = {"account": "btn.refund.account", "bg": "btn.refund.bg", "pg": "btn.refund.pg"}
#: So many figures at least has the number of an account, a bankgiro or a plusgiro that somebody writes too early.
NUMBER_MIN: Final = 5


def build_refund() -> Dialog:
    return Dialog(
        screen(
            states.Refund.main,
            None,
            *(Choice(kind, label, _chooser(kind), when="open") for kind, label in CHOICES.items()),
            getter=_main,
            hears=_hear_early,
            sms=Short(choices=()),
        ),
        screen(states.Refund.number, None, getter=_number, hears=_hear, back=states.Refund.main),
        screen(
            states.Refund.check,
            None,
            Choice("send", "btn.refund.send", _send),
            Choice("change", "btn.refund.change", turns_to=states.Refund.main),
            getter=_check,
            back=states.Refund.number,
        ),
        screen(states.Refund.done, None, getter=_done, back=HOME),
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case_id = case_id_of(dialog_manager)
    try:
        asked = await refund_accounts.asked(visit.house, visit.session.actor, case_id)
    except NotFound:
        none = visit.text("refund.none")
        return {"text": none, "sms": none, "open": False}
    shown = {"text": _standing(visit, asked), "open": bool(asked.ore) and not asked.sent}
    if not by_sms(dialog_manager):
        return shown
    if not shown["open"]:
        return {**shown, "sms": shown["text"]}
    key = "sms.refund.known" if asked.account else "sms.refund.main"
    link = await page(visit, case_id, "refund.main")
    return {**shown, "sms": visit.text(key, amount=brief.money(asked.ore, visit.lang), link=link)}


def _standing(visit: Visit, asked: Asked) -> str:
    """Where the money is to go, as far as it is said, and what goes back by Swish besides."""
    lines = []
    if asked.ore and asked.account:
        lines.append(_said(visit, "refund.left" if asked.sent else "refund.known", asked.ore, asked.account))
    elif asked.ore:
        lines.append(visit.text("refund.main", amount=words.money(asked.ore, visit.lang)))
    if asked.swish_ore:
        lines.append(visit.text("refund.by_swish", amount=words.money(asked.swish_ore, visit.lang)))
    return "\n".join(lines)


def _said(visit: Visit, key: str, ore: Ore, account: Account) -> str:
    kind = visit.text(f"refund.kind.{'account' if account.kind == 'iban' else account.kind}")
    return visit.text(key, amount=words.money(ore, visit.lang), kind=kind, account=refund_accounts.shown(account))


def _chooser(kind: str) -> Any:
    async def choose(manager: DialogManager) -> None:
        """A letter's code is not enough here: the way to BankID is opened, and on to this screen (design 6)."""
        place = Place(states.Refund.main, {"case": case_id_of(manager)})
        if not await proving.require_bankid(manager, place):
            return
        manager.dialog_data["kind"] = kind
        await manager.switch_to(states.Refund.number)

    return choose


async def _hear_early(typed: str, manager: DialogManager) -> None:
    """A number before its kind is chosen is taken out of the chat and asked for again; other words are understood."""
    if sum(sign.isdigit() for sign in typed) < NUMBER_MIN:
        await free_text.hear(typed, manager)
        return
    await take_away(manager)
    say_first(manager, "refund.first")


async def _number(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    return {"text": visit.text(f"refund.type.{dialog_manager.dialog_data['kind']}")}


async def _hear(typed: str, manager: DialogManager) -> None:
    """The number, sealed into the dialog and out of the chat, a mistyped one too. Without digits it is none."""
    visit = visit_of(manager)
    if not any(sign.isdigit() for sign in typed):
        await free_text.hear(typed, manager)
        return
    await take_away(manager)
    try:
        account = refund_accounts.read_account(manager.dialog_data["kind"], typed)
    except BadIdentifier:
        say_first(manager, "refund.wrong")
        return
    manager.dialog_data["account"] = refund_accounts.sealed(visit.house, account)
    await manager.switch_to(states.Refund.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    account = refund_accounts.opened(visit.house, dialog_manager.dialog_data["account"])
    asked = await refund_accounts.asked(visit.house, visit.session.actor, case_id_of(dialog_manager))
    return {"text": _said(visit, "refund.check", asked.ore, account)}


async def _send(manager: DialogManager) -> None:
    visit = visit_of(manager)
    account = refund_accounts.opened(visit.house, manager.dialog_data["account"])
    await refund_accounts.tell(visit.house, visit.chat_id, case_id_of(manager), account)
    await manager.switch_to(states.Refund.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    asked = await refund_accounts.asked(visit.house, visit.session.actor, case_id_of(dialog_manager))
    assert asked.account is not None
    return {"text": _said(visit, "refund.left" if asked.sent else "refund.done", asked.ore, asked.account)}
