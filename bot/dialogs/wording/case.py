"""The overview of a case: who asks, how much today, and what does not happen before when."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.dialogs.wording import plan
from bot.dialogs.wording.claims import part_list, payable_parts, what
from core import hardship, refund, words
from core.books import books
from core.calendar import ONE_DAY
from core.case import Case
from core.credit import credited_ore
from core.dunning import BEGUN, Until, Upcoming, barred, current_deadline, forecast, next_step
from core.facts import Quoted
from core.money import Ore
from core.objections import disputed, objections
from core.standing import DISPUTE_ANSWER_DAYS, Handling, open_holds, standing

#: Before the demand nobody speaks of collecting (conversations 1, tone 5).
FRIENDLY = frozenset({"registered", "reminder"})
#: How the last day of each document is told.
DEADLINE_OF = {"reminder": "case.reminder", "demand": "case.deadline", "final_notice": "case.final_notice"}


#: The creditor is asked, and reminded of it; to everybody else that is one thing.
DECISION = "decision"
DECISION_REMINDER = "decision_reminder"


def stage(case: Case, today: date) -> str:
    """The process as it is told: being reminded of the choice is still the creditor's choice."""
    process = standing(case, today).process
    return DECISION if process.startswith(DECISION) else process


def coming(case: Case, today: date) -> tuple[Upcoming, ...]:
    """What may come that is worth telling: not that the creditor is reminded."""
    return tuple(step for step in forecast(case, today) if not step.kind.startswith(DECISION_REMINDER))


#: Closed, and there is more to come than nothing: a few of the ways to be closed say that otherwise.
_ENDED = frozenset({"paid", "settled", "withdrawn", "uncollectable"})


def case_lines(case: Case, today: date, lang: str, back: Sequence[str] = ()) -> list[str]:
    """The overview, line by line. ``back`` tells what goes back to the reader, and where to, at the end."""
    process = stage(case, today)
    head = words.text(lang, head_key(process), creditor=case.creditor.name, what=what(case, lang))
    if case.closed:
        owed_back = refund.unspoken(case, {}, 0, today)
        if owed_back > 0 and not back:
            back = [words.text(lang, "pay.done.over", amount=words.money(owed_back, lang))]
        ended = f"case.closed.{case.closed.why}" + (".back" if back and case.closed.why in _ENDED else "")
        return [head, words.text(lang, ended, creditor=case.creditor.short_name), *back]
    last = [*disputed_part(case, today, lang), *_answered(case, today, lang), standing_line(case, today, lang)]
    return [head, *_sums(case, today, lang), "\n".join(last), *back]


def case_text(case: Case, today: date, lang: str) -> str:
    return "\n".join(case_lines(case, today, lang))


def head_key(process: str) -> str:
    return "case.head.reminder" if process in FRIENDLY else "case.head"


def _sums(case: Case, today: date, lang: str) -> list[str]:
    if barred(case, today):
        return [words.text(lang, "case.barred")]
    book = books(case, today)
    values = {"day": words.day(today, lang), "total": words.money(owed(case, today), lang)}
    parts = part_list(case, payable_parts(book), lang)
    asked = sum_asked(case, today)
    key = f"case.{asked}" if len(parts) > 1 else f"case.{asked}.alone"
    said = [words.text(lang, key, **values, parts=words.listed(parts, lang))]
    paid = sum(fact.amount for fact in case.payments())
    if paid:
        said.append(words.text(lang, "case.paid", amount=words.money(paid, lang)))
    if off := credited_ore(case, today):
        amount = words.money(off, lang)
        said.append(words.text(lang, "case.credited", creditor=case.creditor.short_name, amount=amount))
    return said


def sum_asked(case: Case, today: date) -> str:
    """How the sum is told: ``today`` it is asked for, ``plan`` it is paid little by little, ``still`` nobody asks.

    ``barred``: it is too old, and nobody may ask.
    """
    if barred(case, today):
        return "barred"
    if plan.on_plan(case):
        return "plan"
    return "still" if open_holds(case) else "today"


def disputed_part(case: Case, today: date, lang: str) -> list[str]:
    """What of the case is stopped because somebody objects to a part of it."""
    frozen = books(case, today).frozen
    if not frozen or open_holds(case):
        return []
    amount = words.money(frozen, lang)
    if not any(raised.open for raised in disputed(case)):
        return [words.text(lang, "case.disputed.part.kept", amount=amount)]
    return [words.text(lang, "case.disputed.part", amount=amount, day=words.day(answer_by(case, today), lang))]


