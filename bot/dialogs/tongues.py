"""By SMS nothing tells us which language somebody reads until they write: then their script or their words do."""

from aiogram_dialog import DialogManager

from bot.channels.base import SMS
from bot.dialogs import going
from bot.dialogs.going import visit_of
from bot.middleware import Visit
from core import phrases, words
from core.services import identity


async def understand(text: str, manager: DialogManager) -> None:
    """Go on in the language of these words, where nobody has chosen one and it can be told."""
    visit = visit_of(manager)
    if not undecided(visit) or visit.session.member:
        return
    lang = phrases.language_of(text)
    if lang is None:
        return
    await identity.set_language(visit.house, visit.chat_id, lang)
    going.became(manager, await identity.look(visit.house, visit.chat_id))


def undecided(visit: Visit) -> bool:
    """Whether we write by SMS in a language that nobody has chosen."""
    return visit.session.channel == SMS and not visit.session.language


def offered(visit: Visit) -> str:
    """How to get another language, for whoever does not read the one that we began in; else nothing."""
    return visit.text("sms.languages") if undecided(visit) and visit.lang == words.ORIGINAL else ""
