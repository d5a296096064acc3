"""The table of intents, made of what is written down."""

from collections.abc import Iterable
from itertools import groupby

from tests.intents import recording
from tests.intents.recording import CELLS
from tests.intents.script import Intent, Start

_HEAD = """# What people can do, and how it went

Each cell leads to a conversation that was driven through the dispatcher, word for word as it was said. The tests drive
them all again and compare; `python -m tests.intents` writes them and this page anew.

The same case stands behind all of them: Sara Lind owes Norrhjul AB for the service of a bicycle, and it is Thursday 31
July 2025. *Taps* counts what the person does in the chat once they have shown who they are; where the script is about
showing it, everything counts.
"""


def table(intents: Iterable[Intent]) -> str:
    """The page, chapter by chapter."""
    lines = [_HEAD]
    for chapter, rows in groupby(intents, key=lambda intent: intent.chapter):
        lines += [f"## {chapter}\n", "| intent | web chat | | Telegram | | taps |", "|---|---|---|---|---|---|"]
        lines += [_row(intent) for intent in rows]
        lines.append("")
    return "\n".join(lines)


def _row(intent: Intent) -> str:
    stored = recording.parts(intent.name)
    cells = [_cell(intent, stored, lang, heading) for (_, lang), heading in CELLS.items()]
    counts = sorted({recording.turns(part) for part in stored.values()})
    taps = " to ".join(str(count) for count in (counts[:1] + counts[1:][-1:]))
    mark = " from the first word" if intent.start is Start.STRANGER else ""
    return f"| {intent.title} | {' | '.join(cells)} | {taps}{mark} |"


def _cell(intent: Intent, stored: dict[str, str], lang: str, heading: str) -> str:
    if heading not in stored:
        return "missing"
    anchor = heading.lower().replace(",", "").replace(" ", "-")
    return f"[{lang}](conversations/{intent.name}.md#{anchor})"
