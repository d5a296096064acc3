"""Sums as people write them: ``500``, ``1 248,22 kr``, ``SEK 400.50``, ``ca 300 kr i månaden``."""

import re

from core import words
from core.money import Ore, parse_kronor

#: ``1,248`` and ``1,248.50``: the comma of English thousands.
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")


def parse(text: str) -> Ore | None:
    """The sum that the whole text names, in öre, or None. Words around it are known in every language of ours."""
    said = " ".join(text[:100].casefold().split()).strip(" .?!")
    said = _without(said, "said.about", "said.monthly")
    said = _without(said, "said.currency")
    if _ENGLISH.fullmatch(said):
        said = said.replace(",", "")
    try:
        return parse_kronor(said)
    except ValueError:
        return None


def _without(said: str, *keys: str) -> str:
    """The text without the words of these keys at its beginning and its end."""
    names = {name.strip() for lang in words.languages() for key in keys for name in words.text(lang, key).split(";")}
    for name in sorted(names, key=len, reverse=True):
        if said.endswith(name):
            said = said.removesuffix(name).strip()
        elif said.startswith(f"{name} "):
            said = said.removeprefix(name).strip()
    return said
