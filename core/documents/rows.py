"""The lines of a statement as rows on paper, in any language: each with its reason (inkassolagen 5 §)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from core import words
from core.claim import Claim, DayCount
from core.difference import Difference
from core.documents.sheet import Row, Table
from core.money import Ore
from core.party import Creditor
from core.statement import Line, Statement


def table(
    lines: Iterable[Line],
    claims: Mapping[int, Claim],
    creditor: Creditor,
    on: date,
    total: Ore,
    lang: str,
    *,
    grounds: bool = False,
) -> Table:
    """The sum on a day. ``grounds`` puts under each invoice what was bought; a letter says that before the sum."""
    rows = tuple(_row(line, _claim_of(line, claims), creditor, lang, grounds=grounds) for line in lines)
    first = tuple(Row(row.name, row.amount, row.why, "") for row in rows[:1])
    amount = words.money(total, lang)
    return Table(
        what=words.text(lang, "row.what"),
        unit=words.text(lang, "row.kronor"),
        rows=first + rows[1:],
        total=Row(words.text(lang, "row.total", day=words.day_year(on, lang)), amount, "", "="),
        aloud=words.text(lang, "row.aloud", total=amount),
    )


def difference_table(found: Difference, claims: Mapping[int, Claim], creditor: Creditor, lang: str) -> Table:
    """From the sum of the earlier day, line by line, to the sum of the later."""
    rows = tuple(
        _row(replace(change.line, ore=change.ore), _claim_of(change.line, claims), creditor, lang, grounds=True)
        for change in found.changes
    )
    start = Row(_sum_of(found.before, lang), words.amount(found.before.total, lang), "", "")
    amount = words.money(found.after.total, lang)
    return Table(
        what=words.text(lang, "row.what"),
        unit=words.text(lang, "row.kronor"),
        rows=(start, *rows),
        total=Row(_sum_of(found.after, lang), amount, "", "="),
        aloud=words.text(lang, "row.aloud", total=amount),
    )


def _sum_of(stated: Statement, lang: str) -> str:
    return words.text(lang, "row.total", day=words.day_year(stated.on, lang))


def _claim_of(line: Line, claims: Mapping[int, Claim]) -> Claim | None:
    """The claim that a line belongs to; a reminder's fee rests on the first claim in which it was agreed."""
    if line.claim or line.cost != "reminder":
        return claims.get(line.claim)
    return next((claim for claim in claims.values() if claim.reminder_fee_agreed), None)


def _row(line: Line, claim: Claim | None, creditor: Creditor, lang: str, *, grounds: bool) -> Row:
    sign = "+" if line.ore >= 0 else "−"
    name, why = _said(line, claim, creditor, lang, grounds=grounds)
    return Row(name, words.amount(abs(line.ore), lang), why, sign)


def _said(line: Line, claim: Claim | None, creditor: Creditor, lang: str, *, grounds: bool) -> tuple[str, str]:
    match line.kind:
        case "principal":
            assert claim is not None, "a principal belongs to a claim"
            return _principal(claim, lang, grounds=grounds)
        case "interest":
            return _interest(line, claim, lang)
        case "cost":
            return _cost(line, claim, creditor, lang)
        case _:
            day = words.day_year(line.on, lang) if line.on else ""
            return words.text(lang, f"row.{line.kind}", day=day).strip(), ""


def _principal(claim: Claim, lang: str, *, grounds: bool) -> tuple[str, str]:
    name = words.text(lang, "row.principal", invoice=claim.reference)
    if not grounds:
        return name, ""
    due = words.day_year(claim.due_date, lang)
    return name, words.text(lang, "row.principal.why", ground=words.capital(claim.ground), due=due)


def _interest(line: Line, claim: Claim | None, lang: str) -> tuple[str, str]:
    """Amount, rate, period and base, as inkassolagen 5 § wants them; and how sure the rate is."""
    assert claim is not None, "interest belongs to a claim"
    assert line.first is not None
    assert line.last is not None
    name = words.text(lang, "row.interest", period=words.period_year(line.first, line.last, lang))
    rate, base = words.percent(line.rate_bp, lang), words.money(line.base_ore, lang)
    basis = ", ".join(_rate_basis(line, claim, lang))
    why = words.plural(lang, "row.interest.why", line.days, rate=rate, base=base, basis=basis)
    return name, f"{why} {words.text(lang, 'row.interest.assumed')}" if line.assumed else why


def _rate_basis(line: Line, claim: Claim, lang: str) -> Iterator[str]:
    """Why this rate; and how days become a share of a year, where it is not by the calendar."""
    if line.reference_bp is None:
        yield words.text(lang, "row.interest.contract")
    else:
        margin = words.points(line.rate_bp - line.reference_bp, lang)
        yield words.text(lang, "row.interest.law", reference=words.percent(line.reference_bp, lang), points=margin)
    if claim.interest.day_count is not DayCount.ACT_ACT:
        yield words.text(lang, f"day_count.{claim.interest.day_count.name}")


def _cost(line: Line, claim: Claim | None, creditor: Creditor, lang: str) -> tuple[str, str]:
    day = words.day_year(line.on, lang) if line.on else ""
    name = words.text(lang, f"row.{line.cost}", day=day, creditor=creditor.short_name).strip()
    agreed = claim.fee_agreed_on if claim and line.cost in ("reminder", "creditor_reminder") else None
    if agreed:
        return name, words.text(lang, "row.reminder.why", agreed=words.day_year(agreed, lang), basis=line.basis)
    return name, words.text(lang, "row.basis", basis=line.basis) if line.basis else ""
