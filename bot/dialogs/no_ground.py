"""What is no objection on factual grounds (saklig grund): what helps instead, and objecting all the same."""

from typing import Any, Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, Window

from bot.dialogs import going, guesses, states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.objecting import show_standing
from bot.dialogs.widgets import Choice, Short, screen
from bot.middleware import Visit
from core import dispute, phrases
from core.services import cases, disputes

#: What somebody may write that is no objection on factual grounds, and the screen that helps.
NO_GROUND: Final = {
    "cannot_pay": states.Dispute.cannot_pay,
    "set_off": states.Dispute.set_off,
    "paid": states.Paid.tell,
}


def helps(text: str, lang: str) -> State | None:
    """The screen that helps whoever wrote this; None where it may be an objection: in doubt it is one."""
    meant = phrases.meaning(lang, text)
    return NO_GROUND.get(meant.guesses[0]) if meant.ground is None and len(meant.guesses) == 1 else None


def no_ground_screens() -> tuple[Window, ...]:
    """Not a factual ground: what helps instead, and the dispute all the same for whoever wants it."""
    return tuple(
        screen(
            state,
            key,
            _leads("split", "btn.split"),
            _leads("time", "btn.more_time"),
            *more,
            Choice("object", "btn.dispute_anyway", _object_anyway),
            getter=_creditor,
            sms=Short(f"sms.{key}"),
        )
        for state, key, more in (
            (states.Dispute.cannot_pay, "dispute.cannot_pay", (_leads("hard", "btn.pause"),)),
            (states.Dispute.set_off, "dispute.set_off", ()),
        )
    )


async def _creditor(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    return {"creditor": case.creditor.short_name}


def _leads(guess: str, key: str) -> Choice:
    """To what helps. A dispute that was begun with nothing said is undone first: it was not meant."""

    async def act(manager: DialogManager) -> None:
        visit = visit_of(manager)
        await disputes.undo(visit.house, visit.session.actor, case_id_of(manager))
        await guesses.follow(manager, guess)

    return Choice(guess, key, act)


async def _object_anyway(manager: DialogManager) -> None:
    await begin(manager, "other")


async def begin(manager: DialogManager, ground: str) -> None:
    """A ground is chosen: the case rests, and the question is whether it is about all."""
    visit = visit_of(manager)
    case = await disputes.begin(visit.house, visit.session.actor, case_id_of(manager), ground, visit.chat_id)
    if dispute.is_begun(case):
        await going.open_screen(manager, states.Dispute.scope)
    else:
        await show_standing(manager, case)
