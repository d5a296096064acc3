"""Arrival: who we are, and proving who one is by the code of a letter. Nothing here says whether there is a case."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, LaunchMode

from bot.dialogs import free_text, going, notme, proving, states, uploads
from bot.dialogs.going import Place, visit_of
from bot.dialogs.widgets import BACK_HOME, FIRST, Choice, link, person_choice, screen
from bot.middleware import Visit
from core import codes, words
from core.errors import Refusal
from core.services import handover, identity
from core.services.identity import CHAT_GUARD


def build_start() -> Dialog:
    return Dialog(
        screen(
            states.Start.main,
            "start",
            _code(),
            Choice("verify", "btn.verify", opens=states.Verify.ask),
            Choice("notme", "btn.notme", notme.say_not_me),
            person_choice(),
            Choice("language", "btn.language", opens=states.Language.main),
            person=False,
            back=None,
        )
    )


def build_id() -> Dialog:
    return Dialog(
        screen(states.Id.code, "id.code", hears=_code_or_words),
        screen(
            states.Id.where,
            "id.where",
            Choice("read_page", "btn.read_page", _read_page),
            Choice("read_here", "btn.read_telegram", _read_here),
            back=FIRST,
        ),
        screen(states.Id.page, None, link("btn.open_page", "link"), getter=_page, back=states.Id.where),
        screen(states.Id.resume, "id.resume", Choice("resume", "btn.resume", _resume), back=FIRST),
        screen(states.Id.none, "id.none", back=FIRST),
    )


def build_error() -> Dialog:
    return Dialog(
        screen(states.Error.code, None, getter=_wrong_code, hears=_code_or_words),
        screen(states.Error.locked, None, getter=_locked, back=BACK_HOME),
        screen(states.Error.link, None, _code(), getter=_dead_link, back=BACK_HOME),
        screen(
            states.Error.file,
            None,
            Choice("file_again", "btn.file_again", going.go_back),
            Choice("file_skip", "btn.file_skip", going.go_back),
            getter=_too_big,
            takes=uploads.take_below,
        ),
        launch_mode=LaunchMode.SINGLE_TOP,
    )


def _code() -> Choice:
    return Choice("code", "btn.code", opens=states.Id.code)


async def _code_or_words(text: str, manager: DialogManager) -> None:
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


async def _read_here(manager: DialogManager) -> None:
    visit = visit_of(manager)
    await identity.read_here(visit.house, visit.chat_id)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    await going.arrive(manager)


async def _read_page(manager: DialogManager) -> None:
    """A link by which the proof goes on in a browser: theirs alone, once, for a few minutes."""
    visit = visit_of(manager)
    token, until = await handover.offer(visit.house, visit.session)
    manager.dialog_data["page"] = [f"{visit.house.public_url}/c/{token}", words.clock(until, visit.lang)]
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


async def _wrong_code(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    left = _number(dialog_manager, "left")
    return {"text": words.plural(visit.lang, "error.code", left, number=words.number(left, visit.lang))}


async def _locked(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    key = "error.locked" if visit.offers.bankid else "error.locked.code_only"
    tries = words.number(CHAT_GUARD.tries_max, visit.lang)
    return {"text": visit.text(key, tries=tries, hours=_number(dialog_manager, "hours"))}


async def _too_big(visit: Visit, dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
    size, limit = _number(dialog_manager, "size"), _number(dialog_manager, "limit")
    return {"text": visit.text("error.file", size=size, limit=limit)}


async def _dead_link(visit: Visit, **_: Any) -> dict[str, Any]:
    return {"text": visit.text("error.link" if visit.offers.bankid else "error.link.code_only")}


def _number(manager: DialogManager, name: str) -> int:
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data[name])
