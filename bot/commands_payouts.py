"""Commands of payouts: a run is put together and looked at, and its file written. Approving belongs to a chat."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bot import terminal
from bot.dialogs.wording.payouts import outlook_text, row_text, run_lines, run_text
from bot.house import Opened, open_house
from bot.terminal import complain, print_json, tell
from core import payout, words
from core.errors import NotFound, Refusal
from core.money import Ore, parse_kronor
from core.party import SYSTEM, Actor, Creditor, Role
from core.rules.se import payee
from core.services import payout_accounts, payout_look, payouts
from core.services.house import House
from core.services.payout_look import RunView
from core.store import payout_accounts as accounts
from core.store.payout_folder import put

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
ACTS: Final = ("prepare", "show", "file")
SHOWN_MAX: Final = 20
#: Whoever only looks need not say who they are.
LOOKER: Final = Actor(Role.CLERK, 0)
Options = argparse.Namespace


async def run(options: Options) -> int:
    """What is due and what was paid; or one run. Nobody is known at a terminal: a supervisor approves in the chat."""
    if options.act == "file" and options.run is None:
        return _wrong("cmd.payouts.run")
    if options.act == "prepare" and options.run is not None:
        return _wrong("cmd.payouts.no_run")
    async with open_house(options.settings) as opened:
        match options.act:
            case None:
                return await _list(opened.house, options)
            case "file":
                return await _file(opened, options)
            case "prepare":
                return await _prepare(opened.house, options)
            case _:
                _show(await _looked_at(opened.house, options.run), json=options.json)
    return DONE


async def _prepare(house: House, options: Options) -> int:
    """Exit 1, and the run that waits, when one waits already; or why there is nothing to pay."""
    before = await payout_look.waiting(house, LOOKER)
    try:
        view = await payouts.prepare(house, SYSTEM, all_now=options.all, share=options.share)
    except Refusal as refusal:
        if refusal.code == "payout_nothing" and not options.json:
            print(outlook_text(await payout_look.outlook(house, LOOKER, all_now=options.all), terminal.language()))
        raise
    _show(view, json=options.json)
    if before is not None:
        complain("cmd.payouts.waits", run=before.id)
        return REFUSED
    if not options.json:
        tell("cmd.payouts.approve", run=view.row.id)
    return DONE


async def _looked_at(house: House, run_id: int | None) -> RunView:
    """A run, or the one that waits. Raises NotFound."""
    if run_id is not None:
        return await payout_look.view(house, LOOKER, run_id)
    waiting = await payout_look.waiting(house, LOOKER)
    if waiting is None:
        raise NotFound("payout_run")
    return await payout_look.view(house, LOOKER, waiting.id)


async def _list(house: House, options: Options) -> int:
    found = await payout_look.outlook(house, LOOKER, all_now=options.all)
    rows = await payout_look.history(house, LOOKER, SHOWN_MAX)
    if options.json:
        print_json({"due": asdict(found), "runs": [asdict(row) for row in rows]})
        return DONE
    lang = terminal.language()
    print(outlook_text(found, lang))
    for row in rows:
        print(row_text(row, lang))
    return DONE


async def _file(opened: Opened, options: Options) -> int:
    """The same bytes each time; that it was fetched is written down."""
    name, body = await payouts.fetch(opened.house, SYSTEM, options.run)
    if options.out == "-":
        sys.stdout.buffer.write(body)
        return DONE
    out = Path(options.out) if options.out else opened.settings.home / "bank-out"
    path = await asyncio.to_thread(put, out / name if options.out is None or out.is_dir() else out, body)
    tell("cmd.payouts.written", path=path)
    return DONE


def _show(view: RunView, *, json: bool) -> None:
    if json:
        lines = [asdict(line) for line in view.lines]
        carried = [{"name": name, "carried_ore": ore} for name, ore in view.carried]
        print_json(
            {
                **asdict(view.row),
                "notes": view.notes,
                "carried_ore": view.carried_ore,
                "carried": carried,
                "payouts": lines,
            }
        )
        return
    lang = terminal.language()
    print(run_text(view, lang))
    for line in run_lines(view, lang):
        print(line)


def add_to(add: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's options."""
    parsed = add("payouts", help="what is due to creditors; prepare or show a run, write its file")
    parsed.add_argument("act", nargs="?", choices=ACTS)
    parsed.add_argument("run", nargs="?", type=int, metavar="RUN", help="the run's number")
    parsed.add_argument("--all", action="store_true", help="every creditor with a balance, whatever its day")
    parsed.add_argument("--share", action="store_true", help="our own share too, as far as it is free")
    parsed.add_argument("--out", metavar="FILE", help="a file or folder, - for standard output; or bank-out")
    return parsed


# What `schysst creditor` shows and sets of payouts


def add_creditor_options(parsed: argparse.ArgumentParser) -> None:
    parsed.add_argument("--payout", choices=payout.SCHEDULES, help="when the creditor is paid")
    parsed.add_argument(
        "--payout-day", type=int, metavar="DAY", help="weekday (0: Monday, 4: Friday) or day of the month"
    )
    parsed.add_argument("--payout-least", type=_kronor, metavar="AMOUNT", help="what must have come, in kronor")
    parsed.add_argument("--account", metavar="NUMBER", help="bankgiro, plusgiro, bank account or IBAN to pay to")


async def set_creditor(house: House, creditor: Creditor, options: Options) -> Creditor:
    """Put new days and a new account in place. Raises Refusal."""
    wanted = (options.payout, options.payout_day, options.payout_least)
    if any(each is not None for each in wanted):
        creditor = await payout_accounts.set_days(house, SYSTEM, creditor.id, *wanted)
    if options.account is not None:
        await payout_accounts.ask(house, SYSTEM, creditor.id, options.account)
    return creditor


async def creditor_json(creditor: Creditor) -> dict[str, Any]:
    """Where a creditor's money goes, and the account that waits for a supervisor."""
    wish = await accounts.open_wish(creditor.id)
    return {"account": await accounts.counts(creditor.id), "account_asked": wish.account if wish else None}


async def print_creditor(creditor: Creditor) -> None:
    """The same for people."""
    lang, wish = terminal.language(), await accounts.open_wish(creditor.id)
    account = await accounts.counts(creditor.id)
    shown = payee.show(account) if account else words.text(lang, "cmd.account.none")
    print(words.text(lang, "cmd.account", account=shown))
    if wish:
        print(words.text(lang, "cmd.account.asked", account=payee.show(wish.account)))


def _kronor(text: str) -> Ore:
    try:
        return parse_kronor(text)
    except ValueError:
        raise argparse.ArgumentTypeError(words.text(terminal.language(), "cmd.bad.amount", text=text)) from None


def _wrong(key: str) -> int:
    complain(key)
    return WRONG_USAGE
