"""The command line: what each command is called and takes. What it does is in ``commands.py``."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date

from bot import commands
from bot.config import BadSettings, read_settings
from core.money import Ore, parse_kronor

Command = Callable[[argparse.Namespace], Awaitable[int]]

DONE, REFUSED, WRONG_USAGE = 0, 1, 2


def main() -> None:
    """Run one command and leave with its exit code: 0 done, 1 refused or partly refused, 2 wrong usage."""
    options = parser().parse_args()
    try:
        options.settings = read_settings()
        code = asyncio.run(options.command(options))
    except BadSettings as error:
        print(f"schysst: {error}", file=sys.stderr)
        code = WRONG_USAGE
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    top = argparse.ArgumentParser(prog="schysst", description="Debt collection that treats people well.")
    add = top.add_subparsers(title="commands", metavar="COMMAND", required=True).add_parser

    run = _command(add("run", help="web, chats, scheduler and outbox in one process"), commands.run)
    run.add_argument("--roles", default="web,worker", help="web, worker or both, separated by a comma")
    run.add_argument("--demo", action="store_true", help="fill an empty installation with a made-up agency")

    _command(add("migrate", help="bring the database up to date"), commands.migrate)

    read = _command(add("import", help="claims from a CSV file"), commands.import_file, json=True)
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
        "--rate", metavar="PERCENT", help="a contractual yearly rate instead of the reference rate + 8"
    )

    _command(add("verify", help="ask the whole book what must never be true"), commands.verify, json=True)
    _command(add("rebuild", help="compute every case's projection anew"), commands.rebuild)

    rates = _command(add("rates", help="the reference rates, or confirm one"), commands.rates, json=True)
    rates.add_argument("act", nargs="?", choices=["confirm"])
    rates.add_argument("since", nargs="?", type=_date, metavar="DATE")
    rates.add_argument("percent", nargs="?", metavar="PERCENT")
    rates.add_argument("--source", help="where it was announced, such as SFS 2026:123")

    creditor = _command(add("creditor", help="show or set what a creditor has chosen"), commands.creditor, json=True)
    creditor.add_argument("number", help="organisation number")
    creditor.add_argument("--reminder-after", type=int, metavar="DAYS", help="days from the due date to the reminder")
    creditor.add_argument("--reminder", choices=["yes", "no"], help="whether a reminder comes before the demand")
    creditor.add_argument("--letters-first", choices=["yes", "no"], help="letters even where a chat could carry them")
    creditor.add_argument("--allocation", choices=["cost_interest_principal", "principal_first"])

    staff = _command(add("staff", help="invite a member of staff"), commands.invite_staff)
    staff.add_argument("act", choices=["invite"])
    staff.add_argument("name", help="first name, as people will see it")
    staff.add_argument("--role", default="clerk", choices=["clerk", "supervisor"])

    member = _command(add("creditor-invite", help="invite a creditor's member"), commands.invite_member)
    member.add_argument("number", help="the creditor's organisation number")
    member.add_argument("name")

    _command(add("outbox", help="what waits, what was sent, what is unknown"), commands.outbox, json=True)
    _command(add("rotate-keys", help="encrypt personal numbers with the newest key"), commands.rotate_keys)
    return top


def _command(parsed: argparse.ArgumentParser, command: Command, *, json: bool = False) -> argparse.ArgumentParser:
    parsed.set_defaults(command=command)
    if json:
        parsed.add_argument("--json", action="store_true", help="print JSON, amounts in öre")
    return parsed


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date such as 2026-03-02: {text}") from None


def _amount(text: str) -> Ore:
    try:
        return parse_kronor(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not an amount in kronor such as 1000 or 4750,50: {text}") from None


if __name__ == "__main__":
    main()
