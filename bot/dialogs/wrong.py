"""Something is wrong: a ground is chosen, and the case rests from that moment; words may follow, nobody must prove.

Leaving half-way changes nothing: what was begun counts (conversations 2). In doubt it is a dispute.
"""

from datetime import datetime
from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, case_id_of, say_first, send_file, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, screen
from bot.dialogs.wording.case import answer_by
from bot.dialogs.wording.dispute import dispute_facts, dispute_slip
from bot.middleware import Visit
from core import words
from core.case import Case
from core.services import cases, disputes, letters
from core.standing import open_holds


def build_wrong() -> Dialog:
    return Dialog(
        screen(
            states.Wrong.main,
            "wrong",
            Choice("paid", "btn.paid", opens=states.Paid.tell),
            _ground("not_bought", "not_ordered"),
            _ground("not_received", "not_received"),
            Choice("more_reasons", "btn.more_reasons", turns_to=states.Wrong.more),
            hears=_own_words,
        ),
        screen(
            states.Wrong.more,
            "wrong.2",
            _ground("faulty", "faulty"),
            _ground("returned", "returned"),
            _ground("wrong_amount", "wrong_amount"),
            _ground("other_reason", "other"),
            hears=_own_words,
            back=states.Wrong.main,
        ),
    )


def build_dispute() -> Dialog:
    return Dialog(
        screen(
            states.Dispute.tell,
            "dispute.tell.words",
            Choice("send", "btn.send_dispute", _sent),
            hears=_tell,
            back=BACK_HOME,
        ),
        screen(
            states.Dispute.done,
            None,
            Choice("receipt", "btn.receipt", _receipt),
            getter=_done,
            hears=_tell_more,
            back=HOME,
        ),
    )


def _ground(name: str, ground: str) -> Choice:
    async def act(manager: DialogManager) -> None:
        await _object(manager, ground, None, states.Dispute.tell)

    return Choice(name, f"btn.{name}", act)


async def _own_words(text: str, manager: DialogManager) -> None:
    """Somebody wrote what is wrong instead of choosing."""
    await _object(manager, "other", text, states.Dispute.done)


async def _object(manager: DialogManager, ground: str, text: str | None, then: State) -> None:
    """Record the objection, then go on from above the case: back never leads into a choice that is made."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    before = await cases.open_case(visit.house, visit.session.actor, case_id)
    await disputes.raise_dispute(visit.house, visit.session.actor, case_id, ground, text)
    if text and is_disputed(before):
        await _thank_for_more(manager, before)
        return
    await _on_the_case(manager, then)


async def _on_the_case(manager: DialogManager, then: State) -> None:
    visit, case_id = visit_of(manager), case_id_of(manager)
    home = await going.ground(visit)
    below = [home] if home.data else [home, Place(states.Case.main, {"case": case_id})]
    await going.go(manager, *below, Place(then, {"case": case_id, "at": visit.house.clock.now().isoformat()}))


def is_disputed(case: Case) -> bool:
    return any(hold.reason == "dispute" for hold in open_holds(case))


async def _thank_for_more(manager: DialogManager, case: Case) -> None:
    visit = visit_of(manager)
    say_first(manager, "dispute.already", day=words.day(answer_by(case, visit.today), visit.lang))
    await going.go_home(manager)


async def _tell(text: str, manager: DialogManager) -> None:
    """What happened, in the person's own words."""
    visit = visit_of(manager)
    await disputes.add_words(visit.house, visit.session.actor, case_id_of(manager), text)
    await _sent(manager)


async def _sent(manager: DialogManager) -> None:
    manager.dialog_data["at"] = visit_of(manager).house.clock.now().isoformat()
    await manager.switch_to(states.Dispute.done)


async def _receipt(manager: DialogManager) -> None:
    """The receipt of the objection, to keep."""
    visit, case_id = visit_of(manager), case_id_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    receipt = dispute_facts(case)["receipt"]
    number = int(receipt.rpartition("-")[2])
    body = await letters.receipt_pdf(visit.house, visit.session.actor, case_id, number, visit.lang)
    await send_file(manager, visit.text("file.name.receipt", receipt=receipt), body)


async def _tell_more(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    await disputes.add_words(visit.house, visit.session.actor, case.id, text)
    await _thank_for_more(manager, case)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    data = dialog_manager.start_data
    assert isinstance(data, dict)
    at = dialog_manager.dialog_data.get("at") or data["at"]
    when = words.moment(datetime.fromisoformat(at), visit.lang)
    slip = dispute_slip(case, dispute_facts(case), when, visit.lang)
    return {"text": slip.text, "card": slip.card}
