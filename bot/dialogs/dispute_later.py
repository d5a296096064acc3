"""Coming back to a dispute: how it stands, taking it back, the creditor's answer, and keeping one's view."""

from typing import Any

from aiogram_dialog import DialogManager, Window

from bot.dialogs import free_text, going, proving, states, uploads
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.letters import send_receipt, send_text
from bot.dialogs.refund_kept import look_at, way_there
from bot.dialogs.uploads import Take
from bot.dialogs.widgets import HOME, Choice, Hear, Short, by_sms, screen
from bot.dialogs.wording import sms_dispute
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.dispute import standing_text
from bot.middleware import Visit
from core import brief, dispute, words
from core.case import Case
from core.documents import answered
from core.objections import Objection, disputed, objections
from core.services import cases, disputes, doors, evidence, identity, replies, withdraw_codes


def later_screens(hears: Hear, takes: Take) -> tuple[Window, ...]:
    """What somebody finds who comes back to their dispute. ``hears`` and ``takes`` add to it."""
    return (
        screen(
            states.Dispute.add,
            None,
            Choice("read_answer", "btn.read_answer", turns_to=states.Dispute.answer, when="answered"),
            way_there(),
            Choice("receipt", "btn.receipt", send_kept_receipt, when="receipt"),
            Choice("more", "btn.dispute_more", opens=states.Wrong.main, when="more"),
            Choice("withdraw", "btn.withdraw_dispute", turns_to=states.Dispute.withdraw, when="stops"),
            getter=_standing,
            hears=hears,
            takes=takes,
            sms=Short(
                choices=(
                    Choice("read_answer", "btn.read_answer", turns_to=states.Dispute.answer, when="answered"),
                    Choice("more", "btn.dispute_more", opens=states.Wrong.main, when="more"),
                    Choice("withdraw", "btn.withdraw_dispute", turns_to=states.Dispute.withdraw, when="stops"),
                )
            ),
        ),
        screen(
            states.Dispute.withdraw,
            None,
            Choice("yes", "btn.withdraw_yes", _withdraw, when="stops"),
            getter=_about_to_withdraw,
            hears=_code_or_words,
            sms=Short(choices=()),
        ),
        screen(
            states.Dispute.answer,
            None,
            Choice("read_answer", "btn.read_answer", _read_answer, when="papers"),
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("keep", "btn.keep_view", _keep, when="may_keep"),
            getter=_answer,
            back=HOME,
            sms=Short(
                choices=(
                    Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
                    Choice("keep", "btn.keep_view", _keep, when="may_keep"),
                )
            ),
        ),
    )


# The dispute that a screen is about


def _raised(manager: DialogManager, case: Case) -> Objection | None:
    """The dispute that the screen is about, else the latest that stops something, else the latest."""
    data = manager.start_data
    number = data.get("receipt") if isinstance(data, dict) else None
    found = objections(case)
    if number is not None:
        return next((raised for raised in found if raised.receipt == number), None)
    return next(iter((*disputed(case)[::-1], *found[::-1])), None)


async def of_screen(manager: DialogManager) -> tuple[Case, Objection | None]:
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    return case, _raised(manager, case)


async def send_kept_receipt(manager: DialogManager) -> None:
    """The receipt of the objection, to keep."""
    case, raised = await of_screen(manager)
    if raised is not None:
        await send_receipt(manager, case.id, raised.receipt)


# Coming back to it


