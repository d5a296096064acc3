"""Paying by SMS: the sum, a link to the pay page, and what a bank asks for. No app's scheme goes by SMS."""

from datetime import date

from aiogram_dialog import DialogManager

from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.told_links import pay_link
from bot.dialogs.widgets import by_sms
from bot.dialogs.wording.case import owed
from bot.middleware import Visit
from core import brief, payment
from core.case import Case
from core.money import Ore
from core.rules.se.identifiers import show_bankgiro
from core.services import cases, payments
from core.standing import open_holds


async def opened(_data: object, manager: DialogManager) -> None:
    """The account is told at once by SMS, so today's sum is promised at once, as when somebody asks for it elsewhere.

    What a letter or an earlier answer has promised still needs no promise.
    """
    if not by_sms(manager):
        return
    visit, case_id = visit_of(manager), case_id_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    asked = case.closed is None and not open_holds(case) and owed(case, visit.today) > 0
    if asked and payment.lowest_settling(case, visit.today) is None:
        await payments.bank_quote(visit.house, visit.session.actor, case_id)


async def all_short(visit: Visit, case: Case, amount: Ore) -> str:
    """The whole sum of today."""
    return visit.text("sms.pay", amount=brief.money(amount, visit.lang), **await _where(visit, case))


async def due_short(visit: Visit, case: Case, amount: Ore, due: date | None) -> str:
    """What was agreed: the next payment of a plan, or the sum of a settlement."""
    values = {"amount": brief.money(amount, visit.lang), **await _where(visit, case, amount)}
    if due is None:
        return visit.text("sms.pay", **values)
    return visit.text("sms.pay.due", day=brief.weekday(due, visit.lang), **values)


async def part_short(visit: Visit, case: Case, amount: Ore, left: Ore, *, acknowledges: bool) -> str:
    """A part: where to pay it, what is left then, and what it means."""
    said_amount = visit.text("format.money", amount=brief.kronor(amount, visit.lang))
    values = {"amount": said_amount, "left": brief.money(left, visit.lang)}
    said = visit.text("sms.pay.check", **values, **await _where(visit, case, amount))
    return f"{said} {visit.text('sms.pay.ack')}" if acknowledges else said


async def _where(visit: Visit, case: Case, amount: Ore | None = None) -> dict[str, str]:
    bankgiro = show_bankgiro(visit.house.agency.bankgiro)
    return {"link": await pay_link(visit, case, amount), "bankgiro": bankgiro, "ocr": case.ocr}
