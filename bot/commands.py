"""What the commands do. Each opens the house, makes one call, prints, and answers with an exit code."""

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from bot import commands_bank, terminal
from bot.config import BadSettings, Settings
from bot.house import known_rates, open_house
from bot.http.sms_hooks import in_path
from bot.terminal import complain, print_json, tell
from core import words
from core.claim import DayCount, InterestTerms
from core.files import bank_file, xml_stream
from core.files.claim_columns import template
from core.files.claim_row import RowError
from core.files.csv import BYTES_MAX
from core.interest import accrue, amounts, rounded
from core.party import SYSTEM, Role
from core.providers import sms_kannel
from core.rules.se.rates import RateRow
from core.services import cases, checking, creditors, identity, intake, member_mail, pacing
from core.services import rates as rate_service
from core.statement import statement as state
from core.store import checks, members, people, representatives, sealed_accounts, secrets
from core.store import outbox as outbox_rows
from core.store.evidence_folder import EvidenceDisk

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
#: Standard input is laid aside in pieces of this size.
CHUNK = 1 << 20
#: Notices that `outbox` names of each state that somebody may want to look at.
SHOWN_MAX = 50
SHOWN = ("unknown", "failed", "claimed", "queued")
Options = argparse.Namespace


async def run(options: Options) -> int:
    """Everything in one process, until it is told to stop."""
    from bot import wiring  # with aiogram's models behind it, which take seconds to load: only where somebody chats

    await wiring.run(options.settings, options.roles, demo=options.demo)
    return DONE


async def migrate(options: Options) -> int:
    async with open_house(options.settings):
        tell("cmd.migrated")
    return DONE


async def import_file(options: Options) -> int:
    """Claims from a file, or payments from a bank's: the good rows are kept, each bad one is named with its reason."""
    if options.template:
        print(template(), end="")
        return DONE
    if not options.file:
        return _wrong("cmd.import.no_file")
    try:
        file = _open(options.file)
    except OSError as error:
        return _wrong("cmd.import.unreadable", file=options.file, why=error.strerror or type(error).__name__)
    with file:
        head = file.read(bank_file.HEAD)
        file.seek(0)
        if format_ := commands_bank.format_of(head):
            return await commands_bank.import_bank(options, format_, file, Path(options.file).name)
        if bank_file.like_a_banks(head):
            return commands_bank.print_unknown(options, head)
        if bank_file.is_no_text(head):
            return commands_bank.print_no_text(options)
        data = file.read(BYTES_MAX + 1)
    return await _import_claims(options, data)


async def _import_claims(options: Options, data: bytes) -> int:
    async with open_house(options.settings) as opened:
        result = await intake.import_claims(opened.house, SYSTEM, data)
    lang = terminal.language()
    errors, notes = [_told(error, lang) for error in result.errors], [_told(note, lang) for note in result.notes]
    counts = {"accepted": result.accepted, "already": result.already, "refused": result.refused}
    if options.json:
        print_json({**counts, "errors": errors, "notes": notes, "ignored": result.ignored})
        return REFUSED if errors else DONE
    for told in errors:
        where = "import.cell" if told["column"] else "import.row"
        shown = {"line": told["line"], "column": told["column"] or "", "reason": told["message"]}
        print(words.text(lang, where, **shown))
    for told in notes:
        print(words.text(lang, "import.note", line=told["line"], reason=told["message"]))
    if result.ignored:
        print(words.text(lang, "import.ignored", columns=", ".join(result.ignored)))
    print(words.text(lang, "import.counts", **counts))
    return REFUSED if errors else DONE


def _told(error: RowError, lang: str) -> dict[str, Any]:
    return {
        "line": error.line,
        "column": error.column,
        "code": error.code,
        "message": words.text(lang, error.message_key, **error.values),
    }


