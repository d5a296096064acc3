"""The command line: what each command is called and takes. What it does is in ``commands.py``."""

import argparse
import asyncio
import gc
import os
import re
import sys
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from bot import (
    commands,
    commands_backup,
    commands_bookkeeping,
    commands_creditor,
    commands_notes,
    commands_payouts,
    commands_reports,
    terminal,
)
from bot.config import BadSettings, read_settings
from core import words
from core.errors import Refusal
from core.money import Ore, parse_kronor
from core.store import database
from core.store.secrets import SecretsMissing

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
STOPPED, PIPE_CLOSED = 130, 141
ROLES = frozenset({"web", "worker"})
YEARS = range(1900, 2200)
#: Looked for among so many new objects (and ten times as many, and a hundred): by Python's own measure it is looked
#: for so often that it takes a quarter of a demo's filling.
GARBAGE = (10_000, 10, 10)


def main() -> None:
    """Run one command and leave with its exit code: 0 done, 1 refused or partly refused, 2 wrong usage."""
    os.umask(0o077)  # the home, its database, keys and letters are their owner's alone
    gc.set_threshold(*GARBAGE)
    terminal.be_tolerant()
    options = parser().parse_args([_decimal_point(word) for word in sys.argv[1:]])
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough. Nothing may be flushed into the closed pipe at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_CLOSED
    sys.exit(code)


def _run(options: argparse.Namespace) -> int:
    """The command's exit code; what stood in its way is said in words. A bug is a traceback."""
    try:
        options.settings = read_settings() if options.opens_house else None
        command: Command = options.command
        return asyncio.run(command(options))
    except Refusal as refusal:
        terminal.refuse(refusal)
        return REFUSED
    except BadSettings as bad:
        terminal.complain(f"settings.{bad.code}", **bad.facts)
        return WRONG_USAGE
    except SecretsMissing:
        terminal.complain("settings.keys_other")
        return WRONG_USAGE
    except database.TROUBLE as trouble:
        code = database.trouble(trouble)
        if code is None:
            raise
        terminal.complain(f"settings.database_{code}")
        return REFUSED if code == "locked" else WRONG_USAGE
    except KeyboardInterrupt:
        return STOPPED


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    top = argparse.ArgumentParser(prog="schysst", description="Debt collection that treats people well.")
    add = top.add_subparsers(title="commands", metavar="COMMAND", required=True).add_parser

    run = _command(add("run", help="web, chats, scheduler and outbox in one process"), commands.run)
    run.add_argument("--roles", type=_roles, default="web,worker", help="web, worker or both, separated by a comma")
    run.add_argument("--demo", action="store_true", help="fill an empty installation with a made-up agency")

    _command(add("migrate", help="bring the database up to date"), commands.migrate)

    read = _command(add("import", help="claims from a CSV file, or a bank's file"), commands.import_file, json=True)
    read.add_argument("file", nargs="?", help="the file, or - for standard input")
    read.add_argument("--template", action="store_true", help="print a file to start from")

    tick = _command(add("tick", help="live through every day up to a date (not in production)"), commands.tick)
    tick.add_argument("--until", type=_date, required=True, metavar="DATE")

    stated = _command(add("statement", help="what a case owes, line by line"), commands.statement, json=True)
    stated.add_argument("ocr")
    stated.add_argument("--on", type=_date, metavar="DATE", help="by value dates up to this day; today if left out")
    stated.add_argument("--known-on", type=_date, metavar="DATE", help="leave out what was learned later")

    interest = _command(add("interest", help="late interest by the rate table"), commands.interest, json=True)
    interest.add_argument("amount", type=_amount, metavar="AMOUNT", help="principal in kronor")
    interest.add_argument("--due", type=_date, required=True, metavar="DATE")
    interest.add_argument("--through", type=_date, required=True, metavar="DATE")
    interest.add_argument("--day-count", default="ACT/ACT", choices=["ACT/ACT", "ACT/365F", "30E/360"])
    interest.add_argument(
        "--rate", type=_rate, metavar="PERCENT", help="a contractual yearly rate instead of the reference rate + 8"
    )

    _checking(add)
    _command(commands_bookkeeping.add_to(add, _date), commands_bookkeeping.sie, json=True)
    _command(commands_reports.add_to(add, _date), commands_reports.report, json=True)
    _command(commands_payouts.add_to(add), commands_payouts.run, json=True)

    rates = _command(add("rates", help="the reference rates, or confirm one"), commands.rates, json=True)
    rates.add_argument("act", nargs="?", choices=["confirm"])
    rates.add_argument("since", nargs="?", type=_date, metavar="DATE")
    rates.add_argument("percent", nargs="?", type=_percent, metavar="PERCENT")
    rates.add_argument("--source", help="where it was announced, such as SFS 2026:123")

    _command(commands_creditor.add_to(add), commands_creditor.creditor, json=True)

    _people(add)
    outbox = _command(add("outbox", help="what waits, what was sent, what is unknown"), commands.outbox, json=True)
    outbox.add_argument("--stop", metavar="CHANNEL", help="let nothing leave by telegram, sms or email for now")
    outbox.add_argument("--go-on", metavar="CHANNEL", help="let it leave again")
    _installation(add)
    return top


