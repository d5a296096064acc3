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


def find(text: str) -> Ore | None:
    """The first sum in a longer text: a figure with a currency, or a large one that is no part of a day."""
    said = " ".join(text[:400].casefold().split())
    currency = "|".join(sorted(map(re.escape, _names("said.currency")), key=len, reverse=True))
    figures = r"\d{1,3}(?:[ .]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
    patterns = (
        rf"(?<![\w.,-])({figures}) ?(?:{currency})(?!\w)",
        rf"(?<!\w)(?:{currency}) ?({figures})(?![\w-])",
        r"(?<![\w.,/:-])(\d{3,6})(?![\w/:-]|[.,]\d)",
    )
    for pattern in patterns:
        for found in re.finditer(pattern, said):
            if pattern == patterns[-1] and _is_year(found[1]):
                continue
            if ore := parse(found[1]):
                return ore
    return None


def _is_year(figure: str) -> bool:
    """Whether a bare figure is rather the year of a day: ``20 augusti 2025``."""
    return 2020 <= int(figure) <= 2099


def _names(*keys: str) -> set[str]:
    return {name.strip() for lang in words.languages() for key in keys for name in words.text(lang, key).split(";")}


def _without(said: str, *keys: str) -> str:
    """The text without the words of these keys at its beginning and its end."""
    for name in sorted(_names(*keys), key=len, reverse=True):
        if said.endswith(name):
            said = said.removesuffix(name).strip()
        elif said.startswith(f"{name} "):
            said = said.removeprefix(name).strip()
    return said
