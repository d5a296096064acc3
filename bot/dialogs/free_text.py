"""What somebody writes in their own words, on a screen that asked for nothing: a guess, then a question back.

Nothing is ever done on a guess alone: a guess opens a screen at most, and one that matters is asked about first.
An objection in so many words is no guess: the case rests at once, the words are kept, and what is left to ask is
asked then (`objecting`). Words of distress come before all else, on every screen: a person, where to call, and
nothing that asks for money.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.channels.base import SMS
from bot.channels.sms_menu import BACK, PERSON
from bot.dialogs import going, letter_codes, proving, states, talking, tongues
from bot.dialogs.asking_day import asked_of_day
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.guesses import GUESSES, OFTEN, OFTEN_CLOSED, OFTEN_STRANGER, REFUSED, follow, screen_of, within_reach
from bot.dialogs.objecting import object_to
from bot.middleware import Visit
from core import masking, phrases
from core.dunning import barred
from core.services import cases, refund_accounts

Hear = Callable[[str, DialogManager], Awaitable[None]]

#: Screens that keep what is written for somebody to read: words of distress are kept there too.
KEEP_WORDS: Final = frozenset({states.Person, states.Dispute, states.Complain})
#: Screens on which a single digit may be the answer itself: a day of the month, a number of people, a word to a person.
DIGIT_SAYS: Final = frozenset(
    {
        *(states.Plan.day, states.Plan.move, states.Plan.budget, states.Time.day, states.Settle.day),
        *(states.Owe.date, states.Owe.between, states.Person.wait, states.Person.closed, states.Person.asked),
        states.Person.chat,
    }
)


async def listen(text: str, manager: DialogManager, hears: Hear | None = None) -> None:
    """Whatever is written comes by here, and then to the screen that asked for it, if one did."""
    visit = visit_of(manager)
    if is_lost_number(text, visit) and not (manager.has_context() and manager.current_context().state in DIGIT_SAYS):
        await _lost(text, manager)
        return
    await tongues.understand(text, manager)
    if await letter_codes.heard(text, manager, asked=hears is not None):
        return
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
    if is_lost_number(text, visit):
        await _lost(text, manager)
        return
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
    if stranger and visit.session.channel == SMS:
        await _answer_stranger(guesses, manager)
        return
    if (guesses or meaning.ground) and not open_to_them:
        say_first(manager, "unsure.stranger")
        await going.go_home(manager)
        return
    if open_to_them and await _of_too_old(open_to_them, manager):
        await follow(manager, open_to_them[0])
        return
    if await asked_of_day(text, open_to_them, manager) or await _say_at_once(text, open_to_them, manager):
        return
    await _answer(manager, open_to_them, OFTEN_STRANGER if stranger else await _often(manager), misses)


async def _of_too_old(guesses: tuple[str, ...], manager: DialogManager) -> bool:
    """Whether somebody wants to pay, or to have time for, what is too old: no question back, the overview says it."""
    visit, case_id = visit_of(manager), going.about_case(manager)
    wants = all(guess in GUESSES and going.asks(screen_of(manager, GUESSES[guess])) for guess in guesses)
    if not wants or case_id is None or not going.may_see_details(visit.session):
        return False
    return await going.is_too_old(visit, case_id)


async def _often(manager: DialogManager) -> tuple[str, ...]:
    """What is offered to whoever is known here when nothing was understood.

    On a case that is closed, or too old to be asked for, no ways to pay.
    """
    visit, case_id = visit_of(manager), going.about_case(manager)
    if case_id is None or not going.may_see_details(visit.session):
        return OFTEN
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    if case.closed is None and not barred(case, visit.today):
        return OFTEN
    back = (await refund_accounts.going_back(visit.house, case)).ore and visit.session.represents is None
    return ("refund", *OFTEN_CLOSED[:2]) if back else OFTEN_CLOSED


def is_lost_number(text: str, visit: Visit) -> bool:
    """Whether somebody answers by SMS with a number that the last SMS had not."""
    return visit.session.channel == SMS and len(text) == 1 and text.isdecimal()


async def _lost(text: str, manager: DialogManager) -> None:
    """A number that the last SMS had not. 9 is a person all the same, and 0 shows where one is."""
    if text == PERSON:
        await follow(manager, "person")
    elif text != BACK:
        say_first(manager, "error.stale")


async def _answer_stranger(guesses: tuple[str, ...], manager: DialogManager) -> None:
    """By SMS a stranger hears one thing, whatever they ask; what needs no proof opens at once."""
    await _keep_wish(guesses, manager)
    match guesses:
        case ("notme",):
            await _ask(manager, states.Unsure.confirm, guesses, 0)
        case (("verify" | "person" | "code" | "bankid" | "language" | "other_language" | "stop") as name,):
            await follow(manager, name)
        case _:
            await going.go_home(manager)


async def _keep_wish(guesses: tuple[str, ...], manager: DialogManager) -> None:
    """What somebody asked for before we knew who they are is opened when they have shown it."""
    if len(guesses) == 1 and guesses[0] in GUESSES and not within_reach(manager, guesses[0]):
        await going.wish_for(manager, screen_of(manager, GUESSES[guesses[0]]))


async def _say_at_once(text: str, guesses: tuple[str, ...], manager: DialogManager) -> bool:
    """Meanings that are answered by themselves, or that mean something else to whoever is known here already."""
    session = visit_of(manager).session
    known = going.may_see_details(session)
    match guesses:
        case ("start",) if session.stopped:
            await going.open_screen(manager, states.Stop.done)
        case (("thanks" | "robot") as said,):
            await going.open_screen(manager, states.Unsure.thanks if said == "thanks" else states.Unsure.robot)
        case ("notme",) if known:
            home = await going.ground(visit_of(manager))
            await going.go(manager, home, going.Place(states.Objecting.who, {**_about(manager), "words": text}))
        case ("address",) if known:
            await going.open_screen(manager, states.Address.main, {"words": text})
        case (("code" | "bankid"),) if known:
            say_first(manager, "code.inside")
            await going.go_home(manager)
        case ("other_language",):
            await going.open_screen(manager, states.Language.main, {"other": True})
        case _:
            return False
    return True


def _about(manager: DialogManager) -> going.Data:
    case_id = going.about_case(manager)
    return {"case": case_id} if case_id else {}


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


async def _calm(manager: DialogManager) -> None:
    """Nothing is guessed and nothing is done: a pause is for the person to choose."""
    await going.open_screen(manager, states.Unsure.calm)


async def _ask(manager: DialogManager, state: State, guesses: tuple[str, ...], misses: int) -> None:
    await manager.start(state, {**_about(manager), "guesses": list(guesses), "misses": misses})
