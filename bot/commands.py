"""What the commands do. Each opens the house, makes one call, prints, and answers with an exit code."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.house import open_house
from bot.refusals import say
from core import words
from core.claim import DayCount, InterestTerms
from core.errors import Refusal
from core.files.claim_columns import template
from core.interest import Rates, accrue, amounts, rounded
from core.party import SYSTEM, Role
from core.rules import se
from core.services import cases, creditors, identity, intake
from core.services import rates as rate_service
from core.statement import Statement
from core.statement import statement as state
from core.store import checks, people
from core.store import outbox as outbox_rows
from core.store.secrets import SecretsMissing, rotate_file

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
UNKNOWN_SHOWN_MAX = 50
Options = argparse.Namespace


async def run(options: Options) -> int:
    """Everything in one process, until it is told to stop."""
    roles = frozenset(part.strip() for part in options.roles.split(",") if part.strip())
    if not roles or not roles <= {"web", "worker"}:
        return _wrong("--roles takes web, worker or both")
    from bot import wiring  # with aiogram's models behind it, which take seconds to load: only where somebody chats

    await wiring.run(options.settings, roles, demo=options.demo)
    return DONE


async def migrate(options: Options) -> int:
    async with open_house(options.settings):
        print("The database is up to date.")
    return DONE


async def import_file(options: Options) -> int:
    """Claims from a file: the good rows are kept, each bad one is named by line, column and reason."""
    if options.template:
        print(template(), end="")
        return DONE
    try:
        data = _read(options.file or "")
    except OSError as error:
        return _wrong(f"cannot read {options.file or 'no file'}: {error.strerror}")
    async with open_house(options.settings) as opened:
        result = await intake.import_claims(opened.house, SYSTEM, data)
    errors = [
        {
            "line": error.line,
            "column": error.column,
            "code": error.code,
            "message": words.text(_lang(), error.message_key, **error.values),
        }
        for error in result.errors
    ]
    counts = {"accepted": result.accepted, "already": result.already, "refused": result.refused}
    if options.json:
        _print_json({**counts, "errors": errors})
    else:
        for told in errors:
            where = "import.cell" if told["column"] else "import.row"
            shown = {"line": told["line"], "column": told["column"] or "", "reason": told["message"]}
            print(words.text(_lang(), where, **shown))
        print(words.text(_lang(), "import.counts", **counts))
    return REFUSED if errors else DONE


async def tick(options: Options) -> int:
    """Live through every day up to a date."""
    if options.settings.production:
        return _wrong("tick moves the clock, which production refuses")
    from bot import wiring  # as in `run`

    async with open_house(options.settings) as opened, wiring.travelling(opened) as travel:
        try:
            days = await travel.until(options.until, lambda day: print(day, file=sys.stderr))
        except Refusal as refusal:
            return _refused(refusal)
    print(f"{days} days, now {options.until}")
    return DONE


async def statement(options: Options) -> int:
    """What a case owes on a day, line by line."""
    async with open_house(options.settings) as opened:
        try:
            case = await cases.find(opened.house, SYSTEM, options.ocr)
            on = options.on or opened.clock.today()
            stated = state(case, on, options.known_on)
        except Refusal as refusal:
            return _refused(refusal)
    if options.json:
        _print_json({"ocr": case.ocr, **_statement_json(stated)})
    else:
        for line in stated.lines:
            what = " ".join(str(part) for part in (line.kind, line.cost, line.on, line.first, line.last) if part)
            print(f"{what:<60}{_kr(line.ore):>14}")
        print(f"{'total ' + stated.on.isoformat():<60}{_kr(stated.total):>14}")
        print(f"{'each day more':<60}{_kr(stated.per_day):>14}")
    return DONE


async def interest(options: Options) -> int:
    """Late interest by the rate table, without a database."""
    terms = InterestTerms(options.due, _percent(options.rate), day_count=DayCount(options.day_count))
    known: Rates = se.pack(carry_on=False).rates
    try:
        lines = accrue(options.amount, options.due, options.through, terms, known)
    except Refusal as refusal:
        return _refused(refusal)
    segments = [
        {
            "from": line.first.isoformat(),
            "until": line.last.isoformat(),
            "days": line.days,
            "rate_bp": line.rate_bp,
            "base_ore": line.base_ore,
            "interest_ore": ore,
        }
        for line, ore in zip(lines, amounts(lines), strict=True)
    ]
    if options.json:
        _print_json({"interest_ore": rounded(lines), "segments": segments})
    else:
        for part in segments:
            print(f"{part['from']} to {part['until']}, {part['days']} days, {part['rate_bp'] / 100:.2f} %")  # type: ignore[operator]
        print(f"interest {_kr(rounded(lines))}")
    return DONE


async def verify(options: Options) -> int:
    """Ask the whole book what must never be true. Silent when all is well."""
    async with open_house(options.settings) as opened:
        problems = await checks.verify(opened.house.book, opened.database, options.settings.home / "seals")
    if options.json:
        _print_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            print(problem)
    return REFUSED if problems else DONE


async def rebuild(options: Options) -> int:
    async with open_house(options.settings) as opened:
        print(f"{await checks.rebuild(opened.house.book, opened.database)} cases changed")
    return DONE


async def rates(options: Options) -> int:
    """The reference rates with their sources, or confirm one from its announcement."""
    async with open_house(options.settings, check_rates=False) as opened:
        if options.act == "confirm":
            if options.since is None or options.percent is None or not options.source:
                return _wrong("rates confirm DATE PERCENT --source WHERE")
            try:
                row = await rate_service.confirm(
                    opened.house, SYSTEM, options.since, _percent(options.percent) or 0, options.source
                )
            except Refusal as refusal:
                return _refused(refusal)
            print(f"{row.from_}  {row.bp / 100:.2f} %  {row.status}  {row.source}")
            print("Run schysst rebuild: what cases owe may have changed.")
            return DONE
        rows = await rate_service.status(opened.clock.today())
    if options.json:
        _print_json(
            [
                {"from": row.from_.isoformat(), "rate_bp": row.bp, "status": row.status, "source": row.source}
                for row in rows
            ]
        )
    else:
        for row in rows:
            print(f"{row.from_}  {row.bp / 100:5.2f} %  {row.status:<12}  {row.source}")
    return DONE


async def creditor(options: Options) -> int:
    """Show what a creditor has chosen, or put new choices in place."""
    wanted: Mapping[str, Any] = {
        "reminder": {"yes": True, "no": False}.get(options.reminder),
        "reminder_after_days": options.reminder_after,
        "letters_first": {"yes": True, "no": False}.get(options.letters_first),
        "allocation": options.allocation,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    async with open_house(options.settings) as opened:
        try:
            found = await creditors.by_number(opened.house, SYSTEM, options.number)
            if given:
                terms = replace(found.terms, **given)
                found = await creditors.set_terms(opened.house, SYSTEM, options.number, terms)
        except Refusal as refusal:
            return _refused(refusal)
    shown = {"number": found.number, "name": found.name, **asdict(found.terms)}
    if options.json:
        _print_json(shown)
    else:
        for name, value in shown.items():
            print(f"{name:<22}{value}")
    return DONE


async def invite_staff(options: Options) -> int:
    return await _invite(options, Role(options.role), None)


async def invite_member(options: Options) -> int:
    return await _invite(options, Role.CREDITOR_ADMIN, options.number)


async def _invite(options: Options, role: Role, creditor_number: str | None) -> int:
    async with open_house(options.settings) as opened:
        try:
            creditor_id = None
            if creditor_number is not None:
                creditor_id = (await creditors.by_number(opened.house, SYSTEM, creditor_number)).id
            token = await identity.invite(opened.house, SYSTEM, role, options.name, creditor_id)
        except Refusal as refusal:
            return _refused(refusal)
    print(f"{opened.house.public_url}/c/{token}")
    print(f"/start {token}")
    print("Valid once, for seven days: the link opens the web chat, the second line is for Telegram.")
    return DONE


async def outbox(options: Options) -> int:
    """What waits, what was sent, what is unknown."""
    async with open_house(options.settings):
        counts = await outbox_rows.counts()
        unknown = [row.key for row in await outbox_rows.in_state("unknown", UNKNOWN_SHOWN_MAX)]
    if options.json:
        _print_json({"counts": counts, "unknown": unknown})
    else:
        for state_name, number in sorted(counts.items()):
            print(f"{state_name:<12}{number:>8}")
        for key in unknown:
            print(f"unknown: {key}")
    return DONE


async def rotate_keys(options: Options) -> int:
    """Encrypt personal numbers with the newest key; outside production a new key is made first."""
    settings = options.settings
    if not os.environ.get("SCHYSST_KEYS") and not settings.production:
        rotate_file(settings.home)
    try:
        async with open_house(settings, check_rates=False) as opened:
            moved = await people.reencrypt(opened.house.keys)
    except SecretsMissing as missing:
        return _wrong(str(missing))
    print(f"{moved} numbers encrypted anew")
    return DONE


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _statement_json(stated: Statement) -> dict[str, Any]:
    lines = []
    for line in stated.lines:
        values = asdict(line)
        values["ore"] = values.pop("ore")
        lines.append({_json_name(name): _json_value(value) for name, value in values.items() if value is not None})
    return {
        "on": stated.on.isoformat(),
        "total_ore": stated.total,
        "per_day_ore": stated.per_day,
        "lines": lines,
    }


def _json_name(name: str) -> str:
    return "amount_ore" if name == "ore" else name


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _percent(text: str | None) -> int | None:
    """Basis points from ``2``, ``2,00`` or ``12.5``; None where none was given."""
    if text is None:
        return None
    whole, _, part = text.replace(",", ".").strip(" %").partition(".")
    return int(whole) * 100 + int(part[:2].ljust(2, "0") or 0) * (-1 if whole.startswith("-") else 1)


def _lang() -> str:
    """The language of the terminal, as far as we have it."""
    return words.choose([os.environ.get("LANG", "en").partition("_")[0]], "en")


def _kr(ore: int) -> str:
    return words.amount(ore, _lang())


def _refused(refusal: Refusal) -> int:
    print(f"schysst: {say(refusal, _lang())}", file=sys.stderr)
    return REFUSED


def _wrong(message: str) -> int:
    print(f"schysst: {message}", file=sys.stderr)
    return WRONG_USAGE


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
