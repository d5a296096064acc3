"""What waits for a creditor's word, as buttons of their desk, their list of cases and each case."""

from collections.abc import Mapping
from typing import Final

from bot.middleware import Visit
from core.party import CREDITOR_SIDE
from core.services import judging
from core.store.tasks import TaskRow

#: So many are counted; a company with more has enough to do.
COUNTED: Final = 100
#: In one case.
SHOWN: Final = 4
#: Leads to all that waits (`bot.handlers.notices`).
ALL: Final = "judgeall:"
#: Each kind: the words of its button, what the button begins with, and which of its facts says which one it is.
_BUTTONS: Final[Mapping[str, tuple[str, str, str]]] = {
    "task.dispute": ("btn.read_dispute", "judge", "receipt"),
    "task.plan_asked": ("btn.answer_plan", "judgeplan", "number"),
    "task.settlement": ("btn.settlement.answer", "offer", "number"),
}


async def count(visit: Visit) -> int:
    """How many answers a creditor's people owe; none for staff, who have their queue."""
    if visit.session.actor.role not in CREDITOR_SIDE:
        return 0
    return len(await judging.waiting(visit.house, visit.session.actor, COUNTED))


async def of_all(visit: Visit) -> list[tuple[str, str]]:
    """The button to all that waits, where something does."""
    return [(visit.text("btn.waits"), ALL)] if await count(visit) else []


async def of_case(visit: Visit, case_id: int) -> list[tuple[str, str]]:
    """The buttons to what waits in one case."""
    if visit.session.actor.role not in CREDITOR_SIDE:
        return []
    found = await judging.waiting(visit.house, visit.session.actor, SHOWN, case_id)
    return [(visit.text(_BUTTONS[row.kind][0]), _data(row)) for row in found if row.kind in _BUTTONS]


def _data(row: TaskRow) -> str:
    _, name, which = _BUTTONS[row.kind]
    number = str(row.data.get(which, "")).rpartition("-")[2]
    return f"{name}:{row.case_id}:{number}" if number else f"{name}:{row.case_id}"
