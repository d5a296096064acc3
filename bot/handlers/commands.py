"""Commands and words that work anywhere: /start with a link or an invitation, help, language, person, stop, start."""

import logging
import re
from typing import Final

from aiogram import Router
from aiogram.filters import BaseFilter, Command, CommandObject, CommandStart
from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.channels.base import SMS
from bot.dialogs import going, leaving, more, proving, states
from bot.dialogs.going import Place, became, say_first, visit_of
from bot.dialogs.language import say_goes_on
from bot.dialogs.work import bound_text
from bot.handlers.menu import offer_usual_commands, offer_work_commands
from bot.middleware import Visit
from core import words
from core.errors import Refusal
from core.services import bankid, handover, identity

log = logging.getLogger(__name__)

STOP_WORDS: Final = frozenset({"stopp", "stop", "avsluta"})
OUT_WORDS: Final = frozenset({"loggaut", "loggautmig", "utloggning", "logout", "logmeout", "signout"})
START_WORDS: Final = frozenset({"start", "starta"})
#: By SMS, where there are no buttons to press, on every screen; elsewhere they are understood as any words.
BANKID_WORDS: Final = frozenset({"bankid"})
TONGUE_WORDS: Final = frozenset({"lang", "language", "languages", "språk", "sprak", "kieli", "język", "jezyk"})
HELP_WORDS: Final = frozenset({"hjalp", "hjälp", "help"})
#: With its punctuation; whatever is longer is no single word of ours.
LONGEST_WORD: Final = 16
#: The tag of a language and its own name, each alone: ``EN``, ``svenska``.
LANGUAGE_WORDS: Final = {lang: lang for lang in words.languages()} | {
    re.sub(r"[^\w]", "", words.language_name(lang)).casefold(): lang for lang in words.languages()
}


class Word(BaseFilter):
    """A message that is one of these words and nothing else. A class, since a plain function would cost a thread."""

    def __init__(self, *wanted: str) -> None:
        self._wanted = frozenset(wanted)

    async def __call__(self, message: Message) -> bool:
        return message.text is not None and re.sub(r"[^\w]", "", message.text).casefold() in self._wanted


class SmsWord(Word):
    """The same, only by SMS."""

    async def __call__(self, message: Message, visit: Visit) -> bool:  # type: ignore[override]  # handed by name
        return visit.session.channel == SMS and await super().__call__(message)


class Short(BaseFilter):
    """A command or a single word, asked once for all of them."""

    async def __call__(self, message: Message) -> bool:
        return message.text is not None and (message.text.startswith("/") or len(message.text) <= LONGEST_WORD)


def build_commands() -> Router:
    """The router of commands; it stands before the dialogs, so that they work on every screen."""
    router = Router(name="commands")
    router.message.filter(Short())
    router.message.register(start, CommandStart())
    router.message.register(help_, Command("help", "hjalp"))
    router.message.register(help_, Word(*HELP_WORDS))
    router.message.register(language, Command("language", "sprak"))
    router.message.register(language, SmsWord(*TONGUE_WORDS))
    router.message.register(person, Command("person"))
    router.message.register(shown, Command("bankid"))
    router.message.register(bankid_by_word, SmsWord(*BANKID_WORDS))
    router.message.register(stop, Command("stop", "stopp"))
    router.message.register(stop, Word(*STOP_WORDS))
    router.message.register(log_out, Command("logout", "loggaut"))
    router.message.register(log_out, Word(*OUT_WORDS))
    router.message.register(start_again, Word(*START_WORDS))
    router.message.register(speak, Word(*LANGUAGE_WORDS))
    return router


async def start(message: Message, command: CommandObject, dialog_manager: DialogManager) -> None:
    """The beginning, perhaps by a personal link or an invitation. Neither opens a case."""
    dialog_manager.show_mode = ShowMode.SEND
    if command.args:
        await _come_by(command.args.strip(), dialog_manager)
    else:
        await going.go_home(dialog_manager)


async def _come_by(token: str, manager: DialogManager) -> None:
    visit = visit_of(manager)
    if await handover.waits(visit.house, token):
        await going.go(manager, Place(states.Start.main), Place(states.Id.resume, {"token": token}))
        return
    try:
        made_for = await identity.open_link(visit.house, visit.chat_id, token)
    except Refusal:
        if not await _accept_invitation(token, manager):
            log.warning("refused: a link that opens nothing, %s", visit.session.channel)
            await going.go(manager, await going.ground(visit), Place(states.Error.link))
        return
    became(manager, await identity.look(visit.house, visit.chat_id))
    if await going.head_for(manager, made_for) and going.may_see_details(visit_of(manager).session):
        await going.arrive(manager)
    else:
        await going.go_home(manager)