def _checking(add: Callable[..., argparse.ArgumentParser]) -> None:
    asked = _command(add("verify", help="ask the whole book what must never be true"), commands.verify, json=True)
    asked.add_argument(
        "--days", type=_days, action="append", metavar="NAME=DAYS", help="from now on, how long a thing may wait"
    )
    _command(add("rebuild", help="compute every case's projection anew"), commands.rebuild)


def _people(add: Callable[..., argparse.ArgumentParser]) -> None:
    staff = _command(add("staff", help="invite a member of staff"), commands.invite_staff)
    staff.add_argument("act", choices=["invite"])
    staff.add_argument("name", help="first name, as people will see it")
    staff.add_argument("--role", default="clerk", choices=["clerk", "supervisor"])

    member = _command(add("creditor-invite", help="invite a creditor's member"), commands.invite_member)
    member.add_argument("number", help="the creditor's organisation number")
    member.add_argument("name")
    member.add_argument("--email", metavar="ADDRESS", help="where news and settlement notes go too; also of a member")


def _installation(add: Callable[..., argparse.ArgumentParser]) -> None:
    hook = "print the address that the SMS gateway is to call with incoming messages"
    _command(add("sms-hook", help=hook), commands.sms_hook)
    checked, told = commands_notes.add_to(add)
    _command(checked, commands_notes.check, json=True, opens_house=False)
    _command(told, commands_notes.details, json=True)
    key = _command(add("new-key", help="print a new key for SCHYSST_KEYS"), commands.new_key, opens_house=False)
    key.add_argument("name", type=_key_name, help="a short name for it, such as k2")
    taken, put_back = commands_backup.add_to(add)
    _command(taken, commands_backup.backup, json=True)
    _command(put_back, commands_backup.restore, json=True)
    _command(add("rotate-keys", help="encrypt personal numbers with the newest key"), commands.rotate_keys)


def _command(
    parsed: argparse.ArgumentParser, command: Command, *, json: bool = False, opens_house: bool = True
) -> argparse.ArgumentParser:
    parsed.set_defaults(command=command, opens_house=opens_house)
    if json:
        parsed.add_argument("--json", action="store_true", help="print JSON, amounts in öre")
    return parsed


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _bad("cmd.bad.date", text) from None
    if day.year not in YEARS:
        raise _bad("cmd.bad.date", text)
    return day


def _days(text: str) -> tuple[str, int]:
    """``suspense=14``."""
    name, _, number = text.partition("=")
    if not re.fullmatch(r"\d{1,4}", number, re.ASCII):
        raise _bad("cmd.bad.days", text)
    return name, int(number)


def _amount(text: str) -> Ore:
    try:
        return parse_kronor(text)
    except ValueError:
        raise _bad("cmd.bad.amount", text) from None


def _percent(text: str) -> int:
    """Basis points from ``2``, ``2,00`` or ``-0.5``."""
    found = re.fullmatch(r"([+-]?)(\d{1,3})(?:[.,](\d{1,2}))?\s*%?", text.strip(), re.ASCII)
    if found is None:
        raise _bad("cmd.bad.percent", text)
    bp = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -bp if found[1] == "-" else bp


def _decimal_point(word: str) -> str:
    """A negative number with a comma, ``-0,5``, is no option of ours; with a point argparse sees that too."""
    return re.sub(r"^(-\d+),(\d+)$", r"\1.\2", word, flags=re.ASCII)


def _key_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,31}", text, re.ASCII):
        raise _bad("cmd.bad.key_name", text)
    return text


def _rate(text: str) -> int:
    """A contractual rate, which may be nothing but not less."""
    bp = _percent(text)
    if not 0 <= bp <= 10_000:
        raise _bad("cmd.bad.percent", text)
    return bp


def _roles(text: str) -> frozenset[str]:
    roles = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not roles or not roles <= ROLES:
        raise _bad("cmd.bad.roles", text)
    return roles


def _bad(key: str, text: str) -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(words.text(terminal.language(), key, text=text))


if __name__ == "__main__":
    main()
