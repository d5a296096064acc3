"""Each try to reach a debtor with a document, as the history of a case tells it: where, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.facts import ChannelBound
from core.facts import ChannelUnbound as Unbound
from core.ports import Outcome
from core.sending import RING_AGAIN
from core.store import attempts
from core.store.attempts import Try
from core.words import HERE

LETTER: Final = "letter"
MAIL: Final = "email"
#: Tries after which another one follows by itself, so that only the last of them says anything.
UNDECIDED: Final = frozenset({Outcome.RETRY, Outcome.CLOSED})
LOST: Final = frozenset({Outcome.REFUSED, Outcome.DEAD})
#: What somebody was announced in or let go of, beside the tries.
REACH: Final = (ChannelBound, Unbound)


@dataclass(frozen=True, slots=True)
class Told:
    """A document announced in a channel, or on paper. ``again``: by the next channel, for nobody had looked.

    ``outcome``: ``sent``, ``delivered``, ``failed``, ``back``, ``unknown`` or ``withdrawn``.
    """

    id: str
    on: date
    channel: str
    outcome: str
    again: bool


async def of_case(case_id: int) -> tuple[Told, ...]:
    """The tries of a case, oldest first."""
    return folded(await attempts.of_case(case_id))


def folded(found: Iterable[tuple[int, str, Try]]) -> tuple[Told, ...]:
    """One for each notice and place: what became of it in the end, on the day on which that was learned.

    A document that went by post alone is told by its own line.
    """
    last: dict[tuple[int, str, str], tuple[str, Try]] = {}
    for notice, kind, tried in found:
        place = (notice, tried.channel, tried.reference.partition(":")[0])
        last.pop(place, None)
        last[place] = (kind, tried)
    announced = {notice for notice, channel, _ in last if channel != LETTER}
    return tuple(
        Told(
            f"t{notice}.{channel}.{place}",
            tried.at.astimezone(HERE).date(),
            channel,
            _outcome(tried),
            kind == RING_AGAIN,
        )
        for (notice, channel, place), (kind, tried) in last.items()
        if notice in announced and tried.outcome not in UNDECIDED
    )


def _outcome(tried: Try) -> str:
    """A mail comes back; anything else does not arrive."""
    if tried.outcome in LOST:
        return "back" if tried.channel == MAIL else "failed"
    return tried.outcome
