"""The command of a creditor's choices: shows them, or puts new ones in place and says from when each counts."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from bot import commands_payouts, terminal
from bot.house import open_house
from bot.terminal import print_json, tell
from core.allocation import ORDERS
from core.party import MONEY_TERMS, SYSTEM, CreditorTerms
from core.services import creditors

DONE: Final = 0
#: The choices that are a yes or a no, and what the command's help says of each.
_YES_OR_NO: Final[Mapping[str, str]] = {
    "reminder": "whether a reminder comes before the demand",
    "letters_first": "letters even where a chat could carry them",
    "interest_to_creditor": "whether late interest that is paid goes to the creditor or stays with us; in new cases",
    "vat_on_interest": "whether the creditor pays VAT on late interest that stays with us; in new cases",
    "costs_on_credit": "whether the creditor pays for our work when it takes a claim back",
}
Options = argparse.Namespace


async def creditor(options: Options) -> int:
    """Show what a creditor has chosen, or put new choices in place."""
    async with open_house(options.settings) as opened:
        found = before = await creditors.by_number(opened.house, SYSTEM, options.number)
        if given := _given(options):
            terms = replace(found.terms, **given)
            found = await creditors.set_terms(opened.house, SYSTEM, options.number, terms)
        found = await commands_payouts.set_creditor(opened.house, found, options)
        if options.json:
            paid_to = await commands_payouts.creditor_json(found)
            changed = _changed(before.terms, found.terms)
            told = {"number": found.number, "name": found.name, **asdict(found.terms), **paid_to}
            print_json({**told, "changed": [{"name": name, **each} for name, each in changed.items()]})
        else:
            terminal.print_creditor(found)
            await commands_payouts.print_creditor(found)
            _print_changed(_changed(before.terms, found.terms))
    return DONE


def _given(options: Options) -> dict[str, Any]:
    """The choices that the command names."""
    wanted = {name: {"yes": True, "no": False}.get(getattr(options, name)) for name in _YES_OR_NO}
    named = {**wanted, "reminder_after_days": options.reminder_after, "allocation": options.allocation}
    return {name: value for name, value in named.items() if value is not None}


def _changed(before: CreditorTerms, after: CreditorTerms) -> dict[str, dict[str, Any]]:
    """What is another than it was, and whether that counts in new cases alone."""
    was, now = asdict(before), asdict(after)
    return {
        name: {"before": was[name], "after": now[name], "new_cases_only": name in MONEY_TERMS}
        for name in now
        if was[name] != now[name]
    }


def _print_changed(changed: Mapping[str, Mapping[str, Any]]) -> None:
    """Each change from what to what, and under them from when they count."""
    lang = terminal.language()
    if changed:
        print()
    for name, each in changed.items():
        was, now = terminal.choice(each["before"], lang), terminal.choice(each["after"], lang)
        tell("cmd.creditor.changed", what=terminal.choice_name(name, lang), before=was, after=now)
    if any(each["new_cases_only"] for each in changed.values()):
        money = [terminal.choice_name(name, lang) for name, each in changed.items() if each["new_cases_only"]]
        tell("cmd.creditor.new_cases", what="; ".join(money))


def add_to(add: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's options."""
    parsed = add("creditor", help="show or set what a creditor has chosen")
    parsed.add_argument("number", help="organisation number")
    parsed.add_argument("--reminder-after", type=int, metavar="DAYS", help="days from the due date to the reminder")
    for name, told in _YES_OR_NO.items():
        parsed.add_argument(f"--{name.replace('_', '-')}", choices=["yes", "no"], help=told)
    parsed.add_argument("--allocation", choices=list(ORDERS), help="what a payment settles first; in new cases")
    commands_payouts.add_creditor_options(parsed)
    return parsed
