"""Countries and their rule packs: a new country is a folder here and one line in `RULES`."""

from core.rules import se
from core.rules.pack import Rules

RULES: dict[str, Rules] = {
    "SE": se.pack(),
}
