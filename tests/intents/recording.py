"""How a conversation is written down, and the table of all of them. Markdown that also reads well as it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests import house
from tests.intents.talks import Shown

FOLDER = house.ROOT / "docs" / "conversations"
TABLE = house.ROOT / "docs" / "intents.md"
#: Each cell of the table: the channel, the language, and the heading of its part of the recording.
CELLS = {
    ("web", "sv"): "Web chat, Swedish",
    ("web", "en"): "Web chat, English",
    ("telegram", "sv"): "Telegram, Swedish",
    ("telegram", "en"): "Telegram, English",
}
ANEW = "run `python -m tests.intents`, and read what changed before you commit it"
#: What is drawn by lot: codes of letters and messages (not those that the scripts know), the word that page and chat
#: share, the end of an erasure's receipt, addresses with a secret.
_BY_LOT = (
    (re.compile(r"\b(?!K7Q4-M2XD|ABCD-2345)[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b"), "T4WH-9RKC"),
    (re.compile(r"(?<=ska det stå )[2-9A-Z]{4}\b|(?<=page must show )[2-9A-Z]{4}\b"), "H7RK"),
    (re.compile(r"(?<=\bR\d-\d-)[0-9a-f]{6}\b"), "d48baf"),
    (re.compile(r"(https://schysst\.example/(?:bankid|c|pay|open)[\w/?=]*[/=])[\w-]{16,}"), r"\1…"),
)


@dataclass
class Recording:
    """One conversation, as far as it has come. ``turns`` are the person's taps and messages since the count began."""

    lines: list[str] = field(default_factory=list)
    turns: int = 0

    def did(self, what: str, words: str = "") -> None:
        self.turns += 1
        self.lines.append(f"**The person {what}:** {_settled(words)}" if words else f"**The person {what}.**")

    def aside(self, told: str) -> None:
        """Something that happens outside the chat."""
        self.lines.append(f"*{told}*")

    def saw(self, shown: Iterable[Shown]) -> None:
        for message in shown:
            rows = [row for row in message.text.split("\n") if row.strip()]
            rows += [f"File: {message.file}"] * bool(message.file)
            rows += [" ".join(f"`{label}`" for label in message.labels)] * bool(message.buttons)
            self.lines.append("\\\n".join(f"> {_marked(row)}" for row in rows))

    def text(self, heading: str) -> str:
        many = "tap or message" if self.turns == 1 else "taps and messages"
        return "\n\n".join((f"## {heading}", f"{self.turns} {many}.", *self.lines)) + "\n"


def _marked(row: str) -> str:
    """Nothing that we say is a mark of Markdown, save the buttons' own."""
    return row if row.startswith("`") else re.sub(r"([*_<#])", r"\\\1", _settled(row))


def _settled(text: str) -> str:
    for drawn, said in _BY_LOT:
        text = drawn.sub(said, text)
    return text


# Files


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.md"


def page(title: str, told: str, parts: dict[str, str]) -> str:
    """The whole file of an intent; ``parts`` by their headings."""
    return "\n".join((f"# {title}\n", f"{told}\n", *(parts[heading] for heading in CELLS.values() if heading in parts)))


def parts(name: str) -> dict[str, str]:
    """The stored conversations of an intent by their headings; none if nothing is stored."""
    path = path_of(name)
    if not path.exists():
        return {}
    found = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0][3:]: part.rstrip("\n") + "\n" for part in found}


def turns(part: str) -> int:
    """The count that a stored conversation begins with."""
    counted = re.search(r"^(\d+) tap", part, re.MULTILINE)
    assert counted, part[:80]
    return int(counted[1])
