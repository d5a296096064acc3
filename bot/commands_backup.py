"""The commands that take everything away to safety, and put it back."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot import terminal
from bot.house import open_house
from core.errors import Refusal
from core.party import SYSTEM
from core.services import backup as backups
from core.store import secrets

Options = argparse.Namespace
DONE = 0


async def backup(options: Options) -> int:
    """Everything but the keys, in one file, while the house is at work."""
    settings = options.settings
    async with open_house(settings, check_rates=False) as opened:
        out = Path(options.file)
        counts = await backups.backup(opened.house, opened.database, settings.home, SYSTEM, out, _show)
    terminal.tell("cmd.backup.done", rows=counts.rows, files=counts.files)
    return DONE


async def restore(options: Options) -> int:
    """A backup into an empty home and an empty database."""
    settings = options.settings
    if not os.environ.get(secrets.VARIABLE) and (settings.production or not _has_keys(settings.home)):
        raise Refusal("backup_no_keys")
    keys = secrets.load_secrets(settings.home, os.environ, production=settings.production)
    counts = await backups.restore(Path(options.file), settings.home, settings.database_url, keys, _show)
    terminal.tell("cmd.restore.done", rows=counts.rows, files=counts.files)
    return DONE


def add_to(add: Callable[..., argparse.ArgumentParser]) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Both commands' options."""
    taken = add("backup", help="everything but the keys in one file, while the house is at work")
    taken.add_argument("file", help="where to; it must not be there yet")
    put_back = add("restore", help="a backup into an empty home and an empty database")
    put_back.add_argument("file")
    return taken, put_back


def _has_keys(home: Path) -> bool:
    return (home / "keys.json").exists()


def _show(what: str, number: int) -> None:
    if number:
        print(f"{what}: {number}", file=sys.stderr)
