"""A plan that was chosen: its terms, the pay day, and the signature with BankID or by the code of a letter.

By SMS a choice leads straight to our own page, where the plan is signed; nothing that binds is done by SMS, since a
sender's number can be forged.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs import free_text, going, proving, states
from bot.dialogs.going import ELSEWHERE, Place, case_id_of, refuse, visit_of
from bot.dialogs.letters import send_text
from bot.dialogs.plan_running import back_choice, day_item
from bot.dialogs.widgets import BACK_HOME, HOME, Choice, Items, Short, by_sms, link, person_choice, screen
from bot.dialogs.wording import sms_plan
from bot.dialogs.wording.plan import terms_text
from bot.middleware import Visit
from bot.refusals import say
from core import brief, words
from core.errors import Refusal
from core.services import bankid, cases, plans
from core.services.plans import USUAL_PAY_DAYS, Wanted
from core.store.sessions import BANKID

Hear = Callable[[str, DialogManager], Awaitable[None]]

#: A pay day in so many words: ``28``, ``den 28``, ``28:e``, ``the 28th``.
_PAY_DAY = re.compile(r"(?:den |the )?\d{1,2}(?::?[ae]|st|nd|rd|th)?\.?", re.IGNORECASE)


def _pay_day_or(hear: Hear) -> Hear:
    """Before the signature: a day of the month is another pay day, a larger figure another sum a month."""

    async def heard(text: str, manager: DialogManager) -> None:
        try:
            plans.read_pay_day(text)
        except Refusal:
            await hear(text, manager)
            return
        if _PAY_DAY.fullmatch(text.strip()):
            await _choose_day(manager, text)
        else:
            await hear(text, manager)

    return heard


def signing_screens(hear: Hear) -> list[Any]:
    """The screens; ``hear`` is handed what is written and is no pay day."""
    change = _pay_day_or(hear)
    sign = Choice("sign", "btn.plan.sign", _sign, when="ready")
    letter = Choice("letter", "btn.plan.letter", _letter, when="by_letter")
    ways = (person_choice(), back_choice(states.Plan.terms))
    return [
        screen(
            states.Plan.terms,
            None,
            sign,
            Choice("day", "btn.plan.day", turns_to=states.Plan.day, when="ready"),
            Choice("full", "btn.plan.full", _full, when="ready"),
            letter,
            getter=_terms,
            hears=change,
            back=states.Plan.offers,
            sms=Short(choices=(sign, letter)),
        ),
        screen(
            states.Plan.full,
            "plan.full",
            Choice("sign", "btn.plan.sign", _sign),
            Choice("day", "btn.plan.day", turns_to=states.Plan.day),
            hears=change,
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
            *ways,
            getter=_page,
            person=False,
            back=None,
            sms=Short(choices=(letter, *ways), person=False),
        ),
        screen(
            states.Plan.letter,
            None,
            Choice("code", "btn.code", turns_to=states.Plan.code),
            getter=_by_letter,
            hears=free_text.hear,
            back=HOME,
            sms=Short(choices=()),
        ),
        screen(states.Plan.code, "plan.code", hears=_code, back=BACK_HOME, sms=Short("sms.plan.code")),
    ]


def wanted_of(manager: DialogManager) -> Wanted:
    """What was chosen, here or before BankID was asked for."""
    begun = manager.start_data if isinstance(manager.start_data, dict) else {}
    kept = manager.dialog_data.get("wanted") or begun.get("wanted")
    return Wanted(**kept) if kept else Wanted()


async def take(manager: DialogManager, wanted: Wanted) -> None:
    """These terms, in full; a pay day that was chosen before stays. By SMS they stand on the page to sign on."""
    chosen = Wanted(wanted.number, wanted.per_month, wanted_of(manager).pay_day)
    manager.dialog_data["wanted"] = asdict(chosen)
    if by_sms(manager):
        await _to_page(manager)
    else:
        await manager.switch_to(states.Plan.terms)


# Terms and signature


async def _terms(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    try:
        made = await _made(dialog_manager)
    except Refusal as refusal:
        return {"text": say(refusal, visit.lang), "ready": False, "by_letter": False}
    dialog_manager.dialog_data["shown"] = made.digest
    return {
        "text": terms_text(made.offer, visit.today, visit.lang),
        "sms": sms_plan.terms_text(made.offer, visit.lang),
        "ready": True,
        "by_letter": by_letter(dialog_manager),
    }


async def _made(manager: DialogManager) -> plans.Terms:
    """The plan that was chosen, as it can be signed now."""
    visit = visit_of(manager)
    return await plans.terms(visit.house, visit.session.actor, case_id_of(manager), wanted_of(manager), visit.lang)


def by_letter(manager: DialogManager) -> bool:
    """Whether the plan may go by letter: for whoever has not shown BankID, or only just did so to sign this."""
    begun = manager.start_data
    signing = isinstance(begun, dict) and bool(begun.get("sign"))
    return visit_of(manager).session.proof != BANKID or signing


async def _full(manager: DialogManager) -> None:
    """Everything that is signed, word for word, and the same as PDF."""
    visit = visit_of(manager)
    made = await _made(manager)
    await send_text(manager, made.text)
    body = await asyncio.to_thread(made.pdf, visit.lang)
    await going.send_file(manager, visit.text("file.name.plan", ocr=made.lead.ocr), body)
    await manager.switch_to(states.Plan.full)


async def _sign(manager: DialogManager) -> None:
    """To our own page with BankID. Terms that are not those that were shown are shown anew."""
    if by_sms(manager):
        await _to_page(manager)
        return
    shown = str(manager.dialog_data.get("shown", ""))
    if await proving.require_bankid(manager, _then(manager, shown)):
        await _open_page(manager, shown)


def _then(manager: DialogManager, shown: str) -> Place:
    return Place(states.Plan.terms, {"case": case_id_of(manager), "wanted": asdict(wanted_of(manager)), "sign": shown})


async def _to_page(manager: DialogManager) -> None:
    """By SMS: the link to the page on which the plan is signed, or first shown who one is."""
    try:
        shown = (await _made(manager)).digest
    except Refusal:
        await manager.switch_to(states.Plan.terms)  # which says why there is none
        return
    manager.dialog_data["shown"] = shown
    if visit_of(manager).session.proof == BANKID:
        await _open_page(manager, shown)
        return
    nonce = await proving.page_for(manager, _then(manager, shown))
    manager.dialog_data.update({"page": nonce, "identify": True})
    await manager.switch_to(states.Plan.sign)


async def begin(data: Any, manager: DialogManager) -> None:
    """Back from showing who they are, on the way to sign what they saw: the page to sign on, at once."""
    if isinstance(data, dict) and data.get("sign"):
        await _open_page(manager, data["sign"])


async def _open_page(manager: DialogManager, shown: str) -> None:
    visit = visit_of(manager)
    wanted = wanted_of(manager)
    try:
        page = await plans.sign(
            visit.house, visit.session.actor, visit.chat_id, case_id_of(manager), wanted, visit.lang, shown
        )
    except Refusal as refusal:
        # Whatever forbids a plan is said by the terms' own screen.
        if refusal.code == "plan_changed":
            refuse(manager, refusal)
        await manager.switch_to(states.Plan.terms)
        return
    manager.dialog_data.update({"page": page, "identify": False})
    await manager.switch_to(states.Plan.sign)


async def _page(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    nonce = str(dialog_manager.dialog_data["page"]).rpartition("/")[2]
    word = bankid.control_word(visit.house, nonce)
    lines = [visit.text("plan.sign")]
    if visit.session.channel in ELSEWHERE:
        lines.append(visit.text("id.bankid.word", word=word))
    links = proving.links(visit, nonce)
    case = await cases.open_case(visit.house, visit.session.actor, case_id_of(dialog_manager))
    rests = sms_plan.rests_text(case, visit.today, visit.lang)
    if dialog_manager.dialog_data.get("identify"):
        short = visit.text("sms.sign.identify", link=links["here"], word=word, rests=rests)
    else:
        short = visit.text("sms.sign", link=links["here"], rests=rests)
    return {"text": "\n".join(lines), "sms": short, **links, "by_letter": by_letter(dialog_manager)}


async def _letter(manager: DialogManager) -> None:
    """Without BankID the terms go by letter, with a code that accepts them."""
    await send_letter(manager, wanted_of(manager))


async def send_letter(manager: DialogManager, wanted: Wanted) -> None:
    visit = visit_of(manager)
    until = await plans.propose(visit.house, visit.session.actor, case_id_of(manager), wanted)
    manager.dialog_data["until"] = until.isoformat()
    await manager.switch_to(states.Plan.letter)


async def _by_letter(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    until = date.fromisoformat(dialog_manager.dialog_data["until"])
    due = words.deadline(until, visit.today, visit.lang)
    short = visit.text("sms.plan.letter", day=brief.weekday(until, visit.lang))
    return {"text": visit.text("plan.letter", day=due), "sms": short}


async def _code(text: str, manager: DialogManager) -> None:
    await proving.try_code(text, manager)


# The pay day


async def _days(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    now = wanted_of(dialog_manager).pay_day
    return {"days": [day_item(visit, day) for day in USUAL_PAY_DAYS if day != now]}


async def _choose_day_in_words(text: str, manager: DialogManager) -> None:
    await _choose_day(manager, text)


async def _choose_day(manager: DialogManager, text: str) -> None:
    day = plans.read_pay_day(text)
    chosen = wanted_of(manager)
    manager.dialog_data["wanted"] = asdict(Wanted(chosen.number, chosen.per_month, day))
    await manager.switch_to(states.Plan.terms)
