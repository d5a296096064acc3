"""I have already paid: when, how much and how is told, and the case rests at once while the money is looked for.

What is missing is asked once, and nothing is required. A receipt may be sent at any time, before the words too.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, say_first, visit_of
from bot.dialogs.told_links import case_link
from bot.dialogs.uploads import Upload
from bot.dialogs.widgets import HOME, Choice, Short, by_sms, screen
from bot.dialogs.wording.paid import missing_text, paid_lines, paid_short, told
from bot.middleware import Visit
from core import claimed, dispute, paid_said, words
from core.case import Case
from core.digits_said import day_and_sum
from core.paid_said import PaidSaid
from core.payment import claimed_until
from core.services import cases, claims_paid, disputes


def build_paid() -> Dialog:
    return Dialog(
        screen(
            states.Paid.tell,
            "paid.tell",
            hears=_tell,
            takes=_proof_first,
            sms=Short("sms.paid.tell", choices=(Choice("no_words", "sms.btn.paid_no_words", _tell_nothing),)),
        ),
        screen(
            states.Paid.more,
            None,
            Choice("skip", "btn.skip", turns_to=states.Paid.done),
            getter=_more,
            hears=_tell_more,
            takes=_proof_on_the_way,
            back=HOME,
        ),
        screen(
            states.Paid.done,
            None,
            Choice("proof", "btn.paid.proof", turns_to=states.Paid.proof, when="waits"),
            getter=_done,
            takes=_proof,
            back=HOME,
            sms=Short(choices=()),
        ),
        screen(states.Paid.proof, "paid.proof", takes=_proof, back=states.Paid.done),
    )


async def _case(manager: DialogManager) -> Case:
    visit = visit_of(manager)
    return await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))


async def _tell(text: str, manager: DialogManager) -> None:
    """When and how somebody paid. To an objection that is open the words are added."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    if dispute.is_open(await _case(manager)):
        await disputes.add_words(visit.house, visit.session.actor, case_id, text)
        await going.open_screen(manager, states.Dispute.done, {"at": visit.house.clock.now().isoformat()})
        return
    said = _read(text, manager)
    await claims_paid.claim(visit.house, visit.session.actor, case_id, text, said)
    await manager.switch_to(states.Paid.more if said.missing and not by_sms(manager) else states.Paid.done)


async def _tell_nothing(manager: DialogManager) -> None:
    """Who does not remember, or writes with digits only, has paid all the same."""
    visit = visit_of(manager)
    await claims_paid.claim(visit.house, visit.session.actor, case_id_of(manager))
    await manager.switch_to(states.Paid.done)


def _read(text: str, manager: DialogManager) -> PaidSaid:
    visit = visit_of(manager)
    return paid_said.read(day_and_sum(text) if by_sms(manager) else text, visit.lang, visit.today)


async def _tell_more(text: str, manager: DialogManager) -> None:
    """The rest of it, asked for once."""
    visit = visit_of(manager)
    said = _said(await _case(manager)).filled_by(_read(text, manager))
    await claims_paid.claim(visit.house, visit.session.actor, case_id_of(manager), text, said)
    await manager.switch_to(states.Paid.done)


def _said(case: Case) -> PaidSaid:
    """What was told until now."""
    fact = told(case)
    return PaidSaid(fact.amount, fact.paid_on, fact.way)


async def _more(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    if claimed.paused(case) is None:
        return {"text": visit.text("paid.over")}
    until = words.deadline(claimed_until(case), visit.today, visit.lang)
    return {"text": visit.text("paid.more", until=until, missing=missing_text(_said(case), visit.lang))}


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    if claimed.paused(case) is None:
        return {"text": visit.text("paid.over"), "waits": False}
    sms = None
    if by_sms(dialog_manager):
        sms = paid_short(case, await case_link(visit, case), visit.lang)
    return {"text": "\n".join(paid_lines(case, visit.today, visit.lang)), "sms": sms, "waits": True}


# A receipt


async def _proof_first(upload: Upload, manager: DialogManager) -> None:
    """A picture before a word: it tells of a payment by itself."""
    await _keep(upload, manager)
    await manager.switch_to(states.Paid.more)


async def _proof_on_the_way(upload: Upload, manager: DialogManager) -> None:
    await _keep(upload, manager)


async def _proof(upload: Upload, manager: DialogManager) -> None:
    await _keep(upload, manager)
    await manager.switch_to(states.Paid.done)


async def _keep(upload: Upload, manager: DialogManager) -> None:
    visit = visit_of(manager)
    await claims_paid.add_proof(visit.house, visit.session.actor, case_id_of(manager), upload.name, upload.stream())
    say_first(manager, "paid.proof.kept")
