"""Special cases: what is told is chosen, what it means is shown, then it rests and a person takes over.

Strangers may tell us too. They read the same words as everybody, and learn nothing by it.
"""

from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import going, notme, states
from bot.dialogs.going import Place, visit_of
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, screen
from bot.middleware import Visit
from core import words
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
    visit, kind = visit_of(manager), _chosen(manager)
    await special.report(visit.house, visit.chat_id, kind)
    if kind == "deceased":
        # Whoever told us is nobody whom we know here from now on.
        going.became(manager, await identity.look(visit.house, visit.chat_id))
        await going.go(manager, Place(states.Start.main), Place(states.Special.done, {"kind": kind}))
        return
    await manager.switch_to(states.Special.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    day = words.deadline(special.answered_by(visit.house), visit.today, visit.lang)
    return {"text": visit.text(f"special.{_chosen(dialog_manager)}", day=day)}
