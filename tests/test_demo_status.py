"""The demo's page has a word for each way in which a case can rest."""

import pytest

from core import words
from core.hold import REASONS


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_pause_has_its_word_on_the_demo(lang: str) -> None:
    keys = [f"demo.status.hold.{reason}" for reason in REASONS | {"dispute", "plan"}]
    keys += ["demo.status.part", "demo.status.deferred"]
    assert all(words.text(lang, key) != key for key in keys)
