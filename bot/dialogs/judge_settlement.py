"""A creditor's word about an offer to settle: the figures, then yes or no, asked once more before it is given."""

from typing import Any, Final

from aiogram_dialog import DialogManager, Window

from bot.dialogs import going, states
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.widgets import Choice, screen
from bot.dialogs.wording.case import owed
from bot.middleware import Visit
from core import words
from core.services import cases, settlements

YES, NO = "yes", "no"
#: What waits for a creditor's word: its screen, and its name in the list of what waits.
MATTER: Final = (states.Judge.settlement, "judge.matter.settlement")


def settlement_window() -> Window:
    """The screen within the creditor's dialog."""
    return screen(
        states.Judge.settlement,
        None,
        Choice("no", "btn.settlement.no", _choose(NO), when="asked"),
        Choice("yes", "btn.settlement.yes", _choose(YES), when="asked"),
        Choice("change", "btn.change_answer", _change, when="chosen"),
        Choice("confirm_no", "btn.settlement.confirm_no", _answer, when=NO),
        Choice("confirm_yes", "btn.settlement.confirm_yes", _answer, when=YES),
        getter=_offer,
        hears=_unsure,
        person=False,
    )


async def open_settlement(manager: DialogManager, case_id: int) -> None:
    """From a notice's button."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Judge.settlement, {"case": case_id}))


def _choose(word: str) -> Any:
    async def act(manager: DialogManager) -> None:
        manager.dialog_data["word"] = word

    return act


async def _change(manager: DialogManager) -> None:
    manager.dialog_data.pop("word", None)


async def _offer(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The offer, what the chosen word means, or that it is answered."""
    case_id, actor = case_id_of(dialog_manager), visit.session.actor
    case = await cases.open_case(visit.house, actor, case_id)
    offered = await settlements.waiting(visit.house, actor, case_id)
    if offered is None:
        return {"text": visit.text("judge.settlement.over", ocr=case.ocr), "asked": False, "chosen": False}
    total = owed(case, visit.today)
    text = visit.text(
        "creditor.settlement",
        debtor=case.debtor.name,
        ocr=case.ocr,
        amount=words.money(offered.ore, visit.lang),
        total=words.money(total, visit.lang),
        day=words.deadline(offered.pay_on, visit.today, visit.lang),
        answer_by=words.deadline(offered.answer_by, visit.today, visit.lang),
    )
    word = dialog_manager.dialog_data.get("word")
    if word not in (YES, NO):
        return {"text": text, "asked": True, "chosen": False}
    dialog_manager.dialog_data["number"] = offered.number
    off = words.money(max(total - offered.ore, 0), visit.lang)
    means = visit.text("judge.settlement.yes" if word == YES else "judge.settlement.no", off=off)
    return {"text": f"{text}\n{means}", "asked": False, "chosen": True, word: True}


async def _answer(manager: DialogManager) -> None:
    """Give the word; the screen then says that it is answered."""
    visit, data = visit_of(manager), manager.dialog_data
    yes = data.pop("word") == YES
    await settlements.answer(visit.house, visit.session.actor, case_id_of(manager), data.pop("number"), yes=yes)
    say_first(manager, "judge.settlement.done")


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")
