"""The overview of a case: who asks, how much today, and what does not happen before when."""

from datetime import date, timedelta

from bot.dialogs.wording import plan
from bot.dialogs.wording.claims import owed_parts, part_list, what
from core import words
from core.books import books
from core.calendar import ONE_DAY
from core.case import Case
from core.dunning import Until, Upcoming, current_deadline, forecast, next_step
from core.facts import DisputeRaised, PaymentReceived, Quoted
from core.money import Ore
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


def case_lines(case: Case, today: date, lang: str) -> list[str]:
    """The overview, line by line."""
    process = stage(case, today)
    head = words.text(lang, head_key(process), creditor=case.creditor.name, what=what(case, lang))
    if case.closed:
        return [head, words.text(lang, f"case.closed.{case.closed.why}", creditor=case.creditor.short_name)]
    return [head, *_sums(case, today, lang), standing_line(case, today, lang)]


def case_text(case: Case, today: date, lang: str) -> str:
    return "\n".join(case_lines(case, today, lang))


def head_key(process: str) -> str:
    return "case.head.reminder" if process in FRIENDLY else "case.head"


def _sums(case: Case, today: date, lang: str) -> list[str]:
    book = books(case, today)
    values = {"day": words.day(today, lang), "total": words.money(max(book.total, 0), lang)}
    parts = part_list(case, owed_parts(book), lang)
    if len(parts) > 1:
        said = [words.text(lang, "case.today", **values, parts=words.listed(parts, lang))]
    else:
        said = [words.text(lang, "case.today.alone", **values)]
    paid = sum(fact.amount for fact in case.all(PaymentReceived))
    return [*said, words.text(lang, "case.paid", amount=words.money(paid, lang))] if paid else said


def standing_line(case: Case, today: date, lang: str) -> str:
    """Where it stands for the reader: until when there is time, or what rests and until when."""
    if planned := plan.standing_line(case, today, lang):
        return planned
    if open_holds(case):
        return _resting(case, today, lang)
    if until := quoted_until(case, today):
        return words.text(lang, "next.quoted", deadline=words.deadline(until, today, lang))
    process = stage(case, today)
    creditor = case.creditor.short_name
    if process == DECISION:
        return words.text(lang, "case.decision", creditor=creditor)
    due = current_deadline(case)
    if due and due >= today:
        return words.text(lang, DEADLINE_OF[process], deadline=words.deadline(due, today, lang))
    key = "case.wait" if process == "registered" else "case.between"
    return words.text(lang, key, day=words.day(quiet_until(case, today), lang))


def _resting(case: Case, today: date, lang: str) -> str:
    if standing(case, today).handling is Handling.DISPUTED:
        due = answer_by(case, today)
        key = "case.disputed" if today <= due else "case.disputed.late"
        return words.text(lang, key, day=words.day(due, lang))
    if claimed := next((hold for hold in open_holds(case) if hold.reason == "payment_claimed"), None):
        return words.text(lang, "case.payment_claimed", day=words.deadline(claimed.review_on, today, lang))
    return words.text(lang, "case.held")


def answer_by(case: Case, today: date) -> date:
    """The day by which whoever objected hears from us."""
    raised = case.last(DisputeRaised)
    return (raised.on if raised else today) + timedelta(days=DISPUTE_ANSWER_DAYS)


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
    """What is to be paid on a day; never below nothing."""
    return max(books(case, today).payable, 0)