async def _standing(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await of_screen(dialog_manager)
    if raised is None:
        nothing = {"text": visit.text("dispute.none"), "sms": visit.text("sms.dispute.none")}
        return {**nothing, "answered": False, "more": False, "stops": False, "kept": False, "receipt": False}
    link = await page_link(dialog_manager, "dispute.add") if raised.open else ""
    choices = {
        "answered": raised.answer is not None and raised.answer != "withdrawn",
        "more": case.closed is None and not any(each.whole for each in disputed(case)),
        "stops": raised.stops and case.closed is None,
        "kept": await look_at(visit, case.id) is not None,
    }
    return {
        "text": standing_text(case, raised, visit.today, visit.lang),
        "sms": sms_dispute.standing_text(case, raised, visit.today, visit.lang, link),
        **choices,
        # Six choices at most, with the person and the way back.
        "receipt": not all(choices.values()),
    }


async def _about_to_withdraw(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await of_screen(dialog_manager)
    stops = raised is not None and raised.stops and case.closed is None
    if not stops:
        return {"text": visit.text("dispute.none"), "sms": visit.text("sms.dispute.none"), "stops": False}
    link = await page_link(dialog_manager, "dispute.withdraw")
    return {"text": visit.text("dispute.withdraw"), "sms": visit.text("sms.dispute.withdraw", link=link), "stops": True}


async def _code_or_words(text: str, manager: DialogManager) -> None:
    """By SMS a code that a letter brought takes the dispute back; everything else is understood as anywhere."""
    visit = visit_of(manager)
    case, raised = await of_screen(manager)
    if not by_sms(manager) or raised is None or not raised.stops or not proving.looks_like_code(text):
        await free_text.hear(text, manager)
        return
    if await withdraw_codes.withdraw(visit.house, visit.chat_id, case.id, raised.receipt, text):
        going.became(manager, await identity.look(visit.house, visit.chat_id))
        say_first(manager, "dispute.withdrawn", receipt=f"{case.ocr}-{raised.receipt}")
        await going.go_home(manager)
    else:
        await proving.try_code(text, manager)


async def page_link(manager: DialogManager, place: str) -> str:
    """By SMS: where on our page this goes on, made once for a screen. Elsewhere nothing."""
    visit = visit_of(manager)
    if not by_sms(manager):
        return ""
    kept: dict[str, str] = manager.dialog_data.setdefault("links", {})
    if place not in kept:
        case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
        kept[place] = f"{visit.house.public_url}/c/{await doors.new_link(visit.house, case, place)}"
    return kept[place]


async def _withdraw(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case, raised = await of_screen(manager)
    if raised is not None and raised.stops:
        await disputes.withdraw(visit.house, visit.session.actor, case.id, raised.receipt)
        # The screen that comes next says until when there is time.
        say_first(manager, "dispute.withdrawn", receipt=f"{case.ocr}-{raised.receipt}")
    await going.go_home(manager)


# The answer


async def _answer(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await of_screen(dialog_manager)
    given = await replies.answer_of(visit.house, visit.session.actor, case.id, raised.receipt) if raised else None
    if raised is None or given is None:
        nothing = {"text": visit.text("dispute.none"), "sms": visit.text("sms.dispute.none")}
        return {**nothing, "papers": False, "payable": False, "may_keep": False}
    about = f"answer:{raised.receipt}"
    if raised.kept:
        stopped = dispute.receipt_facts(case, raised, visit.today)
        amount = words.money(stopped["stopped_ore"], visit.lang)
        text = visit.text("dispute.kept", receipt=stopped["receipt"], amount=amount)
        short = visit.text("sms.dispute.kept", amount=brief.money(stopped["stopped_ore"], visit.lang))
    else:
        text = answered.text(
            case.creditor.short_name, given.facts, given.reason, visit.today, visit.lang, debtor=case.debtor.name
        )
        link = await page_link(dialog_manager, "dispute.answer")
        short = sms_dispute.answer_text(case.creditor.short_name, given.facts, given.reason, visit.lang, link)
    is_open = case.closed is None
    return {
        "text": text,
        "sms": short,
        # The reason stands whole above; there is more to read where documents came with it, or the view is kept.
        "papers": raised.kept or bool(await evidence.of_matter(visit.house, visit.session.actor, case.id, about)),
        "payable": is_open and not raised.kept and owed(case, visit.today) > 0,
        "may_keep": is_open and raised.may_be_kept,
    }


async def _read_answer(manager: DialogManager) -> None:
    """The reason whole, and each document as a download."""
    visit = visit_of(manager)
    case, raised = await of_screen(manager)
    assert raised is not None
    given = await replies.answer_of(visit.house, visit.session.actor, case.id, raised.receipt)
    if given is None:
        return
    reason = given.reason or visit.text("dispute.answer.no_words")
    await send_text(manager, visit.text("dispute.answer.says", creditor=case.creditor.short_name, reason=reason))
    for row in await evidence.of_matter(visit.house, visit.session.actor, case.id, f"answer:{raised.receipt}"):
        await uploads.send_kept(manager, row.id)


async def _keep(manager: DialogManager) -> None:
    """After a no: that part stays stopped. Pressed twice it is one."""
    case, raised = await of_screen(manager)
    if raised is not None:
        visit = visit_of(manager)
        await disputes.keep_view(visit.house, visit.session.actor, case.id, raised.receipt)
