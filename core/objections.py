"""Objections (bestridanden) as they stand: what each one stops, and since when. A conclusion from the facts alone.

open → upheld | partly | rejected | withdrawn; after partly or rejected the debtor may keep their view → kept, which
only the creditor's giving in or the debtor's taking it back can end (and outside of us, a court).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from core.case import Case
from core.facts import Credited, DisputeAnswered, DisputeKept, DisputeRaised
from core.money import Ore

#: The answers that give the debtor right in nothing, or not in all: they may keep their view.
NOT_ALL = frozenset({"rejected", "partly"})

Parts = tuple[tuple[int, Ore], ...]


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection. ``parts`` are pairs of claim and öre of principal, none: all of it. ``answer`` is the latest."""

    receipt: int
    ground: str
    parts: Parts
    since: date
    late: bool = False
    answer: str | None = None
    answered_on: date | None = None
    kept_on: date | None = None
    released_on: date | None = None

    @property
    def whole(self) -> bool:
        return not self.parts

    @property
    def open(self) -> bool:
        """It waits for its answer."""
        return self.answer is None

    @property
    def kept(self) -> bool:
        """It was answered with a no, and the debtor keeps their view."""
        return self.kept_on is not None and self.released_on is None

    @property
    def stops(self) -> bool:
        """What it is about rests now."""
        return self.open or self.kept

    def stops_on(self, day: date) -> bool:
        """Whether what it is about rested on a day."""
        if self.since <= day and (self.answered_on is None or day < self.answered_on):
            return True
        kept = self.kept_on is not None and self.kept_on <= day
        return kept and (self.released_on is None or day < self.released_on)

    @property
    def may_be_kept(self) -> bool:
        return self.answer in NOT_ALL and self.kept_on is None


def objections(case: Case) -> tuple[Objection, ...]:
    """Every objection of a case, oldest first."""
    return case.once(_objections) if case.last(DisputeRaised) else ()


def _objections(case: Case) -> tuple[Objection, ...]:
    found: dict[int, Objection] = {}
    for fact in case.facts:
        if isinstance(fact, DisputeRaised):
            found[fact.receipt] = Objection(fact.receipt, fact.ground, fact.parts, fact.on, fact.late)
        elif isinstance(fact, DisputeAnswered):
            receipt = fact.receipt or next(number for number, each in found.items() if each.open)
            found[receipt] = _answered(found[receipt], fact)
        elif isinstance(fact, DisputeKept):
            found[fact.receipt] = replace(found[fact.receipt], kept_on=fact.on)
        elif isinstance(fact, Credited) and not fact.whole:
            found = {number: _less(each, fact.parts) if each.stops else each for number, each in found.items()}
    return tuple(found.values())


def _answered(objection: Objection, fact: DisputeAnswered) -> Objection:
    """The first answer ends the first stop; one after the view was kept ends that."""
    if objection.kept_on:
        return replace(objection, answer=fact.answer, released_on=fact.on)
    return replace(objection, answer=fact.answer, answered_on=fact.on)


def _less(objection: Objection, credited: Parts) -> Objection:
    """What was credited is not disputed any more. A dispute of all stays one of all."""
    if objection.whole:
        return objection
    off = dict(credited)
    parts = tuple((claim, max(ore - off.get(claim, 0), 0)) for claim, ore in objection.parts)
    return replace(objection, parts=tuple((claim, ore) for claim, ore in parts if ore) or objection.parts)


def disputed(case: Case) -> tuple[Objection, ...]:
    """The objections that stop something now."""
    return tuple(each for each in objections(case) if each.stops)


def wholly_disputed(case: Case) -> bool:
    return any(each.whole for each in disputed(case))


def frozen_parts(case: Case, on: date) -> dict[int, Ore]:
    """How much of each claim's principal rested on a day because of objections to a part; those of several add up."""
    frozen: dict[int, Ore] = {}
    for claim, ore in _resting(case, on):
        frozen[claim] = frozen.get(claim, 0) + ore
    return frozen


def _resting(case: Case, on: date) -> Iterator[tuple[int, Ore]]:
    for each in objections(case):
        if each.parts and each.stops_on(on):
            yield from each.parts


def payable_was_disputed(case: Case) -> bool:
    """Whether what is to be paid was ever objected to, and so cannot go to Kronofogden (domain 3.3).

    A part that rests is not in it; one that was answered is again.
    """
    return any(each.whole or not each.stops for each in objections(case))
