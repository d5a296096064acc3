"""A dispute, from the chosen ground to the answer: all or a part, words and pictures in any order, nothing to prove.

From `Dispute.scope` the case rests. Who leaves half-way has it filed as it stands after 24 hours; who goes back before
anything was said has it undone. Pictures and words are taken before it is sent and after.
"""

from datetime import datetime
from typing import Any, Final

from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, Window

from bot.dialogs import going, states, uploads
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.letters import send_receipt, send_text
from bot.dialogs.no_ground import helps, no_ground_screens
from bot.dialogs.objecting import show_standing
from bot.dialogs.uploads import Upload
from bot.dialogs.widgets import HOME, Choice, Items, person_choice, screen
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.claims import claim_name
from bot.dialogs.wording.dispute import dispute_slip, standing_text
from bot.middleware import Visit
from core import amounts_said, dispute, words
from core.case import Case
from core.documents import answered
from core.errors import Refusal
from core.evidence import Kind
from core.objections import Objection, disputed, objections, wholly_disputed
from core.services import cases, disputes, evidence, replies

#: Of several invoices so many are shown as choices; the rest is chosen by its amount.
SHOWN: Final = 3


def build_dispute() -> Dialog:
    return Dialog(
        *_beginning(),
        screen(
            states.Dispute.done,
            None,
            Choice("add", "btn.add_pictures", _how_to_send),
            Choice("receipt", "btn.receipt", _receipt),
            Choice("withdraw", "btn.withdraw_dispute", turns_to=states.Dispute.withdraw),
            getter=_done,
            hears=_tell_more,
            takes=_take,
            back=HOME,
        ),
        screen(
            states.Dispute.part_done,
            None,
            Choice("pay", "btn.pay_amount", opens=states.Pay.main, when="payable"),
            Choice("add", "btn.add_pictures", _how_to_send),
            Choice("receipt", "btn.receipt", _receipt),
            getter=_done,
            hears=_tell_more,
            takes=_take,
            back=HOME,
        ),
        *_later(),
        *no_ground_screens(),
    )


def _beginning() -> tuple[Window, ...]:
    return (
        screen(
            states.Dispute.scope,
            "dispute.scope",
            Choice("all", "btn.dispute_all", _all),
            Choice("part", "btn.dispute_part", turns_to=states.Dispute.part),
            person_choice(),
            Choice("back", "btn.back", _undo),
            hears=_amount_or_words,
            takes=_take,
            person=False,
            back=None,
        ),
        screen(
            states.Dispute.part,
            None,
            Items("invoice", "invoices", _invoice),
            getter=_part,
            hears=_amount,
            takes=_take,
            back=states.Dispute.scope,
        ),
        screen(
            states.Dispute.tell,
            "dispute.tell",
            Choice("send", "btn.send_dispute", _send),
            Choice("add", "btn.add_pictures", _how_to_send),
            hears=_tell,
            takes=_take,
            back=states.Dispute.scope,
        ),
    )


def _later() -> tuple[Window, ...]:
    """What somebody finds who comes back to their dispute."""
    return (
        screen(
            states.Dispute.add,
            None,
            Choice("read_answer", "btn.read_answer", turns_to=states.Dispute.answer, when="answered"),
            Choice("receipt", "btn.receipt", _receipt),
            Choice("more", "btn.dispute_more", opens=states.Wrong.main, when="more"),
            Choice("withdraw", "btn.withdraw_dispute", turns_to=states.Dispute.withdraw, when="stops"),
            getter=_standing,
            hears=_tell_more,
            takes=_take,
        ),
        screen(
            states.Dispute.withdraw,
            None,
            Choice("yes", "btn.withdraw_yes", _withdraw, when="stops"),
            getter=_about_to_withdraw,
        ),
        screen(
            states.Dispute.answer,
            None,
            Choice("read_answer", "btn.read_answer", _read_answer, when="papers"),
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("keep", "btn.keep_view", _keep, when="may_keep"),
            getter=_answer,
            back=HOME,
        ),
    )


# All, or a part