async def tick(options: Options) -> int:
    """Live through every day up to a date."""
    if options.settings.production:
        return _wrong("cmd.tick.production")
    from bot import wiring  # as in `run`

    async with open_house(options.settings) as opened, wiring.travelling(opened) as travel:
        days = await travel.until(options.until, lambda day: print(day, file=sys.stderr))
    lang = terminal.language()
    print(words.plural(lang, "cmd.tick.done", days, day=words.day_year(options.until, lang)))
    return DONE


async def statement(options: Options) -> int:
    """What a case owes on a day, line by line."""
    async with open_house(options.settings) as opened:
        case = await cases.find(opened.house, SYSTEM, options.ocr)
        stated = state(case, options.on or opened.clock.today(), options.known_on)
    if options.json:
        print_json(terminal.statement_json(case, stated))
    else:
        terminal.print_statement(case, stated)
    return DONE


async def interest(options: Options) -> int:
    """Late interest by the rate table, and what was confirmed over it where there is a database."""
    terms = InterestTerms(options.due, options.rate, day_count=DayCount(options.day_count))
    lines = accrue(options.amount, options.due, options.through, terms, await known_rates(options.settings))
    segments = list(zip(lines, amounts(lines), strict=True))
    if options.json:
        told = [
            {
                "from": line.first.isoformat(),
                "until": line.last.isoformat(),
                "days": line.days,
                "rate_bp": line.rate_bp,
                "base_ore": line.base_ore,
                "interest_ore": ore,
                "provisional": line.assumed,
            }
            for line, ore in segments
        ]
        print_json({"interest_ore": rounded(lines), "segments": told})
    else:
        terminal.print_interest(segments, rounded(lines))
    return DONE


def _is_empty(settings: Settings) -> bool:
    """Whether the home has no database of its own yet; to look into one is no reason to make it."""
    own = settings.home / "schysst.db"
    if settings.database_url != f"sqlite://{own}" or own.exists():
        return False
    return next(parent for parent in own.parents if parent.exists()).is_dir()


async def verify(options: Options) -> int:
    """Ask the whole book what must never be true. Silent when all is well."""
    if _is_empty(options.settings):
        return _wrong("cmd.verify.nothing", home=options.settings.home)
    async with open_house(options.settings) as opened:
        if options.days:
            await checking.set_days(opened.house, SYSTEM, dict(options.days))
        problems = await checks.verify(opened.house.book, opened.database, options.settings.home / "seals")
    if options.json:
        print_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            print(problem)
    return REFUSED if problems else DONE


async def rebuild(options: Options) -> int:
    async with open_house(options.settings) as opened:
        changed = await checks.rebuild(opened.house.book, opened.database)
    print(words.plural(terminal.language(), "cmd.rebuilt", changed))
    return DONE


async def rates(options: Options) -> int:
    """The reference rates with their sources, or confirm one from its announcement."""
    if options.act and (options.since is None or options.percent is None or not options.source):
        return _wrong("cmd.rates.usage")
    rows: tuple[RateRow, ...]
    async with open_house(options.settings, check_rates=False) as opened:
        if options.act:
            rows = (await rate_service.confirm(opened.house, SYSTEM, options.since, options.percent, options.source),)
        else:
            rows = await rate_service.status(opened.clock.today())
    if options.json:
        print_json(
            [
                {"from": row.from_.isoformat(), "rate_bp": row.bp, "status": row.status, "source": row.source}
                for row in rows
            ]
        )
    else:
        terminal.print_rates(rows)
        if options.act:
            tell("cmd.rates.rebuild")
    return DONE


async def invite_staff(options: Options) -> int:
    return await _invite(options, Role(options.role), None)


async def invite_member(options: Options) -> int:
    """With an address, what the member hears goes there at once; the link is for their chat."""
    return await _invite(options, Role.CREDITOR_ADMIN, options.number, options.email)


