"""``schysst import`` of what a bank tells: payments on the account, and what became of payouts."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from bot import terminal
from bot.dialogs.wording import bank_file as wording
from bot.house import open_house
from core import words
from core.bank import BankFileRefused
from core.files import bank_file, pain002
from core.party import SYSTEM
from core.services import bank_files, payout_status
from core.services.bank_told import FileError, Imported
from core.services.payout_status import Taken

DONE, REFUSED = 0, 1
#: How a file of payouts' statuses is recognised.
STATUSES = "pain.002"
#: Files of the bank that are taken in here; others are claims.
OF_A_BANK = bank_files.FORMATS | {STATUSES}
#: Of a file that is read in a moment nobody needs to hear how far it is.
LONG_BYTES, LONG_PAYMENTS = 8_000_000, 5_000


def format_of(head: bytes) -> str | None:
    """The format of a file by its first bytes, if it is a bank's."""
    found = bank_file.recognise(head)
    return found if found in OF_A_BANK else None


async def import_bank(options: argparse.Namespace, format_: str, file: BinaryIO, name: str) -> int:
    """Take a file of the bank in, and say what became of it."""
    async with open_house(options.settings) as opened:
        if format_ == STATUSES:
            try:
                statuses = list(pain002.read(file))
            except BankFileRefused as refused:
                return _print_refused(options, refused, STATUSES)
            return _print_taken(options, await payout_status.take_statuses(opened.house, SYSTEM, statuses))
        told = await bank_files.import_file(opened.house, SYSTEM, file, name, progress=_Progress())
    return _print(options, told)


def _balance_error(told: Imported, lang: str) -> list[dict[str, Any]]:
    """A balance that is not our book's: nothing is wrong with a line, and yet it is no good end."""
    if not told.difference_ore or told.closing_on is None:
        return []
    day, difference = words.day_year(told.closing_on, lang), words.money(abs(told.difference_ore), lang)
    values = {"day": day, "difference": difference}
    return [_told(FileError(0, "balance_differs", "cmd.import.balance_differs", values), lang)]


class _Progress:
    """Says on standard error how far a long file is, each tenth of it once."""

    def __init__(self) -> None:
        self._said: tuple[str, int] = ("", 0)

    def __call__(self, phase: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if total < (LONG_BYTES if phase == "check" else LONG_PAYMENTS) or (phase, tenth) == self._said:
            return
        self._said = (phase, tenth)
        lang = terminal.language()
        print(words.text(lang, f"cmd.import.{phase}", percent=10 * tenth), file=sys.stderr, flush=True)


def _print(options: argparse.Namespace, told: Imported) -> int:
    lang = terminal.language()
    errors = [_told(error, lang) for error in told.errors]
    code = REFUSED if told.refused or told.difference_ore else DONE
    if options.json:
        errors += _balance_error(told, lang)
        terminal.print_json(
            {
                "accepted": told.accepted,
                "already": told.already,
                "at_once": told.at_once,
                "refused": told.refused,
                "errors": errors,
                "format": told.format,
                "matched": told.matched,
                "confirmed": told.confirmed,
                "waiting": told.waiting,
                "skipped": told.skipped,
                "waiting_in_all": told.waiting_in_all,
                "closing_on": told.closing_on.isoformat() if told.closing_on else None,
                "balance_difference_ore": told.difference_ore,
            }
        )
        return code
    _print_errors(errors, lang)
    if told.refused > len(errors):
        print(words.plural(lang, "cmd.import.more", told.refused - len(errors)))
    if told.as_a_whole:
        terminal.complain("cmd.import.whole")
        return code
    counts = {"accepted": told.accepted, "already": told.already, "refused": told.refused}
    if told.at_once:
        print(words.text(lang, "cmd.import.at_once"))
    print(words.text(lang, "import.counts", **counts))
    _print_placed(told, lang)
    return code


def _print_placed(told: Imported, lang: str) -> None:
    """What became of the new payments, what else waits, and how the balance compares."""
    if told.accepted:
        print(words.text(lang, "cmd.import.placed", matched=told.matched, waiting=told.waiting))
    if told.confirmed:
        print(words.text(lang, "cmd.import.confirmed", confirmed=told.confirmed))
    if told.skipped:
        print(words.plural(lang, "staff.bank.skipped", told.skipped))
    if told.waiting_in_all > told.waiting:
        print(words.plural(lang, "staff.bank.waiting_in_all", told.waiting_in_all))
    if told.closing_on and told.difference_ore is not None:
        key = "cmd.import.balance_differs" if told.difference_ore else "cmd.import.balance"
        day = words.day_year(told.closing_on, lang)
        print(words.text(lang, key, day=day, difference=words.money(abs(told.difference_ore), lang)))


def _print_taken(options: argparse.Namespace, taken: Taken) -> int:
    lang = terminal.language()
    errors = [
        _told(FileError(one.line, "unknown_order", "bank.entry.unknown_order", {"order": one.order}), lang)
        for one in taken.unknown
    ]
    counts = {"accepted": taken.accepted, "already": taken.already, "refused": taken.refused}
    if options.json:
        terminal.print_json({**counts, "errors": errors, "format": STATUSES})
    else:
        _print_errors(errors, lang)
        print(words.text(lang, "import.counts", **counts))
    return REFUSED if errors else DONE


def _print_refused(options: argparse.Namespace, refused: BankFileRefused, format_: str | None) -> int:
    error = FileError(refused.line, refused.code, f"bank.file.{refused.code}", refused.values)
    return _print_errors_only(options, error, format_)


def _print_errors_only(options: argparse.Namespace, error: FileError, format_: str | None) -> int:
    lang = terminal.language()
    errors = [_told(error, lang)]
    if options.json:
        terminal.print_json({"accepted": 0, "already": 0, "refused": 1, "errors": errors, "format": format_})
    else:
        _print_errors(errors, lang)
        terminal.complain("cmd.import.whole")
    return REFUSED


def print_unknown(options: argparse.Namespace, head: bytes) -> int:
    """A file that looks like a bank's and is none that we read."""
    return _print_refused(options, BankFileRefused("unknown" if head else "empty"), None)


def print_no_text(options: argparse.Namespace) -> int:
    """A picture, an archive, a program: neither claims nor a bank's file, whatever it is called."""
    return _print_errors_only(options, FileError(0, "unknown_file", "cmd.import.unknown", {}), None)


def _print_errors(errors: Iterable[Mapping[str, Any]], lang: str) -> None:
    for told in errors:
        if told["line"]:
            print(wording.line_text(told["line"], told["payment"], told["message"], lang))
        else:
            print(told["message"])


def _told(error: FileError, lang: str) -> dict[str, Any]:
    message = words.text(lang, error.key, **error.values)
    told = {"line": error.line, "payment": error.payment, "column": None, "code": error.code}
    return {**told, "message": message}
