"""Write the recordings and the table anew, one language after the other in each of a few processes."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import tests.intents.scripts  # noqa: F401 - the scripts put themselves into the table
from core import words
from core.store.database import opened
from core.store.migrate import migrate
from tests.intents import recording, table
from tests.intents.recording import CHANNELS
from tests.intents.script import INTENTS
from tests.intents.stage import Stage


def write(lang: str, names: list[str], channels: list[str]) -> list[str]:
    """Play these in a language and write them down; what could not be played. What is written down of that stays."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_write(lang, names, channels, Path(folder)))


async def _write(lang: str, names: list[str], channels: list[str], home: Path) -> list[str]:
    template = home / "template.db"
    async with opened(f"sqlite://{template}") as database:
        await migrate(database)
    stage = Stage(template, home)
    failed: list[str] = []
    (recording.FOLDER / lang).mkdir(parents=True, exist_ok=True)
    for name in names:
        intent, told = INTENTS[name], recording.parts(name, lang)
        for channel in channels:
            try:
                told[channel] = (await stage.play(intent, [(lang, channel)]))[lang, channel]
            except Exception:
                failed.append(f"{name}, {channel}, {lang}:\n{traceback.format_exc(limit=-4)}")
        ordered = {channel: told[channel] for channel in CHANNELS if channel in told}
        recording.path_of(name, lang).write_text(recording.page(intent.title, intent.told, ordered), encoding="utf-8")
    return failed


def main(arguments: list[str]) -> int:
    """All languages, channels and intents, or those that are named."""
    langs = [lang for lang in words.offered() if lang in arguments] or list(words.offered())
    names = [name for name in INTENTS if name in arguments] or list(INTENTS)
    channels = [channel for channel in CHANNELS if channel in arguments] or list(CHANNELS)
    if unknown := set(arguments) - {*langs, *channels, *names}:
        print(f"No language, channel or intent: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    failed: list[str] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        started = {pool.submit(write, lang, names, channels): lang for lang in langs}
        for done in as_completed(started):
            failed += done.result()
            print(f"{words.language_name(started[done])}: {len(names) * len(channels)} conversations", flush=True)
    _tidy(langs if len(names) == len(INTENTS) and len(channels) == len(CHANNELS) else [])
    for trouble in failed:
        print(f"Could not be played: {trouble}", file=sys.stderr)
    return 1 if failed else 0


def _tidy(played: list[str]) -> None:
    """What nobody plays any more goes; the table follows what is there, a digest what was played as a whole."""
    known = {recording.path_of(name, lang) for name in INTENTS for lang in words.languages()}
    for path in recording.FOLDER.rglob("*.md"):
        if path not in known:
            path.unlink()
    for folder in recording.FOLDER.iterdir():
        if folder.is_dir() and folder.name not in words.languages():
            shutil.rmtree(folder)
    stored = json.loads(recording.DIGESTS.read_text(encoding="utf-8")) if recording.DIGESTS.exists() else {}
    digests = {lang: recording.digest(lang) if lang in played else stored.get(lang, "") for lang in words.offered()}
    recording.DIGESTS.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    recording.TABLE.write_text(table.table(INTENTS.values()), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
