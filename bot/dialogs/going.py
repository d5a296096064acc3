"""Getting from screen to screen: home, back, into a screen from anywhere, and what is said before the next screen.

A person is always above something: the overview of their cases, the first screen, or the desk of a member. Whatever
is opened from free text, a command or a notice is put on top of that, so that "back" leads somewhere known.
"""

import html
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.types import BufferedInputFile
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.channels.base import SMS, SPEAKER, Speaker
from bot.dialogs import states
from bot.middleware import VISIT, Visit, spoken
from bot.refusals import say
from core import words
from core.dunning import barred
from core.errors import Refusal
from core.services import cases, letters, questions, unread
from core.services.identity import SILENCE, Session

#: Channels that keep a copy of what is said: details are shown there only after the person's choice (``id.where``).
ELSEWHERE: Final = frozenset({"telegram", SMS})
#: Screens on which a claim is paid, or acknowledged.
_ASKING: Final = frozenset({states.Pay, states.Plan, states.Time, states.Settle, states.Hard})
_SAID_FIRST: Final = "said_first"
_HEADED_FOR: Final = "headed_for"
#: Screens about one case, as links name them: ``dispute.withdraw``.
PLACES: Final[dict[str, State]] = {
    f"{group.__name__.lower()}.{state.state.rpartition(':')[2]}": state
    for group in states.IDENTIFIED
    for state in group.__all_states__
    if state.state
}

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A screen and what it was opened with."""

    state: State
    data: Data | None = None


def visit_of(manager: DialogManager) -> Visit:
    """Who talks with us in this update."""
    visit: Visit = manager.middleware_data[VISIT]
    return visit


def case_id_of(manager: DialogManager) -> int:
    """The case that the open screen is about."""
    data = manager.start_data
    assert isinstance(data, dict)
    return int(data["case"])


def about_case(manager: DialogManager) -> int | None:
    """The case that the open screen is about, if it is about one."""
    data = manager.start_data if manager.has_context() else None
    return data.get("case") if isinstance(data, dict) else None


def say_first(manager: DialogManager, key: str, **values: object) -> None:
    """Something to say in the same message, before the next screen; by SMS in fewer words, where there are any."""
    visit = visit_of(manager)
    short = f"sms.{key}"
    key = short if visit.session.channel == SMS and words.has(words.ORIGINAL, short) else key
    say_text_first(manager, visit.text(key, **values))


def say_text_first(manager: DialogManager, text: str) -> None:
    manager.middleware_data.setdefault(_SAID_FIRST, []).append(text)


def said_first(manager: DialogManager) -> list[str]:
    """What is to be said before the screen that is being drawn, once."""
    taken: list[str] = manager.middleware_data.pop(_SAID_FIRST, [])
    return taken


def refuse(manager: DialogManager, refusal: Refusal) -> None:
    """Say why not, and what else to do, before the screen that is still there."""
    say_text_first(manager, say(refusal, visit_of(manager).lang))


def became(manager: DialogManager, session: Session) -> None:
    """Who is in the chat, or the language they want, has changed while we were answering."""
    visit = visit_of(manager)
    lang = spoken(session, visit.lang)
    manager.middleware_data[VISIT] = replace(visit, session=session, lang=lang)


def may_see_details(session: Session) -> bool:
    """Whether details of a case may be shown in this chat now."""
    return session.identified and (session.channel not in ELSEWHERE or session.reads_here)


async def ground(visit: Visit) -> Place:
    """What this person is always above."""
    session = visit.session
    if session.member:
        return Place(states.Work.main)
    if session.seat:
        return Place(states.Id.login)
    if not session.identified:
        return Place(states.Start.main)
    if not may_see_details(session):
        return Place(states.Id.where)
    rows = await cases.overview(visit.house, session.actor)
    if not rows:
        return Place(states.Id.none)
    return Place(states.Case.main, {"case": rows[0].id}) if len(rows) == 1 else Place(states.Cases.main)


async def go(manager: DialogManager, *places: Place) -> None:
    """Put these screens on top of each other, in place of whatever was open; only the last one is shown."""
    shown = manager.show_mode
    for number, place in enumerate(places, 1):
        await manager.start(
            place.state,
            place.data,
            mode=StartMode.NORMAL if number > 1 else StartMode.RESET_STACK,
            show_mode=shown if number == len(places) else ShowMode.NO_UPDATE,
        )


async def go_home(manager: DialogManager) -> None:
    await go(manager, await ground(visit_of(manager)))


async def go_first(manager: DialogManager) -> None:
    """To the first screen, whoever it is."""
    await go(manager, Place(states.Start.main))


async def arrive(manager: DialogManager) -> None:
    """Somebody has just shown who they are: a letter that they have not read comes before all else."""
    visit = visit_of(manager)
    home = await ground(visit)
    if may_see_details(visit.session) and home.state != states.Id.none:
        await show_answers(manager)
        place = await _headed_for(manager)
        if place and place.data:
            await open_screen(manager, place.state, place.data)
            return
        waiting = await letters.unread(visit.house, visit.session.actor)
        if waiting:
            letter = Place(states.Files.waiting, {"case": waiting[0].case_id, "letter": waiting[0].key})
            below = [Place(place.state, home.data)] if place and home.data else []
            await go(manager, home, *below, letter)
            return
        if place:
            await open_screen(manager, place.state)
            return
    await go(manager, home)


async def head_for(manager: DialogManager, made_for: Mapping[str, Any]) -> bool:
    """Keep where a link leads (``place`` and ``case``) until whoever came by it has shown who they are."""
    known = made_for.get("place") in PLACES
    kept = {"place": made_for["place"], "case": made_for["case"]} if known else None
    await _memory(manager).update_data({_HEADED_FOR: kept})
    return known


async def wish_for(manager: DialogManager, state: State) -> None:
    """Keep what a stranger asked for, for as long as anybody remembers having asked."""
    place = next((name for name, known in PLACES.items() if known is state), None)
    if place is not None:
        until = visit_of(manager).house.clock.machine_now() + SILENCE
        await _memory(manager).update_data({_HEADED_FOR: {"place": place, "until": until.timestamp()}})


async def _headed_for(manager: DialogManager) -> Place | None:
    """Where the link led, once, or what was wished for, without a case; None where it led to no place, or to a case
    that is not theirs.
    """
    memory = _memory(manager)
    kept = (await memory.get_data()).get(_HEADED_FOR)
    if not kept:
        return None
    await memory.update_data({_HEADED_FOR: None})
    visit = visit_of(manager)
    if "until" in kept:
        late = visit.house.clock.machine_now().timestamp() > kept["until"]
        return None if late else Place(PLACES[kept["place"]])
    theirs = {row.id for row in await cases.overview(visit.house, visit.session.actor)}
    return Place(PLACES[kept["place"]], {"case": kept["case"]}) if kept["case"] in theirs else None


def _memory(manager: DialogManager) -> FSMContext:
    """What a chat remembers beside its open dialogs."""
    memory: FSMContext = manager.middleware_data["state"]
    return memory


async def show_answers(manager: DialogManager) -> None:
    """What a person has answered and they have not seen, each as a message of its own above the screen.

    Then who is in the talk that goes on here.
    """
    visit = visit_of(manager)
    for name, text in await unread.answers(visit.house, visit.session):
        said = html.escape(visit.text("person.says", name=name, text=text), quote=False)
        SPEAKER.set(Speaker(name, html.escape(text, quote=False)) if name else None)
        try:
            await visit.bot.send_message(visit.chat_id, said)
        finally:
            SPEAKER.set(None)
        manager.show_mode = ShowMode.SEND
    talk = await questions.in_talk(visit.house, visit.session)
    if talk is not None and talk.taken_by:
        say_first(manager, "person.chat.here", name=talk.taken_by)


async def go_back(manager: DialogManager) -> None:
    """To the screen below; from the lowest, home."""
    if len(manager.current_stack().intents) > 1:
        await manager.done()
    else:
        await go_home(manager)


async def open_screen(manager: DialogManager, state: State, data: Data | None = None) -> None:
    """Open a screen from anywhere. Without a right to it, the first screen says what is missing."""
    visit = visit_of(manager)
    home = await ground(visit)
    if state.group not in states.IDENTIFIED:
        case_id = about_case(manager)
        await go(manager, home, Place(state, {**({"case": case_id} if case_id else {}), **(data or {})}))
        return
    if home.state not in (states.Case.main, states.Cases.main):
        if home.state == states.Start.main:
            say_first(manager, "unsure.stranger")
        await go(manager, home)
        return
    case_id = home.data["case"] if home.data else (data or {}).get("case") or about_case(manager)
    if case_id is None:
        await go(manager, home)
        return
    here = {"case": case_id}
    below = [home] if home.data else [home, Place(states.Case.main, here)]
    if asks(state) and await is_too_old(visit, case_id):
        await go(manager, *below)
        return
    above = [] if state == states.Case.main else [Place(state, {**here, **(data or {})})]
    await go(manager, *below, *above)


def asks(state: State) -> bool:
    """Whether a screen leads to paying a claim or to acknowledging it."""
    return state.group in _ASKING or state == states.Help.main


async def is_too_old(visit: Visit, case_id: int) -> bool:
    """Whether nobody may ask for the claim any more: its overview says so, and nothing else is to be done."""
    case = await cases.open_case(visit.house, visit.session.actor, case_id)
    return barred(case, visit.today)


async def send_file(manager: DialogManager, name: str, body: bytes, caption: str | None = None) -> None:
    """Send a document; the screen then stands below it.

    Its name goes to disks and into addresses: no signs that only steer how a line is read (U+2068 …).
    """
    visit = visit_of(manager)
    plain_name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    await visit.bot.send_document(visit.chat_id, BufferedInputFile(body, plain_name), caption=caption)
    manager.show_mode = ShowMode.SEND
