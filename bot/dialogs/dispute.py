"""A dispute, from the chosen ground to the answer: all or a part, words and pictures in any order, nothing to prove.

From `Dispute.scope` the case rests. Who leaves half-way has it filed as it stands after 24 hours; who goes back before
anything was said has it undone. Pictures and words are taken before it is sent and after.
"""

from datetime import datetime
from typing import Any, Final

from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, Window

from bot.dialogs import going, states
from bot.dialogs.dispute_later import later_screens, of_screen, page_link, send_kept_receipt
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.no_ground import helps, no_ground_screens
from bot.dialogs.objecting import show_standing
from bot.dialogs.refund_kept import look_at, way_there, wishes_money
from bot.dialogs.uploads import Upload
from bot.dialogs.widgets import HOME, Choice, Items, Short, by_sms, person_choice, screen
from bot.dialogs.wording import sms_dispute
from bot.dialogs.wording.case import owed
from bot.dialogs.wording.claims import claim_name
from bot.dialogs.wording.dispute import dispute_slip
from bot.middleware import Visit
from core import amounts_said, dispute, words
from core.case import Case
from core.errors import Refusal
from core.evidence import Kind
from core.objections import disputed, wholly_disputed
from core.services import cases, disputes, evidence

#: Of several invoices so many are shown as choices; the rest is chosen by its amount.
SHOWN: Final = 3
#: Choices by SMS that are named in the text, or not at all, yet work.
SILENT: Final = "sms.silent"


def build_dispute() -> Dialog:
    return Dialog(
        *_beginning(),
        screen(
            states.Dispute.done,
            None,
            way_there(),
            Choice("add", "btn.add_pictures", _how_to_send),
            Choice("receipt", "btn.receipt", send_kept_receipt),
            Choice("withdraw", "btn.withdraw_dispute", turns_to=states.Dispute.withdraw),
            getter=_done,
            hears=_tell_more,
            takes=_take,
            back=HOME,
            sms=Short(
                choices=(Choice("person", SILENT, opens=states.Person.wait), Choice("home", SILENT, going.go_home)),
                person=False,
                back=None,
            ),
        ),
        screen(
            states.Dispute.part_done,
            None,
            Choice("pay", "btn.pay_amount", opens=states.Pay.main, when="payable"),
            way_there(),
            Choice("add", "btn.add_pictures", _how_to_send),
            Choice("receipt", "btn.receipt", send_kept_receipt),
            getter=_done,
            hears=_tell_more,
            takes=_take,
            back=HOME,
            sms=Short(choices=(Choice("pay", "sms.dispute.pay", opens=states.Pay.main, when="payable"),)),
        ),
        *later_screens(_tell_more, _take),
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
            getter=_scope,
            hears=_amount_or_words,
            takes=_take,
            person=False,
            back=None,
            sms=Short(
                "sms.scope",
                (
                    Choice("send", SILENT, _send_all),
                    person_choice(),
                    Choice("back", "sms.dispute.undo", _undo, when="empty"),
                    Choice("back", "btn.back", _undo, when="said"),
                ),
                person=False,
                back=None,
            ),
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


# All, or a part


async def _scope(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Going back undoes it only before something was said, and is called so only then."""
    begun = await disputes.begun(visit.house, visit.session.actor, case_id_of(dialog_manager))
    said = begun is not None and not begun.empty
    return {"empty": not said, "said": said}


async def _all(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await disputes.choose_part(visit.house, visit.session.actor, case_id_of(manager), ())
    await manager.switch_to(states.Dispute.tell)


async def _send_all(manager: DialogManager) -> None:
    """By SMS that is one answer; more words may follow."""
    visit = visit_of(manager)
    await disputes.choose_part(visit.house, visit.session.actor, case_id_of(manager), ())
    await _send(manager)


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
    if by_sms(manager):
        await _part_or_words(text, manager)
        return
    if amounts_said.parse(text):
        await _amount(text, manager)
        return
    await disputes.add_words(visit.house, visit.session.actor, case_id_of(manager), text)
    say_first(manager, "dispute.words_kept")


async def _part_or_words(text: str, manager: DialogManager) -> None:
    """By SMS one answer is all: a sum is the part, words are the words, a sum and then words are both. It is sent."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    if len(text) == 1:  # a number that stands for nothing here
        say_first(manager, "dispute.part.unclear")
        return
    if amount := sms_dispute.amount_before_words(text):
        await disputes.choose_amount(visit.house, visit.session.actor, case_id, amount)
    else:
        await disputes.choose_part(visit.house, visit.session.actor, case_id, ())
    words_too = None if amounts_said.parse(text) else text
    await show_filed(manager, await disputes.file(visit.house, visit.session.actor, case_id, words_too))


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
    """More to the dispute. The wish for money that lies with us is none of it; nor is, of a case that is stopped in
    part, not being able to pay the rest.
    """
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    if await wishes_money(visit, case, text):
        await going.open_screen(manager, states.Refund.main, {"case": case.id})
        return
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


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case, raised = await of_screen(dialog_manager)
    if raised is None:
        return {
            "text": visit.text("dispute.none"),
            "sms": visit.text("sms.dispute.none"),
            "payable": False,
            "kept": False,
        }
    data = dialog_manager.start_data
    at = data.get("at") if isinstance(data, dict) else None
    when = words.moment(datetime.fromisoformat(at), visit.lang) if at else words.day_year(raised.since, visit.lang)
    laid = await evidence.of_matter(visit.house, visit.session.actor, case.id, f"dispute:{raised.receipt}")
    papers = sum(1 for row in laid if row.mime == Kind.PDF)
    facts = dispute.receipt_facts(case, raised, visit.today)
    slip = dispute_slip(case, facts, when, visit.lang, pictures=len(laid) - papers, papers=papers)
    rest = owed(case, visit.today)
    return {
        "text": slip.text,
        "card": slip.card,
        "payable": not raised.whole and rest > 0,
        "kept": await look_at(visit, case.id) is not None,
        "amount": words.money(rest, visit.lang),
        "sms": sms_dispute.receipt_text(case, facts, visit.lang, await page_link(dialog_manager, "dispute.add")),
    }
