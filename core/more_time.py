"""More time (anstånd) and a promise to pay on a day: what the creditor's rule allows, and what is decided.

More time is no plan and costs no fee (domain 1.2, point 3); interest runs on. It moves the last day of the document
that counts now. Before the first document there is no such day: then the wait counts from today, or from the due date
if that is later, and the first document waits until it is over.
"""

from datetime import date, timedelta

from core.books import rebook
from core.calendar import ONE_DAY, Calendar
from core.case import Case, Decision
from core.deferral import amount_on
from core.dunning import barred, current_deadline
from core.errors import Refusal
from core.facts import Acknowledged, Deferred, Promised
from core.notice import Form, Notice, Receiver
from core.plan_terms import pay_days
from core.standing import open_holds
from core.steps import pull_back

PAY_DAY = 25
#: Pauses during which somebody may still choose a day: they wait for us, or we for them.
ASKING = frozenset({"question", "staff", "payment_claimed"})


def latest(case: Case, today: date) -> date:
    """The last day that can be had: a banking day within the creditor's rule.

    Raises Refusal ``closed``, ``time_barred``, ``more_time_held``, ``more_time_not_given`` or ``more_time_used``.
    """
    _check(case, today)
    terms = case.creditor.terms
    if terms.more_time_days <= 0 or terms.more_time_times <= 0:
        raise Refusal("more_time_not_given", creditor=case.creditor.short_name)
    had = tuple(case.all(Deferred))
    if len(had) >= terms.more_time_times:
        raise Refusal("more_time_used", times=terms.more_time_times, until=had[-1].until)
    return _on_or_before(case.rules.calendar, _from(case, today) + timedelta(days=terms.more_time_days))


def choices(case: Case, today: date, pay_day: int = PAY_DAY) -> tuple[date, ...]:
    """The days to choose from: the next pay day after the last day of now, and the latest day. Raises as `latest`."""
    last = latest(case, today)
    payday = pay_days(case.rules.calendar, _from(case, today) + ONE_DAY, pay_day, 1)[0]
    return (payday, last) if payday < last else (last,)


def defer(case: Case, day: date, today: date) -> Decision:
    """Move the last day to a later one, which acknowledges the debt. A document that has not left does not leave.

    A day on which banks are closed becomes the next one on which they are open. Raises Refusal as `latest`,
    ``more_time_needless`` (there is time until then) or ``more_time_too_late`` with the nearest day.
    """
    last = latest(case, today)
    if day > last:
        days = case.creditor.terms.more_time_days
        raise Refusal("more_time_too_late", nearest=last, days=days, creditor=case.creditor.short_name)
    pulled = pull_back(case, "deferred", today)
    until, had = case.rules.calendar.on_or_after(day), current_deadline(case.with_facts(pulled)) or today
    if until <= max(had, today):
        raise Refusal("more_time_needless", until=max(had, today), latest=last)
    number = case.next_receipt()
    facts = (
        *pulled,
        Deferred(on=today, recorded_on=today, until=until, receipt=number),
        Acknowledged(on=today, recorded_on=today, how="more_time"),
    )
    key = f"{case.ocr}:time:{number}"
    told = {
        "receipt": f"{case.ocr}-{number}",
        "until": until.isoformat(),
        "ore": amount_on(case.with_facts(pulled), until),
    }
    transfers = rebook(case, pulled, today, "withdrawal", key) if pulled else ()
    return Decision(facts, transfers, (Notice(key, "time.receipt", Receiver.DEBTOR, Form.CHAT, today, told),))


def promise(case: Case, day: date, today: date) -> Decision:
    """The debtor says on which day they pay. It moves nothing, so it must be a day that they have; they are reminded.

    It acknowledges nothing either: nobody was told that it would. Raises Refusal ``closed``, ``more_time_held``,
    ``promise_past`` or ``promise_too_late`` with the last day that they have.
    """
    _check(case, today)
    if day < today:
        raise Refusal("promise_past")
    last = last_day(case, today)
    if day > last:
        raise Refusal("promise_too_late" if _more_can_be_had(case, today) else "promise_too_late_for_all", nearest=last)
    number = case.next_receipt()
    fact = Promised(on=today, recorded_on=today, pay_on=day, receipt=number)
    told = {"receipt": f"{case.ocr}-{number}", "day": day.isoformat(), "ore": amount_on(case, day)}
    notice = Notice(f"{case.ocr}:time:{number}", "time.promised", Receiver.DEBTOR, Form.CHAT, today, told)
    return Decision((fact,), (), (notice,))


def _more_can_be_had(case: Case, today: date) -> bool:
    try:
        return latest(case, today) > last_day(case, today)
    except Refusal:
        return False


def last_day(case: Case, today: date) -> date:
    """The last day to pay as it is now; where no document has set one that is to come, as far as more time would go."""
    due = current_deadline(case)
    deferred = case.last(Deferred)
    days = [day for day in (due, deferred.until if deferred else None) if day and day >= today]
    return max(days) if days else today + timedelta(days=max(case.creditor.terms.more_time_days, 0))


def _check(case: Case, today: date) -> None:
    if case.closed:
        raise Refusal("closed")
    if barred(case, today):
        raise Refusal("time_barred")
    held = [hold.reason for hold in open_holds(case) if hold.reason not in ASKING]
    if held:
        raise Refusal("more_time_held", reason=held[0])


def _from(case: Case, today: date) -> date:
    """What more time counts from: the last day of now, never one that has passed, or of a letter that never left."""
    left = case.with_facts(pull_back(case, "deferred", today))
    return max(current_deadline(left) or case.due_date, today)


def _on_or_before(calendar: Calendar, day: date) -> date:
    while not calendar.is_banking_day(day):
        day -= ONE_DAY
    return day
