"""Where a person can be reached: an address is bound by its owner's proof, and let go of by stop or by a stranger."""

from collections.abc import Iterable
from datetime import date

from core.case import NOTHING, RINGING, Case, Decision
from core.facts import ChannelBound, ChannelUnbound, Fact
from core.steps import task


def bind(case: Case, channel: str, chat: int, today: date) -> Decision:
    """The person proved who they are in this chat; if it rings, notices may be announced there."""
    if channel not in RINGING or isinstance(_last(case.person, channel, chat), ChannelBound):
        return NOTHING
    return Decision((ChannelBound(on=today, recorded_on=today, channel=channel, chat=chat),))


def known(case: Case, channel: str, chat: int, today: date) -> Decision:
    """The creditor knows this address. One that was ever let go of is not taken up again on the creditor's word."""
    if _last(case.person, channel, chat) is not None:
        return NOTHING
    return Decision((ChannelBound(on=today, recorded_on=today, channel=channel, chat=chat, by="creditor"),))


def unbind(case: Case, channel: str, chat: int, why: str, today: date) -> Decision:
    """Nothing is announced there any more; ``why``: ``stop``, ``wrong_person`` or ``dead``."""
    if not isinstance(_last(case.person, channel, chat), ChannelBound):
        return NOTHING
    return Decision((ChannelUnbound(on=today, recorded_on=today, channel=channel, chat=chat, why=why),))


def rebind(case: Case, channel: str, chat: int, today: date) -> Decision:
    """The person takes back a stop. What a stranger or a dead address ended stays ended until somebody proves more."""
    last = _last(case.person, channel, chat)
    if not isinstance(last, ChannelUnbound) or last.why != "stop":
        return NOTHING
    return Decision((ChannelBound(on=today, recorded_on=today, channel=channel, chat=chat),))


def wrong_person(case: Case, channel: str, chat: int, today: date) -> Decision:
    """Somebody says that they are not the one we look for: the address is let go of, and staff look for the right one.

    Told again on the same day, it is one task.
    """
    gone = unbind(case, channel, chat, "wrong_person", today)
    notice = task(case, f"notme:{chat}:{today:%Y%m%d}", "notme", today, channel=channel, chat=chat)
    return Decision(gone.facts, (), (notice,))


def _last(person: Iterable[Fact], channel: str, chat: int) -> Fact | None:
    found: Fact | None = None
    for fact in person:
        if isinstance(fact, ChannelBound | ChannelUnbound) and (fact.channel, fact.chat) == (channel, chat):
            found = fact
    return found
