"""The commands that take everything away to safety, and put it back."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot import terminal
from bot.house import open_house
from core.errors import Refusal
from core.party import SYSTEM
from core.services import backup as backups
from core.services.backup import Counts
from core.store import secrets
from core.store.archive import Unwritable

Options = argparse.Namespace
DONE, WRONG_USAGE = 0, 2


async def backup(options: Options) -> int:
    """Everything but the keys, in one file, while the house is at work."""
    settings, told = options.settings, _Told(options)
    async with open_house(settings, check_rates=False) as opened:
        out = Path(options.file)
        try:
            counts = await backups.backup(opened.house, opened.database, settings.home, SYSTEM, out, told)
        except Unwritable as error:
            terminal.complain("cmd.backup.unwritable", file=options.file, why=error.why)
            return WRONG_USAGE
    told.end("cmd.backup.done", counts)
    return DONE


async def restore(options: Options) -> int:
    """A backup into an empty home and an empty database."""
    settings, told = options.settings, _Told(options)
    try:
        await asyncio.to_thread(_look_into, Path(options.file))
    except OSError as error:
        terminal.complain("cmd.import.unreadable", file=options.file, why=error.strerror or type(error).__name__)
        return WRONG_USAGE
    if not os.environ.get(secrets.VARIABLE) and (settings.production or not _has_keys(settings.home)):
        raise Refusal("backup_no_keys")
    backups.check_empty(settings.home, settings.database_url)
    keys = secrets.load_secrets(settings.home, os.environ, production=settings.production)
    try:
        counts = await backups.restore(Path(options.file), settings.home, settings.database_url, keys, told)
    except PermissionError as error:
        terminal.complain("cmd.backup.unwritable", file=error.filename, why=error.strerror)
        return WRONG_USAGE
    told.end("cmd.restore.done", counts)
    return DONE


class _Told:
    """Says on standard error how far it is, and in the end what there was: as a sentence, or all of it as JSON."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._parts: dict[str, int] = {}

    def __call__(self, what: str, number: int) -> None:
        self._parts[what] = number
        if number and not self._options.json:
            print(f"{what}: {number}", file=sys.stderr)

    def end(self, key: str, counts: Counts) -> None:
        if self._options.json:
            file = str(Path(self._options.file))
            terminal.print_json({"file": file, "rows": counts.rows, "files": counts.files, "parts": self._parts})
        else:
            terminal.tell(key, rows=counts.rows, files=counts.files)


def add_to(add: Callable[..., argparse.ArgumentParser]) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Both commands' options."""
    taken = add("backup", help="everything but the keys in one file, while the house is at work")
    taken.add_argument("file", help="where to; it must not be there yet")
    put_back = add("restore", help="a backup into an empty home and an empty database")
    put_back.add_argument("file")
    return taken, put_back


def _look_into(path: Path) -> None:
    """Raises OSError."""
    with path.open("rb"):
        pass


def _has_keys(home: Path) -> bool:
    return (home / "keys.json").exists()
