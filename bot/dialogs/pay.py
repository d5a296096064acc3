"""Paying: the whole or a part, by Swish or bank transfer. A receipt comes by itself when the money has come."""

import io
from dataclasses import asdict, dataclass
from datetime import date, datetime
from math import ceil
from typing import Any, Final, Self
from urllib.parse import urlsplit

import segno
from aiogram.types import BufferedInputFile
from aiogram_dialog import Dialog, DialogManager, ShowMode

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.widgets import BACK_HOME, Choice, copy, link, person_choice, screen
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.pay import check_text
from bot.http import open_app
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.money import TOLERANCE_ORE, parse_kronor
from core.ports import PaymentStatus
from core.rules.se.identifiers import show_bankgiro
from core.services import cases, payments

#: Channels whose pages draw a QR code from the card of a message; elsewhere it is sent as a picture.
DRAWS_CARDS: Final = frozenset({"web"})
QR_SCALE: Final = 8
QR_BORDER: Final = 4


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


@dataclass(frozen=True, slots=True)
class Transfer:
    """A bank transfer that we asked for: of the whole, with the day until which it settles, or of a part."""

    amount_ore: int
    ocr: str
    until: str | None
    qr_text: str | None

    @classmethod
    def of(cls, manager: DialogManager) -> Self:
        return cls(**manager.dialog_data["bank"])


def build_pay() -> Dialog:
    return Dialog(
        screen(
            states.Pay.main,
            None,
            Choice("swish", "btn.swish", _swish_all, when="payable"),
            Choice("bank", "btn.bank", _bank_all, when="payable"),
            Choice("part", "btn.part", turns_to=states.Pay.part, when="payable"),
            Choice("time", "btn.time", opens=states.Help.main, when="payable"),
            getter=_pay,
        ),
        screen(states.Pay.part, "pay.part", hears=_part, back=states.Pay.main),
        screen(
            states.Pay.check,
            None,
            Choice("swish", "btn.swish_amount", _swish_part),
            Choice("bank", "btn.bank", _bank_part),
            Choice("change", "btn.amount", turns_to=states.Pay.part),
            Choice("split", "btn.split_rest", opens=states.Help.main),
            getter=_check,
            hears=_part,
            back=states.Pay.main,
        ),
        *_swish_screens(),
        *_bank_screens(),
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
        screen(states.Pay.swish_qr, None, getter=_swish_qr_card, back=states.Pay.swish),
        screen(states.Pay.unknown, "pay.unknown", back=BACK_HOME),
        screen(
            states.Pay.error,
            "error.payment",
            Choice("retry", "btn.try_again", _swish_again),
            Choice("bank", "btn.bank", _bank_all),
            back=states.Pay.main,
        ),
    ]


def _bank_screens() -> list[Any]:
    return [
        screen(
            states.Pay.bank,
            None,
            copy("btn.copy_ocr", "ocr"),
            Choice("qr", "btn.qr", _bank_qr, when="qr_text"),
            Choice("paid", "btn.paid", opens=states.Paid.tell),
            getter=_bank,
            back=states.Pay.main,
        ),
        screen(states.Pay.bank_qr, None, getter=_bank_qr_card, back=states.Pay.bank),
    ]


async def _pay(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    total = owed(case, visit.today)
    if case.closed or not total:
        return {"text": visit.text("pay.nothing"), "payable": False}
    return {"text": visit.text("pay", total=words.money(total, visit.lang)), "payable": True}


# A part


async def _part(text: str, manager: DialogManager) -> None:
    """How much somebody wants to pay now."""
    visit = visit_of(manager)
    try:
        amount = parse_kronor(text)
    except ValueError:
        say_first(manager, "pay.part.invalid")
        return
    try:
        await payments.part_preview(visit.house, visit.session.actor, case_id_of(manager), amount)
    except Refusal as refusal:
        match refusal.code:
            case "part_too_small":
                say_first(manager, "pay.part.small", amount=words.kronor(TOLERANCE_ORE, visit.lang))
            case "part_too_large":
                say_first(manager, "pay.part.large", total=words.money(refusal.facts["total_ore"], visit.lang))
            case _:
                raise
        return
    manager.dialog_data["part_ore"] = amount
    await manager.switch_to(states.Pay.check)


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    amount: int = dialog_manager.dialog_data["part_ore"]
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    case = await cases.open_case(visit.house, actor, case_id)
    settled = await payments.part_preview(visit.house, actor, case_id, amount)
    return {
        "text": check_text(case, amount, settled, visit.today, visit.lang),
        "amount": words.kronor(amount, visit.lang),
    }


# Swish


async def _swish_all(manager: DialogManager) -> None:
    await start_swish(manager, None)


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
        "text": visit.text("pay.swish", amount=amount, payee=visit.house.agency.name, minutes=minutes),
        "app_link": open_request.app_link,
        "qr_text": open_request.qr_text,
    }


