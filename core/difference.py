"""What changed between two days, line by line, each with its reason; the changes add up to the whole difference."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.case import Case
from core.money import Ore
from core.statement import Line, Statement, statement

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One line that came, grew or fell away. ``ore`` is what it does to the sum; ``line`` says why.

    Of interest that ran on, ``line`` holds only the days in between.
    """

    ore: Ore
    line: Line


@dataclass(frozen=True, slots=True)
class Difference:
    """Two statements, the earlier first, and what lies between them."""

    before: Statement
    after: Statement
    changes: tuple[Change, ...]

    @property
    def ore(self) -> Ore:
        """What more (or, below zero, less) is owed on the later day."""
        return self.after.total - self.before.total


def difference(case: Case, one: date, other: date) -> Difference:
    """The statements of two days, in whatever order they are named, and the changes between them.

    Raises UnknownRate past the rate table.
    """
    first, last = sorted((one, other))
    before, after = statement(case, first), statement(case, last)
    changes = tuple(_changes(before, after))
    assert sum(change.ore for change in changes) == after.total - before.total, f"case {case.id}: changes do not add up"
    return Difference(before, after, changes)


def between(case: Case, one: date, other: date) -> tuple[Change, ...]:
    """What changed from the earlier of two days to the later."""
    return difference(case, one, other).changes


Key = tuple[object, ...]


def _changes(before: Statement, after: Statement) -> Iterator[Change]:
    """In the order of the later statement; what fell away comes last."""
    had, has = _by_key(before), _by_key(after)
    for key, line in has.items():
        old = had.get(key)
        if line.ore != (old.ore if old else 0):
            yield _grown(old, line, before.on)
    for key, line in had.items():
        if key not in has and line.ore:
            yield Change(-line.ore, line)


def _by_key(stated: Statement) -> dict[Key, Line]:
    """The lines by what they are. The same thing twice on a day is counted, not merged."""
    found: dict[Key, Line] = {}
    for line in stated.lines:
        on = None if line.kind == "credited" else line.on  # credits of a claim are one line, of the last one's day
        what: Key = (line.kind, line.claim, on, line.cost, line.way, line.first, line.rate_bp, line.base_ore)
        number = 0
        while (*what, number) in found:
            number += 1
        found[*what, number] = line
    return found


def _grown(old: Line | None, line: Line, since: date) -> Change:
    """A line that is new, or by how much it is more than before: interest of the days since then."""
    if old is None:
        return Change(line.ore, line)
    ore = line.ore - old.ore
    if line.kind != "interest":
        return Change(ore, replace(line, ore=ore))
    return Change(ore, replace(line, ore=ore, first=since + _ONE_DAY, days=line.days - old.days))
