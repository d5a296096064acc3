"""Logging out, by a word or by a press: the first screen, and nothing of before."""

from aiogram_dialog import DialogManager

from bot.dialogs import going
from bot.dialogs.going import ELSEWHERE, became, say_first, visit_of
from core.services import identity, leaving


async def log_out(manager: DialogManager) -> None:
    """At once, whoever it is; what an app keeps is not ours to take away, and we say so."""
    visit = visit_of(manager)
    await leaving.log_out(visit.house, visit.chat_id)
    became(manager, await identity.look(visit.house, visit.chat_id))
    say_first(manager, "log_out.done.elsewhere" if visit.session.channel in ELSEWHERE else "log_out.done")
    await going.go_home(manager)