async def _swish_qr(manager: DialogManager) -> None:
    await _show_qr(manager, Swish.of(manager).qr_text)
    await manager.switch_to(states.Pay.swish_qr)


async def _swish_qr_card(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    open_request = Swish.of(dialog_manager)
    amount = words.money(open_request.amount_ore, visit.lang)
    return _qr_screen(visit.text("pay.swish.qr", amount=amount, payee=visit.house.agency.name), open_request.qr_text)


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


# Bank transfer


async def _bank_all(manager: DialogManager) -> None:
    """Promise that today's sum settles, so that a transfer under way is never overtaken by interest or a step."""
    visit = visit_of(manager)
    quote = await payments.bank_quote(visit.house, visit.session.actor, case_id_of(manager))
    _remember(manager, Transfer(quote.amount_ore, quote.ocr, quote.until.isoformat(), quote.qr_text))
    await manager.switch_to(states.Pay.bank)


async def _bank_part(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    _remember(manager, Transfer(manager.dialog_data["part_ore"], case.ocr, None, None))
    await manager.switch_to(states.Pay.bank)


def _remember(manager: DialogManager, transfer: Transfer) -> None:
    manager.dialog_data["bank"] = asdict(transfer)


async def _bank(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    transfer, agency = Transfer.of(dialog_manager), visit.house.agency
    values = {
        "amount": words.money(transfer.amount_ore, visit.lang),
        "bankgiro": show_bankgiro(agency.bankgiro),
        "ocr": transfer.ocr,
        "payee": visit.text("pay.payee", agency=agency.name),
    }
    if transfer.until is None:
        text = visit.text("pay.bank.part", **values)
    else:
        due = words.deadline(date.fromisoformat(transfer.until), visit.today, visit.lang)
        text = visit.text("pay.bank", **values, deadline=due)
    return {"text": text, "ocr": transfer.ocr, "qr_text": transfer.qr_text}


async def _bank_qr(manager: DialogManager) -> None:
    await _show_qr(manager, Transfer.of(manager).qr_text)
    await manager.switch_to(states.Pay.bank_qr)


async def _bank_qr_card(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    transfer = Transfer.of(dialog_manager)
    text = visit.text(
        "pay.bank.qr",
        amount=words.money(transfer.amount_ore, visit.lang),
        bankgiro=show_bankgiro(visit.house.agency.bankgiro),
        ocr=transfer.ocr,
    )
    return _qr_screen(text, transfer.qr_text)


# QR codes


def _qr_screen(text: str, qr_text: str | None) -> dict[str, Any]:
    return {"text": text, "card": {"kind": "qr", "text": qr_text, "label": text}}


async def _show_qr(manager: DialogManager, qr_text: str | None) -> None:
    """Where the channel draws no cards, the code goes ahead as a picture."""
    visit = visit_of(manager)
    if visit.session.channel in DRAWS_CARDS or qr_text is None:
        return
    picture = io.BytesIO()
    segno.make(qr_text, error="m").save(picture, kind="png", scale=QR_SCALE, border=QR_BORDER)
    await visit.bot.send_photo(visit.chat_id, BufferedInputFile(picture.getvalue(), "qr.png"))
    manager.show_mode = ShowMode.SEND
