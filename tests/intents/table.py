"""The table of intents, made of what is written down."""

from collections.abc import Iterable
from itertools import groupby

from core import words
from tests.intents import recording
from tests.intents.recording import CHANNELS
from tests.intents.script import Intent, Start

_HEAD = """# What people can do, and how it went

Each cell leads to a conversation that was driven through the dispatcher, word for word as it was said, in each
language. `make conversations` writes them and this page anew. The tests drive all of them again in Swedish and English
and compare; of the other languages they drive a part, and know by a digest of its words when one is stale.

The same case stands behind all of them: Sara Lind owes Norrhjul AB for the service of a bicycle, and it is Thursday 31
July 2025. *Taps* counts what the person does in the chat once they have shown who they are, and *SMS* how many they
write in one go, from the case or from news of ours to the end; where the script is about showing who one is, everything
counts. Behind each language of the SMS stands the size of our largest SMS, in segments.

What a person writes in their own words, and what a creditor or a clerk answers, stays in Swedish or English.
"""


def table(intents: Iterable[Intent]) -> str:
    """The page, chapter by chapter."""
    lines = [_HEAD]
    for chapter, rows in groupby(intents, key=lambda intent: intent.chapter):
        lines += [
            f"## {chapter}\n",
            "| intent | web chat | Telegram | taps | by SMS | SMS |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(intent) for intent in rows]
        lines.append("")
    return "\n".join(lines)


def _row(intent: Intent) -> str:
    stored = {lang: recording.parts(intent.name, lang) for lang in words.offered()}
    cells = {channel: " ".join(_cell(intent, stored[lang], lang, channel) for lang in stored) for channel in CHANNELS}
    taps = _range(part for parts in stored.values() for channel, part in parts.items() if channel != "sms")
    sent = _range(part for parts in stored.values() for channel, part in parts.items() if channel == "sms")
    mark = " from the first word" if intent.start is Start.STRANGER else ""
    return f"| {intent.title} | {cells['web']} | {cells['telegram']} | {taps}{mark} | {cells['sms']} | {sent}{mark} |"


def _range(parts: Iterable[str]) -> str:
    counts = sorted({recording.counts(part)[0] for part in parts})
    return " to ".join(str(count) for count in (counts[:1] + counts[1:][-1:])) or "none"


def _cell(intent: Intent, stored: dict[str, str], lang: str, channel: str) -> str:
    if channel not in stored:
        return f"{lang} missing"
    link = f"[{lang}](conversations/{lang}/{intent.name}.md#{CHANNELS[channel].lower().replace(' ', '-')})"
    _, segments = recording.counts(stored[channel])
    return f"{link}\N{NO-BREAK SPACE}{segments}" if channel == "sms" else link
