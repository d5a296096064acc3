"""What somebody writes in their own words, on a screen that asked for nothing: a guess, then a question back.

Nothing is ever done on a guess alone: a guess opens a screen at most, and one that matters is asked about first.
An objection in so many words is no guess: it counts at once, with those words, and a person can end it.
"""

from typing import Final

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.dialogs import going, proving, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.wording.case import answer_by
from core import dispute, phrases, words
from core.services import cases, disputes

#: The screen that each guess leads to.
SCREENS: Final[dict[str, State]] = {
    "paid": states.Paid.tell,
    "time": states.Help.main,
    "wrong": states.Wrong.main,
    "pay": states.Pay.main,
    "owe": states.Owe.main,
    "next": states.Next.main,
    "files": states.Files.main,
    "person": states.Person.wait,
    "verify": states.Verify.ask,
    "code": states.Id.code,
    "language": states.Language.main,
    "stop": states.Stop.ask,
}
#: Guesses that are opened at once: they show something, and nothing has been done by it.
AT_ONCE: Final = frozenset({"start", "help", "language", "code", "files", "stop"})
#: What is offered when there is no guess at all.
OFTEN: Final = ("paid", "time", "wrong")
OFTEN_STRANGER: Final = ("code", "verify", "notme")


async def hear(text: str, manager: DialogManager, misses: int = 0) -> None:
    """Understand what was written, as far as lists of phrases can. ``misses``: how often that has just failed."""
    visit = visit_of(manager)
    stranger = not visit.session.identified and not visit.session.member
    if stranger and proving.looks_like_code(text):
        await proving.try_code(text, manager)
        return
    if phrases.objects(text) and await _object(text, manager):
        return
    guesses = phrases.guess(visit.lang, text)
    open_to_them = tuple(guess for guess in guesses if _within_reach(manager, guess))
    if guesses and not open_to_them:
        say_first(manager, "unsure.stranger")
        await going.go_home(manager)
        return
    match open_to_them:
        case ("start",):
            await going.go_home(manager)
        case ("help",):
            say_first(manager, "help.anybody")
            await going.go_home(manager)
        case (guess,) if guess in AT_ONCE:
            await going.open_screen(manager, SCREENS[guess])
        case (guess,):
            await _ask(manager, states.Unsure.confirm, (guess,), 0)
        case ():
            await _ask(manager, states.Unsure.main, OFTEN_STRANGER if stranger else OFTEN, misses + 1)
        case several:
            await _ask(manager, states.Unsure.main, several, misses)


async def _object(text: str, manager: DialogManager) -> bool:
    """Whether the words counted as an objection to the case that is open, or to the only one."""
    visit = visit_of(manager)
    case_id = await _case_in_mind(manager)
    if case_id is None:
        return False
    actor = visit.session.actor
    before = await cases.open_case(visit.house, actor, case_id)
    if before.closed:
        return False
    await disputes.raise_dispute(visit.house, actor, case_id, "other", text)
    if dispute.is_open(before):
        say_first(manager, "dispute.already", day=words.day(answer_by(before, visit.today), visit.lang))
        await going.go_home(manager)
    else:
        await going.open_screen(manager, states.Dispute.done, {"at": visit.house.clock.now().isoformat()})
    return True


async def _case_in_mind(manager: DialogManager) -> int | None:
    visit = visit_of(manager)
    if not going.may_see_details(visit.session):
        return None
    here, home = going.about_case(manager), await going.ground(visit)
    return here or (home.data["case"] if home.data else None)


def _within_reach(manager: DialogManager, guess: str) -> bool:
    state = SCREENS.get(guess)
    return state is None or state.group not in states.IDENTIFIED or going.may_see_details(visit_of(manager).session)


async def _ask(manager: DialogManager, state: State, guesses: tuple[str, ...], misses: int) -> None:
    case_id = going.about_case(manager)
    about = {"case": case_id} if case_id else {}
    await manager.start(state, {**about, "guesses": list(guesses), "misses": misses})
