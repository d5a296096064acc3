"""What members write on the screens of money: a case that they mean, or else how one goes on from there."""

from collections.abc import Sequence
from typing import Any, Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, say_first, visit_of
from core.case import Case
from core.errors import Refusal
from core.matching import is_ocr
from core.party import STAFF
from core.services import cases, desk
from core.services.cases import CaseRow

#: So many cases that a search met have a button.
FOUND: Final = 4


async def choose(text: str, manager: DialogManager) -> None:
    """On a screen of choices: that one chooses there, and where cases are found."""
    say_first(manager, "work.unsure" if text.startswith("/") else "work.choose")


async def by_number(text: str, manager: DialogManager) -> Case | None:
    """The case whose number somebody wrote, if they may see it; any other number is none."""
    number, visit = "".join(text.split()), visit_of(manager)
    if not is_ocr(number):
        return None
    try:
        return await cases.find(visit.house, visit.session.actor, number)
    except Refusal:
        return None


async def search(text: str, manager: DialogManager) -> Sequence[CaseRow]:
    """The cases that somebody may mean: by number, invoice or name, and by whatever else staff know of them."""
    visit = visit_of(manager)
    if not text.strip():
        return ()
    if (known := await by_number(text, manager)) is not None:
        return await cases.of_ids(visit.house, visit.session.actor, (known.id,))
    if visit.session.actor.role in STAFF:
        return (await desk.find(visit.house, visit.session.actor, text))[:FOUND]
    return await cases.search(visit.house, visit.session.actor, text.strip(), FOUND)


async def ask(manager: DialogManager, state: State, rows: Sequence[CaseRow] | None = None, said: str = "") -> None:
    """Ask which case it is, above the desk: among those that were found, or in the person's own words.

    ``said`` is what they have told besides. What was looked for may be a name: only the cases that it met are kept.
    """
    asked: dict[str, Any] = {"said": said}
    if rows is not None:
        asked["found"] = [row.id for row in rows]
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(state, asked))
