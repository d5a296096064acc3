"""The command that writes a report: PDF with plots, CSV, and each plot as SVG."""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bot import terminal
from bot.house import open_house
from bot.terminal import complain, tell
from core.documents import report as paper
from core.party import SYSTEM
from core.services import creditors, reports

Options = argparse.Namespace
DONE, WRONG_USAGE = 0, 2


async def report(options: Options) -> int:
    """The last twelve weeks, or the days that are named; of everybody or of one creditor."""
    lang = terminal.language()
    if bool(options.since) != bool(options.through):
        complain("cmd.report.usage")
        return WRONG_USAGE
    async with open_house(options.settings) as opened:
        house, creditor_id = opened.house, None
        if options.creditor:
            creditor_id = (await creditors.by_number(house, SYSTEM, options.creditor)).id
        if options.since and options.through:
            told = await reports.of(house, SYSTEM, options.since, options.through, creditor_id)
        else:
            told = await reports.latest(house, SYSTEM, creditor_id)
        files = {f"{told.name}.pdf": await reports.pdf(house, told, lang)}
    files[f"{told.name}.csv"] = paper.table(told.report).encode("utf-8-sig")
    files |= {f"{told.name}-{key}.svg": svg.encode() for key, svg in reports.drawn(told, lang).items()}
    folder = Path(options.out)
    await asyncio.to_thread(_write, folder, files)
    if options.json:
        written = [str(folder / name) for name in files]
        terminal.print_json({**asdict(told.report), "name": told.name, "whose": told.whose, "files": written})
        return DONE
    for line in paper.summary(told.report, lang):
        print(line)
    tell("cmd.report", folder=folder)
    return DONE


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)


def add_to(add: Callable[..., argparse.ArgumentParser], day: Callable[[str], object]) -> argparse.ArgumentParser:
    """The command's options."""
    parsed = add("report", help="how collecting goes: PDF with plots, CSV and SVG")
    parsed.add_argument("--from", dest="since", type=day, metavar="DATE")
    parsed.add_argument("--through", type=day, metavar="DATE", help="a day that is over")
    parsed.add_argument("--creditor", metavar="NUMBER", help="one creditor's cases, by organisation number")
    parsed.add_argument("--out", metavar="FOLDER", default="reports", help="where the files go")
    return parsed
