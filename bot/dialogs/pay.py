"""Paying: the whole or a part, by Swish or bank transfer. A receipt comes by itself when the money has come."""

from dataclasses import asdict, dataclass
from datetime import datetime
from math import ceil
from typing import Any, Self
from urllib.parse import urlsplit

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, pay_plan, pay_sms, states, transfer
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.qr import qr_screen, show_qr
from bot.dialogs.widgets import BACK_HOME, Choice, Short, by_sms, link, person_choice, screen
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.pay import check_text, held_ore, holder
from bot.http import open_app
from bot.middleware import Visit
from core import brief, payment, words
from core.case import Case
from core.dunning import barred
from core.errors import Refusal
from core.money import TOLERANCE_ORE, Ore, parse_kronor
from core.payment import Settling
from core.ports import PaymentStatus
from core.services import cases, payments


@dataclass(frozen=True, slots=True)
class Swish:
    """The open request, as the dialog remembers it. Instants are ISO text, since dialogs are stored as JSON."""

    instruction_id: str
    amount_ore: int
    expires: str
    app_link: str | None
    qr_text: str | None

    @classmethod
    def of(cls, manager: DialogManager) -> Self:
        return cls(**manager.dialog_data["swish"])


def build_pay() -> Dialog:
    return Dialog(
        screen(
            states.Pay.main,
            None,
            Choice("swish", "btn.swish", _swish_all, when="payable"),
            Choice("bank", "btn.bank", transfer.pay_all, when="payable"),
            Choice("part", "btn.part", _choose_part, when="payable"),
            Choice("time", "btn.time", opens=states.Help.main, when="payable"),
            Choice("next", "btn.swish_amount", _swish_next, when="planned"),
            Choice("next_bank", "btn.bank", _bank_next, when="planned"),
            Choice("other", "btn.other_amount", _choose_part, when="rest"),
            Choice("all", "btn.pay_rest", pay_plan.pay_rest, when="rest"),
            getter=_pay,
            sms=Short(
                choices=(
                    Choice("part", "btn.part", _choose_part, when="payable"),
                    Choice("other", "btn.part", _choose_part, when="rest"),
                )
            ),
        ),
        screen(
            states.Pay.part,
            None,
            Choice("settle", "btn.pay_amount", _settle, when="settling"),
            Choice("all", "btn.pay_all", turns_to=states.Pay.main, when="too_much"),
            getter=_part_screen,
            hears=_part,
            back=states.Pay.main,
            sms=Short(
                "sms.pay.part",
                (
                    Choice("settle", "sms.btn.pay_settles", _settle, when="settling"),
                    Choice("all", "btn.pay_all", turns_to=states.Pay.main, when="too_much"),
                ),
            ),
        ),
        screen(
            states.Pay.check,
            None,
            Choice("swish", "btn.swish_amount", _swish_part),
            Choice("bank", "btn.bank", transfer.pay_part),
            Choice("change", "btn.amount", _choose_part),
            Choice("split", "btn.split_rest", opens=states.Plan.offers, when="rest"),
            getter=_check,
            hears=_part,
            back=states.Pay.main,
            sms=Short(choices=(Choice("change", "btn.amount", _choose_part),)),
        ),
        *_swish_screens(),
        *transfer.bank_screens(),
        on_start=pay_sms.opened,
    )


def _swish_screens() -> list[Any]:
    return [
        screen(
            states.Pay.swish,
            None,
            link("btn.swish_open", "app_link"),
            Choice("qr", "btn.qr", _swish_qr, when="qr_text"),
            person_choice(),
            Choice("cancel", "btn.cancel_payment", _cancel),
            getter=_swish,
            person=False,
            back=None,
        ),
        screen(
            states.Pay.swish_qr,
            None,
            link("btn.swish_open", "app_link"),
            person_choice(),
            Choice("cancel", "btn.cancel_payment", _cancel),
            getter=_swish_qr_card,
            person=False,
            back=states.Pay.swish,
        ),
        screen(states.Pay.unknown, "pay.unknown", back=BACK_HOME),
        screen(
            states.Pay.error,
            None,
            Choice("retry", "btn.try_again", _swish_again),
            Choice("bank", "btn.bank", transfer.pay_again),
            getter=_error,
            back=states.Pay.main,
        ),
    ]


