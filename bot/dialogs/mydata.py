"""What we know of a person: all of it at once as PDF and as data, who may act for them, and what may be erased.

By SMS no file goes and nobody is let in: a link leads to this screen on our page. What erases or ends something has a
number of its own there.
"""

from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import address, by_post, leaving, states
from bot.dialogs.going import Place, about_case, say_first, send_file, visit_of
from bot.dialogs.own_page import page
from bot.dialogs.proving import require_bankid
from bot.dialogs.representatives import end_items, end_one
from bot.dialogs.widgets import HOME, Choice, Items, Short, by_sms, screen
from bot.dialogs.wording.erasure import erased_text, plan_text
from bot.middleware import Visit
from bot.refusals import say
from core.errors import Refusal
from core.services import erasure, mydata
from core.store.sessions import BANKID


def build_mydata() -> Dialog:
    return Dialog(
        screen(
            states.MyData.main,
            None,
            Choice("get", "btn.mydata.get", _get, when="own"),
            Choice("representatives", "btn.representatives", _representatives, when="own"),
            Choice("erase", "btn.mydata.erase", _ask_to_erase, when="own"),
            Choice("log_out", "btn.log_out", leaving.log_out),
            getter=_main,
            sms=Short(
                choices=(
                    Choice("post", "sms.btn.mydata.post", by_post.ask_for_data, when="own"),
                    Choice("form", "sms.btn.representative.form", by_post.ask_for_form, when="own"),
                    Choice("address", "sms.btn.address.ask", address.ask_for_it, when="own"),
                    Choice("log_out", "btn.log_out", leaving.log_out),
                    Choice("erase_now", "btn.mydata.erase_now", _erase, when="erasable", counts=True),
                    Choice("erase_ask", "sms.btn.erase.ask", by_post.ask_to_erase, when="unproved", counts=True),
                    Items("which", "running", end_one),
                )
            ),
        ),
        screen(
            states.MyData.erase,
            None,
            Choice("erase_now", "btn.mydata.erase_now", _erase, when="some"),
            getter=_plan,
            back=states.MyData.main,
        ),
        screen(states.MyData.erased, None, getter=_erased, back=HOME, sms=Short()),
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """What somebody may not do for another is not offered to them."""
    own = visit.session.represents is None
    text = visit.text("mydata" if own else "mydata.other", url=visit.house.agency.privacy_url)
    shown = {"text": text, "own": own, "erasable": False, "unproved": False, "running": []}
    if not by_sms(dialog_manager):
        return shown
    if not own:
        return {**shown, "sms": visit.text("sms.mydata.other", url=visit.house.agency.privacy_url)}
    return {**shown, **await _by_sms(visit, about_case(dialog_manager))}


async def _by_sms(visit: Visit, case_id: int | None) -> dict[str, Any]:
    """The way to our page; what may be erased or ended here and now, for whom BankID has shown who they are."""
    lines = [visit.text("sms.mydata", link=await page(visit, case_id, "mydata.main"))]
    if visit.session.proof != BANKID:
        return {"sms": " ".join(lines), "unproved": True}
    plan = await erasure.plan(visit.house, visit.chat_id)
    lines.append(visit.text("sms.mydata.erase" if plan.goes else "erase.nothing"))
    return {"sms": " ".join(lines), "erasable": bool(plan.goes), "running": await end_items(visit)}


async def _proved(manager: DialogManager, state: State) -> bool:
    """Whether the person has shown themselves with BankID; else the way there is open, and on to this screen."""
    data = manager.start_data
    return await require_bankid(manager, Place(state, data if isinstance(data, dict) else None))


async def _get(manager: DialogManager) -> None:
    """Both files at once, then the screen again below them."""
    if not await _proved(manager, states.MyData.main):
        return
    visit = visit_of(manager)
    exported = await mydata.export(visit.house, visit.chat_id, visit.lang)
    day = visit.today.isoformat()
    await send_file(manager, visit.text("file.name.mydata.pdf", day=day), exported.pdf)
    await send_file(manager, visit.text("file.name.mydata.json", day=day), exported.json)
    say_first(manager, "mydata.sent")


async def _representatives(manager: DialogManager) -> None:
    if await _proved(manager, states.Representatives.main):
        await manager.start(states.Representatives.main, manager.start_data)


async def _ask_to_erase(manager: DialogManager) -> None:
    if await _proved(manager, states.MyData.erase):
        await manager.switch_to(states.MyData.erase)


async def _plan(visit: Visit, **_: Any) -> dict[str, Any]:
    try:
        plan = await erasure.plan(visit.house, visit.chat_id)
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "some": False}
    return {"text": plan_text(plan, visit.lang), "some": bool(plan.goes)}


async def _erase(manager: DialogManager) -> None:
    """What may go is gone with this, the chat above this screen too."""
    visit = visit_of(manager)
    done = await erasure.erase(visit.house, visit.chat_id)
    manager.dialog_data["receipt"] = done.number
    await manager.switch_to(states.MyData.erased)


async def _erased(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    plan = await erasure.plan(visit.house, visit.chat_id)
    receipt = dialog_manager.dialog_data["receipt"]
    text, short = erased_text(plan, receipt, visit.today, visit.lang), visit.text("sms.erased", receipt=receipt)
    return {"text": text, "sms": short}
