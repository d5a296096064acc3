"""What a person wants of us: where we write, in which hours, and where not at all. Letters always remain."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.case import RINGING
from core.contact import may_wish
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import ChannelBound, ChannelUnbound, Fact
from core.party import OWN, Actor, Role, require
from core.services import identity
from core.services.house import House
from core.services.identity import Session
from core.store import audit, sessions, wishes
from core.store.database import transaction
from core.store.wishes import WishRow

#: A preference for paper: nothing is announced in any chat.
LETTER: Final = "letter"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat of the person's: where, since when, whether it is this one, and whether we may write there."""

    chat_id: int
    channel: str
    since: date | None
    here: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person is reached now. ``hours`` are from and until, or None for all the lawful ones."""

    places: tuple[Place, ...]
    prefers: str | None
    hours: tuple[int, int] | None

    @property
    def preferable(self) -> tuple[str, ...]:
        """What may be preferred: the channels that ring and are not stopped, and paper."""
        ringing = {place.channel: None for place in self.places if place.channel in RINGING and not place.stopped}
        return (*ringing, LETTER)


async def reach(house: House, session: Session) -> Reach:
    """Where the person has proved who they are, this chat first, and what they want. Raises NotAllowed."""
    actor = _themselves(session)
    wish = await wishes.of_debtor(actor.id)
    hours = (wish.from_hour, wish.until_hour)
    places = await _places(house, session, actor.id)
    chosen = (hours[0], hours[1]) if hours[0] is not None and hours[1] is not None else None
    return Reach(places, wish.channel, chosen)


async def prefer(house: House, session: Session, channel: str | None) -> None:
    """Write first there, or on paper, or wherever we like. Raises NotAllowed, Refusal ``channel``."""
    actor = _themselves(session)
    if channel is not None and channel not in (await reach(house, session)).preferable:
        raise Refusal("channel")
    before = await wishes.of_debtor(actor.id)
    await _keep(house, actor, replace(before, channel=channel))


async def choose_hours(house: House, session: Session, hours: tuple[int, int] | None) -> None:
    """Ring in these hours only; None is all the lawful ones. Raises NotAllowed, Refusal ``hours``."""
    if hours is not None and not may_wish(*hours):
        raise Refusal("hours")
    actor = _themselves(session)
    start, end = hours or (None, None)
    before = await wishes.of_debtor(actor.id)
    await _keep(house, actor, replace(before, from_hour=start, until_hour=end))


async def stop(house: House, session: Session, chat_id: int) -> None:
    """Nothing more goes to one of the person's chats on our initiative. Raises NotAllowed, NotFound."""
    await _own(house, session, chat_id)
    await identity.stop(house, chat_id)


async def start_again(house: House, session: Session, chat_id: int) -> None:
    """We may write there again. Raises NotAllowed, NotFound."""
    await _own(house, session, chat_id)
    await identity.start_again(house, chat_id)


async def _own(house: House, session: Session, chat_id: int) -> None:
    if all(place.chat_id != chat_id for place in (await reach(house, session)).places):
        raise NotFound("not_found")


def _themselves(session: Session) -> Actor:
    """The debtor, not somebody who acts for them (design 6)."""
    actor = session.actor
    if actor.role is not Role.DEBTOR:
        raise NotAllowed
    require(actor, OWN)
    return actor


async def _keep(house: House, actor: Actor, wish: WishRow) -> None:
    async with transaction():
        if await wishes.of_debtor(actor.id) == wish:
            return
        await wishes.keep(actor.id, wish, house.clock.today())
        facts = {"channel": wish.channel, "from": wish.from_hour, "until": wish.until_hour}
        await audit.record(f"debtor:{actor.id}", house.clock.now(), actor.label, "wish.changed", facts)


async def _places(house: House, session: Session, debtor_id: int) -> tuple[Place, ...]:
    """This chat, and every other that was bound by a proof and not let go of by a stranger or a dead address."""
    case_id = await sessions.first_case(debtor_id)
    person = (await house.book.load(case_id)).person if case_id is not None else ()
    bound: dict[int, Place] = {}
    for fact in person:
        if isinstance(fact, ChannelBound | ChannelUnbound):
            _follow(bound, fact, session)
    here = bound.pop(session.chat_id, None)
    this = Place(session.chat_id, session.channel, here.since if here else None, here=True, stopped=session.stopped)
    return (this, *bound.values())


def _follow(bound: dict[int, Place], fact: Fact, session: Session) -> None:
    match fact:
        case ChannelBound():
            bound[fact.chat] = Place(fact.chat, fact.channel, fact.on, here=fact.chat == session.chat_id, stopped=False)
        case ChannelUnbound(why="stop") if fact.chat in bound:
            bound[fact.chat] = replace(bound[fact.chat], stopped=True)
        case ChannelUnbound():
            bound.pop(fact.chat, None)
