"""Write the recordings and the table anew."""

import asyncio
import sys
import tempfile
import traceback
from pathlib import Path

import tests.intents.scripts  # noqa: F401 - the scripts put themselves into the table
from core.store.database import opened
from core.store.migrate import migrate
from tests.intents import recording, table
from tests.intents.script import INTENTS
from tests.intents.stage import Stage


async def write(names: list[str]) -> int:
    """How many could not be played; of those what is written down stays."""
    failed = 0
    recording.FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        template = home / "template.db"
        async with opened(f"sqlite://{template}") as database:
            await migrate(database)
        stage = Stage(template, home)
        for name in names or INTENTS:
            intent = INTENTS[name]
            try:
                told = await stage.play(intent)
            except Exception:
                failed += 1
                print(f"{name} could not be played:\n{traceback.format_exc(limit=-4)}", file=sys.stderr)
                continue
            recording.path_of(name).write_text(recording.page(intent.title, intent.told, told), encoding="utf-8")
    for path in recording.FOLDER.glob("*.md"):
        if path.stem not in INTENTS:
            path.unlink()
    recording.TABLE.write_text(table.table(INTENTS.values()), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(write(sys.argv[1:])) else 0)
