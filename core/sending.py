"""Asked once more when a notice is about to leave: may it still be said, and where does this person's device ring?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import deferral, plan_life
from core.case import RINGING, Case
from core.dunning import current_deadline
from core.facts import ChannelBound, ChannelUnbound, NoticeOpened, StepTaken
from core.plan import DISPUTED, PROTECTING
from core.standing import open_holds
from core.steps import why_not_send

#: Said already by the screen that the person was looking at when it happened; it stays among their receipts.
SAID_ON_SCREEN = frozenset(
    {
        *(
            "dispute.receipt",
            "dispute.kept",
            "dispute.withdrawn",
            "paid.receipt",
            "plan.receipt",
            "plan.asked",
            "plan.changed",
        ),
        *("time.receipt", "time.promised", "settlement.asked", "hardship.receipt"),
    }
)
#: What reminds somebody of paying: never said while a pause protects the case, or when it is paid.
PRESSING = frozenset({"plan.reminder", "plan.missed", "plan.warning", "time.reminder"})
#: Something still lies unopened, so the next channel of the ladder rings.
RING_AGAIN = "pointer.again"
#: Of use only to somebody who is there: nobody is called by a pointer for it.
SAID_IN_TALK = frozenset({"person.taken", "person.left"})
#: A talk with a person goes on in every chat in which they have shown who they are.
TALK = SAID_IN_TALK | {"person.reply"}


def on_screen(kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the person read it when it happened. A dispute that was left is filed when nobody looks."""
    return kind in SAID_ON_SCREEN and not facts.get("late")


def why_not(case: Case, kind: str, key: str, facts: Mapping[str, Any], today: date) -> str | None:
    """A reason not to say it any more, or None. Answers and receipts are always said."""
    if any(taken.key == key and taken.via != "question" for taken in case.all(StepTaken)):
        return why_not_send(case, key, today)
    if kind == "creditor.decide" and case.closed:
        return "closed"
    if kind == "plan.proposed":
        return _why_not_proposed(case, facts, today)
    if kind == RING_AGAIN:
        return _why_not_ring_again(case, facts)
    if kind in PRESSING:
        return _why_not_press(case, kind, facts, today)
    return _why_not_resumed(case, facts, today) if kind == "resumed" else None


def _why_not_ring_again(case: Case, facts: Mapping[str, Any]) -> str | None:
    """The document that was announced elsewhere: only while nobody has opened it, and nothing pauses the case."""
    if case.closed:
        return "closed"
    if any(fact.key == facts["document"] for fact in case.all(NoticeOpened)):
        return "opened"
    return "paused" if open_holds(case) else None


def _why_not_proposed(case: Case, facts: Mapping[str, Any], today: date) -> str | None:
    """Terms by letter: only while they wait to be accepted, and nothing protects the case."""
    reasons = {hold.reason for hold in open_holds(case)}
    if case.closed:
        return "closed"
    if reasons & (DISPUTED | PROTECTING):
        return "paused"
    waits = "plan_proposed" in reasons and today.isoformat() <= facts["until"]
    return None if waits else "overtaken"


def _why_not_press(case: Case, kind: str, facts: Mapping[str, Any], today: date) -> str | None:
    """An instalment or a day that the debtor chose: only while it is still to be paid, and nothing else pauses."""
    if case.closed:
        return "closed"
    if any(hold.reason not in ("plan", "settlement") for hold in open_holds(case)):
        return "paused"
    if kind == "time.reminder":
        coming = deferral.chosen(case, today)
        return None if coming and coming.day.isoformat() == facts["day"] else "overtaken"
    plan = plan_life.running(case)
    if plan is None or plan.id != facts["plan"]:
        return "overtaken"
    due = plan_life.status(case, today).next_due
    return None if due and due.isoformat() == facts["due"] else "paid"


def _why_not_resumed(case: Case, facts: Mapping[str, Any], today: date) -> str | None:
    """The new last day after a pause: true only until the next pause, the next document, or the day itself."""
    if case.closed:
        return "closed"
    if open_holds(case):
        return "paused"
    due = current_deadline(case)
    if due is None or due.isoformat() != facts["deadline"]:
        return "overtaken"
    return "late" if due < today else None


@dataclass(frozen=True, slots=True)
class Place:
    """A chat that may ring. ``worked``: whether the last that was sent there arrived; None where nobody can tell.

    ``closed``: its channel takes nothing at the moment.
    """

    channel: str
    chat: int
    worked: bool | None = None
    closed: bool = False


def in_order(places: Iterable[Place], prefers: str | None, costs: Mapping[str, int]) -> tuple[Place, ...]:
    """Where to ring first: what the person prefers, what takes messages now, what worked before, what costs least.

    ``costs`` is in öre a message, by channel. What is alike stays in the order in which it was bound.
    """

    def rank(place: Place) -> tuple[bool, bool, int, int]:
        worked = {True: 0, None: 1, False: 2}[place.worked]
        return place.channel != prefers, place.closed, worked, costs.get(place.channel, 0)

    return tuple(sorted(places, key=rank))


def ringing_chats(case: Case, prefers: str | None = None) -> tuple[tuple[str, int], ...]:
    """Channel and chat of every place that can announce a document to this person.

    The channel that they prefer comes first, then the first bound; none where they prefer ``letter``.
    """
    if prefers == "letter":
        return ()
    bound: dict[tuple[str, int], None] = {}
    for fact in case.person:
        if isinstance(fact, ChannelBound) and fact.channel in RINGING:
            bound[fact.channel, fact.chat] = None
        elif isinstance(fact, ChannelUnbound):
            bound.pop((fact.channel, fact.chat), None)
    return tuple(sorted(bound, key=lambda place: place[0] != prefers))
