"""Money that is kept apart, as the person it was paid for meets it: they take it back, or let it count.

Both bind, so they show who they are with BankID first, and see the figures again.
"""

from typing import Any, Final

from aiogram_dialog import DialogManager, Window

from bot.dialogs import going, proving, states
from bot.dialogs.going import Place, case_id_of, refuse, say_first, visit_of
from bot.dialogs.widgets import Choice, Getter, Hear, screen
from bot.dialogs.wording.back import kept_count_check, kept_lines
from bot.middleware import Visit
from core import phrases, words
from core.case import Case
from core.errors import Refusal
from core.services import kept_wishes, refund_accounts
from core.services.kept_wishes import Apart

_WISHES: Final = {"take": states.Refund.take, "count": states.Refund.count}
#: Beyond this somebody tells what happened, and the money is only a part of it.
_WISH_WORDS_MAX: Final = 12


def kept_screens(hears: Hear) -> tuple[Window, ...]:
    """The screens of this part of the dialog; ``hears`` understands what is written there."""
    return (
        screen(states.Refund.kept, None, *wishes(), getter=_kept, hears=hears, back=states.Refund.main),
        _check(states.Refund.take, "btn.refund.back", _take, _take_text, hears),
        _check(states.Refund.count, "btn.refund.count", _count, _count_text, hears),
    )


def _check(state: Any, label: str, act: Any, getter: Getter, hears: Hear) -> Window:
    return screen(
        state,
        None,
        Choice("confirm", label, act, when="there"),
        getter=getter,
        hears=hears,
        back=states.Refund.main,
    )


def wishes() -> tuple[Choice, Choice]:
    """What may be done with money that is kept apart, as ``choices`` tells it."""
    return (
        Choice("take", "btn.refund.back", _chooser("take"), when="takeable"),
        Choice("count", "btn.refund.count", _chooser("count"), when="countable"),
    )


def choices(look: Apart | None) -> dict[str, bool]:
    return {"takeable": look is not None, "countable": look is not None and look.may_count}


async def look_at(visit: Visit, case_id: int) -> Apart | None:
    """What is kept apart, which is nobody else's to know or decide."""
    if visit.session.represents is not None:
        return None
    return await kept_wishes.apart(visit.house, visit.session.actor, case_id)


def way_there() -> Choice:
    """The way to what is kept apart, from a screen whose getter knows whether there is any."""
    return Choice("kept", "btn.refund.kept", opens=states.Refund.main, when="kept")


async def wishes_money(visit: Visit, case: Case, text: str) -> bool:
    """Whether somebody wants their money, in so many words, where some is kept apart or owed to them.

    Who says why the claim is wrong, or tells at length, is not asking for that alone.
    """
    if visit.session.represents is not None or len(phrases.normalised(text)) > _WISH_WORDS_MAX:
        return False
    meant = phrases.meaning(visit.lang, text)
    if meant.ground or "refund" not in meant.guesses:
        return False
    back = await refund_accounts.going_back(visit.house, case)
    return back.ore > 0 or await kept_wishes.of_case(visit.house, case) is not None


def _chooser(wish: str) -> Any:
    async def choose(manager: DialogManager) -> None:
        place = Place(_WISHES[wish], {"case": case_id_of(manager)})
        if await proving.require_bankid(manager, place):
            await manager.switch_to(place.state)

    return choose


async def _kept(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await look_at(visit, case_id_of(dialog_manager))
    return {"text": "\n".join(kept_lines(look, visit.lang)) if look else _gone(visit), **choices(look)}


def _gone(visit: Visit) -> str:
    return visit.text("refund.kept.gone")


async def _take_text(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await look_at(visit, case_id_of(dialog_manager))
    if look is None:
        return {"text": _gone(visit), "there": False}
    return {"text": visit.text("refund.kept.take", amount=words.money(look.ore, visit.lang)), "there": True}


async def _count_text(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    look = await look_at(visit, case_id_of(dialog_manager))
    if look is None or not look.may_count:
        return {"text": _gone(visit), "there": False}
    return {"text": "\n".join(kept_count_check(look, visit.lang)), "there": True}


async def _take(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        ore = await kept_wishes.take_back(visit.house, visit.chat_id, case_id_of(manager))
    except Refusal as refusal:
        refuse(manager, refusal)
        return
    if ore:
        say_first(manager, "refund.kept.taken", amount=words.money(ore, visit.lang))
    await manager.switch_to(states.Refund.main)


async def _count(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        await kept_wishes.count(visit.house, visit.chat_id, case_id_of(manager))
    except Refusal as refusal:
        refuse(manager, refusal)
        return
    say_first(manager, "refund.kept.counted")
    await going.go_home(manager)
