"""What may be erased of a person, what must stay, until when, and by which law. Pure: facts in, a plan out.

While a case is open all that belongs to it is needed for a legal claim (GDPR article 17.3 e). What a case has booked
is accounting material and stays to the end of the seventh year after its calendar year (bokföringslagen 7 kap. 2 §).
Everything else of a closed case goes when the person asks for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

#: Whole calendar years that accounting material is kept after the year it belongs to (bokföringslagen 7 kap. 2 §).
BOOKS_KEPT_YEARS: Final = 7


class What(StrEnum):
    """Kinds of what we hold of a person, in the order in which they are told."""

    CHATS = "chats"
    TEXTS = "texts"
    EVIDENCE = "evidence"
    MESSAGES = "messages"
    PEOPLE = "people"
    CONTACT = "contact"
    PAPERS = "papers"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Held:
    """A case as far as it decides what stays. ``last_booked_on`` is the value or booking day of its last transfer."""

    id: int
    opened_on: date
    closed_on: date | None
    last_booked_on: date | None

    @property
    def kept_until(self) -> date | None:
        """The last day on which its accounting material is kept; None while the case is open."""
        if self.closed_on is None:
            return None
        last = max(self.closed_on, self.last_booked_on or self.closed_on)
        return date(last.year + BOOKS_KEPT_YEARS, 12, 31)


@dataclass(frozen=True, slots=True)
class Scope:
    """What erasing on a day reaches.

    ``closed`` are cases whose words go, ``over`` those whose accounting material goes too. ``before``: what was said in
    chats until that day goes, the day on which the oldest open case began; None is everything that was said.
    ``alone``: no case is open, so nobody needs to reach the person; ``nameless``: nobody needs to know who it was.
    """

    closed: tuple[int, ...]
    over: tuple[int, ...]
    before: date | None
    alone: bool
    nameless: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``goes`` is what is there and goes now; ``open_cases`` and ``until`` are why, and how long, the rest stays.

    ``free_on`` is the first day on which nothing of it is kept; ``waiting``: somebody still owes them an answer.
    """

    goes: tuple[What, ...]
    open_cases: int
    until: date | None
    waiting: bool
    free_on: date | None


def scope(cases: Iterable[Held], today: date) -> Scope:
    """How far erasure reaches today."""
    held = tuple(cases)
    still = [case for case in held if case.closed_on is None]
    closed = tuple(case.id for case in held if case.closed_on is not None)
    over = tuple(case.id for case in held if _is_over(case, today))
    before = min((case.opened_on for case in still), default=None)
    alone = not still
    return Scope(closed, over, before, alone, alone and len(over) == len(held))


def lapsed(cases: Iterable[Held], today: date) -> Scope:
    """What goes by itself, of somebody who asked before: what the law has let go of since, and nothing newer."""
    held = tuple(cases)
    reach = scope(held, today)
    before = None if reach.nameless else min((case.opened_on for case in held), default=None)
    return Scope(reach.over, reach.over, before, reach.nameless, reach.nameless)


def plan(cases: Iterable[Held], there: Mapping[What, int], today: date, *, waiting: bool = False) -> Plan:
    """What to tell before anything goes. ``there`` counts what the scope reaches and is still there."""
    held = tuple(cases)
    kept = [until for case in held if (until := case.kept_until) is not None and until >= today]
    until = max(kept, default=None)
    return Plan(
        goes=tuple(what for what in What if there.get(what)),
        open_cases=sum(case.closed_on is None for case in held),
        until=until,
        waiting=waiting,
        free_on=date(until.year + 1, 1, 1) if until else None,
    )


def _is_over(case: Held, today: date) -> bool:
    until = case.kept_until
    return until is not None and until < today
