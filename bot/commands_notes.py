"""Commands about settlement notes: computing one again from its file, and what a creditor's notes say of it."""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot import terminal
from bot.house import open_house
from core import words
from core.note_check import NotANote, Wrong, opened, problems
from core.party import SYSTEM
from core.rules.se.identifiers import BadIdentifier, show_organisation, vat_number
from core.services import creditors, settlement_notes
from core.store import settlement_notes as stored

Options = argparse.Namespace
DONE, REFUSED, WRONG_USAGE = 0, 1, 2
#: A note of ten thousand payments has some megabytes.
BYTES_MAX = 256 * 1024 * 1024


async def check(options: Options) -> int:
    """Compute a note again from its JSON. Nothing is asked of any database or setting."""
    try:
        text = await asyncio.to_thread(_read, Path(options.file))
    except OSError as error:
        terminal.complain("cmd.note.unreadable", file=options.file, why=error.strerror or type(error).__name__)
        return WRONG_USAGE
    try:
        wrong = problems(text)
        note, sha256 = opened(text)
    except NotANote:
        terminal.complain("cmd.note.none", file=options.file)
        return WRONG_USAGE
    if options.json:
        terminal.print_json({"sha256": sha256, "number": note["number"], "wrong": [_told(one) for one in wrong]})
        return REFUSED if wrong else DONE
    if wrong:
        print(words.plural(terminal.language(), "cmd.note.wrong", len(wrong)))
        for one in wrong:
            terminal.tell("cmd.note.place", **_told(one))
        return REFUSED
    lines = [line for part in note["cases"] for line in part["lines"]] + note["others"]
    counts = {"transfers": sum(len(line["transfers"]) for line in lines), "cases": len(note["cases"])}
    terminal.tell("cmd.note.right", **counts, amount=words.money(note["payout_ore"], terminal.language()))
    return DONE


async def details(options: Options) -> int:
    """Show or set what a creditor's notes say of it."""
    async with open_house(options.settings) as opened_house:
        house = opened_house.house
        creditor = await creditors.by_number(house, SYSTEM, options.number)
        found = await stored.details(creditor.id)
        wished: dict[str, Any] = {
            "address": options.address,
            "vat": options.vat,
            "names": None if options.names is None else options.names == "yes",
        }
        wished = {name: value for name, value in wished.items() if value is not None}
        if wished:
            found = replace(found, **wished)
            await settlement_notes.set_details(house, SYSTEM, creditor.id, found)
    if options.json:
        terminal.print_json({"number": creditor.number, "name": creditor.name, **asdict(found)})
        return DONE
    names = words.text(terminal.language(), "cmd.yes" if found.names else "cmd.no")
    shown = {"address": found.address or "-", "vat": found.vat or "-", "names": names}
    terminal.tell("cmd.note.details", name=creditor.name, number=show_organisation(creditor.number), **shown)
    return DONE


def add_to(add: Callable[..., argparse.ArgumentParser]) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """The commands' options: the check, and the details."""
    checked = add("note-check", help="compute a settlement note again from its JSON, without any database")
    checked.add_argument("file", help="the note's JSON")
    told = add("note-details", help="show or set what a creditor's settlement notes say of it")
    told.add_argument("number", help="the creditor's organisation number")
    told.add_argument("--address", metavar="TEXT", help="as invoices have it")
    told.add_argument("--vat", type=_vat, metavar="NUMBER", help="VAT number")
    told.add_argument("--names", choices=["yes", "no"], help="debtors' names instead of initials")
    return checked, told


def _vat(text: str) -> str:
    try:
        return vat_number(text) if text else ""
    except BadIdentifier:
        raise argparse.ArgumentTypeError(words.text(terminal.language(), "cmd.bad.vat", text=text)) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BYTES_MAX)


def _told(one: Wrong) -> dict[str, Any]:
    return {"where": one.where, "said": one.said, "right": one.right}
