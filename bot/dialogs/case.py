"""The overview: a person's cases, and one case with what may be done in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, going, refund, states
from bot.dialogs.going import case_id_of, visit_of
from bot.dialogs.widgets import LABEL_MAX, Choice, Items, by_sms, person_choice, screen, shortened
from bot.dialogs.wording.back import back_lines, back_short, kept_line
from bot.dialogs.wording.case import case_lines, only_disputed_left, owed, sum_asked
from bot.dialogs.wording.claims import what
from bot.dialogs.wording.owe import statement_card
from bot.dialogs.wording.plan import on_plan, waits_for_plan
from bot.dialogs.wording.sms_case import case_short, named
from bot.middleware import Visit
from core import brief, dispute, words
from core.case import Case
from core.dunning import barred
from core.objections import objections
from core.services import cases, kept_wishes, refund_accounts
from core.services.cases import CaseRow
from core.services.kept_wishes import Apart
from core.services.refund_accounts import Asked
from core.standing import Handling, open_holds
from core.statement import statement

#: A longer list shows so many and a way to the rest (conversations 1, buttons).
SHOWN = 3
#: By SMS, with a number for the rest.
SHOWN_SMS = 5
#: What is asked for now; the rest is stopped, paused or paid by a plan.
_ASKED = frozenset({Handling.ACTIVE, Handling.DEFERRED})
#: The right without which a choice leads nowhere (`core.services.representatives.RIGHTS`).
_NEEDS = {
    "payable": "pay",
    "payable_anyway": "pay",
    "asked": "talk",
    "open": "talk",
    "disputed": "talk",
    "begun": "talk",
    "waits": "agree",
}


def build_cases() -> Dialog:
    return Dialog(
        screen(
            states.Cases.main,
            None,
            Items("case", "shown", _open),
            Choice("show_more", "btn.show_more", _show_more, when="more"),
            person_choice(),
            Choice("language", "btn.language", opens=states.Language.main),
            getter=_cases,
            person=False,
            back=None,
        )
    )


def build_case() -> Dialog:
    return Dialog(
        screen(
            states.Case.main,
            None,
            Choice("refund", "btn.refund.choose", opens=states.Refund.main, when="back"),
            Choice("pay", "btn.pay", opens=states.Pay.main, when="payable"),
            Choice("details", "btn.details", opens=states.Owe.main),
            Choice("account", "btn.refund.change", opens=states.Refund.main, when="changeable"),
            Choice("kept", "btn.refund.kept", opens=states.Refund.main, when="kept"),
            Choice("next", "btn.next", opens=states.Next.main, when="resting"),
            Choice("plan", "btn.plan.see", opens=states.Plan.running, when="planned"),
            Choice("plans", "btn.plan.waiting", opens=states.Plan.offers, when="waits"),
            Choice("time", "btn.time", opens=states.Help.main, when="asked"),
            Choice("wrong", "btn.wrong", opens=states.Wrong.main, when="open"),
            Choice("dispute", "btn.see_dispute", opens=states.Dispute.add, when="disputed"),
            Choice("go_on", "btn.dispute_go_on", opens=states.Dispute.scope, when="begun"),
            Choice("files", "btn.files", opens=states.Files.main, when="closed"),
            Choice("pay_anyway", "btn.pay", opens=states.Pay.main, when="payable_anyway"),
            person_choice(),
            Choice("more", "btn.more", opens=states.More.main),
            getter=_case,
            hears=_hear,
            person=False,
            back=None,
        )
    )


async def _case(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    back, kept = await _going_back(case, visit), await _kept(case, visit)
    choices = _choices(case, visit, back, kept)
    told = [*back_lines(back, visit.lang), *([kept_line(kept, visit.lang)] if kept else [])]
    lines = case_lines(case, visit.today, visit.lang, told)
    lead = _for_whom(case, visit)
    card = _slip(case, lines[: len(lines) - len(told)], visit, len(lead) + 1)
    sms = " ".join([*lead, case_short(case, visit.today, visit.lang, tuple(back_short(back, visit.lang)))])
    return {"text": "\n".join([*lead, *lines]), "sms": sms, "card": card, **choices}


async def _going_back(case: Case, visit: Visit) -> Asked:
    """What goes back to the person and where to, which is nobody else's to know or say."""
    if visit.session.represents is not None:
        return Asked()
    return await refund_accounts.going_back(visit.house, case)


async def _kept(case: Case, visit: Visit) -> Apart | None:
    """What is kept apart until the person decides, which is nobody else's to know either."""
    return None if visit.session.represents is not None else await kept_wishes.of_case(visit.house, case)


async def _hear(typed: str, manager: DialogManager) -> None:
    """The number of an account, where money waits for one; all else is understood as always."""
    visit = visit_of(manager)
    if refund.is_number(typed):
        case = await cases.open_case(visit.house, visit.session.actor, case_id_of(manager))
        if typed != case.ocr and (await _going_back(case, visit)).ore:
            if place := await refund.take_number(typed, manager):
                await going.open_screen(manager, place.state, place.data)
            return
    await free_text.hear(typed, manager)


def _for_whom(case: Case, visit: Visit) -> list[str]:
    """Who acts for another is told for whom, and that "you" is that person."""
    if visit.session.represents is None:
        return []
    return [visit.text("case.for", name=case.debtor.name)]


