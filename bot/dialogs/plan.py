"""An instalment plan from the first offer to the signature. What a running plan needs is in `plan_running`.

The terms are made anew each time they are shown; the digest of what was shown goes with the signature, so nobody signs
other terms than those they saw.
"""

import asyncio
import re
from dataclasses import asdict
from datetime import date
from typing import Any

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, going, guesses, proving, states
from bot.dialogs.going import ELSEWHERE, Place, case_id_of, refuse, say_first, visit_of
from bot.dialogs.letters import send_text
from bot.dialogs.plan_budget import budget_screen
from bot.dialogs.plan_running import day_item, running_screens
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Items, link, screen
from bot.dialogs.wording.plan import can_be_asked, offers_text, refused_text, terms_text, time_until
from bot.middleware import Visit
from bot.refusals import say
from core import amounts_said, words
from core.errors import Refusal
from core.plan import Refused
from core.services import bankid, cases, plans
from core.services.plans import USUAL_PAY_DAYS, Wanted
from core.store.sessions import BANKID

#: Where the creditor agrees to no plan at all, so many months can be asked for.
ASKABLE = (6, 12)
#: A pay day in so many words: ``28``, ``den 28``, ``28:e``, ``the 28th``.
_PAY_DAY = re.compile(r"(?:den |the )?\d{1,2}(?::?[ae]|st|nd|rd|th)?\.?", re.IGNORECASE)


def build_plan() -> Dialog:
    return Dialog(
        screen(
            states.Plan.offers,
            None,
            Items("number", "offers", _choose),
            Items("months", "askable", _ask_for),
            Choice("code", "btn.code", turns_to=states.Plan.code, when="proposed"),
            Choice("anew", "btn.plan.anew", _anew, when="proposed"),
            Choice("own", "btn.plan.own", turns_to=states.Plan.own, when="own"),
            Choice("time", "btn.more_time", _more_time, when="time"),
            Choice("running", "btn.plan.see", turns_to=states.Plan.running, when="running"),
            getter=_offers,
            hears=_own_among_others,
        ),
        screen(
            states.Plan.own,
            "plan.own",
            Choice("budget", "btn.plan.budget", turns_to=states.Plan.budget),
            hears=_own,
            back=states.Plan.offers,
        ),
        budget_screen(_would_be),
        screen(
            states.Plan.refused,
            None,
            Choice("nearest", "btn.plan.nearest", _nearest),
            Choice("ask", "btn.plan.ask", _ask, when="askable"),
            Choice("own", "btn.amount", turns_to=states.Plan.own),
            getter=_refused,
            hears=_own,
            back=states.Plan.offers,
        ),
        screen(states.Plan.asked, None, getter=_asked, back=HOME),
        *_signing_screens(),
        *running_screens(),
        on_start=_begin,
    )


def _signing_screens() -> list[Any]:
    return [
        screen(
            states.Plan.terms,
            None,
            Choice("sign", "btn.plan.sign", _sign, when="ready"),
            Choice("day", "btn.plan.day", turns_to=states.Plan.day, when="ready"),
            Choice("full", "btn.plan.full", _full, when="ready"),
            Choice("letter", "btn.plan.letter", _letter, when="by_letter"),
            getter=_terms,
            hears=_change_in_words,
            back=states.Plan.offers,
        ),
        screen(
            states.Plan.full,
            "plan.full",
            Choice("sign", "btn.plan.sign", _sign),
            Choice("day", "btn.plan.day", turns_to=states.Plan.day),
            hears=_change_in_words,
            back=states.Plan.terms,
        ),
        screen(
            states.Plan.day,
            "plan.day",
            Items("pay_day", "days", _choose_day),
            getter=_days,
            hears=_choose_day_in_words,
            back=states.Plan.terms,
        ),
        screen(
            states.Plan.sign,
            None,
            link("btn.bankid_open", "here"),
            link("btn.qr", "qr"),
            getter=_page,
            back=states.Plan.terms,
        ),
        screen(
            states.Plan.letter,
            None,
            Choice("code", "btn.code", turns_to=states.Plan.code),
            getter=_by_letter,
            back=HOME,
        ),
        screen(states.Plan.code, "plan.code", hears=_code, back=BACK_HOME),
    ]


# What can be had


