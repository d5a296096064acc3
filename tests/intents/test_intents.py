"""Every cell of the table is driven through the dispatcher, and must be what is written down."""

from difflib import unified_diff
from pathlib import Path

import pytest

import tests.intents.scripts  # noqa: F401 - the scripts put themselves into the table
from tests.intents import recording, table
from tests.intents.script import INTENTS, Intent
from tests.intents.stage import Stage


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(sqlite_template, tmp_path_factory.mktemp("intents"))


@pytest.mark.parametrize("intent", INTENTS.values(), ids=lambda intent: intent.name)
async def test_an_intent_is_told_as_it_is_written_down(stage: Stage, intent: Intent) -> None:
    told = recording.page(intent.title, intent.told, await stage.play(intent))
    path = recording.path_of(intent.name)
    stored = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = "\n".join(
        unified_diff(stored.splitlines(), told.splitlines(), "written down", "told now", n=1, lineterm="")
    )
    assert not changed, f"{intent.name} is told otherwise: {recording.ANEW}\n{changed[:2000]}"


def test_the_table_shows_every_conversation_that_is_written_down() -> None:
    assert recording.TABLE.read_text(encoding="utf-8") == table.table(INTENTS.values()), recording.ANEW
    stored = {path.stem for path in recording.FOLDER.glob("*.md")}
    assert stored == set(INTENTS)
