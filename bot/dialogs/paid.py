"""I have already paid: when and how somebody paid is told, and the case rests while the money is looked for."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.widgets import HOME, screen
from bot.middleware import Visit
from core import dispute, words
from core.payment import claimed_until
from core.services import cases, disputes, payments


def build_paid() -> Dialog:
    return Dialog(
        screen(states.Paid.tell, "paid.tell.words", hears=_tell_payment),
        screen(states.Paid.done, None, getter=_paid, back=HOME),
    )


async def _tell_payment(text: str, manager: DialogManager) -> None:
    """When and how somebody paid: a person looks for the money. To an objection that is open the words are added."""
    visit = visit_of(manager)
    actor, case_id = visit.session.actor, case_id_of(manager)
    if dispute.is_open(await cases.open_case(visit.house, actor, case_id)):
        await disputes.add_words(visit.house, actor, case_id, text)
        at = visit.house.clock.now().isoformat()
        await going.open_screen(manager, states.Dispute.done, {"at": at})
        return
    await payments.claim_paid(visit.house, actor, case_id, text)
    await going.open_screen(manager, states.Paid.done)


async def _paid(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    until = words.deadline(claimed_until(case), visit.today, visit.lang)
    lines = (visit.text("paid.done.paused", until=until), visit.text("paid.done.found"), visit.text("paid.done.else"))
    return {"text": "\n".join(lines)}