async def _accept_invitation(token: str, manager: DialogManager) -> bool:
    visit = visit_of(manager)
    try:
        member = await identity.accept_invitation(visit.house, visit.chat_id, token)
    except Refusal:
        return False
    became(manager, await identity.look(visit.house, visit.chat_id))
    going.say_text_first(manager, await bound_text(visit, member))
    await offer_work_commands(visit_of(manager))
    await going.go_home(manager)
    return True


async def help_(message: Message, dialog_manager: DialogManager) -> None:
    """What can be done here, above the screen that was open."""
    dialog_manager.show_mode = ShowMode.SEND
    visit = visit_of(dialog_manager)
    if visit.session.member is None:
        say_first(dialog_manager, "help.anybody")
    await offer_work_commands(visit)
    await going.go_home(dialog_manager)


async def language(message: Message, dialog_manager: DialogManager) -> None:
    await _on_top(dialog_manager, Place(states.Language.main))


async def person(message: Message, dialog_manager: DialogManager) -> None:
    case_id = going.about_case(dialog_manager)
    await _on_top(dialog_manager, Place(states.Person.wait, {"case": case_id} if case_id else None))


async def shown(message: Message, dialog_manager: DialogManager) -> None:
    """Our page says that BankID is done: what came of it. Written by a person it is the way to BankID."""
    dialog_manager.show_mode = ShowMode.SEND
    visit = visit_of(dialog_manager)
    outcome = await bankid.take_outcome(visit.house, visit.chat_id)
    if outcome is not None:
        await proving.tell(dialog_manager, outcome)
    elif visit.session.identified or visit.session.seat:
        await going.go_home(dialog_manager)
    else:
        await proving.open_bankid(dialog_manager)


async def bankid_by_word(message: Message, dialog_manager: DialogManager) -> None:
    """BANKID, as our texts name it."""
    dialog_manager.show_mode = ShowMode.SEND
    if going.may_see_details(visit_of(dialog_manager).session):
        say_first(dialog_manager, "code.inside")
    await shown(message, dialog_manager)


async def _on_top(manager: DialogManager, place: Place) -> None:
    """Open a screen above the one that is open, so that back leads there."""
    manager.show_mode = ShowMode.SEND
    if manager.has_context() and manager.current_context().state.group is not place.state.group:
        await manager.start(place.state, place.data)
    else:
        await going.go(manager, await going.ground(visit_of(manager)), place)


async def stop(message: Message, dialog_manager: DialogManager) -> None:
    """STOPP: at once, without a question back. By SMS, where every answer rings, it is answered once."""
    dialog_manager.show_mode = ShowMode.SEND
    session = visit_of(dialog_manager).session
    if session.stopped and session.channel == SMS:
        return
    await more.stop(dialog_manager)


async def log_out(message: Message, dialog_manager: DialogManager) -> None:
    """The person leaves a device that others use: at once."""
    dialog_manager.show_mode = ShowMode.SEND
    await offer_usual_commands(visit_of(dialog_manager))
    await leaving.log_out(dialog_manager)


async def start_again(message: Message, dialog_manager: DialogManager) -> None:
    """START: takes a stop back; otherwise the beginning."""
    dialog_manager.show_mode = ShowMode.SEND
    visit = visit_of(dialog_manager)
    if visit.session.stopped:
        await identity.start_again(visit.house, visit.chat_id)
        became(dialog_manager, await identity.look(visit.house, visit.chat_id))
        say_first(dialog_manager, "stop.undone")
    await going.go_home(dialog_manager)


async def speak(message: Message, dialog_manager: DialogManager) -> None:
    """EN or SV: the language at once, and on with what was open."""
    dialog_manager.show_mode = ShowMode.SEND
    visit = visit_of(dialog_manager)
    lang = LANGUAGE_WORDS[re.sub(r"[^\w]", "", message.text or "").casefold()]
    await identity.set_language(visit.house, visit.chat_id, lang)
    became(dialog_manager, await identity.look(visit.house, visit.chat_id))
    say_goes_on(dialog_manager)
    if dialog_manager.has_context():
        await dialog_manager.show(ShowMode.SEND)
    else:
        await going.go_home(dialog_manager)
