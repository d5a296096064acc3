"""A case by SMS: where it stands, what is owed and what happens next, in as few words as hold the facts."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.dialogs.wording import plan
from bot.dialogs.wording.case import (
    DECISION,
    answer_by,
    coming,
    only_disputed_left,
    owed,
    quiet_until,
    quoted_until,
    resting_key,
    stage,
    sum_asked,
)
from bot.dialogs.wording.claims import PARTS, part_key, what
from bot.dialogs.wording.next import filing, step_cost
from bot.dialogs.wording.owe import TAKEN_OFF
from core import brief, hardship, refund, words
from core.books import books
from core.case import Case
from core.difference import Difference
from core.dunning import Upcoming, barred, current_deadline
from core.money import Ore
from core.standing import Handling, open_holds, standing
from core.statement import Line, Statement, statement

#: A name longer than this is cut: an SMS has two segments at most.
NAME_MAX = 24


def named(name: str) -> str:
    """A name that may be long."""
    return name if len(name) <= NAME_MAX else f"{name[: NAME_MAX - 3].rstrip()}..."


def case_short(case: Case, today: date, lang: str, back: Sequence[str] = ()) -> str:
    """The overview. ``back`` tells what goes back to the reader."""
    values = {"creditor": named(case.creditor.short_name), "what": named(what(case, lang))}
    if case.closed:
        owed_back = refund.unspoken(case, {}, 0, today)
        if owed_back > 0 and not back:
            back = [words.text(lang, "sms.notice.over", amount=brief.money(owed_back, lang))]
        return " ".join([words.text(lang, "sms.case.closed" + (".back" if back else ""), **values), *back])
    if barred(case, today):
        return " ".join([words.text(lang, "sms.case.barred", **values), *back])
    key = "sms.case.today" if sum_asked(case, today) == "today" else "sms.case.left"
    head = words.text(lang, key, **values, total=brief.money(owed(case, today), lang))
    return " ".join([head, *_stopped(case, today, lang), standing_short(case, today, lang), *back])


def _stopped(case: Case, today: date, lang: str) -> list[str]:
    """What of the case is stopped because somebody objects to a part of it."""
    frozen = books(case, today).frozen
    if not frozen or open_holds(case):
        return []
    return [words.text(lang, "sms.case.part", amount=brief.money(frozen, lang))]


def standing_short(case: Case, today: date, lang: str) -> str:
    """Until when there is time, or what rests and until when."""
    if planned := plan.standing_line(case, today, lang):
        return planned
    if open_holds(case):
        return _resting(case, today, lang)
    if until := quoted_until(case, today):
        return words.text(lang, "sms.case.quoted", day=brief.weekday(until, lang))
    if only_disputed_left(case, today):
        return words.text(lang, "sms.pay.nothing")
    process = stage(case, today)
    if process == DECISION:
        return words.text(lang, "sms.case.decision", creditor=named(case.creditor.short_name))
    due = current_deadline(case)
    if due and due >= today:
        key = "sms.case.reminder" if process == "reminder" else "sms.case.deadline"
        return words.text(lang, key, day=brief.weekday(due, lang))
    return words.text(lang, "sms.case.quiet", day=brief.day(quiet_until(case, today), lang))


def _resting(case: Case, today: date, lang: str) -> str:
    if standing(case, today).handling is Handling.DISPUTED:
        due = answer_by(case, today)
        if resting_key(case) or today > due:
            return words.text(lang, "sms.case.objected")
        return words.text(lang, "sms.case.disputed", day=brief.day(due, lang))
    breathing = hardship.paused(case)
    ends = [hold.review_on for hold in open_holds(case) if hold.reason == "payment_claimed"]
    if breathing and breathing.ends_on and len(open_holds(case)) == 1:
        ends = [breathing.ends_on]
    if ends:
        return words.text(lang, "sms.case.until", day=brief.weekday(ends[0], lang))
    return words.text(lang, "sms.case.held")


# What is owed


def owe_short(case: Case, today: date, lang: str) -> str:
    """The statement of a day, each part apart from the others (inkassolagen 5 §)."""
    stated = statement(case, today)
    lines = [*_owed(case, stated, lang), *_taken(stated, lang), *_stopped(case, today, lang)]
    total = brief.money(stated.total, lang)
    if barred(case, today):
        lines += [words.text(lang, "sms.owe.total.still", total=total), words.text(lang, "sms.barred")]
    elif stated.per_day:
        lines.append(words.text(lang, "sms.owe.total", total=total, per_day=brief.per_day(stated.per_day, lang)))
    else:
        lines.append(words.text(lang, "sms.owe.total.still", total=total))
    return " ".join(lines)


def _owed(case: Case, stated: Statement, lang: str) -> Iterator[str]:
    principal = sum(line.ore for line in stated.of("principal"))
    yield _part(case, "principal", principal, lang)
    if interest := stated.of("interest"):
        yield _interest(interest, lang)
    costs: dict[str, Ore] = {}
    for line in stated.of("cost"):
        costs[str(line.cost)] = costs.get(str(line.cost), 0) + line.ore
    for kind, ore in costs.items():
        yield _part(case, kind, ore, lang)


def _part(case: Case, kind: str, ore: Ore, lang: str) -> str:
    said = words.text(lang, part_key(case, PARTS[kind]), amount=brief.amount(ore, lang))
    return f"{words.capital(said)}."


def _interest(lines: tuple[Line, ...], lang: str) -> str:
    """One stretch with its rate and what it is counted on; of several, the sum of them and their days."""
    starts, ends = [line.first for line in lines if line.first], [line.last for line in lines if line.last]
    period = brief.period(min(starts), max(ends), lang)
    amount = brief.amount(sum(line.ore for line in lines), lang)
    if len(lines) > 1:
        return words.text(lang, "sms.owe.interest.several", period=period, amount=amount)
    [line] = lines
    rate = "".join(words.percent(line.rate_bp, lang).split())
    base = brief.kronor(line.base_ore, lang)
    return words.text(lang, "sms.owe.interest", period=period, rate=rate, base=base, amount=amount)


def _taken(stated: Statement, lang: str) -> Iterator[str]:
    """What is paid already, and what was taken off."""
    paid = -sum(line.ore for line in stated.of("payment"))
    rest = -sum(line.ore for line in stated.lines if line.kind in (*TAKEN_OFF, "waived", "rounding"))
    back = sum(line.ore for line in stated.of("refund"))
    kept, over = (sum(line.ore for line in stated.of(kind)) for kind in ("kept", "over"))
    told = {"sms.owe.paid": paid, "sms.owe.kept": kept, "sms.owe.over": over}
    told |= {"sms.owe.refunded": back, "sms.owe.off": rest}
    for key, ore in told.items():
        if ore:
            yield words.text(lang, key, amount=brief.amount(ore, lang))


def day_short(stated: Statement, lang: str) -> str:
    """The sum of one day."""
    return words.text(lang, "sms.owe.day", day=brief.day(stated.on, lang), total=brief.money(stated.total, lang))


def difference_short(found: Difference, lang: str) -> str:
    """The sums of two days and what lies between them."""
    change = words.text(lang, "sms.owe.between", amount=brief.money(found.ore, lang))
    return " ".join([day_short(found.before, lang), day_short(found.after, lang), change])


# What happens next


def next_short(case: Case, today: date, lang: str) -> str:
    """What may still come before somebody has to choose, and how to avoid it."""
    if case.closed:
        return words.text(lang, "sms.next.closed")
    if barred(case, today):
        return words.text(lang, "sms.barred")
    now = [*_stopped(case, today, lang), standing_short(case, today, lang)]
    if open_holds(case) or only_disputed_left(case, today):
        return " ".join([*now, words.text(lang, "sms.next.rest")])
    steps = [_coming(case, step, lang) for step in coming(case, today)][:2]
    return " ".join([*now, *steps, words.text(lang, "sms.next.avoid")])


def _coming(case: Case, step: Upcoming, lang: str) -> str:
    day = words.capital(brief.day(step.on, lang))
    match step.kind:
        case "reminder":
            return words.text(lang, "sms.next.reminder", day=day)
        case "demand":
            fee = step_cost(case, "demand", step.on)
            key = "sms.next.demand" if fee else "sms.next.demand.free"
            return words.text(lang, key, day=day, fee=brief.kronor(fee, lang))
        case "final_notice":
            assert step.deadline is not None
            return words.text(lang, "sms.next.final", day=day, deadline=brief.weekday(step.deadline, lang))
        case _:
            creditor, fee = named(case.creditor.short_name), filing(step.on)
            return words.text(lang, "sms.next.decision", day=day, creditor=creditor, fee=brief.kronor(fee, lang))
