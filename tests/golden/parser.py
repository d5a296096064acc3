"""Reads the golden transcripts: each screen with its words and buttons in both languages.

>>> golden()["id.code"].buttons("en")
('Use BankID', 'Talk to a person', 'Go back')
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TRANSCRIPTS = Path(__file__).with_name("chat.txt")
PERSON = ("Prata med en människa", "Talk to a person")
BACK = ("Gå tillbaka", "Go back")
HOME = ("Gå till översikten", "Go to overview")
_SHORT = {"P": PERSON, "B": BACK, "H": HOME}


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen. ``joined``: the next one follows in the same message. ``choices``: buttons as (Swedish, English)."""

    id: str
    chapter: str
    sv: str
    en: str
    choices: tuple[tuple[str, str], ...]
    joined: bool

    def text(self, lang: str) -> str:
        return self.sv if lang == "sv" else self.en

    def buttons(self, lang: str) -> tuple[str, ...]:
        """All buttons in order, the person and back included where the transcript leaves them out."""
        return tuple(swedish if lang == "sv" else english for swedish, english in self.choices)


def plain(text: str) -> str:
    """No-break spaces as ordinary ones, as the transcripts are written."""
    return text.replace("\u00a0", " ")


@cache
def golden() -> dict[str, Screen]:
    """All screens by their name, in the order of the file."""
    screens: dict[str, Screen] = {}
    seen: dict[str, str] = {}
    chapter = ""
    for block in re.split(r"^(?=== |@ )", TRANSCRIPTS.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if block.startswith("== "):
            chapter = block[3:].strip()
        elif block.startswith("@ "):
            screen = _screen(block, chapter, seen)
            assert screen.id not in screens, f"{screen.id} stands twice"
            screens[screen.id] = screen
    return screens


def _screen(block: str, chapter: str, seen: dict[str, str]) -> Screen:
    title, *lines = block.splitlines()
    name, *flags = title.split("  #")[0].removeprefix("@ ").split()
    words: dict[str, list[str]] = {"sv": [], "en": []}
    choices: list[tuple[str, str]] = []
    lang, shows_all = "sv", False
    for line in lines:
        if line.startswith(("sv ", "en ")):
            lang = line[:2]
            words[lang].append(line[3:])
        elif line.startswith(" "):
            words[lang].append(line[1:])
        elif line.startswith("["):
            choices += [_choice(found, seen) for found in re.findall(r"\[([^]]+)\]", line)]
            shows_all = shows_all or line.endswith("!")
        else:
            assert not line or line.startswith((">", "#")), line
    if not shows_all and "+" not in flags:
        choices += [PERSON, HOME if name.endswith(".done") else BACK]
    sv, en = ("\n".join(words[lang]) for lang in ("sv", "en"))
    return Screen(name, chapter, sv, en, tuple(choices), "+" in flags)


def _choice(found: str, seen: dict[str, str]) -> tuple[str, str]:
    if found in _SHORT:
        return _SHORT[found]
    swedish, bar, english = found.partition("|")
    if bar:
        seen[swedish] = english
    return swedish, seen[swedish]
