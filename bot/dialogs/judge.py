"""What waits for a creditor's word, and giving it: right in all of a dispute, in a part, or a no with reasons.

A small dialog until creditors have their own. Staff open it from the queue and answer in a creditor's place. Other
matters (longer plans, offers) are rows of `MATTERS`, with screens of their own.
"""

from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager, Window

from bot.dialogs import going, judge_settlement, states, uploads
from bot.dialogs.going import Place, say_first, say_text_first, visit_of
from bot.dialogs.judge_plan import plan_screens
from bot.dialogs.letters import send_text
from bot.dialogs.uploads import Upload
from bot.dialogs.waits import COUNTED
from bot.dialogs.widgets import Choice, Items, screen
from bot.dialogs.wording.judge import check_text, matter_text
from bot.dialogs.wording.work import said_texts
from bot.middleware import Visit
from core import amounts_said, words
from core.errors import Refusal
from core.services import judging
from core.services.judging import Matter

#: So many matters are shown at a time.
SHOWN: Final = 4


def build_judge() -> Dialog:
    return Dialog(
        _quiet(
            states.Judge.main,
            Items("matter", "matters", _open),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            getter=_matters,
        ),
        _quiet(
            states.Judge.dispute,
            Choice("files", "btn.read_files", _read_files, when="files"),
            Choice("words", "btn.read_words", _read_words, when="long"),
            Choice("part", "btn.accept_part", turns_to=states.Judge.part, when="waits"),
            Choice("no", "btn.answer_documents", _say_no, when="waits"),
            Choice("yes", "btn.accept_all", _say_yes, when="waits"),
            getter=_dispute,
        ),
        *_asking(),
        *plan_screens(),
        judge_settlement.settlement_window(),
        _quiet(
            states.Judge.check,
            Choice("change", "btn.change_answer", turns_to=states.Judge.dispute),
            Choice("confirm", "btn.judge.upheld", _answer, when="upheld"),
            Choice("confirm_part", "btn.judge.partly", _answer, when="partly"),
            Choice("confirm_no", "btn.judge.rejected", _answer, when="rejected"),
            getter=_check,
        ),
        _quiet(
            states.Judge.done,
            Choice("more", "btn.more_matters", turns_to=states.Judge.main),
            getter=_done,
        ),
    )


def _asking() -> tuple[Window, ...]:
    return (
        _quiet(states.Judge.part, getter=_ask_part, hears=_part, back=states.Judge.dispute),
        _quiet(states.Judge.reason, getter=_ask_reason, hears=_reason, back=states.Judge.dispute),
        _quiet(
            states.Judge.documents,
            Choice("go_on", "btn.go_on", turns_to=states.Judge.check),
            getter=_ask_documents,
            takes=_take,
            back=states.Judge.reason,
        ),
    )


def _quiet(state: Any, *choices: Any, **more: Any) -> Window:
    """Members talk with us by commands: anything else that they write shows which there are."""
    return screen(state, None, *choices, **{"hears": _unsure, "person": False, **more})


async def _unsure(_text: str, manager: DialogManager) -> None:
    say_first(manager, "work.unsure")


# What waits


async def _matters(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await judging.waiting(visit.house, visit.session.actor, COUNTED)
    first = int(dialog_manager.dialog_data.get("first", 0)) if found else 0
    shown = found[first : first + SHOWN] or found[:SHOWN]
    if shown != found[first : first + SHOWN]:
        dialog_manager.dialog_data["first"] = 0
    return {
        "text": visit.text("judge.matters" if shown else "judge.nothing"),
        "more": len(found) > SHOWN,
        "matters": [{"id": str(row.id), "label": visit.text(MATTERS[row.kind][1], ocr=row.ocr or "")} for row in shown],
    }


async def _open(manager: DialogManager, task_id: str) -> None:
    visit = visit_of(manager)
    for row in await judging.waiting(visit.house, visit.session.actor, COUNTED):
        if row.id == int(task_id):
            await manager.start(MATTERS[row.kind][0], {"case": row.case_id, "task": row.id, **row.data})


#: Kinds of what waits for a creditor's word: the screen that answers it, and how it is named.
MATTERS: Final = {
    "task.dispute": (states.Judge.dispute, "judge.matter.dispute"),
    "task.settlement": judge_settlement.MATTER,
    "task.plan_asked": (states.Judge.plan, "judge.matter.plan"),
}


async def open_all(manager: DialogManager) -> None:
    """From a button below a list: all that waits."""
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(states.Judge.main))


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    manager.dialog_data["first"] = int(manager.dialog_data.get("first", 0)) + SHOWN


# One dispute


async def open_dispute(manager: DialogManager, case_id: int, receipt: int, word: str = "") -> None:
    """From a notice's button: the dispute, or straight to the answer that was chosen there."""
    visit, state = visit_of(manager), states.Judge.dispute
    if word:
        found = await judging.matter(visit.house, visit.session.actor, case_id, receipt)
        state = STARTS[word] if found.raised.stops and found.case.closed is None else state
    about = {"case": case_id, "receipt": receipt, "word": word}
    await going.go(manager, Place(states.Work.main, {"brief": True}), Place(state, about))


#: Where each answer begins.
STARTS: Final = {"upheld": states.Judge.check, "partly": states.Judge.part, "rejected": states.Judge.reason}


def _data(manager: DialogManager) -> tuple[int, int]:
    """The case and the number of the dispute; 0: the first that waits."""
    data = manager.start_data
    assert isinstance(data, dict)
    number = manager.dialog_data.get("receipt") or data.get("receipt") or 0
    return int(data["case"]), int(str(number).rpartition("-")[2])


