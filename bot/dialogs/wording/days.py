"""What was or will be owed on any day, and what changed between two: as text and as the slip that a page draws."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogs.wording.claims import part_list
from bot.dialogs.wording.next import next_cost_on
from bot.dialogs.wording.owe import LONGEST, grouped, line_text, line_texts, row_of, statement_rows, stopped_text
from core import near_days, words
from core.case import Case
from core.difference import Change, Difference
from core.dunning import barred
from core.standing import open_holds
from core.statement import Statement, arose_on, statement


@dataclass(frozen=True, slots=True)
class DaySlip:
    """What is said of a day or of two; ``card`` draws the same, where there is something to draw."""

    text: str
    card: dict[str, Any] | None


def day_slip(case: Case, stated: Statement, today: date, lang: str) -> DaySlip:
    """The statement of a day that need not be today: as it was by value dates, or as it will be."""
    day = words.day_year(stated.on, lang)
    if stated.on < arose_on(case):
        return DaySlip(words.text(lang, "owe.before", day=day), None)
    head = words.text(lang, "owe.head.day", day=day)
    foot = [*_sum(case, stated, lang), *_known_then(case, stated, today, lang), *_ahead(case, stated, today, lang)]
    if stated.total > 0 and barred(case, today):
        foot.append(words.text(lang, "case.barred"))
    lines = list(line_texts(case, stated, lang))
    if len("\n".join([head, *lines, *foot])) > LONGEST:
        lines = grouped(case, stated, lang)
    total = {"what": words.text(lang, "slip.sum", day=day), "amount": words.amount(max(stated.total, 0), lang)}
    card = _card(case, list(statement_rows(case, stated, lang, detailed=True)), total, len(lines) + 1)
    return DaySlip("\n".join([head, *lines, *foot]), card)


def _sum(case: Case, stated: Statement, lang: str) -> Iterator[str]:
    day = words.day_year(stated.on, lang)
    if stated.total <= 0:
        yield words.text(lang, "owe.none", day=day)
        return
    said = words.text(lang, "owe.sum", day=day, total=words.money(stated.total, lang))
    stopped = stopped_text(case, stated.on, lang)
    yield f"{said} {stopped}".rstrip()


def _known_then(case: Case, stated: Statement, today: date, lang: str) -> Iterator[str]:
    """What a day's sum was held to be on the day itself, where something was learned later."""
    if not case.registered_on <= stated.on < today:
        return
    known = statement(case, stated.on, known_on=stated.on)
    if known.total != stated.total:
        yield words.text(lang, "owe.known", amount=words.money(max(known.total, 0), lang))


def _ahead(case: Case, stated: Statement, today: date, lang: str) -> Iterator[str]:
    """What is taken for granted about a day to come."""
    if stated.on <= today or stated.total <= 0:
        return
    fees = None if case.closed or open_holds(case) else next_cost_on(case, today)
    if fees and fees <= stated.on:
        yield words.text(lang, "owe.ahead.fees", day=words.day(fees, lang))
    else:
        yield words.text(lang, "owe.ahead")
    if any(line.assumed for line in stated.lines):
        yield words.text(lang, "owe.ahead.rate")


# Between two days


def difference_slip(case: Case, found: Difference, lang: str) -> DaySlip:
    """What changed from one day to another, each line with its reason."""
    first, last = (words.day_year(stated.on, lang) for stated in (found.before, found.after))
    if not found.changes:
        total = words.money(max(found.after.total, 0), lang)
        return DaySlip(words.text(lang, "owe.between.nothing", total=total), None)
    head = words.text(lang, "owe.between.head", first=first, last=last)
    start = words.text(lang, "owe.between.start", day=first, total=words.money(max(found.before.total, 0), lang))
    lines = [_change(case, found, change, lang) for change in found.changes]
    end = _end(found, last, lang)
    if len("\n".join([head, start, *lines, end])) > LONGEST:
        lines = list(_summed(case, found.changes, lang))
    rows = [
        {"op": "", "what": first, "why": "", "amount": words.amount(found.before.total, lang)},
        *(_row(case, change, found.after.on, lang) for change in found.changes),
    ]
    total_row = {"what": last, "amount": words.amount(found.after.total, lang)}
    return DaySlip("\n".join([head, start, *lines, end]), _card(case, rows, total_row, len(lines) + 1))


def _change(case: Case, found: Difference, change: Change, lang: str) -> str:
    line = change.line
    if line.kind in ("principal", "interest", "cost") and change.ore > 0:
        return line_text(case, found.after, line, lang)
    amount = words.money(abs(change.ore), lang)
    if line.kind == "payment" and line.on and change.ore < 0:
        return words.text(lang, "owe.between.paid", amount=amount, day=near_days.day(line.on, found.after.on, lang))
    row = row_of(case, line, found.after.on, lang)
    key = "owe.between.gone" if line.kind in ("interest", "cost") else "owe.between.less_line"
    return words.text(lang, key, what=row[0], amount=amount)


def _end(found: Difference, last: str, lang: str) -> str:
    values = {
        "day": last,
        "total": words.money(max(found.after.total, 0), lang),
        "amount": words.money(abs(found.ore), lang),
    }
    if not found.ore:
        return words.text(lang, "owe.between.same_sum", **values)
    return words.text(lang, "owe.between.more" if found.ore > 0 else "owe.between.less", **values)


def _summed(case: Case, changes: Iterable[Change], lang: str) -> Iterator[str]:
    """Many changes as sums of their kinds; the PDF has every line."""
    added: dict[str, int] = {}
    off = 0
    for change in changes:
        if change.ore < 0:
            off -= change.ore
        else:
            kind = change.line.cost or change.line.kind
            added[kind] = added.get(kind, 0) + change.ore
    if parts := part_list(case, added, lang):
        yield words.text(lang, "owe.between.sums", parts=words.listed(parts, lang))
    if off:
        yield words.text(lang, "owe.between.sums_paid", amount=words.money(off, lang))
    yield words.text(lang, "owe.between.all_lines")


def _row(case: Case, change: Change, on: date, lang: str) -> dict[str, str]:
    what, why = row_of(case, change.line, on, lang)
    op = "-" if change.ore < 0 else "+"
    return {"op": op, "what": what, "why": why, "amount": words.amount(abs(change.ore), lang)}


def _card(case: Case, rows: list[dict[str, str]], total: dict[str, str], skip: int) -> dict[str, Any]:
    return {
        "kind": "statement",
        "lead": 1,
        "skip": skip,
        "title": case.creditor.name,
        "ref": case.ocr,
        "rows": rows,
        "total": total,
        "foot": [],
    }
