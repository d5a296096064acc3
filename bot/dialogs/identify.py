"""Showing who one is: with BankID on our own page or by the code of a letter, and for whom one then acts.

Nothing here says whether there is a case. What came of BankID is said in the chat by `proving.tell`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.dialogs import free_text, going, proving, refund, states
from bot.dialogs.going import ELSEWHERE, Place, say_first, visit_of
from bot.dialogs.new_code import new_code_choice
from bot.dialogs.widgets import BACK_HOME, FIRST, LABEL_MAX, Choice, Items, Short, by_sms, link, screen, shortened
from bot.middleware import Visit
from core import codes, words
from core.errors import Refusal
from core.rules.se.identifiers import looks_like_organisation
from core.services import acting, bankid, handover, identity

#: So many are shown for whom one may act; with the company, the person and back that is six.
PARTIES_SHOWN: Final = 3


def build_id() -> Dialog:
    return Dialog(
        screen(
            states.Id.code,
            "id.code",
            bankid_choice(),
            hears=code_or_words,
            sms=Short("sms.id.code", choices=(bankid_choice(), new_code_choice())),
        ),
        screen(
            states.Id.bankid,
            None,
            link("btn.bankid_open", "here"),
            link("btn.qr", "qr"),
            getter=_bankid,
            hears=_number_or_code,
            sms=Short(choices=()),
        ),
        screen(states.Id.login, "id.login", link("btn.bankid_log_in", "here"), getter=_login, hears=_log_in, back=None),
        screen(
            states.Id.whom,
            None,
            Items("party", "parties", _choose),
            Choice("company", "btn.company", turns_to=states.Id.company),
            getter=_whom,
            hears=_company_or_words,
            back=FIRST,
        ),
        screen(states.Id.company, "id.company", hears=_company, back=FIRST, sms=Short("sms.id.company")),
        screen(states.Id.waiting, "id.waiting", back=FIRST, sms=Short("sms.id.waiting")),
        screen(
            states.Id.where,
            "id.where",
            Choice("read_page", "btn.read_page", _read_page),
            Choice("read_here", "btn.read_telegram", _read_here),
            getter=_where,
            back=FIRST,
            sms=Short(
                choices=(Choice("read_here", "sms.btn.read_here", _read_here), new_code_choice()), back=BACK_HOME
            ),
        ),
        screen(states.Id.page, None, link("btn.open_page", "link"), getter=_page, back=states.Id.where),
        screen(states.Id.resume, "id.resume", Choice("resume", "btn.resume", _resume), back=FIRST),
        screen(
            states.Id.none,
            "id.none",
            Choice("company", "btn.company", turns_to=states.Id.company),
            hears=_company_or_words,
            back=FIRST,
            sms=Short("sms.id.none"),
        ),
    )


def bankid_choice() -> Choice:
    """The way to BankID, wherever somebody may show who they are."""
    return Choice("bankid", "btn.bankid", proving.open_bankid)


def code_choice() -> Choice:
    return Choice("code", "btn.code", opens=states.Id.code)


async def code_or_words(text: str, manager: DialogManager) -> None:
    """A code, well or badly typed, is tried; words are words, and cost nobody a try."""
    signs = codes.normalise(text)
    if (
        len(text.split()) <= 2
        and abs(len(signs) - codes.LENGTH) <= 2
        and (proving.looks_like_code(text) or any(sign.isdigit() for sign in signs))
    ):
        await proving.try_code(text, manager)
    else:
        await free_text.hear(text, manager)


# BankID


async def _number_or_code(text: str, manager: DialogManager) -> None:
    """On the way to say an account, a number may be written before BankID is done."""
    if not await refund.take_while_proving(text, manager):
        await code_or_words(text, manager)


async def _bankid(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """Where the chat and the page are apart, both show a word: only who has both before them is meant."""
    nonce = await _nonce(visit, dialog_manager)
    word, links = bankid.control_word(visit.house, nonce), proving.links(visit, nonce)
    lines = [visit.text("id.bankid")]
    if visit.session.channel in ELSEWHERE:
        lines.append(visit.text("id.bankid.word", word=word))
    sms = visit.text("sms.id.bankid", link=links["here"], word=word)
    return {"text": "\n".join(lines), "sms": sms, **links}


async def _nonce(visit: Visit, manager: DialogManager) -> str:
    """The page that this screen was opened with, else one that is made when it is first shown."""
    begun = manager.start_data
    if isinstance(begun, dict) and "nonce" in begun:
        return str(begun["nonce"])
    if "nonce" not in manager.dialog_data:
        manager.dialog_data["nonce"] = await bankid.offer(visit.house, visit.chat_id)
    return str(manager.dialog_data["nonce"])


async def _login(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """A member's own page."""
    return proving.links(visit, await _nonce(visit, dialog_manager))


