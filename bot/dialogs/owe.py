"""What is owed and why, as text, as a slip and as PDF; and what happens next."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import states
from bot.dialogs.going import case_id_of, send_file, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.next import next_text
from bot.dialogs.wording.owe import owe
from bot.middleware import Visit
from core.services import cases, letters


def build_owe() -> Dialog:
    return Dialog(
        screen(
            states.Owe.main,
            None,
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("next", "btn.next", opens=states.Next.main),
            Choice("wrong", "btn.wrong", opens=states.Wrong.main, when="open"),
            Choice("pdf", "btn.pdf", _pdf),
            getter=_owe,
        )
    )


def build_next() -> Dialog:
    return Dialog(
        screen(
            states.Next.main,
            None,
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("time", "btn.time", opens=states.Help.main, when="open"),
            Choice("wrong", "btn.wrong", opens=states.Wrong.main, when="open"),
            getter=_next,
        )
    )


async def _owe(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    slip = owe(case, visit.today, visit.lang)
    is_open = case.closed is None
    return {
        "text": slip.text,
        "card": slip.card,
        "open": is_open,
        "payable": is_open and owed(case, visit.today) > 0,
    }


async def _next(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    is_open = case.closed is None
    return {
        "text": next_text(case, visit.today, visit.lang),
        "open": is_open,
        "payable": is_open and owed(case, visit.today) > 0,
    }


async def _pdf(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case_id = case_id_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    body = await letters.statement_pdf(visit.house, visit.session.actor, case_id, visit.lang)
    name = visit.text("file.name.statement", ocr=case.ocr, date=visit.today.isoformat())
    await send_file(manager, name, body, visit.text("owe.pdf"))
