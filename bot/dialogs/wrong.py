"""Something is wrong: a ground is chosen and the case rests from that moment (`dispute`); nobody must prove anything.

What somebody writes instead of choosing is an objection at once. Who cannot pay, or is owed by the creditor, is led to
what helps, without argument; in doubt it is a dispute.
"""

from typing import Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import notme, objecting, states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.no_ground import begin, helps
from bot.dialogs.special import kinds_by_sms
from bot.dialogs.widgets import Choice, Short, screen
from core import phrases
from core.objections import wholly_disputed
from core.services import cases

#: An SMS names its choices in its text, so that "or write it" stands after them.
SILENT: Final = "sms.silent"


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
            sms=Short("sms.wrong", _all_by_sms()),
        ),
        screen(
            states.Wrong.more,
            "wrong.2",
            _ground("faulty", "faulty"),
            _ground("returned", "returned"),
            _ground("wrong_amount", "wrong_amount"),
            Choice("other_reason", "btn.other_reason", turns_to=states.Wrong.other),
            hears=_own_words,
            back=states.Wrong.main,
        ),
        screen(
            states.Wrong.other,
            "wrong.other",
            _ground("object", "other"),
            Choice("special", "btn.special", opens=states.Special.main),
            hears=_own_words,
            back=states.Wrong.more,
            sms=Short(
                "sms.wrong.other",
                (
                    _ground("object", "other"),
                    *kinds_by_sms(),
                    Choice("notme", "sms.wrong.notme", notme.say_not_me),
                    Choice("cancel", "btn.back", turns_to=states.Wrong.main),
                ),
                back=None,
            ),
        ),
    )


def _all_by_sms() -> tuple[Choice, ...]:
    """Both lists and what else there is, as one list of seven."""
    return (
        Choice("paid", SILENT, opens=states.Paid.tell),
        _ground("not_bought", "not_ordered", SILENT),
        _ground("not_received", "not_received", SILENT),
        _ground("faulty", "faulty", SILENT),
        _ground("returned", "returned", SILENT),
        _ground("wrong_amount", "wrong_amount", SILENT),
        Choice("other_reason", SILENT, turns_to=states.Wrong.other),
    )


def _ground(name: str, ground: str, label: str | None = None) -> Choice:
    async def act(manager: DialogManager) -> None:
        await begin(manager, ground)

    return Choice(name, label or f"btn.{name}", act)


async def _own_words(text: str, manager: DialogManager) -> None:
    """Somebody wrote what is wrong instead of choosing: in doubt it is a dispute, with these words."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
    screen_for_it = helps(text, visit.lang)
    if screen_for_it and not wholly_disputed(case):
        await manager.start(screen_for_it, manager.start_data)
        return
    await objecting.object_to(manager, phrases.meaning(visit.lang, text).ground or "other", text)