async def _log_in(_text: str, manager: DialogManager) -> None:
    """Members write commands once they are known; a page that is too old gives way to a new one."""
    manager.dialog_data.pop("nonce", None)


# For whom one acts


async def _whom(visit: Visit, **_: Any) -> dict[str, Any]:
    found = await acting.choices(visit.house, visit.chat_id)
    names = [party.name for party in found[:PARTIES_SHOWN]]
    lines = [visit.text("id.whom")]
    if any(len(name) > LABEL_MAX for name in names):  # two long names may begin alike: numbers, and the whole above
        lines += [f"{number}. {name}" for number, name in enumerate(names, 1)]
        names = [shortened(f"{number}. {name}") for number, name in enumerate(names, 1)]
    parties = [{"id": party.id, "label": name} for party, name in zip(found, names, strict=False)]
    return {"text": "\n".join(lines), "parties": parties}


async def _choose(manager: DialogManager, party_id: str) -> None:
    visit = visit_of(manager)
    going.became(manager, await acting.choose(visit.house, visit.chat_id, party_id))
    await going.arrive(manager)


async def _company_or_words(text: str, manager: DialogManager) -> None:
    """An organisation's number may be written at once; everything else is understood as anywhere."""
    await (_company if looks_like_organisation(text) else free_text.hear)(text, manager)


async def _company(text: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    try:
        session = await acting.for_organisation(visit.house, visit.chat_id, text)
    except Refusal as refusal:
        if refusal.code != "bankid":
            raise
        say_first(manager, "id.bankid_first")
        await proving.open_bankid(manager)
        return
    if session is None:
        await manager.switch_to(states.Id.waiting)
        return
    going.became(manager, session)
    await going.arrive(manager)


# Reading here or on our own page


async def _read_here(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await identity.read_here(visit.house, visit.chat_id)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    await going.arrive(manager)


async def _where(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    """By SMS the link to our page stands beside the question."""
    if not by_sms(dialog_manager):
        return {}
    if "page" not in dialog_manager.dialog_data:
        dialog_manager.dialog_data["page"] = await _page_link(visit, words.hour_minute)
    address, until = dialog_manager.dialog_data["page"]
    return {"sms": visit.text("sms.id.where", link=address, until=until)}


async def _page_link(visit: Visit, at: Callable[[datetime, str], str] = words.clock) -> list[str]:
    """A link by which the proof goes on in a browser: theirs alone, once, for a few minutes; and until when."""
    token, until = await handover.offer(visit.house, visit.session)
    return [f"{visit.house.public_url}/c/{token}", at(until, visit.lang)]


async def _read_page(manager: DialogManager) -> None:
    manager.dialog_data["page"] = await _page_link(visit_of(manager))
    await manager.switch_to(states.Id.page)


async def _page(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    address, until = dialog_manager.dialog_data["page"]
    return {"text": visit.text("id.where.page", link=address, until=until), "link": address}


async def _resume(manager: DialogManager) -> None:
    """Somebody came by the link that they asked for elsewhere, and says so by a press."""
    visit, data = visit_of(manager), manager.start_data
    assert isinstance(data, dict)
    try:
        session = await handover.take_over(visit.house, visit.chat_id, data["token"])
    except Refusal:
        await going.go(manager, Place(states.Start.main), Place(states.Error.link))
        return
    going.became(manager, session)
    await going.arrive(manager)