async def _invite(options: Options, role: Role, creditor_number: str | None, email: str | None = None) -> int:
    async with open_house(options.settings) as opened:
        creditor_id = member_id = None
        if creditor_number is not None:
            creditor_id = (await creditors.by_number(opened.house, SYSTEM, creditor_number)).id
        if email is not None and creditor_id is not None:
            member_id = (await member_mail.bind(opened.house, SYSTEM, role, creditor_id, options.name, email)).id
        token = await identity.invite(opened.house, SYSTEM, role, options.name, creditor_id, member_id)
    print(f"{opened.house.public_url}/c/{token}")
    print(f"/start {token}")
    tell("cmd.invited", days=identity.INVITATION_DAYS)
    if email is not None:
        tell("cmd.invited.email", email=email.strip(), name=options.name)
    return DONE


async def outbox(options: Options) -> int:
    """What waits, what was sent, what is unknown; a channel is stopped, or goes on."""
    async with open_house(options.settings) as opened:
        for channel, stopped in ((options.stop, True), (options.go_on, False)):
            if channel:
                await pacing.stop(opened.house, SYSTEM, channel, stopped=stopped)
        channels = await pacing.state(opened.house)
        counts = await outbox_rows.counts()
        shown = [row for name in SHOWN for row in await outbox_rows.in_state(name, SHOWN_MAX)]
    if options.json:
        unknown = [row.key for row in shown if row.state == "unknown"]
        notices = [terminal.notice_json(row) for row in shown]
        print_json({"channels": channels, "counts": counts, "unknown": unknown, "notices": notices})
    else:
        terminal.print_outbox(channels, counts, shown)
    return DONE


async def sms_hook(options: Options) -> int:
    """The address that the SMS gateway is to bring incoming messages to; who knows it can bring us some."""
    async with open_house(options.settings, check_rates=False) as opened:
        gateway = opened.house.sms
        if gateway is None:
            raise BadSettings("sms")
        query = sms_kannel.ARRIVED_QUERY if gateway.name == sms_kannel.NAME else ""
        print(options.settings.public_url + in_path(gateway.name, opened.sms_path) + query)
    return DONE


async def new_key(options: Options) -> int:
    """A key as SCHYSST_KEYS wants it; it is printed, and kept nowhere."""
    print(secrets.new_key(options.name))
    return DONE


async def rotate_keys(options: Options) -> int:
    """Encrypt personal numbers with the newest key; outside production a new key is made first."""
    settings = options.settings
    async with open_house(settings, check_rates=False):
        pass  # the keys at hand open, so that a newer one may be put before them
    if not os.environ.get(secrets.VARIABLE) and not settings.production:
        secrets.rotate_file(settings.home)
    async with open_house(settings, check_rates=False) as opened:
        keys = opened.house.keys
        moved = await people.reencrypt(keys) + await representatives.reencrypt(keys) + await members.reencrypt(keys)
        moved += await sealed_accounts.reencrypt(keys)
        files = await EvidenceDisk(settings.evidence_folder, keys).reencrypt()
    print(words.plural(terminal.language(), "cmd.rotated", moved))
    if files:
        print(words.plural(terminal.language(), "cmd.rotated.files", files))
    if os.environ.get(secrets.VARIABLE):
        tell("cmd.rotated.restart")
    return DONE


def _open(name: str) -> BinaryIO:
    """A file, or standard input laid aside: a little more than we take is enough to say that it is too much."""
    if name == "-":
        return _aside(sys.stdin.buffer)
    file = Path(name).open("rb")  # noqa: SIM115 - whoever asked closes it
    if file.seekable():
        return file
    with file:
        return _aside(file)


def _aside(source: BinaryIO) -> BinaryIO:
    """What can be read only once, to be read as often as one likes."""
    aside: BinaryIO = TemporaryFile()  # noqa: SIM115 - as above
    left = xml_stream.BYTES_MAX + 1
    while left > 0 and (piece := source.read(min(CHUNK, left))):
        aside.write(piece)
        left -= len(piece)
    aside.seek(0)
    return aside


def _wrong(key: str, **values: object) -> int:
    complain(key, **values)
    return WRONG_USAGE
