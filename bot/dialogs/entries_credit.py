"""A creditor takes a claim back, all or a part of it: which, how much, the credit note's number, the figures, done.

What is large and comes from staff goes to a supervisor, who sees the same figures.
"""

from collections.abc import Mapping
from typing import Any, Final

from aiogram_dialog import DialogManager, ShowMode, Window

from bot.dialogs import going, meant, states
from bot.dialogs.going import Place, case_id_of, say_first, visit_of
from bot.dialogs.showing import show_case
from bot.dialogs.widgets import Choice, Items, screen, shortened
from bot.dialogs.wording.claims import claim_name
from bot.dialogs.wording.entries import credit_text, given_text
from bot.middleware import Visit
from bot.refusals import say
from core import amounts_said, words
from core.case import Case
from core.errors import Refusal
from core.money import Ore
from core.objections import Parts
from core.services import cases
from core.services import creditor_entries as entries

#: So many claims have a button; others are named by their number.
SHOWN: Final = 3


def credit_screens() -> tuple[Window, ...]:
    return (
        _quiet(
            states.Entries.credit,
            Choice("whole", "btn.credit.whole", _whole, when="possible"),
            Items("claim", "claims", _claim),
            getter=_what,
            hears=_hear_claim,
        ),
        _quiet(states.Entries.credit_part, getter=_how_much, hears=_hear_amount, back=states.Entries.credit),
        _quiet(
            states.Entries.credit_note,
            Choice("none", "btn.credit.no_note", _no_note),
            getter=_which_note,
            hears=_hear_note,
            back=states.Entries.credit,
        ),
        _quiet(
            states.Entries.credit_check,
            Choice("change", "btn.entries.change", turns_to=states.Entries.credit),
            Choice("confirm", "btn.credit.give", _give, when="gives"),
            Choice("again", "btn.credit.again", _give, when="again"),
            Choice("ask", "btn.credit.ask", _give, when="asks"),
            getter=_check,
            back=states.Entries.credit_note,
        ),
        _quiet(states.Entries.credit_done, Choice("case", "btn.see_case", _see), getter=_done, back=None),
        _quiet(
            states.Entries.second,
            Choice("approve", "btn.credit.approve", _approve, when="possible"),
            getter=_second,
        ),
    )


def _quiet(state: Any, *choices: Any, **more: Any) -> Window:
    """Members talk with us by commands: anything else that they write shows which there are."""
    return screen(state, None, *choices, **{"hears": meant.choose, "person": False, **more})


async def _see(manager: DialogManager) -> None:
    await show_case(visit_of(manager), case_id_of(manager))
    manager.show_mode = ShowMode.SEND


async def open_credit(manager: DialogManager, case_id: int, said: str = "") -> None:
    """From a command or a case's button; a sum that was said in the command is a part of the case's only claim."""
    visit = visit_of(manager)
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    place = Place(states.Entries.credit, {"case": case_id})
    if amount := amounts_said.parse(said):
        place = await _to_note(manager, case, amount) or place
    await going.go(manager, Place(states.Work.main, {"brief": True}), place)


async def _to_note(manager: DialogManager, case: Case, amount: Ore) -> Place | None:
    """Where the credit note's number is asked for; None where it is said first why not yet."""
    visit, parts = visit_of(manager), ((case.claims[0].id, amount),)
    if len(case.claims) > 1:
        say_first(manager, "entries.credit.first")
        return None
    try:
        await entries.preview_credit(visit.house, visit.session.actor, case.id, parts)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return None
    return Place(states.Entries.credit_note, {"case": case.id, "parts": [list(part) for part in parts]})


async def _case(manager: DialogManager) -> Case:
    visit = visit_of(manager)
    return await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))


async def _most(manager: DialogManager) -> Mapping[int, Ore]:
    visit = visit_of(manager)
    return await entries.most(visit.house, visit.session.actor, case_id_of(manager))


# Which, and how much


