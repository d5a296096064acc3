"""Paying by bank transfer: the whole by a quote, or a part; what to copy into the bank, and a code to scan."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from aiogram_dialog import DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.qr import qr_screen, show_qr
from bot.dialogs.widgets import Choice, copy, screen
from bot.dialogs.wording.pay import payee
from bot.middleware import Visit
from core import words
from core.agency import Agency
from core.rules.se.identifiers import show_bankgiro
from core.services import payments


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


def bank_screens() -> list[Any]:
    return [
        screen(
            states.Pay.bank,
            None,
            copy("btn.copy_amount", "amount"),
            copy("btn.copy_ocr", "ocr"),
            Choice("qr", "btn.qr", _bank_qr, when="qr_text"),
            Choice("paid", "btn.paid", opens=states.Paid.tell),
            getter=_bank,
            back=states.Pay.main,
        ),
        screen(
            states.Pay.bank_qr,
            None,
            copy("btn.copy_amount", "amount"),
            copy("btn.copy_bankgiro", "bankgiro"),
            copy("btn.copy_ocr", "ocr"),
            getter=_bank_qr_card,
            back=states.Pay.bank,
        ),
    ]


async def pay_all(manager: DialogManager) -> None:
    """Promise that today's sum settles, so that a transfer under way is never overtaken by interest or a step."""
    visit = visit_of(manager)
    quote = await payments.bank_quote(visit.house, visit.session.actor, case_id_of(manager))
    _remember(manager, Transfer(quote.amount_ore, quote.ocr, quote.until.isoformat(), quote.qr_text))
    await manager.switch_to(states.Pay.bank)


async def pay_part(manager: DialogManager) -> None:
    visit = visit_of(manager)
    amount = manager.dialog_data["part_ore"]
    part = await payments.part_transfer(visit.house, visit.session.actor, case_id_of(manager), amount)
    until = part.until.isoformat() if part.until else None
    _remember(manager, Transfer(amount, part.ocr, until, part.qr_text))
    await manager.switch_to(states.Pay.bank)


async def pay_again(manager: DialogManager) -> None:
    """What Swish did not take, by bank transfer: the same sum."""
    await (pay_all(manager) if manager.dialog_data["asked_ore"] is None else pay_part(manager))


def _remember(manager: DialogManager, transfer: Transfer) -> None:
    manager.dialog_data["bank"] = asdict(transfer)


async def _bank(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    transfer, agency = Transfer.of(dialog_manager), visit.house.agency
    values = {
        "amount": words.money(transfer.amount_ore, visit.lang),
        "bankgiro": show_bankgiro(agency.bankgiro),
        "ocr": transfer.ocr,
        "payee": payee(agency, visit.lang),
    }
    if transfer.until is None:
        text = visit.text("pay.bank.part", **values)
    else:
        due = words.deadline(date.fromisoformat(transfer.until), visit.today, visit.lang)
        text = visit.text("pay.bank", **values, deadline=due)
    return {"text": text, **_copied(transfer, agency), "qr_text": transfer.qr_text}


def _copied(transfer: Transfer, agency: Agency) -> dict[str, str]:
    """What goes into the fields of a bank, as banks take it: no spaces, no unit."""
    kronor, ore = divmod(transfer.amount_ore, 100)
    return {"amount": f"{kronor},{ore:02d}", "bankgiro": show_bankgiro(agency.bankgiro), "ocr": transfer.ocr}


async def _bank_qr(manager: DialogManager) -> None:
    await show_qr(manager, Transfer.of(manager).qr_text)
    await manager.switch_to(states.Pay.bank_qr)


async def _bank_qr_card(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    transfer = Transfer.of(dialog_manager)
    text = visit.text(
        "pay.bank.qr",
        amount=words.money(transfer.amount_ore, visit.lang),
        bankgiro=show_bankgiro(visit.house.agency.bankgiro),
        ocr=transfer.ocr,
    )
    return {**qr_screen(text, transfer.qr_text), **_copied(transfer, visit.house.agency)}
