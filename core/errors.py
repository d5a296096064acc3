"""How the core says no.

Refusal          an expected "no": a code and facts, worded at the edge (``refusal.<code>`` in the catalogue)
├─ NotFound      there is no such case, chat or code, or it is not yours; never says which
└─ NotAllowed    the role may not do this

Anything else that is raised is a bug and stops.
"""

from typing import Any


class Refusal(Exception):
    """An expected "no". ``code`` is stable snake_case; ``facts`` fill in the words."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(Refusal):
    """Nothing there that this actor may know of."""

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class NotAllowed(Refusal):
    """The actor's role does not carry this right."""

    def __init__(self, code: str = "not_allowed", **facts: Any) -> None:
        super().__init__(code, **facts)
