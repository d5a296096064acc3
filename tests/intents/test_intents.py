"""The cells of the table are driven through the dispatcher, and must be what is written down.

All of them in Swedish and English; of each other language every eighth intent on some channel, and all its words by
their digest.
"""

import json
import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

import tests.intents.scripts  # noqa: F401 - the scripts put themselves into the table
from core import words
from tests.intents import recording, table
from tests.intents.recording import CHANNELS
from tests.intents.script import INTENTS, Intent, Start
from tests.intents.stage import Stage

PLAYED = ("sv", "en")
OTHERS = tuple(lang for lang in words.languages() if lang not in PLAYED)
#: By SMS, from the case to the end.
SMS_MAX = 3
#: Our largest SMS: a language whose letters GSM-7 lacks needs more of them.
SEGMENTS_MAX = {"ar": 4, "fa": 4, "uk": 4}


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(sqlite_template, tmp_path_factory.mktemp("intents"))


def cells(number: int) -> Iterator[tuple[str, str]]:
    """What is played of the intent with this number: languages and channels."""
    yield from ((lang, channel) for lang in PLAYED for channel in CHANNELS)
    yield OTHERS[number % len(OTHERS)], list(CHANNELS)[number // len(OTHERS) % len(CHANNELS)]


@pytest.mark.parametrize(("number", "intent"), tuple(enumerate(INTENTS.values())), ids=list(INTENTS))
async def test_an_intent_is_told_as_it_is_written_down(stage: Stage, number: int, intent: Intent) -> None:
    for (lang, channel), told in (await stage.play(intent, cells(number))).items():
        kept = recording.parts(intent.name, lang).get(channel, "").splitlines()
        changed = "\n".join(unified_diff(kept, told.splitlines(), "written down", "told now", n=1, lineterm=""))
        assert not changed, f"{intent.name}, {lang}, {channel}: {recording.ANEW}\n{changed[:2000]}"


@pytest.mark.parametrize("lang", OTHERS)
def test_no_words_have_changed_since_they_were_recorded(lang: str) -> None:
    assert json.loads(recording.DIGESTS.read_text(encoding="utf-8"))[lang] == recording.digest(lang), recording.ANEW


def test_the_table_shows_every_conversation_that_is_written_down() -> None:
    assert recording.TABLE.read_text(encoding="utf-8") == table.table(INTENTS.values()), recording.ANEW
    stored = {path for path in recording.FOLDER.rglob("*.md")}
    assert stored == {recording.path_of(name, lang) for name in INTENTS for lang in words.languages()}


@pytest.mark.parametrize("lang", words.languages())
def test_an_sms_way_is_short_and_goes_with_digits_alone(lang: str) -> None:
    for intent in INTENTS.values():
        part = recording.parts(intent.name, lang)["sms"]
        sent, segments = recording.counts(part)
        assert sent <= SMS_MAX or intent.start is Start.STRANGER, (intent.name, sent)
        assert segments <= SEGMENTS_MAX.get(lang, 2), (intent.name, segments)
        if not intent.words:
            assert all(re.fullmatch(r"[\d /]+", said) for said in recording.written(part)), intent.name
