"""What commands print, in the language of the terminal. JSON has the same facts in öre and ISO dates, and no words."""

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from io import TextIOWrapper
from typing import Any

from bot.refusals import say
from core import words
from core.case import Case
from core.claim import Claim
from core.documents.rows import table
from core.documents.sheet import Row, Table
from core.errors import Refusal
from core.interest import InterestLine
from core.money import Ore
from core.party import Creditor
from core.rules.pack import Rules
from core.rules.se.identifiers import show_organisation
from core.rules.se.rates import RateRow
from core.statement import Line, Statement, arose_on
from core.store.outbox import Row as Notice

WIDTH = 88
AMOUNT_WIDTH = 14


def language() -> str:
    """The terminal's language if it has the house's words; else English. ``C`` and ``POSIX`` name none."""
    named = ":".join(os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    tags = [tag.partition(".")[0].partition("@")[0] for tag in named.split(":")]
    named_tags = [tag for tag in tags if tag and tag not in ("C", "POSIX")]
    return words.of_the_house(words.choose(named_tags, words.COMMON))


def be_tolerant() -> None:
    """A terminal that cannot show a letter shows a question mark, and the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(key: str, **values: object) -> None:
    """A sentence of the catalogue on standard output."""
    print(words.text(language(), key, **values))


def complain(key: str, **values: object) -> None:
    """What went wrong, on standard error."""
    print(f"schysst: {words.text(language(), key, **values)}", file=sys.stderr)


def refuse(refusal: Refusal) -> None:
    """An expected "no" of the core, on standard error."""
    print(f"schysst: {say(refusal, language())}", file=sys.stderr)


def print_json(value: object) -> None:
    """Days and instants as ISO 8601 has them, other values of ours as their text."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json))


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def columns(rows: Iterable[Sequence[str]], right: int = 1) -> None:
    """Rows under each other; the last ``right`` cells stand to the right."""
    lines = list(rows)
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        cells = list(zip(line, widths, strict=True))
        left = [cell.ljust(width) for cell, width in cells[: len(cells) - right]]
        print("  ".join([*left, *(cell.rjust(width) for cell, width in cells[len(cells) - right :])]).rstrip())


# A statement


def print_statement(case: Case, stated: Statement) -> None:
    """What is owed, line by line, each with its reason, as on paper."""
    lang = language()
    claims = {claim.id: claim for claim in case.claims}
    tell("cmd.statement.head", ocr=case.ocr, creditor=case.creditor.name)
    print()
    if stated.on < arose_on(case):
        tell("cmd.statement.before", day=words.day_year(stated.on, lang), first=words.day_year(arose_on(case), lang))
        return
    paper = table(stated.lines, claims, case.creditor, stated.on, stated.total, lang, grounds=True)
    for line in _statement_lines(paper):
        print(line)
    if stated.total <= 0:
        tell("owe.nothing")
    elif stated.per_day:
        tell("statement.per_day", per_day=words.per_day(stated.per_day, lang))


def _statement_lines(paper: Table) -> Iterator[str]:
    yield f"{'':2}{paper.what:<{WIDTH - AMOUNT_WIDTH}}{paper.unit:>{AMOUNT_WIDTH}}"
    for row in paper.rows:
        yield from _row(row)
    yield f"{'':2}{'=' * WIDTH}"
    yield from _row(paper.total)
    yield ""


def _row(row: Row) -> Iterator[str]:
    yield f"{row.sign:<2}{row.name:<{WIDTH - AMOUNT_WIDTH}}{row.amount:>{AMOUNT_WIDTH}}"
    yield from textwrap.wrap(row.why, WIDTH - AMOUNT_WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 4)


def statement_json(case: Case, stated: Statement) -> dict[str, Any]:
    """``reference`` is the creditor's invoice number; a line has the fields that its kind has.

    Each says why: ``ground`` is what was bought, ``basis`` the law; interest without one was agreed.
    """
    claims = {claim.id: claim for claim in case.claims}
    return {
        "ocr": case.ocr,
        "on": stated.on.isoformat(),
        "total_ore": stated.total,
        "per_day_ore": stated.per_day,
        "lines": [_line_json(line, claims, case.rules) for line in stated.lines],
    }


def _line_json(line: Line, claims: Mapping[int, Claim], rules: Rules) -> dict[str, Any]:
    fields = asdict(line)
    told: dict[str, Any] = {"kind": fields.pop("kind"), "amount_ore": fields.pop("ore")}
    claim = claims.get(fields.pop("claim"))
    if claim:
        told |= {"claim": claim.id, "reference": claim.reference}
    if claim and line.kind == "principal":
        told["ground"] = claim.ground
    interest = line.kind == "interest"
    assumed = fields.pop("assumed")
    if interest:
        told["provisional"] = assumed
        fields["basis"] = rules.basis["interest"] if line.reference_bp is not None else None
    for name, value in fields.items():
        if value is not None and (interest or name not in _OF_INTEREST):
            told[name] = value.isoformat() if isinstance(value, date) else value
    return told


_OF_INTEREST = ("days", "rate_bp", "base_ore", "reference_bp")


# Interest and rates


def print_interest(segments: Sequence[tuple[InterestLine, Ore]], total: Ore) -> None:
    """Each segment with its days and rate, and the sum, which is rounded once."""
    lang = language()
    rows = [
        (
            words.capital(words.period_year(line.first, line.last, lang)),
            words.plural(lang, "cmd.interest.days", line.days),
            _rate(line, lang),
            words.amount(ore, lang),
        )
        for line, ore in segments
    ]
    columns([*rows, (words.text(lang, "cmd.interest.total"), "", "", words.amount(total, lang))], right=3)


def _rate(line: InterestLine, lang: str) -> str:
    rate = words.percent(line.rate_bp, lang)
    return f"{rate}, {words.text(lang, 'cmd.rates.provisional')}" if line.assumed else rate


def print_rates(rows: Iterable[RateRow]) -> None:
    lang = language()
    columns(
        [
            (
                words.day_year(row.from_, lang),
                words.percent(row.bp, lang),
                words.text(lang, f"cmd.rates.{row.status}"),
                row.source,
            )
            for row in rows
        ],
        right=0,
    )


def print_creditor(creditor: Creditor) -> None:
    """Its number and name, and each choice with its meaning."""
    lang = language()
    print(f"{creditor.name}, {show_organisation(creditor.number)}")
    columns([(choice_name(name, lang), choice(value, lang)) for name, value in asdict(creditor.terms).items()], right=0)


def choice_name(name: str, lang: str) -> str:
    """What a creditor chooses, in words."""
    return words.text(lang, f"cmd.creditor.{name}")


def choice(value: object, lang: str) -> str:
    """What it has chosen of it."""
    if isinstance(value, bool):
        return words.text(lang, "cmd.yes" if value else "cmd.no")
    return str(value)


# The outbox


def print_outbox(channels: dict[str, str], counts: dict[str, int], shown: Iterable[Notice]) -> None:
    """Which channels let something through, how many notices stand in each state, and those to be looked at."""
    lang = language()
    columns([(channel, words.text(lang, f"outbox.channel.{state}")) for channel, state in channels.items()], right=0)
    print()
    columns([(words.text(lang, f"outbox.{state}"), str(count)) for state, count in counts.items()])
    rows = [
        (row.key, words.text(lang, f"outbox.{row.state}"), row.via or row.form, words.day_year(row.on, lang))
        for row in shown
    ]
    if rows:
        print()
        columns(rows, right=0)


def notice_json(row: Notice) -> dict[str, Any]:
    """A notice without what it says."""
    return {
        "key": row.key,
        "kind": row.kind,
        "state": row.state,
        "form": row.form,
        "via": row.via,
        "on": row.on.isoformat(),
        "due_at": row.due_at.isoformat(),
        "attempts": row.attempts,
    }