async def _what(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    try:
        left = await _most(dialog_manager)
    except Refusal:
        return {"text": visit.text("entries.credit.over", ocr=case.ocr), "claims": [], "possible": False}
    amount = words.money(sum(left.values()), visit.lang)
    values = {"creditor": case.creditor.short_name, "debtor": case.debtor.name, "ocr": case.ocr}
    lines = [visit.text("entries.credit.ask", amount=amount, **values)]
    if len(left) > SHOWN:
        lines.append(visit.text("entries.credit.which"))
    claims = [claim for claim in case.claims if claim.id in left][:SHOWN]
    one = len(left) == 1
    labels = [
        visit.text("btn.credit.part") if one else shortened(words.capital(claim_name(claim, visit.lang)))
        for claim in claims
    ]
    buttons = [{"id": str(claim.id), "label": label} for claim, label in zip(claims, labels, strict=True)]
    return {"text": "\n".join(lines), "claims": buttons, "possible": True}


async def _whole(manager: DialogManager) -> None:
    manager.dialog_data["parts"] = None
    await manager.switch_to(states.Entries.credit_note)


async def _claim(manager: DialogManager, claim_id: str) -> None:
    manager.dialog_data["claim"] = int(claim_id)
    await manager.switch_to(states.Entries.credit_part)


async def _hear_claim(text: str, manager: DialogManager) -> None:
    """The number of an invoice of the case, how much of its only one, or another case by whatever is known of it."""
    case, wanted = await _case(manager), text.split()[-1].casefold() if text.split() else ""
    for claim in case.claims:
        if claim.reference and claim.reference.casefold() == wanted:
            await _claim(manager, str(claim.id))
            return
    if await meant.by_number(text, manager) is None and amounts_said.parse(text):
        await _amount_of_one(text, manager)
        return
    rows = [row for row in await meant.search(text, manager) if row.id != case.id]
    if len(rows) == 1:
        await open_credit(manager, rows[0].id)
    elif rows:
        await meant.ask(manager, states.Money.credit, rows)
    else:
        say_first(manager, "entries.credit.hint")


async def _amount_of_one(text: str, manager: DialogManager) -> None:
    """A sum is a part of the claim, where there is one; of several the claim is chosen first."""
    try:
        left = await _most(manager)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    if len(left) > 1:
        say_first(manager, "entries.credit.first")
        return
    manager.dialog_data["claim"] = next(iter(left))
    await _hear_amount(text, manager)


async def _how_much(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    claim = next(claim for claim in case.claims if claim.id == dialog_manager.dialog_data["claim"])
    try:
        most = (await _most(dialog_manager)).get(claim.id, 0)
    except Refusal:
        return {"text": visit.text("entries.credit.over", ocr=case.ocr)}
    what, amount = claim_name(claim, visit.lang), words.money(most, visit.lang)
    return {"text": visit.text("entries.credit.much", what=what, most=amount)}


async def _hear_amount(text: str, manager: DialogManager) -> None:
    visit, amount = visit_of(manager), amounts_said.parse(text)
    if not amount:
        say_first(manager, "entries.credit.unclear")
        return
    parts = ((int(manager.dialog_data["claim"]), amount),)
    try:
        await entries.preview_credit(visit.house, visit.session.actor, case_id_of(manager), parts)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["parts"] = [list(part) for part in parts]
    await manager.switch_to(states.Entries.credit_note)


# The number of the credit note


async def _which_note(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await _case(dialog_manager)
    return {"text": visit.text("entries.credit.note", creditor=case.creditor.short_name)}


async def _hear_note(text: str, manager: DialogManager) -> None:
    try:
        note = entries.check_note(text)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["note"] = note
    await manager.switch_to(states.Entries.credit_check)


async def _no_note(manager: DialogManager) -> None:
    manager.dialog_data["note"] = ""
    await manager.switch_to(states.Entries.credit_check)


# The figures


def _chosen(manager: DialogManager) -> tuple[Parts | None, str]:
    begun = manager.start_data
    assert isinstance(begun, dict)
    parts = {**begun, **manager.dialog_data}.get("parts")
    return tuple((int(claim), int(ore)) for claim, ore in parts) if parts else None, manager.dialog_data["note"]


async def _check(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """The figures, before anything is booked; or why it cannot be."""
    (parts, note), case_id = _chosen(dialog_manager), case_id_of(dialog_manager)
    try:
        look = await entries.preview_credit(visit.house, visit.session.actor, case_id, parts, note)
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "gives": False, "again": False, "asks": False}
    dialog_manager.dialog_data.update(number=look.number, shown=look.effect.shown)
    text, asks, again = credit_text(look, visit.lang), look.second_look, bool(look.twins)
    return {"text": text, "gives": not asks and not again, "again": again and not asks, "asks": asks}


async def _give(manager: DialogManager) -> None:
    visit, (parts, note) = visit_of(manager), _chosen(manager)
    number, shown, case_id = int(manager.dialog_data["number"]), manager.dialog_data["shown"], case_id_of(manager)
    try:
        asked = await entries.give_credit(visit.house, visit.session.actor, case_id, parts, note, number, shown)
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["asked"] = asked.id if asked else 0
    await manager.switch_to(states.Entries.credit_done)


async def _done(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    if task := dialog_manager.dialog_data.get("asked"):
        return {"text": visit.text("entries.credit.asked", place=task)}
    number, case_id = int(dialog_manager.dialog_data["number"]), case_id_of(dialog_manager)
    given = await entries.look_credit(visit.house, visit.session.actor, case_id, number)
    return {"text": given_text(given, visit.lang)}


# A supervisor's second look


def _task_id(manager: DialogManager) -> int:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data["task"])


async def _second(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    if dialog_manager.dialog_data.get("approved"):
        ocr = (await _case(dialog_manager)).ocr
        return {"text": visit.text("entries.credit.approved", ocr=ocr), "possible": False}
    try:
        look = await entries.second_look(visit.house, visit.session.actor, _task_id(dialog_manager))
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "possible": False}
    dialog_manager.dialog_data["shown"] = look.effect.shown
    return {"text": credit_text(look, visit.lang), "possible": True}


async def _approve(manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        await entries.approve_credit(
            visit.house, visit.session.actor, _task_id(manager), manager.dialog_data.get("shown", "")
        )
    except Refusal as refusal:
        going.refuse(manager, refusal)
        return
    manager.dialog_data["approved"] = True
