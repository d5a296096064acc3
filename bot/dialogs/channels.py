"""Where and when we write to a person: what is bound, what they prefer, in which hours, and what is stopped."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Any, Final

from aiogram_dialog import Dialog, DialogManager

from bot.channels.sms_menu import FRESH
from bot.dialogs import free_text, going, more, states
from bot.dialogs.going import say_first, visit_of
from bot.dialogs.person import hour
from bot.dialogs.widgets import BACK, Choice, Items, Short, screen
from bot.middleware import Visit
from core import hours_said, words
from core.contact import HOURS, RULES, may_wish
from core.services import identity, wishes
from core.services.wishes import LETTER, Place, Reach

#: Neither this channel before others, nor these hours before others.
ANY: Final = "any"
_TWO: Final = re.compile(r"(\d{1,2})\s+(\d{1,2})")
#: So many chats fit on a screen with the person and the way back.
PLACES_MAX: Final = 4


def build_channels() -> Dialog:
    return Dialog(
        screen(
            states.Channels.main,
            None,
            Choice("prefer", "btn.channels.prefer", turns_to=states.Channels.prefer),
            Choice("hours", "btn.channels.hours", turns_to=states.Channels.hours),
            Choice("stops", "btn.channels.stop", turns_to=states.Channels.stop),
            getter=_main,
            sms=Short(choices=(Items("to", "wishes", _prefer), Items("place", "places", _stop_or_start))),
        ),
        screen(
            states.Channels.prefer,
            "channels.prefer",
            Items("to", "shown", _prefer),
            getter=_preferable,
            back=states.Channels.main,
        ),
        screen(
            states.Channels.hours,
            None,
            Items("at", "shown", _choose_hours),
            getter=_hours,
            hears=_hear_hours,
            back=states.Channels.main,
            sms=Short("sms.channels.hours", choices=(Items("at", "shown", _choose_hours),), back=BACK),
        ),
        screen(
            states.Channels.stop,
            "channels.stop",
            Items("place", "shown", _stop_or_start),
            getter=_stoppable,
            back=states.Channels.main,
        ),
    )


async def _main(visit: Visit, **_: Any) -> dict[str, Any]:
    reach = await wishes.reach(visit.house, visit.session)
    return {
        "text": "\n".join(_lines(visit, reach)),
        "sms": _short(visit, reach),
        "wishes": [_counts(name, visit.text(f"sms.btn.prefer.{name}")) for name in _others(reach)],
        "places": [_stoppable_item(visit, place) for place in reach.places[:PLACES_MAX]],
    }


def _short(visit: Visit, reach: Reach) -> str:
    """Where we may write, what they prefer, and when, by SMS."""
    lines = [
        visit.text("sms.channels.stopped" if stopped else "sms.channels.open", places=words.listed(names, visit.lang))
        for stopped in (False, True)
        if (names := [visit.text(f"channels.name.{p.channel}") for p in reach.places if p.stopped is stopped])
    ]
    if reach.prefers in reach.preferable:
        lines.append(visit.text("sms.channels.prefers", place=visit.text(f"sms.btn.prefer.{reach.prefers}")))
    start, end = reach.hours or (RULES.opens.hour, RULES.closes.hour)
    return " ".join([*lines, visit.text("sms.channels.at", start=start, end=end), visit.text("sms.channels.prefer")])


def _others(reach: Reach) -> list[str]:
    """What may be preferred and is not now."""
    now = reach.prefers if reach.prefers in reach.preferable else ANY
    return [name for name in (*reach.preferable, ANY) if name != now]


def _counts(id: str, label: str) -> dict[str, str]:
    """An item that counts: by SMS it has a number that cannot be guessed."""
    return {"id": id, "label": label, "sms": f"{FRESH}{label}"}


def _lines(visit: Visit, reach: Reach) -> Iterator[str]:
    for place in reach.places[:PLACES_MAX]:
        name = visit.text("channels.here") if place.here else _named(visit, place)
        yield visit.text("channels.line.stopped" if place.stopped else "channels.line.open", place=name)
    prefers = reach.prefers if reach.prefers in reach.preferable else ANY
    yield visit.text(f"channels.prefers.{prefers}")
    yield _hours_line(visit, reach)
    yield visit.text("channels.letters")


def _named(visit: Visit, place: Place) -> str:
    name = visit.text(f"channels.name.{place.channel}")
    return visit.text("channels.since", place=name, day=words.day(place.since, visit.lang)) if place.since else name


def _hours_line(visit: Visit, reach: Reach) -> str:
    if reach.hours is None:
        return visit.text("channels.hours.all")
    return visit.text("channels.hours.some", hours=_span(visit, reach.hours))


def _span(visit: Visit, hours: tuple[int, int]) -> str:
    start, end = (hour(time(at), visit) for at in hours)
    return visit.text("channels.span", start=start, end=end)


async def _preferable(visit: Visit, **_: Any) -> dict[str, Any]:
    reach = await wishes.reach(visit.house, visit.session)
    shown = [*reach.preferable, ANY]
    return {"shown": [{"id": name, "label": visit.text(f"btn.prefer.{name}")} for name in shown]}


async def _prefer(manager: DialogManager, name: str) -> None:
    visit = visit_of(manager)
    await wishes.prefer(visit.house, visit.session, None if name == ANY else name)
    say_first(manager, "channels.saved.letter" if name == LETTER else "channels.saved")
    await manager.switch_to(states.Channels.main)


async def _hours(visit: Visit, **_: Any) -> dict[str, Any]:
    shown = [
        {
            "id": f"{start}-{end}",
            "label": visit.text("btn.hours", span=_span(visit, (start, end))),
            "sms": f"{start}-{end}",
        }
        for start, end in HOURS
    ]
    always = {"id": ANY, "label": visit.text("btn.hours.any"), "sms": f"{RULES.opens.hour}-{RULES.closes.hour}"}
    return {"text": visit.text("channels.hours"), "shown": [*shown, always]}


async def _choose_hours(manager: DialogManager, wanted: str) -> None:
    found = {f"{start}-{end}": (start, end) for start, end in HOURS}
    await _keep_hours(manager, found.get(wanted))


async def _hear_hours(text: str, manager: DialogManager) -> None:
    """Hours of their own, in writing; what names no hours is understood as anywhere. On a keypad: ``8 12``."""
    two = _TWO.fullmatch(text)
    hours = (int(two[1]), int(two[2])) if two else hours_said.parse(text, RULES.opens.hour, RULES.closes.hour)
    if hours is not None and may_wish(*hours):
        await _keep_hours(manager, hours)
    elif hours is not None or any(sign.isdigit() for sign in text):
        say_first(manager, "channels.hours.unclear")
    else:
        await free_text.hear(text, manager)


async def _keep_hours(manager: DialogManager, hours: tuple[int, int] | None) -> None:
    visit = visit_of(manager)
    await wishes.choose_hours(visit.house, visit.session, hours)
    say_first(manager, "channels.saved")
    await manager.switch_to(states.Channels.main)


async def _stoppable(visit: Visit, **_: Any) -> dict[str, Any]:
    reach = await wishes.reach(visit.house, visit.session)
    return {
        "shown": [{"id": str(place.chat_id), "label": _stop_label(visit, place)} for place in reach.places[:PLACES_MAX]]
    }


def _stoppable_item(visit: Visit, place: Place) -> dict[str, str]:
    """Stopping helps at once; that we write again is a choice that counts."""
    label = _stop_label(visit, place)
    if place.here and not place.stopped:
        return {"id": str(place.chat_id), "label": label, "sms": visit.text("sms.btn.stop_yes")}
    return _counts(str(place.chat_id), label) if place.stopped else {"id": str(place.chat_id), "label": label}


def _stop_label(visit: Visit, place: Place) -> str:
    act = "start" if place.stopped else "stop"
    if place.here:
        return visit.text(f"btn.channel.{act}.here")
    return visit.text(f"btn.channel.{act}", place=visit.text(f"channels.name.{place.channel}"))


async def _stop_or_start(manager: DialogManager, chat: str) -> None:
    """What is stopped goes on, what is not is stopped: the screen said which."""
    visit = visit_of(manager)
    reach = await wishes.reach(visit.house, visit.session)
    place = next((place for place in reach.places if str(place.chat_id) == chat), None)
    if place is None:
        return
    if place.stopped:
        await wishes.start_again(visit.house, visit.session, place.chat_id)
        say_first(manager, "stop.undone" if place.here else "channels.started")
    elif place.here:
        await more.stop(manager)
        return
    else:
        await wishes.stop(visit.house, visit.session, place.chat_id)
        say_first(manager, "channels.stopped")
    going.became(manager, await identity.look(visit.house, visit.chat_id))
    await manager.switch_to(states.Channels.main)
