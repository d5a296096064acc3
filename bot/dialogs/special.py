"""Special cases: what is told is chosen, what it means is shown, then it rests and a person takes over.

Strangers may tell us too. They read the same words as everybody, and learn nothing by it.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, notme, states
from bot.dialogs.going import Place, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Short, screen
from bot.middleware import Visit
from core import brief, words
from core.services import identity, special
from core.special import REASONS


def build_special() -> Dialog:
    return Dialog(
        screen(
            states.Special.main,
            "special",
            _kind("deceased"),
            _kind("bankrupt"),
            _kind("debt_relief", when="known"),
            Choice("more", "btn.more_reasons", turns_to=states.Special.more),
            getter=_known,
            back=BACK_HOME,
            sms=Short("sms.special", (*kinds_by_sms("known"), Choice("notme", "sms.wrong.notme", notme.say_not_me))),
        ),
        screen(
            states.Special.more,
            "special",
            _kind("under_age"),
            _kind("protected"),
            Choice("notme", "btn.notme", notme.say_not_me),
            back=states.Special.main,
        ),
        screen(
            states.Special.check,
            None,
            Choice("yes", "btn.special.yes", _tell),
            getter=_check,
            back=states.Special.main,
        ),
        screen(states.Special.done, None, getter=_done, back=HOME),
        on_start=_begin,
    )


def _kind(kind: str, when: str | None = None) -> Choice:
    async def act(manager: DialogManager) -> None:
        manager.dialog_data["kind"] = kind
        await manager.switch_to(states.Special.check)

    return Choice(kind, f"btn.special.{kind}", act, when=when)


def kinds_by_sms(known: str | None = None) -> tuple[Choice, ...]:
    """Both lists as one. The number that we have just sent stands for the question whether it is so: nobody who forges
    a sender can read it, and nobody writes it by mistake. ``known``: what a value must say for debt relief to be named.
    """

    def kind(name: str, when: str | None = None) -> Choice:
        async def act(manager: DialogManager) -> None:
            await _report(manager, name)

        return Choice(f"say_{name}", f"btn.special.{name}", act, when=when, counts=True)

    return (
        kind("deceased"),
        kind("bankrupt"),
        kind("debt_relief", known),
        kind("under_age"),
        kind("protected"),
    )


async def _begin(data: Any, manager: DialogManager) -> None:
    """Opened with a kind from somebody's own words, it is asked about at once."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind in REASONS:
        manager.dialog_data["kind"] = kind
        if manager.current_context().state == states.Special.main:
            await manager.switch_to(states.Special.check)


async def _known(visit: Visit, **_: Any) -> dict[str, Any]:
    """To whoever is not known we do not name what the matter may be."""
    return {"known": visit.session.identified}


def _chosen(manager: DialogManager) -> str:
    return str(manager.dialog_data["kind"])


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    day = words.deadline(special.answered_by(visit.house), visit.today, visit.lang)
    return {"text": visit.text(f"special.check.{_chosen(dialog_manager)}", day=day)}


async def _tell(manager: DialogManager) -> None:
    await _report(manager, _chosen(manager))


async def _report(manager: DialogManager, kind: str) -> None:
    visit = visit_of(manager)
    await special.report(visit.house, visit.chat_id, kind)
    if kind == "deceased":
        # Whoever told us is nobody whom we know here from now on.
        going.became(manager, await identity.look(visit.house, visit.chat_id))
        await going.go(manager, Place(states.Start.main), Place(states.Special.done, {"kind": kind}))
        return
    if manager.current_context().state.group is states.Special:
        manager.dialog_data["kind"] = kind
        await manager.switch_to(states.Special.done)
    else:
        await manager.start(states.Special.done, {"kind": kind})


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    day = words.deadline(special.answered_by(visit.house), visit.today, visit.lang)
    kind = _chosen(dialog_manager)
    short = brief.weekday(special.answered_by(visit.house), visit.lang)
    return {"text": visit.text(f"special.{kind}", day=day), "sms": visit.text(f"sms.special.{kind}", day=short)}