async def _all(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await disputes.choose_part(visit.house, visit.session.actor, case_id_of(manager), ())
    await manager.switch_to(states.Dispute.tell)


async def _undo(manager: DialogManager) -> None:
    """Back before anything was said: nothing was filed. What was said or sent is kept, and counts tomorrow."""
    visit = visit_of(manager)
    undone = await disputes.undo(visit.house, visit.session.actor, case_id_of(manager))
    if undone:
        say_first(manager, "dispute.undone")
    elif await disputes.begun(visit.house, visit.session.actor, case_id_of(manager)):
        say_first(manager, "dispute.left")
    await going.go_home(manager)


async def _part(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    several = len(case.claims) > 1
    shown = case.claims[:SHOWN] if several else ()
    return {
        "text": visit.text("dispute.part.invoices" if several else "dispute.part"),
        "invoices": [
            {"id": str(claim.id), "label": words.capital(claim_name(claim, visit.lang))[:24]} for claim in shown
        ],
    }


async def _invoice(manager: DialogManager, claim_id: str) -> None:
    """All of one invoice."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    parts = tuple((claim.id, claim.principal) for claim in case.claims if claim.id == int(claim_id))
    await disputes.choose_part(visit.house, visit.session.actor, case.id, parts)
    await manager.switch_to(states.Dispute.tell)


async def _amount(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    amount = amounts_said.parse(text)
    if not amount:
        say_first(manager, "dispute.part.unclear")
        return
    await disputes.choose_amount(visit.house, visit.session.actor, case_id_of(manager), amount)
    await manager.switch_to(states.Dispute.tell)


async def _amount_or_words(text: str, manager: DialogManager) -> None:
    """An amount is the part that is disputed; anything else is what happened, and the question stays."""
    visit = visit_of(manager)
    if amounts_said.parse(text):
        await _amount(text, manager)
        return
    await disputes.add_words(visit.house, visit.session.actor, case_id_of(manager), text)
    say_first(manager, "dispute.words_kept")


# Words and pictures


async def _how_to_send(manager: DialogManager) -> None:
    say_first(manager, "dispute.pictures")


async def _take(upload: Upload, manager: DialogManager) -> None:
    visit = visit_of(manager)
    count = await disputes.add_file(visit.house, visit.session.actor, case_id_of(manager), upload.name, upload.stream())
    if isinstance(manager.event, Message) and manager.event.caption:
        return  # the words that came with it are answered
    text = words.plural(visit.lang, "dispute.file_kept", count, number=words.capital(words.number(count, visit.lang)))
    going.say_text_first(manager, text)


async def _tell(text: str, manager: DialogManager) -> None:
    """What happened, in the person's own words: then it is sent. Under another ground they may say that they cannot
    pay: what helps is shown, and what was begun stands until they choose.
    """
    visit = visit_of(manager)
    begun = await disputes.begun(visit.house, visit.session.actor, case_id_of(manager))
    if begun and begun.ground == "other" and begun.empty and (better := helps(text, visit.lang)):
        await manager.start(better, manager.start_data)
        return
    case = await disputes.file(visit.house, visit.session.actor, case_id_of(manager), text)
    await show_filed(manager, case)


async def _send(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await show_filed(manager, await disputes.file(visit.house, visit.session.actor, case_id_of(manager)))


async def show_filed(manager: DialogManager, case: Case) -> None:
    """The receipt, above the case: back never leads into a choice that is made."""
    visit = visit_of(manager)
    if not disputed(case):
        await going.go_home(manager)
        return
    raised = disputed(case)[-1]
    state = states.Dispute.done if raised.whole else states.Dispute.part_done
    at = visit.house.clock.now().isoformat()
    await going.open_screen(manager, state, {"case": case.id, "receipt": raised.receipt, "at": at})


async def _tell_more(text: str, manager: DialogManager) -> None:
    """More to the dispute. Of a case that is stopped in part, not being able to pay the rest is another matter."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if not wholly_disputed(case) and (better := helps(text, visit.lang)):
        await going.open_screen(manager, better)
        return
    try:
        await disputes.add_words(visit.house, visit.session.actor, case.id, text)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    await show_standing(manager, case)


# The receipt


def _raised(manager: DialogManager, case: Case) -> Objection | None:
    """The dispute that the screen is about, else the latest that stops something, else the latest."""
    data = manager.start_data
    number = data.get("receipt") if isinstance(data, dict) else None
    found = objections(case)
    if number is not None:
        return next((raised for raised in found if raised.receipt == number), None)
    return next(iter((*disputed(case)[::-1], *found[::-1])), None)


async def _of_screen(manager: DialogManager) -> tuple[Case, Objection | None]:
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    return case, _raised(manager, case)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await _of_screen(dialog_manager)
    if raised is None:
        return {"text": visit.text("dispute.none"), "payable": False}
    data = dialog_manager.start_data
    at = data.get("at") if isinstance(data, dict) else None
    when = words.moment(datetime.fromisoformat(at), visit.lang) if at else words.day_year(raised.since, visit.lang)
    laid = await evidence.of_matter(visit.house, visit.session.actor, case.id, f"dispute:{raised.receipt}")
    papers = sum(1 for row in laid if row.mime == Kind.PDF)
    facts = dispute.receipt_facts(case, raised, visit.today)
    slip = dispute_slip(case, facts, when, visit.lang, pictures=len(laid) - papers, papers=papers)
    rest = owed(case, visit.today)
    payable = not raised.whole and rest > 0
    return {"text": slip.text, "card": slip.card, "payable": payable, "amount": words.money(rest, visit.lang)}


async def _receipt(manager: DialogManager) -> None:
    """The receipt of the objection, to keep."""
    case, raised = await _of_screen(manager)
    if raised is not None:
        await send_receipt(manager, case.id, raised.receipt)


# Coming back to it


async def _standing(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await _of_screen(dialog_manager)
    if raised is None:
        return {"text": visit.text("dispute.none"), "answered": False, "more": False, "stops": False}
    return {
        "text": standing_text(case, raised, visit.today, visit.lang),
        "answered": raised.answer is not None and raised.answer != "withdrawn",
        "more": case.closed is None and not any(each.whole for each in disputed(case)),
        "stops": raised.stops and case.closed is None,
    }


async def _about_to_withdraw(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await _of_screen(dialog_manager)
    stops = raised is not None and raised.stops and case.closed is None
    return {"text": visit.text("dispute.withdraw" if stops else "dispute.none"), "stops": stops}


async def _withdraw(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case, raised = await _of_screen(manager)
    if raised is not None and raised.stops:
        await disputes.withdraw(visit.house, visit.session.actor, case.id, raised.receipt)
        # The screen that comes next says until when there is time.
        say_first(manager, "dispute.withdrawn", receipt=f"{case.ocr}-{raised.receipt}")
    await going.go_home(manager)


# The answer


async def _answer(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await _of_screen(dialog_manager)
    given = await replies.answer_of(visit.house, visit.session.actor, case.id, raised.receipt) if raised else None
    if raised is None or given is None:
        return {"text": visit.text("dispute.none"), "papers": False, "payable": False, "may_keep": False}
    about = f"answer:{raised.receipt}"
    if raised.kept:
        stopped = dispute.receipt_facts(case, raised, visit.today)
        amount = words.money(stopped["stopped_ore"], visit.lang)
        text = visit.text("dispute.kept", receipt=stopped["receipt"], amount=amount)
    else:
        text = answered.text(
            case.creditor.short_name, given.facts, given.reason, visit.today, visit.lang, debtor=case.debtor.name
        )
    is_open = case.closed is None
    return {
        "text": text,
        # The reason stands whole above; there is more to read where documents came with it, or the view is kept.
        "papers": raised.kept or bool(await evidence.of_matter(visit.house, visit.session.actor, case.id, about)),
        "payable": is_open and not raised.kept and owed(case, visit.today) > 0,
        "may_keep": is_open and raised.may_be_kept,
    }


async def _read_answer(manager: DialogManager) -> None:
    """The reason whole, and each document as a download."""
    visit = visit_of(manager)
    case, raised = await _of_screen(manager)
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
    case, raised = await _of_screen(manager)
    if raised is not None:
        visit = visit_of(manager)
        await disputes.keep_view(visit.house, visit.session.actor, case.id, raised.receipt)
