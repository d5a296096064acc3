"""Proving who one is: by the one-time code of a letter, wherever it is typed, or with BankID on our own page."""

import logging
import re
from typing import Any, Final

from aiogram.fsm.state import State, StatesGroup
from aiogram_dialog import DialogManager

from bot.dialogs import going, states
from bot.dialogs.going import Place, say_first, visit_of
from bot.dialogs.signed import SIGNABLE
from bot.middleware import Visit
from core.errors import Refusal
from core.services import bankid, identity, plan_codes
from core.services.bankid import Outcome
from core.store.sessions import BANKID

log = logging.getLogger(__name__)

_CODE = re.compile(r"[A-Za-z0-9]{4}[-\u2010-\u2015 ][A-Za-z0-9]{4}|[A-Za-z0-9]{8}")
#: Every screen by its stored name: where somebody was going is kept while BankID runs.
_GROUPS = [group for group in vars(states).values() if isinstance(group, type) and issubclass(group, StatesGroup)]
_STATES: Final[dict[str, State]] = {str(state.state): state for group in _GROUPS for state in group.__all_states__}


def looks_like_code(text: str) -> bool:
    """Whether somebody has typed a code rather than a word: eight signs in two groups, or eight with a figure."""
    if not _CODE.fullmatch(text.strip()):
        return False
    return any(sign.isdigit() for sign in text) or (text == text.upper() and len(text.strip()) == 9)


async def try_code(typed: str, manager: DialogManager, *, or_words: bool = False) -> bool:
    """A code was typed. Right or wrong, nothing is said of whether there is a case.

    ``or_words``: what is none may be words; then nothing is said of it and it is False.
    """
    visit = visit_of(manager)
    try:
        tried = await plan_codes.try_code(visit.house, visit.chat_id, typed)
    except Refusal as refusal:
        match refusal.code:
            case "code" if or_words:
                return False
            case "code":
                await manager.start(states.Error.code, {"left": refusal.facts["left"]})
            case "locked":
                log.warning("refused: a code in a chat that is locked, %s", visit.session.channel)
                await manager.start(states.Error.locked, {"hours": refusal.facts["hours"]})
            case _:
                raise
        return True
    going.became(manager, tried.session)
    say_first(manager, "id.done", first_name=tried.session.name or "")
    if tried.refusal:
        going.refuse(manager, tried.refusal)
    if tried.plan_of is not None and going.may_see_details(tried.session):
        done = Place(states.Plan.done, {"case": tried.plan_of})
        await going.go(manager, await going.ground(visit_of(manager)), done)
        return True
    if tried.plan_of is not None:
        say_first(manager, "code.bound")
        await going.head_for(manager, {"place": "plan.done", "case": tried.plan_of})
    await going.arrive(manager)
    return True


async def open_bankid(manager: DialogManager, then: Place | None = None) -> None:
    """A page of their own on which whoever sits here shows who they are, above the screen that is open."""
    visit = visit_of(manager)
    data = {"nonce": await page_for(manager, then), **({"then": _kept(then)} if then else {})}
    if manager.has_context():
        await manager.start(states.Id.bankid, data)
    else:
        await going.go(manager, await going.ground(visit), Place(states.Id.bankid, data))


def goes_on_to(manager: DialogManager) -> Place | None:
    """Where whoever shows who they are on the screen that is open goes on to, if that is known."""
    begun = manager.start_data if isinstance(manager.start_data, dict) else {}
    then = manager.dialog_data.get("then") or begun.get("then")
    state = _STATES.get(then["state"]) if then else None
    return Place(state, then["data"]) if then and state else None


async def aim(manager: DialogManager, then: Place) -> bool:
    """They go on to another screen than the one the page was offered for. False when the page is over."""
    visit, begun = visit_of(manager), manager.start_data
    if not isinstance(begun, dict) or not await bankid.aim(visit.house, begun["nonce"], visit.chat_id, _kept(then)):
        return False
    manager.dialog_data["then"] = _kept(then)
    return True


async def page_for(manager: DialogManager, then: Place | None = None) -> str:
    """Such a page for a screen that tells of it itself; its nonce."""
    visit = visit_of(manager)
    return await bankid.offer(visit.house, visit.chat_id, _kept(then) if then else None)


async def require_bankid(manager: DialogManager, then: Place) -> bool:
    """Whether the person here has shown who they are with BankID. If not, the way there is open, and on to ``then``."""
    session = visit_of(manager).session
    if session.identified and session.proof == BANKID:
        return True
    say_first(manager, "id.bankid_needed")
    await open_bankid(manager, then)
    return False


def links(visit: Visit, nonce: str) -> dict[str, Any]:
    """The page's two addresses: BankID on this device, or the code for another one."""
    address = f"{visit.house.public_url}/bankid/{nonce}"
    return {"here": address, "qr": f"{address}?way=qr"}


async def tell(manager: DialogManager, outcome: Outcome) -> None:
    """What came of BankID, in the chat that it was for."""
    visit = visit_of(manager)
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    match outcome.kind:
        case "member":
            say_first(manager, "id.logged_in")
            await going.go_home(manager)
        case "one":
            say_first(manager, "id.done.bankid", first_name=outcome.first_name)
            await _go_on(manager, outcome)
        case "whom":
            say_first(manager, "id.done.bankid", first_name=outcome.first_name)
            await going.go(manager, Place(states.Start.main), Place(states.Id.whom))
        case "signed":
            visit = visit_of(manager)
            place = await SIGNABLE[outcome.purpose].place(visit, outcome.subject)
            await going.go(manager, await going.ground(visit), place)
        case _:
            await going.go(manager, Place(states.Start.main), Place(states.Id.none))


async def _go_on(manager: DialogManager, outcome: Outcome) -> None:
    """To where they were going, if it is still theirs to see; else a letter that waits, or the overview."""
    state = _STATES.get(outcome.then["state"]) if outcome.then else None
    if state is None or not going.may_see_details(visit_of(manager).session):
        await going.arrive(manager)
        return
    assert outcome.then is not None
    await going.show_answers(manager)
    await going.go(manager, await going.ground(visit_of(manager)), Place(state, outcome.then["data"]))


def _kept(place: Place) -> dict[str, Any]:
    return {"state": str(place.state.state), "data": place.data}
