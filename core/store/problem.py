"""One thing that the nightly questions have found."""

from dataclasses import dataclass
from typing import Final

WRONG: Final = "wrong"
LOOK: Final = "look"


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable; ``show`` is the SQL or the command that shows the rows.

    ``severity``: ``wrong`` must never be true of the book, ``look`` waits for a person longer than it should.
    """

    code: str
    text: str
    show: str
    severity: str = WRONG

    def __str__(self) -> str:
        return f"{self.code}: {self.text}  [{self.show}]"
