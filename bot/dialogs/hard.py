"""Hard times: a pause over all cases, for the asking. Nobody is asked why, and nothing that is written here is kept."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import states, unsaid
from bot.dialogs.going import case_id_of, go_home, say_first, say_text_first, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Short, by_sms, screen
from bot.dialogs.wording import sms_hard
from bot.dialogs.wording.hard import breath_text, ended_text, paused_text
from bot.middleware import Visit
from core import brief, words
from core.hardship import ANSWER_BANK_DAYS
from core.rules import RULES
from core.services import hardship


def build_hard() -> Dialog:
    return Dialog(
        screen(
            states.Hard.main,
            None,
            Choice("pause", "btn.hard.pause", _pause, when="runs"),
            Choice("end", "btn.hard.end", turns_to=states.Hard.end, when="paused"),
            Choice("interest", "btn.hard.interest", _ask_interest),
            Choice("advice", "btn.advice", opens=states.Help.advice),
            getter=_main,
            hears=_unheard,
            back=BACK_HOME,
            sms=Short(
                choices=(
                    Choice("pause", "btn.hard.pause", _pause, when="runs"),
                    Choice("yes", "btn.hard.end", _end, when="paused", counts=True),
                    Choice("interest", "btn.hard.interest", _ask_interest),
                    Choice("advice", "btn.advice", opens=states.Help.advice),
                )
            ),
        ),
        screen(states.Hard.done, None, getter=_done, hears=_unheard, back=HOME),
        screen(states.Hard.interest, None, getter=_interest, hears=_unheard, back=HOME),
        screen(
            states.Hard.end,
            "hard.end",
            Choice("yes", "btn.hard.end", _end, counts=True),
            hears=_unheard,
            back=states.Hard.main,
            sms=Short("sms.hard.end"),
        ),
    )


async def _main(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    space = await hardship.breath(visit.house, visit.session.actor, case_id_of(dialog_manager))
    if space is None:
        return {"text": visit.text("hard"), "sms": visit.text("sms.hard"), "runs": True, "paused": False}
    short = sms_hard.paused_text(space, visit.lang)
    return {"text": paused_text(space, visit.today, visit.lang), "sms": short, "runs": False, "paused": True}


async def _pause(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await hardship.pause(visit.house, visit.session.actor, case_id_of(manager))
    await manager.switch_to(states.Hard.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    space = await hardship.breath(visit.house, visit.session.actor, case_id_of(dialog_manager))
    if space is None:
        return {"text": visit.text("hard.over"), "sms": visit.text("sms.hard.over")}
    return {"text": breath_text(space, visit.today, visit.lang), "sms": sms_hard.breath_text(space, visit.lang)}


async def _ask_interest(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await hardship.ask_lower_interest(visit.house, visit.session.actor, case_id_of(manager))
    await manager.switch_to(states.Hard.interest)


async def _interest(visit: Visit, **_: Any) -> dict[str, Any]:
    answered_by = RULES["SE"].calendar.add(visit.today, ANSWER_BANK_DAYS)
    day = words.deadline(answered_by, visit.today, visit.lang)
    short = visit.text("sms.hard.interest", day=brief.weekday(answered_by, visit.lang))
    return {"text": visit.text("hard.interest", day=day), "sms": short}


async def _end(manager: DialogManager) -> None:
    visit = visit_of(manager)
    case = await hardship.end(visit.house, visit.session.actor, case_id_of(manager))
    ended = sms_hard.ended_text if by_sms(manager) else ended_text
    say_text_first(manager, ended(case, visit.today, visit.lang))
    await go_home(manager)


async def _unheard(_text: str, manager: DialogManager) -> None:
    """Somebody may write of their health here: it leaves the chat again, and what we keep of it."""
    await unsaid.take_away(manager)
    say_first(manager, "hard.unheard")
