"""Texts for people with a debt read at LIX 40 or less: every file of them, also those that are still to come."""

import re
from collections.abc import Iterator

import pytest

from core import words
from tests.golden.lix import lix

LIX_MAX = 40
#: So few words say nothing about how hard they are (conversations 5).
WORDS_MIN = 20
#: Files that no person with a debt reads: of staff, of creditors, of whoever installs, and what is no text.
OTHERS = frozenset({"about", "staff", "desk", "judge", "import", "commands", "demo", "formats", "rules", "phrases"})
#: LIX counts long words, and was made for Swedish; in Finnish or Somali most words are long, and easy.
MEASURED = ("sv", "en")
_PLACE = re.compile(r"\{\w+\}")


def texts(lang: str) -> Iterator[tuple[str, str, str]]:
    """Every text for people: its file, its key, and each of its forms."""
    for name, catalogue in words.domains(lang).items():
        if name in OTHERS:
            continue
        for message in catalogue:
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            yield from ((name, str(message.id), form) for form in forms if message.id)


@pytest.mark.parametrize("lang", MEASURED)
def test_every_text_for_people_is_easy_to_read(lang: str) -> None:
    filled = {"sv": "ord"}.get(lang, "word")
    hard = {}
    for name, key, form in texts(lang):
        count, value, _ = lix(_PLACE.sub(filled, form))
        if count >= WORDS_MIN and value > LIX_MAX:
            hard[f"{name}:{key}"] = round(value)
    assert not hard


def test_the_measure_finds_a_hard_text() -> None:
    hard = "Betalningsförelägganden handläggs uteslutande skriftligen. " * 6
    assert lix(hard)[1] > LIX_MAX
