"""The command that gives a bookkeeper their file."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from bot import terminal
from bot.house import open_house
from bot.terminal import print_json
from core import words
from core.party import SYSTEM
from core.services import bookkeeping, creditors
from core.services.bookkeeping import BookFile

Options = argparse.Namespace
DONE, WRONG_USAGE = 0, 2


async def sie(options: Options) -> int:
    """The vouchers of a period, of the agency or of one creditor, as SIE 4; without any there is no file."""
    async with open_house(options.settings) as opened:
        house, days = opened.house, (options.since, options.through)
        if options.creditor:
            creditor = await creditors.by_number(house, SYSTEM, options.creditor)
            file = await bookkeeping.export_creditor(house, SYSTEM, creditor.id, *days)
        else:
            file = await bookkeeping.export(house, SYSTEM, *days)
    if options.json and options.out is None:
        terminal.complain("cmd.sie.json")
        return WRONG_USAGE
    if not file.vouchers:
        if options.json:
            print_json({"file": None, "vouchers": 0})
        else:
            terminal.complain("cmd.sie.none")
        return DONE
    if options.out is None:
        sys.stdout.buffer.write(file.body)
        return DONE
    path = await asyncio.to_thread(_write, Path(options.out), file)
    if options.json:
        print_json({"file": str(path), "vouchers": file.vouchers, "bytes": len(file.body)})
        return DONE
    print(words.plural(terminal.language(), "cmd.sie", file.vouchers))
    return DONE


def _write(out: Path, file: BookFile) -> Path:
    path = out / file.name if out.is_dir() else out
    path.write_bytes(file.body)
    return path


def add_to(add: Callable[..., argparse.ArgumentParser], day: Callable[[str], object]) -> argparse.ArgumentParser:
    """The command's options."""
    parsed = add("sie", help="vouchers for the bookkeeping, as a SIE 4 file")
    parsed.add_argument("--from", dest="since", type=day, required=True, metavar="DATE")
    parsed.add_argument("--through", type=day, required=True, metavar="DATE", help="a day that is over")
    parsed.add_argument("--creditor", metavar="NUMBER", help="the creditor's own vouchers, by organisation number")
    parsed.add_argument("--out", metavar="FILE", help="a file or folder; standard output if left out")
    return parsed