def _answered(case: Case, today: date, lang: str) -> list[str]:
    """A no, or a yes to a part, that may still be disagreed with, while there is time."""
    due = current_deadline(case)
    given = [raised for raised in objections(case) if raised.may_be_kept]
    if not given or open_holds(case) or due is None or due < today or given[-1].answered_on is None:
        return []
    day = words.day(given[-1].answered_on, lang)
    key = "case.disputed.partly" if given[-1].answer == "partly" else "case.disputed.no"
    return [words.text(lang, key, creditor=case.creditor.short_name, day=day)]


def standing_line(case: Case, today: date, lang: str) -> str:
    """Where it stands for the reader: until when there is time, or what rests and until when."""
    if planned := plan.standing_line(case, today, lang):
        return planned
    if open_holds(case) or barred(case, today):
        return _resting(case, today, lang)
    if until := quoted_until(case, today):
        return words.text(lang, "next.quoted", deadline=words.deadline(until, today, lang))
    if only_disputed_left(case, today):
        return words.text(lang, "case.nothing_now")
    process = stage(case, today)
    creditor = case.creditor.short_name
    if process == DECISION:
        return words.text(lang, "case.decision", creditor=creditor)
    due = current_deadline(case)
    if due and due >= today:
        return words.text(lang, DEADLINE_OF[process], deadline=words.deadline(due, today, lang))
    key = "case.wait" if process == "registered" else "case.between"
    return words.text(lang, key, day=words.day(quiet_until(case, today), lang))


def only_disputed_left(case: Case, today: date) -> bool:
    """Nothing is to be paid: all that is left of an open case is what somebody objects to."""
    book = books(case, today)
    return case.closed is None and book.frozen > 0 and book.payable <= 0


def _resting(case: Case, today: date, lang: str) -> str:
    if standing(case, today).handling is Handling.DISPUTED:
        if special := resting_key(case):
            return words.text(lang, f"case.disputed.{special}", day=words.day(files_itself_on(case, today), lang))
        due = answer_by(case, today)
        key = "case.disputed" if today <= due else "case.disputed.late"
        return words.text(lang, key, day=words.day(due, lang))
    if barred(case, today):
        return words.text(lang, "case.barred.then")
    if claimed := next((hold for hold in open_holds(case) if hold.reason == "payment_claimed"), None):
        return words.text(lang, "case.payment_claimed", day=words.deadline(claimed.review_on, today, lang))
    breathing = hardship.paused(case)
    if breathing and breathing.ends_on and len(open_holds(case)) == 1:
        return words.text(lang, "case.hardship", until=words.deadline(breathing.ends_on, today, lang))
    return words.text(lang, "case.held")


def resting_key(case: Case) -> str:
    """``begun``: a ground is chosen and nothing sent yet; ``kept``: the view is kept after a no; else nothing."""
    reasons = {hold.reason for hold in open_holds(case)}
    if BEGUN in reasons and "dispute" not in reasons:
        return "begun"
    whole = [raised for raised in disputed(case) if raised.whole]
    return "kept" if whole and all(raised.kept for raised in whole) else ""


def files_itself_on(case: Case, today: date) -> date:
    """The day on which a dispute that was begun and left is filed as it stands."""
    begun = [hold.since for hold in open_holds(case) if hold.reason == BEGUN]
    return (begun[0] if begun else today) + ONE_DAY


def answer_by(case: Case, today: date) -> date:
    """The day by which whoever objected hears from us."""
    waiting = [raised for raised in objections(case) if raised.open] or list(objections(case))
    return (waiting[-1].since if waiting else today) + timedelta(days=DISPUTE_ANSWER_DAYS)


def quiet_until(case: Case, today: date) -> date:
    """The first day on which something new may happen; never a day that has been."""
    steps = coming(case, today)
    if steps:
        return steps[0].on
    match next_step(case, today):
        case Until(day=day):
            return day
        case _:
            return today + ONE_DAY


def quoted_until(case: Case, today: date) -> date | None:
    """The last day of a running quote for a bank transfer, for which the next step waits."""
    running = [fact.until for fact in case.all(Quoted) if fact.way == "bank" and fact.until >= today]
    return max(running, default=None)


def owed(case: Case, today: date) -> Ore:
    """What is to be paid on a day; never below nothing, and nothing of what is too old to be asked for."""
    return 0 if barred(case, today) else max(books(case, today).payable, 0)
