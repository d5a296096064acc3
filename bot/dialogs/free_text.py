"""What somebody writes in their own words, on a screen that asked for nothing: a guess, then a question back.

Nothing is ever done on a guess alone: a guess opens a screen at most, and one that matters is asked about first.
An objection in so many words is no guess: it counts at once, with those words, and a person can end it. Words of
distress come before all else, on every screen: a person, where to call, and nothing that asks for money.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.dialogs import going, proving, states, talking
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.guesses import GUESSES, OFTEN, OFTEN_STRANGER, REFUSED, follow, within_reach
from bot.dialogs.wording.case import answer_by
from core import masking, phrases, words
from core.objections import wholly_disputed
from core.services import cases, disputes

Hear = Callable[[str, DialogManager], Awaitable[None]]

#: Screens that keep what is written for somebody to read: words of distress are kept there too.
KEEP_WORDS: Final = frozenset({states.Person, states.Dispute, states.Complain})


async def listen(text: str, manager: DialogManager, hears: Hear | None = None) -> None:
    """Whatever is written comes by here, and then to the screen that asked for it, if one did."""
    visit = visit_of(manager)
    if masking.was_hidden(text):
        say_first(manager, "card.hidden")
    if visit.session.member is None and phrases.meaning(visit.lang, text).distress:
        group = manager.current_context().state.group if manager.has_context() else None
        if hears is None or group not in KEEP_WORDS:
            await talking.pass_on(text, manager)
            await _calm(manager)
            return
        say_first(manager, "calm.first")
    await (hears or hear)(text, manager)


async def hear(text: str, manager: DialogManager, misses: int = 0) -> None:
    """Understand what was written, as far as lists of phrases can. ``misses``: how often that has just failed."""
    visit = visit_of(manager)
    stranger = not visit.session.identified and not visit.session.member
    if stranger and proving.looks_like_code(text):
        await proving.try_code(text, manager)
        return
    meaning = phrases.meaning(visit.lang, text)
    if meaning.distress and visit.session.member is None:
        await _calm(manager)
        return
    if meaning.ground and going.may_see_details(visit.session):
        await object_to(manager, meaning.ground, text)
        return
    if await talking.to_person(text, manager):
        return
    guesses = REFUSED if meaning.guesses == ("refuse",) else tuple(g for g in meaning.guesses if g != "refuse")
    open_to_them = tuple(guess for guess in guesses if within_reach(manager, guess))
    if (guesses or meaning.ground) and not open_to_them:
        say_first(manager, "unsure.stranger")
        await going.go_home(manager)
        return
    await _answer(manager, open_to_them, OFTEN_STRANGER if stranger else OFTEN, misses)


async def _answer(manager: DialogManager, guesses: tuple[str, ...], often: tuple[str, ...], misses: int) -> None:
    match guesses:
        case ("start",):
            await going.go_home(manager)
        case ("help",):
            say_first(manager, "help.anybody")
            await going.go_home(manager)
        case (guess,) if GUESSES[guess].at_once:
            await follow(manager, guess)
        case (guess,):
            await _ask(manager, states.Unsure.confirm, (guess,), 0)
        case ():
            await _ask(manager, states.Unsure.main, often, misses + 1)
        case several:
            await _ask(manager, states.Unsure.main, tuple(g for g in several if g in GUESSES), misses)


async def object_to(manager: DialogManager, ground: str, text: str | None = None) -> None:
    """An objection to the case that is open, or to the only one: from now on the case rests."""
    visit = visit_of(manager)
    case_id = await _case_in_mind(manager)
    if case_id is None:
        say_first(manager, "objection.which")
        await going.go_home(manager)
        return
    actor = visit.session.actor
    before = await cases.open_case(visit.house, actor, case_id)
    if before.closed:
        await going.go_home(manager)
        return
    after = await disputes.raise_dispute(visit.house, actor, case_id, ground, text)
    if wholly_disputed(before):
        say_first(manager, "dispute.already", day=words.day(answer_by(before, visit.today), visit.lang))
        await going.go_home(manager)
    else:
        about = {"case": case_id, "receipt": disputes.latest(after).receipt}
        at = visit.house.clock.now().isoformat()
        await going.open_screen(manager, states.Dispute.done, {**about, "at": at})


async def _case_in_mind(manager: DialogManager) -> int | None:
    here, home = going.about_case(manager), await going.ground(visit_of(manager))
    return here or (home.data["case"] if home.data else None)


async def _calm(manager: DialogManager) -> None:
    """Nothing is guessed and nothing is done: a pause is for the person to choose."""
    await going.open_screen(manager, states.Unsure.calm)


async def _ask(manager: DialogManager, state: State, guesses: tuple[str, ...], misses: int) -> None:
    case_id = going.about_case(manager)
    about = {"case": case_id} if case_id else {}
    await manager.start(state, {**about, "guesses": list(guesses), "misses": misses})
