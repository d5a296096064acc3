"""Cannot pay now: what suits is chosen, and each choice has a conversation of its own; advice is told at once."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import by_digits, free_text, states
from bot.dialogs.going import case_id_of
from bot.dialogs.guesses import follow
from bot.dialogs.widgets import Choice, Short, by_sms, screen
from bot.middleware import Visit
from core import amounts_said, digits_said
from core.services import cases


def build_help() -> Dialog:
    suits = (
        Choice("split", "btn.split", opens=states.Plan.offers),
        Choice("more_time", "btn.more_time", opens=states.Time.ask),
        Choice("pause", "btn.pause", opens=states.Hard.main),
        Choice("advice", "btn.advice", turns_to=states.Help.advice),
    )
    more = (
        Choice("settle", "btn.settle", _settle),
        Choice("budget", "btn.plan.budget", opens=states.Plan.budget),
    )
    return Dialog(
        screen(
            states.Help.main,
            "help",
            *suits,
            getter=_help,
            hears=_hear,
            sms=Short(choices=(*suits, *more)),
        ),
        screen(
            states.Help.advice,
            None,
            Choice("settle", "btn.settle", _settle, when="open"),
            getter=_advice,
            back=states.Help.main,
        ),
    )


async def _help(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"sms": visit.text("sms.help", example=digits_said.example(visit.today))}


async def _hear(text: str, manager: DialogManager) -> None:
    """By SMS a day, a sum and a day, or a sum a month is asked about at once."""
    if not by_sms(manager):
        await free_text.hear(text, manager)
    elif await by_digits.opened(text, manager):
        return
    elif len(text) > 1 and (per_month := amounts_said.parse(text)):
        await manager.start(states.Plan.offers, {"case": case_id_of(manager), "per_month": per_month})
    else:
        await free_text.hear(text, manager)


async def _settle(manager: DialogManager) -> None:
    await follow(manager, "settle")


async def _advice(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Free advice in the person's own municipality; one whose details are protected is not told where they live."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    city = "" if case.debtor.protected else case.debtor.address.city
    lines = [visit.text("advice"), *([visit.text("advice.city", city=city)] if city else [])]
    short = visit.text("sms.advice.city", city=city) if city else visit.text("sms.advice")
    return {"text": "\n".join(lines), "sms": short, "open": case.closed is None}