def _choices(case: Case, visit: Visit, back: Asked, kept: Apart | None) -> dict[str, bool]:
    """What can be done now, without what a representative was not given; where money goes is asked for, or changed."""
    found = {**_possible(case, visit), "back": back.unsaid_ore > 0}
    found["changeable"] = bool(back.known) and not found["back"]
    # Six choices at most: where there are ways to pay what is left, the receipt's button leads to what is kept apart.
    found["kept"] = kept is not None and not back.ore and not found["asked"]
    if back.ore or found["kept"]:
        found["resting"] = False
    may = visit.session.rights if visit.session.represents is not None else frozenset(_NEEDS.values())
    return {name: possible and _NEEDS.get(name, "see") in {*may, "see"} for name, possible in found.items()}


def _possible(case: Case, visit: Visit) -> dict[str, bool]:
    is_open = case.closed is None
    resting, planned, waits = is_open and bool(open_holds(case)), is_open and on_plan(case), waits_for_plan(case)
    begun = is_open and dispute.is_begun(case)
    payable, asked = is_open and owed(case, visit.today) > 0, sum_asked(case, visit.today)
    disputed = is_open and not begun and any(raised.stops or raised.may_be_kept for raised in objections(case))
    return {
        "open": is_open and not begun and not disputed,
        "disputed": disputed,
        "begun": begun,
        "closed": not is_open,
        "payable": payable and asked != "still",
        "payable_anyway": payable and asked == "still",
        "resting": resting and not planned and not waits,
        "planned": planned,
        "waits": waits,
        "asked": is_open and not resting and not only_disputed_left(case, visit.today) and asked != "barred",
    }


def _slip(case: Case, lines: list[str], visit: Visit, lead: int) -> dict[str, Any] | None:
    """The sum as a slip in place of its line; a case that is closed, or too old to be asked for, has none."""
    if case.closed or barred(case, visit.today):
        return None
    stated = statement(case, visit.today)
    return statement_card(case, stated, visit.today, visit.lang, lead=lead, skip=len(lines) - 2, detailed=False)


async def _cases(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    rows = await cases.overview(visit.house, visit.session.actor)
    first, page = int(dialog_manager.dialog_data.get("first", 0)), _page(dialog_manager)
    shown = rows[first : first + page] or rows[:page]
    lines = [visit.text("cases", number=words.number(len(rows), visit.lang))]
    lines += [await _line(visit, row) for row in shown]
    lines += _of_creditors(visit, rows, shown)
    total = sum(row.total_ore for row in rows if row.handling in _ASKED)
    if total:
        day = words.day(visit.today, visit.lang)
        lines.append(visit.text("cases.total", day=day, total=words.money(total, visit.lang)))
    return {
        "text": "\n".join(lines),
        "sms": visit.text("sms.cases", number=words.number(len(rows), visit.lang)),
        "shown": [{"id": str(row.id), "label": _label(row), "sms": _label_short(row, visit.lang)} for row in shown],
        "more": len(rows) > page,
    }


def _page(manager: DialogManager) -> int:
    return SHOWN_SMS if by_sms(manager) else SHOWN


def _label_short(row: CaseRow, lang: str) -> str:
    """The sum tells cases of one creditor apart, and a number where the sums are alike."""
    return f"{named(row.creditor_name)[:12].rstrip()} {row.ocr[-3:]}: {brief.amount(row.total_ore, lang)}"


def _label(row: CaseRow) -> str:
    """The number is whole: two cases of one creditor never look the same."""
    return f"{shortened(row.creditor_name, LABEL_MAX - len(row.ocr) - 1)} {row.ocr}"


def _of_creditors(visit: Visit, rows: Sequence[CaseRow], shown: Sequence[CaseRow]) -> Iterator[str]:
    """Where cases come from more than one company: how many each of those on the screen has, if several."""
    if len({row.creditor_name for row in rows}) == 1:
        return
    for name in dict.fromkeys(row.creditor_name for row in shown):
        theirs = [row.total_ore for row in rows if row.creditor_name == name]
        if len(theirs) > 1:
            number, amount = words.number(len(theirs), visit.lang), words.money(sum(theirs), visit.lang)
            yield visit.text("cases.creditor", creditor=name, number=number, amount=amount)


async def _line(visit: Visit, row: CaseRow) -> str:
    case = await cases.open_case(visit.house, visit.session.actor, row.id)
    amount = words.money(row.total_ore, visit.lang)
    where = visit.text("cases.barred") if barred(case, visit.today) else _standing(visit, row)
    return visit.text(
        "cases.line", creditor=row.creditor_name, what=what(case, visit.lang), amount=amount, standing=where
    )


def _standing(visit: Visit, row: CaseRow) -> str:
    if row.next_on is None:
        return visit.text("cases.closed")
    if row.handling != Handling.ACTIVE:
        key = f"cases.{row.handling}"
        return visit.text(key if words.has(visit.lang, key) else "cases.paused")
    return visit.text("cases.open", day=words.day(row.next_on, visit.lang))


async def _open(manager: DialogManager, case_id: str) -> None:
    await manager.start(states.Case.main, {"case": int(case_id)})


async def _show_more(manager: DialogManager) -> None:
    """The next few; after the last, the first again."""
    visit = visit_of(manager)
    count = len(await cases.overview(visit.house, visit.session.actor))
    first = int(manager.dialog_data.get("first", 0)) + _page(manager)
    manager.dialog_data["first"] = first if first < count else 0
