"""Proving who one is by the one-time code of a letter, wherever the code is typed."""

import logging
import re

from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import say_first, visit_of
from core.errors import Refusal
from core.services import identity

log = logging.getLogger(__name__)

_CODE = re.compile(r"[A-Za-z0-9]{4}[-\u2010-\u2015 ][A-Za-z0-9]{4}|[A-Za-z0-9]{8}")


def looks_like_code(text: str) -> bool:
    """Whether somebody has typed a code rather than a word: eight signs in two groups, or eight with a figure."""
    if not _CODE.fullmatch(text.strip()):
        return False
    return any(sign.isdigit() for sign in text) or (text == text.upper() and len(text.strip()) == 9)


async def try_code(typed: str, manager: DialogManager) -> None:
    """A code was typed. Right or wrong, nothing is said of whether there is a case."""
    visit = visit_of(manager)
    try:
        session = await identity.try_code(visit.house, visit.chat_id, typed)
    except Refusal as refusal:
        match refusal.code:
            case "code":
                await manager.start(states.Error.code, {"left": refusal.facts["left"]})
            case "locked":
                log.warning("refused: a code in a chat that is locked, %s", visit.session.channel)
                await manager.start(states.Error.locked, {"hours": refusal.facts["hours"]})
            case _:
                raise
        return
    going.became(manager, session)
    key = "id.done" if visit.offers.bankid else "id.done.code_only"
    say_first(manager, key, first_name=session.name or "")
    await going.arrive(manager)