async def _pay(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    total = owed(case, visit.today)
    if barred(case, visit.today):
        too_old = {"text": visit.text("case.barred"), "sms": visit.text("sms.barred")}
        return {**too_old, "payable": False, "planned": False, "rest": False}
    if case.closed or not total:
        nothing = {"text": visit.text("pay.nothing"), "sms": visit.text("sms.pay.nothing")}
        return {**nothing, "payable": False, "planned": False, "rest": False}
    if running := await pay_plan.found(visit, dialog_manager):
        return {**pay_plan.main_screen(running, visit), "sms": await _agreed_short(visit, dialog_manager)}
    if settlement := pay_plan.settlement_of(case, visit.today):
        return {**pay_plan.settlement_screen(settlement, visit), "sms": await _agreed_short(visit, dialog_manager)}
    lines = [visit.text("pay", total=words.money(total, visit.lang))]
    if lowest := payment.lowest_settling(case, visit.today):
        lines.append(_enough(visit, lowest))
    held = held_ore(case, visit.today)
    lines += [visit.text("pay.held", amount=words.money(held, visit.lang))] if held else []
    sms = await pay_sms.all_short(visit, case, total) if by_sms(dialog_manager) else None
    if sms is not None and held:
        sms = f"{visit.text('sms.pay.held', amount=brief.money(held, visit.lang))} {sms}"
    return {"text": "\n".join(lines), "sms": sms, "payable": True, "planned": False, "rest": False}


async def _agreed_short(visit: Visit, manager: DialogManager) -> str | None:
    """The next payment of a plan, or the sum of a settlement, by SMS."""
    if not by_sms(manager):
        return None
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if running := await pay_plan.found(visit, manager):
        return await pay_sms.due_short(visit, running.lead, running.status.next_ore, running.status.next_due)
    settlement = pay_plan.settlement_of(case, visit.today)
    assert settlement is not None
    return await pay_sms.due_short(visit, case, settlement.left, settlement.pay_by)


def _enough(visit: Visit, lowest: Settling) -> str:
    due = words.deadline(lowest.until, visit.today, visit.lang)
    return visit.text("pay.enough", amount=words.money(lowest.amount, visit.lang), deadline=due)


# A part


async def _choose_part(manager: DialogManager) -> None:
    manager.dialog_data["too_much"] = False
    await manager.switch_to(states.Pay.part)


async def _part_screen(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """A sum that is promised to settle is a choice of its own (design 4: the lowest sum that settles today)."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    lowest = payment.lowest_settling(case, visit.today)
    lines = [visit.text("pay.part"), *([_enough(visit, lowest)] if lowest else [])]
    return {
        "text": "\n".join(lines),
        "settling": lowest is not None,
        "amount": _on_button(lowest.amount, dialog_manager) if lowest else "",
        "too_much": bool(dialog_manager.dialog_data.get("too_much")),
    }


def _on_button(amount: Ore, manager: DialogManager) -> str:
    lang = visit_of(manager).lang
    return brief.money(amount, lang) if by_sms(manager) else words.kronor(amount, lang)


async def _settle(manager: DialogManager) -> None:
    """The promised sum; if the promise ran out while the screen stood open, the screen is drawn anew."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if lowest := payment.lowest_settling(case, visit.today):
        manager.dialog_data["part_ore"] = lowest.amount
        await manager.switch_to(states.Pay.check)


async def _part(text: str, manager: DialogManager) -> None:
    """How much somebody wants to pay now."""
    visit = visit_of(manager)
    try:
        amount = parse_kronor(text)
    except ValueError:
        say_first(manager, "pay.part.invalid")
        return
    try:
        await payments.check_part(visit.house, visit.session.actor, case_id_of(manager), amount)
    except Refusal as refusal:
        match refusal.code:
            case "part_too_small":
                say_first(manager, "pay.part.small", amount=words.kronor(TOLERANCE_ORE, visit.lang))
            case "part_too_large":
                await _not_a_part(manager, amount, refusal.facts["total_ore"])
            case _:
                raise
        return
    manager.dialog_data["part_ore"] = amount
    await manager.switch_to(states.Pay.check)


async def _not_a_part(manager: DialogManager, amount: Ore, total: Ore) -> None:
    """The whole sum goes on as the whole; more than it is not asked for."""
    if amount == total:
        await manager.switch_to(states.Pay.main)
        return
    manager.dialog_data["too_much"] = True
    say_first(manager, "pay.part.large", total=words.money(total, visit_of(manager).lang))


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    amount: int = dialog_manager.dialog_data["part_ore"]
    if running := await pay_plan.found(visit, dialog_manager):
        left = running.status.left - amount
        sms = await _part_short(dialog_manager, running.lead, amount, left, acknowledges=False)
        return {**pay_plan.check_screen(running, amount, visit), "sms": sms}
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    case = await cases.open_case(visit.house, actor, case_id)
    settled = await payments.part_preview(visit.house, actor, case_id, amount)
    lowest = payment.lowest_settling(case, visit.today)
    enough = lowest is not None and lowest.amount == amount
    said = check_text(case, amount, settled, visit.today, visit.lang)
    text = _enough(visit, lowest) if lowest and enough else said
    sms = await _part_short(dialog_manager, case, amount, 0 if enough else settled.left, acknowledges=not enough)
    return {"text": text, "sms": sms, "amount": words.kronor(amount, visit.lang), "rest": settled.left > 0}


async def _part_short(manager: DialogManager, case: Case, amount: Ore, left: Ore, *, acknowledges: bool) -> str | None:
    if not by_sms(manager):
        return None
    return await pay_sms.part_short(visit_of(manager), case, amount, left, acknowledges=acknowledges)


# Swish


async def _swish_all(manager: DialogManager) -> None:
    await start_swish(manager, None)


async def _swish_next(manager: DialogManager) -> None:
    await pay_plan.take_next(manager)
    await _swish_part(manager)


async def _bank_next(manager: DialogManager) -> None:
    await pay_plan.take_next(manager)
    await transfer.pay_part(manager)


async def _swish_part(manager: DialogManager) -> None:
    await start_swish(manager, manager.dialog_data["part_ore"])


async def _swish_again(manager: DialogManager) -> None:
    await start_swish(manager, manager.dialog_data["asked_ore"])


async def start_swish(manager: DialogManager, amount: int | None) -> None:
    """Ask for the payment; while an earlier one has no known end, no second is made."""
    visit = visit_of(manager)
    manager.dialog_data["asked_ore"] = amount
    try:
        started = await payments.start_swish(
            visit.house, visit.session.actor, case_id_of(manager), amount, visit.chat_id
        )
    except Refusal as refusal:
        match refusal.code:
            case "provider_down":
                manager.dialog_data["refused"] = bool(refusal.facts.get("refused"))
                await manager.switch_to(states.Pay.error)
            case "payment_unknown":
                await manager.switch_to(states.Pay.unknown)
            case "paid_meanwhile":
                await going.go_home(manager)
            case _:
                raise
        return
    manager.dialog_data["swish"] = asdict(
        Swish(
            started.instruction_id,
            started.amount_ore,
            started.expires.isoformat(),
            _pressable(visit, started.app_link),
            started.qr_text,
        )
    )
    await manager.switch_to(states.Pay.swish)


async def _error(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Swish did not answer, or answered no."""
    refused = dialog_manager.dialog_data.get("refused")
    return {"text": visit.text("error.payment.refused" if refused else "error.payment")}


def _pressable(visit: Visit, app_link: str | None) -> str | None:
    """Messengers take only web addresses on buttons, so an app's own scheme goes by a page of ours."""
    if app_link is None or app_link.startswith(("https://", "http://")):
        return app_link
    return f"{visit.house.public_url}{open_app.PATH}?{urlsplit(app_link).query}"


async def _swish(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    open_request = Swish.of(dialog_manager)
    left = datetime.fromisoformat(open_request.expires) - visit.house.clock.machine_now()
    minutes = words.number(max(1, ceil(left.total_seconds() / 60)), visit.lang)
    amount = words.money(open_request.amount_ore, visit.lang)
    return {
        "text": visit.text("pay.swish", amount=amount, payee=holder(visit.house.agency), minutes=minutes),
        "app_link": open_request.app_link,
        "qr_text": open_request.qr_text,
    }


async def _swish_qr(manager: DialogManager) -> None:
    await show_qr(manager, Swish.of(manager).qr_text)
    await manager.switch_to(states.Pay.swish_qr)


async def _swish_qr_card(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    open_request = Swish.of(dialog_manager)
    amount = words.money(open_request.amount_ore, visit.lang)
    text = visit.text("pay.swish.qr", amount=amount, payee=holder(visit.house.agency))
    return {**qr_screen(text, open_request.qr_text), "app_link": open_request.app_link}


async def _cancel(manager: DialogManager) -> None:
    """Take the request back. A payment that came meanwhile counts, and its receipt is on its way."""
    visit = visit_of(manager)
    state = await payments.cancel_swish(visit.house, visit.session.actor, Swish.of(manager).instruction_id)
    match state.status:
        case PaymentStatus.PAID:
            await going.go_home(manager)
        case PaymentStatus.UNKNOWN | PaymentStatus.CREATED:
            await manager.switch_to(states.Pay.unknown)
        case PaymentStatus.CANCELLED:
            say_first(manager, "pay.swish.cancelled")
            await manager.switch_to(states.Pay.main)
        case _:
            say_first(manager, "pay.swish.declined")
            await manager.switch_to(states.Pay.main)