async def _matter(manager: DialogManager) -> Matter | None:
    """The dispute, while there is one."""
    visit, (case_id, receipt) = visit_of(manager), _data(manager)
    try:
        found = await judging.matter(visit.house, visit.session.actor, case_id, receipt)
    except Refusal:
        return None
    # The one that was shown stays the one that is answered.
    manager.dialog_data["receipt"] = found.raised.receipt
    return found


async def _dispute(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _matter(dialog_manager)
    if found is None:
        case_id, _receipt = _data(dialog_manager)
        ocr = await judging.number_of(visit.house, visit.session.actor, case_id)
        return {"text": visit.text("judge.answered.gone", ocr=ocr), "files": False, "long": False, "waits": False}
    text, long = matter_text(found, visit.lang)
    waits = found.raised.stops and found.case.closed is None
    if not waits:
        text = f"{_over(visit, found)}\n{text}"
    return {"text": text, "files": bool(found.files), "long": long, "waits": waits}


def _over(visit: Visit, found: Matter) -> str:
    """Somebody was quicker: who."""
    if found.raised.answer in (None, "withdrawn"):
        return visit.text("judge.answered.gone", ocr=found.case.ocr)
    name = found.answered_by or visit.text("judge.somebody")
    return visit.text("judge.answered", ocr=found.case.ocr, name=name)


async def _read_files(manager: DialogManager) -> None:
    found = await _matter(manager)
    for row in found.files if found else ():
        await uploads.send_kept(manager, row.id)


async def _read_words(manager: DialogManager) -> None:
    visit, found = visit_of(manager), await _matter(manager)
    if found:
        for text in said_texts(found.case.ocr, found.words, visit.lang):
            await send_text(manager, text)


async def _say_no(manager: DialogManager) -> None:
    manager.dialog_data["word"] = "rejected"
    await manager.switch_to(states.Judge.reason)


async def _say_yes(manager: DialogManager) -> None:
    manager.dialog_data["word"] = "upheld"
    await manager.switch_to(states.Judge.check)


# A part, the reason, the documents


async def _ask_part(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _matter(dialog_manager)
    if found is None:
        return await _dispute(visit, dialog_manager)
    values = {"debtor": found.case.debtor.name, "most": words.money(found.most, visit.lang)}
    return {"text": visit.text("judge.part", **values)}


async def _part(text: str, manager: DialogManager) -> None:
    visit, found = visit_of(manager), await _matter(manager)
    if found is None:
        return
    amount = amounts_said.parse(text)
    if not amount or amount >= found.most:
        say_first(manager, "judge.part.unclear", most=words.money(found.most, visit.lang))
        return
    manager.dialog_data.update(word="partly", amount=amount)
    await manager.switch_to(states.Judge.reason)


async def _ask_reason(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _matter(dialog_manager)
    if found is None:
        return await _dispute(visit, dialog_manager)
    what = "judge.reason.rest" if _chosen(dialog_manager)[0] == "partly" else "judge.reason.all"
    values = {"debtor": found.case.debtor.name, "creditor": found.case.creditor.short_name, "what": visit.text(what)}
    return {"text": visit.text("judge.reason", **values)}


async def _reason(text: str, manager: DialogManager) -> None:
    try:
        judging.check_reason("rejected", text)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["reason"] = text.strip()
    await manager.switch_to(states.Judge.documents)


async def _ask_documents(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _matter(dialog_manager)
    if found is None:
        return await _dispute(visit, dialog_manager)
    return {"text": visit.text("judge.documents", debtor=found.case.debtor.name)}


async def _take(upload: Upload, manager: DialogManager) -> None:
    visit, found = visit_of(manager), await _matter(manager)
    if found is None:
        return
    number = await judging.add_document(
        visit.house, visit.session.actor, found.case.id, found.raised.receipt, upload.name, upload.stream()
    )
    text = words.plural(visit.lang, "judge.documents.kept", number, number=words.number(number, visit.lang))
    say_text_first(manager, words.capital(text))


# Giving it


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The figures, before anything is booked."""
    found = await _matter(dialog_manager)
    if found is None or not found.raised.stops:
        return await _dispute(visit, dialog_manager)
    word, reason, amount = _chosen(dialog_manager)
    figures = await judging.preview(visit.house, visit.session.actor, found.case.id, found.raised.receipt, word, amount)
    return {
        "text": check_text(found, figures, word, reason, amount or 0, visit.lang),
        word: True,
        "amount": words.kronor(amount or 0, visit.lang),
    }


def _chosen(manager: DialogManager) -> tuple[str, str, int | None]:
    data, begun = manager.dialog_data, manager.start_data
    assert isinstance(begun, dict)
    word = str(data.get("word") or begun["word"])
    return (
        word,
        str(data.get("reason", "")) if word != "upheld" else "",
        data.get("amount") if word == "partly" else None,
    )


async def _answer(manager: DialogManager) -> None:
    """One call; whoever was second is told who was quicker."""
    visit, found = visit_of(manager), await _matter(manager)
    if found is None or not found.raised.stops:
        await manager.switch_to(states.Judge.dispute)
        return
    word, reason, amount = _chosen(manager)
    try:
        await judging.answer(
            visit.house, visit.session.actor, found.case.id, found.raised.receipt, word, reason, amount
        )
    except Refusal as refusal:
        if refusal.code not in ("not_disputed", "closed"):
            going.refuse(manager, refusal)
        await manager.switch_to(states.Judge.dispute)
        return
    await manager.switch_to(states.Judge.done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    found = await _matter(dialog_manager)
    if found is None:
        return await _dispute(visit, dialog_manager)
    return {"text": visit.text("judge.done", debtor=found.case.debtor.name, ocr=found.case.ocr)}
