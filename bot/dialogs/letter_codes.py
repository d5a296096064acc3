"""A letter's code by SMS: there is no button that leads to a place for it, so it is heard wherever it is written."""

import re
from typing import Final

from aiogram_dialog import DialogManager

from bot.channels.base import SMS
from bot.dialogs import going, proving, states
from bot.dialogs.going import say_first, visit_of
from core import codes
from core.services import letter_codes

#: In a text that is not the code alone it stands with its dash or in capitals; any two words may look like it else.
_WITHIN: Final = re.compile(r"(?<![\w-])(?:[A-Za-z0-9]{4}[-\u2010-\u2015][A-Za-z0-9]{4}|[A-Z0-9]{8})(?![\w-])")
#: A longer text is a story, and what looks like a code in it may be an order's number.
_WORDS_MAX: Final = 8


def code_in(text: str) -> str | None:
    """The code that somebody has written, alone or after a few words: ``min kod är K7Q4-M2XD``."""
    alone = text.strip(" .!?\"'")
    if codes.looks_like_code(alone) and proving.looks_like_code(alone):
        return alone
    if len(text.split()) > _WORDS_MAX:
        return None
    return next((found[0] for found in _WITHIN.finditer(text) if codes.looks_like_code(found[0])), None)


async def heard(text: str, manager: DialogManager, *, asked: bool) -> bool:
    """Whether it was a code, which has done then what it can. ``asked``: the screen asks for words of its own.

    To such a screen somebody who is known may write the number of an order, and a code that is none stays words.
    """
    visit = visit_of(manager)
    if visit.session.channel != SMS or visit.session.member or _means_its_own(manager):
        return False
    code = code_in(text)
    if code is None:
        return False
    if await letter_codes.used_by_them(visit.house, visit.chat_id, code):
        say_first(manager, "code.inside" if visit.session.identified else "code.used")
        if not visit.session.identified:
            await going.go_home(manager)
        return True
    return await proving.try_code(code, manager, or_words=asked and visit.session.identified)


def _means_its_own(manager: DialogManager) -> bool:
    """Where a code is asked about, or takes something back."""
    state = manager.current_context().state if manager.has_context() else None
    return state is not None and (state.group is states.Verify or state == states.Dispute.withdraw)
