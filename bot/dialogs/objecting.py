"""An objection in somebody's own words: it counts from that moment, and the words go with it.

What is left to ask is asked afterwards, while the case rests: all or a part, and anything else that should be known.
"""

from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.wording.case import answer_by
from core import words
from core.books import books
from core.case import Case
from core.objections import wholly_disputed
from core.services import cases, disputes, unplaced


async def object_to(manager: DialogManager, ground: str, text: str | None = None) -> None:
    """An objection to the case that is open, or to the only one; of several it is asked which, and the words wait."""
    case_id = await case_in_mind(manager)
    if case_id is None:
        visit = visit_of(manager)
        data = {"ground": ground, "words": text or ""}
        if text:
            data["kept"] = await unplaced.keep(visit.house, visit.session, text)
        await going.go(manager, await going.ground(visit), Place(states.Objecting.which, data))
        return
    await begin(manager, case_id, ground, text)


async def begin(manager: DialogManager, case_id: int, ground: str, text: str | None = None) -> None:
    """From now on the case rests. A better ground that was chosen before is kept where the words name none."""
    visit = visit_of(manager)
    actor = visit.session.actor
    case = await cases.open_case(visit.house, actor, case_id)
    if case.closed:
        await going.open_screen(manager, states.Case.main, {"case": case_id})
        return
    before = await disputes.begun(visit.house, actor, case_id)
    named = before.ground if before and ground == "other" else ground
    rested = wholly_disputed(case)
    after = await disputes.begin(visit.house, actor, case_id, named, visit.chat_id, text)
    if rested:
        await show_standing(manager, after)
        return
    if text:
        say_first(manager, "objection.kept")
    await going.open_screen(manager, states.Dispute.scope, {"case": case_id})


async def show_standing(manager: DialogManager, case: Case) -> None:
    """They have objected before, and it stands: the objection is shown, and nothing that asks for money."""
    visit = visit_of(manager)
    day = words.day(answer_by(case, visit.today), visit.lang)
    if wholly_disputed(case):
        say_first(manager, "dispute.already", day=day)
    else:
        stopped = words.money(books(case, visit.today).frozen, visit.lang)
        say_first(manager, "dispute.already.part", day=day, amount=stopped)
    await going.open_screen(manager, states.Dispute.add, {"case": case.id})


async def case_in_mind(manager: DialogManager) -> int | None:
    """The case that is open, or the only one."""
    here, home = going.about_case(manager), await going.ground(visit_of(manager))
    return here or (home.data["case"] if home.data else None)
