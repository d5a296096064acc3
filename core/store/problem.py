"""One thing that the nightly questions have found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from core.money import Ore

WRONG: Final = "wrong"
LOOK: Final = "look"


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable; ``show`` is the SQL or the command that shows the rows.

    ``severity``: ``wrong`` must never be true of the book, ``look`` waits for a person longer than it should.
    ``what`` is the thing itself, a case number or an id and never a name, with its ``ore`` where it has a sum; a
    problem without one stands for ``number`` things.
    """

    code: str
    text: str
    show: str
    severity: str = WRONG
    what: str = ""
    ore: int | None = None
    number: int = 1

    def __str__(self) -> str:
        return f"{self.code}: {self.text}\n    [{self.show}]"


def kronor(ore: Ore) -> str:
    """A sum in a problem's words."""
    whole, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole}.{rest:02} kr"


def told(problems: Iterable[Problem], most: int = 5) -> list[dict[str, Any]]:
    """What was found as the facts of a task: of each code how many things, and the first ``most`` of them."""
    found: dict[str, dict[str, Any]] = {}
    for problem in problems:
        of_code = found.setdefault(problem.code, {"code": problem.code, "number": 0, "rows": []})
        of_code["number"] += problem.number
        if problem.what and len(of_code["rows"]) < most:
            of_code["rows"].append([problem.what, problem.ore])
    return list(found.values())