async def _offers(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    shown: dict[str, Any] = {name: () for name in ("offers", "askable")}
    shown |= {name: False for name in ("own", "time", "proposed", "running")}
    case = await cases.open_case(visit.house, actor, case_id)
    waiting = plans.proposal(case)
    if waiting and not dialog_manager.dialog_data.get("anew"):
        due = words.deadline(waiting[1], visit.today, visit.lang)
        return {**shown, "text": visit.text("plan.proposed", day=due), "proposed": True}
    time = time_until(case, visit.today) is not None
    try:
        found = await plans.offers(visit.house, actor, case_id)
    except Refusal as refusal:
        return {**shown, **_no_offers(visit, refusal, time=time)}
    choices = tuple(_item(visit, "btn.plan.choose_number", offer.months) for offer in found.offers)
    text = offers_text(found.lead, found.cases, found.offers, visit.today, visit.lang)
    return {**shown, "text": text, "offers": choices, "own": True, "time": time}


def _no_offers(visit: Visit, refusal: Refusal, *, time: bool) -> dict[str, Any]:
    """Why there is no plan, and what there is instead: asking the creditor, more time, the plan that runs."""
    lines = [say(refusal, visit.lang)]
    if refusal.code != "plan_not_offered":
        return {"text": lines[0], "time": time, "running": refusal.code == "plan_running"}
    lines.append(visit.text("note.ack"))
    return {
        "text": "\n".join(lines),
        "time": time,
        "askable": tuple(_item(visit, "btn.plan.ask", months) for months in ASKABLE),
    }


def _item(visit: Visit, key: str, number: int) -> dict[str, str]:
    return {"id": str(number), "label": visit.text(key, number=words.number(number, visit.lang))}


async def _anew(manager: DialogManager) -> None:
    manager.dialog_data["anew"] = True


async def _more_time(manager: DialogManager) -> None:
    await guesses.follow(manager, "time")


async def _choose(manager: DialogManager, number: str) -> None:
    await _take(manager, Wanted(number=int(number)))


async def _take(manager: DialogManager, wanted: Wanted) -> None:
    """These terms, in full; a pay day that was chosen before stays."""
    chosen = Wanted(wanted.number, wanted.per_month, _wanted(manager).pay_day)
    manager.dialog_data["wanted"] = asdict(chosen)
    await manager.switch_to(states.Plan.terms)


def _wanted(manager: DialogManager) -> Wanted:
    """What was chosen, here or before BankID was asked for."""
    begun = manager.start_data if isinstance(manager.start_data, dict) else {}
    kept = manager.dialog_data.get("wanted") or begun.get("wanted")
    return Wanted(**kept) if kept else Wanted()


# A sum of one's own


async def _own(text: str, manager: DialogManager) -> None:
    amount = amounts_said.parse(text)
    if amount is None:
        say_first(manager, "plan.own.invalid")
        return
    await _would_be(manager, amount)


async def _own_among_others(text: str, manager: DialogManager) -> None:
    """A sum is the sum a month, wherever plans are spoken of; anything else is understood as on other screens."""
    amount = amounts_said.parse(text)
    if amount is None:
        await free_text.hear(text, manager)
    else:
        await _would_be(manager, amount)


async def _change_in_words(text: str, manager: DialogManager) -> None:
    """Before the signature: a day of the month is another pay day, a larger figure another sum a month."""
    try:
        plans.read_pay_day(text)
    except Refusal:
        await _own_among_others(text, manager)
        return
    if _PAY_DAY.fullmatch(text.strip()):
        await _choose_day(manager, text)
    else:
        await _own_among_others(text, manager)


async def _would_be(manager: DialogManager, per_month: int) -> None:
    """So much a month: the terms, or the nearest that there are."""
    visit = visit_of(manager)
    pay_day = _wanted(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        manager.dialog_data["per_month"] = per_month
        await manager.switch_to(states.Plan.refused)
    else:
        await _take(manager, Wanted(per_month=per_month))


async def _refused(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    actor, case_id = visit.session.actor, case_id_of(dialog_manager)
    per_month = int(dialog_manager.dialog_data["per_month"])
    case = await cases.open_case(visit.house, actor, case_id)
    found = await plans.own(visit.house, actor, case_id, per_month, _wanted(dialog_manager).pay_day)
    if not isinstance(found, Refused):
        # The creditor has said yes meanwhile: what was refused can be had.
        amount = words.kronor(found.first[1], visit.lang)
        return {"text": visit.text("plan.own.now", amount=amount), "amount": amount, "askable": False}
    return {
        "text": refused_text(found, per_month, case.creditor.short_name, visit.lang),
        "amount": words.kronor(found.nearest.first[1], visit.lang),
        "number": words.number(found.months_needed, visit.lang),
        "askable": can_be_asked(found),
    }


async def _nearest(manager: DialogManager) -> None:
    visit = visit_of(manager)
    per_month, pay_day = int(manager.dialog_data["per_month"]), _wanted(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        await _take(manager, Wanted(number=found.nearest.months))
    else:
        await _take(manager, Wanted(per_month=per_month))


async def _ask(manager: DialogManager) -> None:
    visit = visit_of(manager)
    per_month, pay_day = int(manager.dialog_data["per_month"]), _wanted(manager).pay_day
    found = await plans.own(visit.house, visit.session.actor, case_id_of(manager), per_month, pay_day)
    if isinstance(found, Refused):
        await _request(manager, found.months_needed, per_month)


async def _ask_for(manager: DialogManager, months: str) -> None:
    await _request(manager, int(months), 0)


async def _request(manager: DialogManager, months: int, per_month: int) -> None:
    """The creditor is asked, and the case rests until there is an answer."""
    visit = visit_of(manager)
    until = await plans.ask(visit.house, visit.session.actor, case_id_of(manager), months, per_month)
    manager.dialog_data["asked"] = {"months": months, "until": until.isoformat()}
    await manager.switch_to(states.Plan.asked)


async def _asked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    asked = dialog_manager.dialog_data["asked"]
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    months = words.number(asked["months"], visit.lang)
    day = words.deadline(date.fromisoformat(asked["until"]), visit.today, visit.lang)
    return {"text": visit.text("plan.asked", creditor=case.creditor.short_name, months=months, day=day)}


# Terms and signature


async def _terms(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        made = await plans.terms(
            visit.house, visit.session.actor, case_id_of(dialog_manager), _wanted(dialog_manager), visit.lang
        )
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "ready": False, "by_letter": False}
    dialog_manager.dialog_data["shown"] = made.digest
    text = terms_text(made.offer, visit.today, visit.lang)
    return {"text": text, "ready": True, "by_letter": visit.session.proof != BANKID or _was_signing(dialog_manager)}


def _was_signing(manager: DialogManager) -> bool:
    """Whether they only just showed who they are to sign this: the other way stays open."""
    return isinstance(manager.start_data, dict) and bool(manager.start_data.get("sign"))


async def _full(manager: DialogManager) -> None:
    """Everything that is signed, word for word, and the same as PDF."""
    visit = visit_of(manager)
    made = await plans.terms(visit.house, visit.session.actor, case_id_of(manager), _wanted(manager), visit.lang)
    await send_text(manager, made.text)
    body = await asyncio.to_thread(made.pdf, visit.lang)
    await going.send_file(manager, visit.text("file.name.plan", ocr=made.lead.ocr), body)
    await manager.switch_to(states.Plan.full)


async def _sign(manager: DialogManager) -> None:
    """To our own page with BankID. Terms that are not those that were shown are shown anew."""
    wanted = _wanted(manager)
    shown = str(manager.dialog_data.get("shown", ""))
    then = Place(states.Plan.terms, {"case": case_id_of(manager), "wanted": asdict(wanted), "sign": shown})
    if await proving.require_bankid(manager, then):
        await _open_page(manager, shown)


async def _begin(data: Any, manager: DialogManager) -> None:
    """Back from showing who they are, on the way to sign what they saw: the page to sign on, at once."""
    if isinstance(data, dict) and data.get("sign"):
        await _open_page(manager, data["sign"])


async def _open_page(manager: DialogManager, shown: str) -> None:
    visit = visit_of(manager)
    wanted = _wanted(manager)
    try:
        manager.dialog_data["page"] = await plans.sign(
            visit.house, visit.session.actor, visit.chat_id, case_id_of(manager), wanted, visit.lang, shown
        )
    except Refusal as refusal:
        # Whatever forbids a plan is said by the terms' own screen.
        if refusal.code == "plan_changed":
            refuse(manager, refusal)
        await manager.switch_to(states.Plan.terms)
        return
    await manager.switch_to(states.Plan.sign)


async def _page(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    nonce = str(dialog_manager.dialog_data["page"]).rpartition("/")[2]
    lines = [visit.text("plan.sign")]
    if visit.session.channel in ELSEWHERE:
        lines.append(visit.text("id.bankid.word", word=bankid.control_word(visit.house, nonce)))
    return {"text": "\n".join(lines), **proving.links(visit, nonce)}


async def _letter(manager: DialogManager) -> None:
    """Without BankID the terms go by letter, with a code that accepts them."""
    visit = visit_of(manager)
    until = await plans.propose(visit.house, visit.session.actor, case_id_of(manager), _wanted(manager))
    manager.dialog_data["until"] = until.isoformat()
    await manager.switch_to(states.Plan.letter)


async def _by_letter(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    due = words.deadline(date.fromisoformat(dialog_manager.dialog_data["until"]), visit.today, visit.lang)
    return {"text": visit.text("plan.letter", day=due)}


async def _code(text: str, manager: DialogManager) -> None:
    await proving.try_code(text, manager)


# The pay day


async def _days(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    now = _wanted(dialog_manager).pay_day
    return {"days": [day_item(visit, day) for day in USUAL_PAY_DAYS if day != now]}


async def _choose_day_in_words(text: str, manager: DialogManager) -> None:
    await _choose_day(manager, text)


async def _choose_day(manager: DialogManager, text: str) -> None:
    day = plans.read_pay_day(text)
    chosen = _wanted(manager)
    manager.dialog_data["wanted"] = asdict(Wanted(chosen.number, chosen.per_month, day))
    await manager.switch_to(states.Plan.terms)
