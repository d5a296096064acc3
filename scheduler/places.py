"""Where a person can be rung, in the order of the ladder, and whether a channel lets anything through now."""

from collections.abc import Collection

from core import sending
from core.case import Case
from core.ports import Carried, Outcome
from core.sending import Place
from core.services import pacing
from core.store import gates, sessions, wishes
from core.store.sessions import ChatRow
from scheduler.deps import Deps

#: How fast a channel without a pace of its own may be used; nobody minds.
UNPACED: float = 1_000.0


class Paced(Exception):
    """The channel lets nothing through at the moment: the notice waits, and no try is counted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


async def ringing(deps: Deps, case: Case, over: Collection[int | None] = ()) -> tuple[ChatRow, ...]:
    """The chats that can announce something to this person and still take what we send, the best first.

    ``over`` are those that were tried in vain.
    """
    wish = await wishes.of_debtor(case.debtor.id)
    found: dict[int, ChatRow] = {}
    places = []
    for channel, chat_id in sending.ringing_chats(case, wish.channel):
        chat = await sessions.get(chat_id)
        if chat is None or chat.stopped or chat.quarantined or chat.id in over:
            continue
        found[chat.id] = chat
        shut = await pacing.closed(deps.house, channel) > 0
        places.append(Place(channel, chat.id, chat.worked, shut))
    return tuple(found[place.chat] for place in sending.in_order(places, wish.channel, dict(case.policy.carriage_ore)))


async def pass_gate(deps: Deps, channel: str) -> None:
    """Take a place in the channel's pace. Raises Paced when it has none now."""
    pause = await pacing.wait(deps.house, channel, deps.paces.get(channel, UNPACED))
    if pause:
        raise Paced(pause)


async def learn(deps: Deps, channel: str, carried: Carried) -> None:
    """What the outcome says about the channel as a whole. Raises Paced when it is closed now."""
    if carried.outcome is Outcome.CLOSED:
        raise Paced(await pacing.went_down(deps.house, channel, carried.retry_after_s))
    if carried.outcome is Outcome.SENT:
        await gates.works(channel)
