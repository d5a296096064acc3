"""What is owed and why, line by line, each line with its reason; as text and as the slip that a page draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogs.wording.case import sum_asked
from bot.dialogs.wording.claims import claim_name, part_list
from bot.dialogs.wording.next import next_cost_on
from core import near_days, words
from core.account import Settled
from core.books import books
from core.case import Case
from core.claim import Claim, DayCount
from core.facts import StepTaken
from core.money import Ore
from core.payment import parts_by_kind
from core.standing import open_holds, steps_taken
from core.statement import Line, Statement, per_day, statement

#: Statement, terms and receipts may be longer than other screens (conversations 1, tone 3).
LONGEST = 800
CLAIMS_SHOWN = 3
COSTS = {
    "demand": "owe.demand",
    "plan": "owe.plan",
    "late_compensation": "owe.late_compensation",
    "application_fee": "owe.application",
}
#: On the slip the creditor's own reminder has no name of its own.
SLIP_NAMES = {"creditor_reminder": "reminder"}
#: What the sum is called, by whether it is asked for.
TOTALS = {
    "today": "slip.total",
    "plan": "slip.total.plan",
    "still": "slip.total.still",
    "barred": "slip.total.barred",
}
REMINDERS = ("reminder", "creditor_reminder")
#: Kinds of lines by what they do to the sum; payments are told by what they went to.
OWED = ("principal", "interest", "cost")
TAKEN_OFF = ("credited", "fallen", "reduced", "written_off")


@dataclass(frozen=True, slots=True)
class Slip:
    """A statement as text; ``card`` draws the same for channels that can."""

    text: str
    card: dict[str, Any]


def owe(case: Case, today: date, lang: str) -> Slip:
    """The statement of a day with its reasons, and what one more day costs."""
    stated = statement(case, today)
    head = words.text(lang, "owe.head", day=words.day_year(today, lang))
    lines = list(line_texts(case, stated, lang))
    foot = _foot(case, stated, today, lang)
    text = "\n".join([head, *lines, *foot])
    if len(text) > LONGEST:
        lines = grouped(case, stated, lang)
        text = "\n".join([head, *lines, *foot])
    return Slip(text, statement_card(case, stated, today, lang, lead=1, skip=len(lines) + 1, detailed=True))


def line_texts(case: Case, stated: Statement, lang: str) -> Iterator[str]:
    """Each line of a statement with its reason, then what was paid and what was taken off."""
    reminded = False
    for line in stated.lines:
        if line.kind in OWED:
            yield line_text(case, stated, line, lang, reminded=reminded)
            reminded = reminded or line.cost in REMINDERS
    yield from _payments(case, stated, lang)
    yield from _taken_off(case, stated, lang)


def line_text(case: Case, stated: Statement, line: Line, lang: str, *, reminded: bool = False) -> str:
    """One thing that is owed: a principal, interest or a cost. ``reminded``: its act has been named already."""
    if line.kind == "cost":
        return _cost(case, stated, line, reminded, lang)
    claim = next(claim for claim in case.claims if claim.id == line.claim)
    if line.kind == "interest":
        return _interest(line, claim, "owe.interest", stated.on, lang)
    name, due = words.capital(claim_name(claim, lang)), near_days.day(claim.due_date, stated.on, lang)
    amount = words.money(line.ore, lang)
    return words.text(lang, "owe.principal", what=name, ground=claim.ground, amount=amount, due=due)


def _taken_off(case: Case, stated: Statement, lang: str) -> Iterator[str]:
    """What the creditor took back, and what is not asked for any more."""
    for line in stated.lines:
        if line.kind in TAKEN_OFF and line.on:
            values = {"amount": words.money(-line.ore, lang), "day": near_days.day(line.on, stated.on, lang)}
            yield words.text(lang, f"owe.{line.kind}", creditor=case.creditor.short_name, **values)


def _interest(line: Line, claim: Claim, key: str, on: date, lang: str) -> str:
    assert line.first
    assert line.last
    if line.reference_bp is None:
        reason = words.text(lang, "owe.interest.contract")
    else:
        margin = words.points(line.rate_bp - line.reference_bp, lang)
        reason = words.text(lang, "owe.interest.law", reference=words.percent(line.reference_bp, lang), points=margin)
    if claim.interest.day_count is not DayCount.ACT_ACT:
        reason += ", " + words.text(lang, f"day_count.{claim.interest.day_count.name}")
    return words.plural(
        lang,
        key,
        line.days,
        period=near_days.period(line.first, line.last, on, lang),
        amount=words.money(line.ore, lang),
        rate=words.percent(line.rate_bp, lang),
        base=words.money(line.base_ore, lang),
        reason=reason,
    )


def _cost(case: Case, stated: Statement, line: Line, reminded: bool, lang: str) -> str:
    assert line.on
    assert line.cost
    values = {"day": near_days.day(line.on, stated.on, lang), "amount": words.money(line.ore, lang)}
    if line.cost == "late_compensation" and (less := _counted_in(stated, line)):
        return words.text(lang, "owe.late_compensation.less", **values, **_compensation(line, less, lang))
    if line.cost == "reminder":
        return words.text(lang, "owe.reminder", **values)
    if line.cost == "creditor_reminder":
        return words.text(lang, "owe.reminder.creditor", creditor=case.creditor.short_name, **values)
    key = COSTS[line.cost]
    return words.text(lang, key if key != "owe.demand" or reminded else "owe.demand.alone", **values)


def _counted_in(stated: Statement, compensation: Line) -> Ore:
    """The reminder that came before a late-payment compensation, and is taken off it (lag 1981:739, 4 a §)."""
    assert compensation.on
    return sum(line.ore for line in stated.lines if line.cost in REMINDERS and line.on and line.on <= compensation.on)


def _compensation(line: Line, less: Ore, lang: str) -> dict[str, str]:
    return {"full": words.kronor(line.ore + less, lang), "less": words.kronor(less, lang)}


def _payments(case: Case, stated: Statement, lang: str) -> Iterator[str]:
    for settled in books(case, stated.on).payments:
        parts = part_list(case, parts_by_kind(settled), lang)
        paid = words.text(
            lang,
            "owe.paid" if parts else "owe.paid.apart",
            amount=words.money(settled.fact.amount, lang),
            day=near_days.day(settled.fact.on, stated.on, lang),
            parts=words.listed(parts, lang),
        )
        yield " ".join([paid, *_apart(settled, lang)])
    if back := sum(line.ore for line in stated.of("over")):
        yield words.text(lang, "pay.done.over", amount=words.money(back, lang))
    for line in stated.of("refund"):
        assert line.on
        day = near_days.day(line.on, stated.on, lang)
        yield words.text(lang, "owe.refund", amount=words.money(line.ore, lang), day=day)


def _apart(settled: Settled, lang: str) -> Iterator[str]:
    """Why a payment does not count, and how much of it where the rest does."""
    if settled.kept and settled.parts:
        yield words.text(lang, "owe.kept.rest", amount=words.money(settled.over, lang))
    if settled.kept or (settled.fact.kept == "closed" and not settled.parts):
        yield words.text(lang, f"owe.kept.{settled.fact.kept}")


def _foot(case: Case, stated: Statement, today: date, lang: str) -> list[str]:
    if case.closed or stated.total <= 0:
        return [words.text(lang, "owe.nothing")]
    total = words.text(lang, "owe.total", total=words.money(stated.total, lang))
    letter = promised(case, today)
    asked, stopped = sum_asked(case, today), stopped_text(case, stated.on, lang)
    if asked == "barred":
        return [total, words.text(lang, "case.barred")]
    if stopped:
        total += " " + stopped
    elif letter and letter.total < stated.total and letter.deadline and asked == "today":
        due = words.deadline(letter.deadline, today, lang)
        total += " " + words.text(lang, "owe.letter", amount=words.money(letter.total, lang), deadline=due)
    return [total, *_assumed(stated, lang), *_per_day(case, stated, today, lang)]


def stopped_text(case: Case, on: date, lang: str) -> str:
    """How much of the sum is disputed in part and so is not to be paid; empty where nothing is."""
    book = books(case, on)
    if not book.frozen:
        return ""
    amounts = {"stopped": words.money(book.frozen, lang), "payable": words.money(max(book.payable, 0), lang)}
    return words.text(lang, "owe.stopped", **amounts)


def _assumed(stated: Statement, lang: str) -> Iterator[str]:
    """That a reference rate may still become another, once for the lines that follow it."""
    if any(line.assumed for line in stated.lines):
        yield words.text(lang, "owe.assumed")


def _per_day(case: Case, stated: Statement, today: date, lang: str) -> Iterator[str]:
    per_day = words.per_day(stated.per_day, lang)
    on = None if open_holds(case) else next_cost_on(case, today)
    if on and stated.per_day:
        yield words.text(lang, "owe.per_day", per_day=per_day, day=words.day(on, lang))
    elif on:
        yield words.text(lang, "owe.no_fees_before", day=words.day(on, lang))
    elif stated.per_day:
        yield words.text(lang, "owe.per_day.alone", per_day=per_day)


def promised(case: Case, today: date) -> StepTaken | None:
    """The last document whose sum still settles, if nothing has been paid since."""
    documents = [taken for taken in steps_taken(case) if taken.total and taken.deadline and taken.deadline >= today]
    paid = any(settled.fact.on >= documents[-1].on for settled in books(case, today).payments) if documents else False
    return documents[-1] if documents and not paid else None


def grouped(case: Case, stated: Statement, lang: str) -> list[str]:
    """A case of many claims: the largest of them, then each kind of interest and cost as one sum."""
    claims = {claim.id: claim for claim in case.claims}
    principals = sorted(stated.of("principal"), key=lambda line: -line.ore)
    shown = principals[:CLAIMS_SHOWN]
    lines = [
        words.text(
            lang,
            "owe.claim",
            what=words.capital(claim_name(claims[line.claim], lang)),
            amount=words.money(line.ore, lang),
        )
        for line in shown
    ]
    if len(principals) > len(shown):
        lines.append(words.text(lang, "owe.more", number=words.number(len(shown), lang)))
    sums = {"principal": sum(line.ore for line in principals)}
    for line in stated.lines:
        if line.kind in ("interest", "cost"):
            kind = line.cost or "interest"
            sums[kind] = sums.get(kind, 0) + line.ore
    said = words.listed(part_list(case, sums, lang), lang)
    return [*lines, words.capital(said) + ".", *_payments(case, stated, lang), *_taken_off(case, stated, lang)]


# The slip


def statement_card(
    case: Case, stated: Statement, today: date, lang: str, *, lead: int, skip: int, detailed: bool
) -> dict[str, Any]:
    """The slip of a statement, in the shape that `bot.http.cards` reads.

    ``detailed``: each row has its whole reason, as the text has; a short slip's foot says what a day costs instead.
    """
    notes = []
    a_day, asked = per_day(case, stated.on), sum_asked(case, today)
    if not detailed and a_day and asked == "today":
        notes.append(words.text(lang, "owe.per_day.alone", per_day=words.per_day(a_day, lang)))
    letter, book = promised(case, today), books(case, stated.on)
    if asked == "today" and letter and letter.deadline and letter.total < stated.total and not book.frozen:
        due = words.deadline(letter.deadline, today, lang)
        notes.append(words.text(lang, "owe.letter", amount=words.money(letter.total, lang), deadline=due))
    return {
        "kind": "statement",
        "lead": lead,
        "skip": skip,
        "title": case.creditor.name,
        "ref": case.ocr,
        "rows": [*statement_rows(case, stated, lang, detailed), *_stopped_row(book.frozen, lang)],
        "total": {
            "what": words.text(lang, TOTALS[asked]),
            "amount": words.amount(max(stated.total - book.frozen, 0), lang),
        },
        "foot": notes,
    }


def _stopped_row(stopped: Ore, lang: str) -> Iterator[dict[str, str]]:
    """What is disputed in part is not to be paid today."""
    if stopped:
        what, why = words.text(lang, "slip.stopped"), words.text(lang, "slip.stopped.why")
        yield {"op": "-", "what": what, "why": why, "amount": words.amount(stopped, lang)}


def statement_rows(case: Case, stated: Statement, lang: str, detailed: bool) -> Iterator[dict[str, str]]:
    """The lines of a statement as rows of a slip, with their operators."""
    claims = {claim.id: claim for claim in case.claims}
    reminded = False
    for number, line in enumerate(stated.lines):
        what, why = row_of(case, line, stated.on, lang)
        if detailed:
            why = _reason(stated, line, claims, reminded, lang) or why
            reminded = reminded or line.cost in REMINDERS
        op = "-" if line.ore < 0 else "+" if number else ""
        yield {"op": op, "what": what, "why": why, "amount": words.amount(abs(line.ore), lang)}


def row_of(case: Case, line: Line, on: date, lang: str) -> tuple[str, str]:
    """A line of a slip of day ``on``: what it is, and why in a few words."""
    match line.kind:
        case "principal":
            claim = next(claim for claim in case.claims if claim.id == line.claim)
            return words.capital(claim_name(claim, lang)), words.capital(claim.ground)
        case "interest":
            rate, base = words.percent(line.rate_bp, lang), words.amount(line.base_ore, lang)
            why = words.plural(lang, "slip.interest.why", line.days, rate=rate, base=base)
            return words.text(lang, "slip.interest"), why
        case "cost":
            assert line.on
            assert line.cost
            day = near_days.day(line.on, on, lang)
            why = words.text(lang, "slip.reminder.why", day=day) if line.cost in REMINDERS else day
            return words.text(lang, f"slip.{SLIP_NAMES.get(line.cost, line.cost)}"), why
        case "payment":
            assert line.on
            return words.text(lang, "slip.paid"), near_days.day(line.on, on, lang)
        case "kept":
            return words.text(lang, "slip.kept"), _why_kept(case, line, on, lang)
        case "refund" | "over":
            assert line.on
            return words.text(lang, f"slip.{line.kind}"), near_days.day(line.on, on, lang)
        case _:
            return words.text(lang, f"slip.{line.kind}"), ""


def _why_kept(case: Case, line: Line, on: date, lang: str) -> str:
    """Why a payment does not count, on the slip as in the text."""
    found = [
        settled.fact.kept for settled, ore in books(case, on).kept_of if (settled.fact.on, ore) == (line.on, line.ore)
    ]
    return words.text(lang, f"owe.kept.{found[0]}") if found else ""


def _reason(stated: Statement, line: Line, claims: dict[int, Claim], reminded: bool, lang: str) -> str:
    """Why a line is owed, with its law (the words of ``owe``); empty where the row's own words are enough."""
    match line.kind:
        case "principal":
            claim = claims[line.claim]
            due = near_days.day(claim.due_date, stated.on, lang)
            return words.text(lang, "slip.principal.reason", ground=words.capital(claim.ground), due=due)
        case "interest":
            return words.capital(_interest(line, claims[line.claim], "slip.interest.reason", stated.on, lang))
        case "cost":
            return _cost_reason(stated, line, reminded, lang)
        case _:
            return ""


def _cost_reason(stated: Statement, line: Line, reminded: bool, lang: str) -> str:
    assert line.on
    assert line.cost
    day = near_days.day(line.on, stated.on, lang)
    if line.cost == "late_compensation" and (less := _counted_in(stated, line)):
        return words.text(lang, "slip.late_compensation.less", day=day, **_compensation(line, less, lang))
    key = SLIP_NAMES.get(line.cost, line.cost)
    return words.text(lang, f"slip.{key}.reason" + (".same" if key == "demand" and reminded else ""), day=day)
