"""How a conversation is written down: one file for each intent and language. Markdown that also reads well as it is."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core import words
from tests import house
from tests.intents.talks import Shown

FOLDER = house.ROOT / "docs" / "conversations"
TABLE = house.ROOT / "docs" / "intents.md"
DIGESTS = FOLDER / "words.json"
#: The channels, and the heading of each one's part of a recording.
CHANNELS = {"web": "Web chat", "telegram": "Telegram", "sms": "SMS"}
ANEW = "run `make conversations`, and read what changed before you commit it"
#: What is drawn by lot: codes of letters and messages (not those that the scripts know), the word that page and chat
#: share, the end of an erasure's receipt, addresses with a secret.
_BY_LOT = (
    (re.compile(r"\b(?!K7Q4-M2XD|ABCD-2345)[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b"), "T4WH-9RKC"),
    (re.compile(r"(?<=\bR\d-\d-)[0-9a-f]{6}\b"), "d48baf"),
    (re.compile(r"(https://schysst\.example/(?:bankid|c|pay|open)[\w/?=]*[/=])[\w-]{10,}"), r"\1…"),
)
#: Web chat and Telegram mostly say the same; then it is written down once.
_ALIKE = "Word for word as in the web chat."


@dataclass
class Recording:
    """One conversation, as far as it has come.

    ``turns`` are the person's taps and messages since the count began, ``most`` the most of them in one go: what
    happens outside the chat begins another. ``segments`` is the size of our largest SMS.
    """

    lines: list[str] = field(default_factory=list)
    drawn: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    go: int = 0
    most: int = 0
    segments: int = 0

    def did(self, what: str, said: str = "", *, counted: bool = True) -> None:
        self.turns += counted
        self.go += counted
        self.most = max(self.most, self.go)
        self.lines.append(f"**The person {what}:** {self._settled(said)}" if said else f"**The person {what}.**")

    def aside(self, told: str) -> None:
        """Something that happens outside the chat; what the person does then is counted anew."""
        self.go = 0
        self.lines.append(f"*{told}*")

    def draw(self, drawn: str, said: str) -> None:
        """This was drawn by lot, and is written down so from now on."""
        self.drawn[drawn] = said

    def saw(self, shown: Iterable[Shown]) -> None:
        for message in shown:
            rows = [row for row in message.text.split("\n") if row.strip()]
            rows += [f"File: {message.file}"] * bool(message.file)
            if message.size is not None:
                rows.append(f"({message.size.places}/{message.size.segments})")
                self.segments = max(self.segments, message.size.segments)
            else:
                rows += [" ".join(f"`{label}`" for label in message.labels)] * bool(message.buttons)
            self.lines.append("\\\n".join(f"> {self._marked(row)}" for row in rows))

    def text(self, channel: str) -> str:
        """The part of the recording, with what was counted first."""
        if channel == "sms":
            counted = f"{self.most} SMS in one go, {self.segments} {'segment' if self.segments == 1 else 'segments'}."
        else:
            counted = f"{self.turns} {'tap or message' if self.turns == 1 else 'taps and messages'}."
        return "\n\n".join((f"## {CHANNELS[channel]}", counted, *self.lines)) + "\n"

    def _marked(self, row: str) -> str:
        """Nothing that we say is a mark of Markdown, save the buttons' own."""
        return row if row.startswith("`") else re.sub(r"([*_<#])", r"\\\1", self._settled(row))

    def _settled(self, text: str) -> str:
        for drawn, said in self.drawn.items():
            text = re.sub(rf"(?<!\w){re.escape(drawn)}(?!\w)", said, text)
        for shape, said in _BY_LOT:
            text = shape.sub(said, text)
        return text


# Files


def path_of(name: str, lang: str) -> Path:
    return FOLDER / lang / f"{name}.md"


def page(title: str, told: str, parts: dict[str, str]) -> str:
    """The whole file of an intent in a language; ``parts`` by their channels."""
    shown = [f"# {title}\n", f"{told}\n"]
    for channel, part in parts.items():
        alike = channel == "telegram" and _spoken(part) == _spoken(parts.get("web", ""))
        shown.append(f"{_head(part)}\n\n{_ALIKE}\n" if alike else part)
    return "\n".join(shown)


def parts(name: str, lang: str) -> dict[str, str]:
    """The stored conversations of an intent by their channels; none if nothing is stored."""
    path = path_of(name, lang)
    if not path.exists():
        return {}
    split = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = {heading: channel for channel, heading in CHANNELS.items()}
    found = {named[h]: f"## {h}\n{part.rstrip()}\n" for h, part in zip(split[1::2], split[2::2], strict=True)}
    if _ALIKE in found.get("telegram", ""):
        found["telegram"] = f"{_head(found['telegram'])}\n\n{_spoken(found['web'])}"
    return found


def _head(part: str) -> str:
    """Heading and count."""
    return "\n\n".join(part.split("\n\n", 2)[:2]).rstrip()


def _spoken(part: str) -> str:
    """What stands below heading and count."""
    return part.split("\n\n", 2)[-1]


def counts(part: str) -> tuple[int, int]:
    """What a stored conversation begins with: taps and messages, or SMS in one go; and segments, 0 where none."""
    found = re.search(r"^(\d+) (?:tap|SMS in one go, (\d+) segment)", part, re.MULTILINE)
    assert found, part[:80]
    return int(found[1]), int(found[2] or 0)


def written(part: str) -> list[str]:
    """What the person wrote in a stored conversation."""
    return re.findall(r"^\*\*The person writes:\*\* (.*)$", part, re.MULTILINE)


# The words that recordings were made of


def digest(lang: str) -> str:
    """Of all words of a language: what is not played again by the tests is known to be stale by it."""
    said = sorted(
        (str(message.id), str(message.string))
        for catalogue in words.domains(lang).values()
        for message in catalogue
        if message.id
    )
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
