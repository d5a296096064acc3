"""An expected "no" in words: ``refusal.<code>`` with its facts as people write them."""

from datetime import date
from typing import Any

from core import words
from core.errors import Refusal


def say(refusal: Refusal, lang: str) -> str:
    """The refusal in a language. Amounts in ``…_ore`` become ``{…}`` with their currency, dates carry the weekday."""
    return words.text(lang, f"refusal.{refusal.code}", **dict(_shown(item, lang) for item in refusal.facts.items()))


def _shown(item: tuple[str, Any], lang: str) -> tuple[str, str]:
    name, value = item
    if name.endswith("_ore"):
        return name.removesuffix("_ore"), words.money(value, lang)
    if isinstance(value, date):
        return name, words.weekday_day(value, lang)
    return name, str(value)
