"""The whole engine: what happens next in a case, and when (kravrutin).

Take the policy's rows from the top; the first one not yet taken is next. If a hold pauses it, say which; if its days
have not passed, say when; otherwise take it. The night run, the debtor's "what happens next?" and the creditor's
screen all ask the same `next_step`. Taking a step is in ``steps.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core import deferral, plan_life
from core.books import books
from core.calendar import ONE_DAY
from core.case import Case
from core.facts import Acknowledged, Deferred, Fact, NoticeIssued, NoticeOpened, Quoted, StepTaken
from core.limitation import is_barred
from core.objections import NOT_ALL, objections
from core.policy import From, Step, StepForm, Wait
from core.standing import Hold, holds, open_holds, resting, steps_taken


@dataclass(frozen=True, slots=True)
class Take:
    """This step may be taken today. ``again``: its document was not opened in the chat and goes out as a letter."""

    step: Step
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A document did not leave on its day: the step and its fee are withdrawn and decided anew."""

    taken: StepTaken


@dataclass(frozen=True, slots=True)
class Until:
    """Nothing happens before this day; then, if nothing else does, ``step`` may be taken (None: staff look)."""

    day: date
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """A hold lasts. ``review_on`` is the day on which staff look at it."""

    by: Hold
    review_on: date


@dataclass(frozen=True, slots=True)
class Over:
    """Pauses whose last day was known from the beginning, and has passed: they end by themselves."""

    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    why: str


Next = Take | TakeBack | Until | Paused | Over | Finished

#: A dispute whose ground is chosen rests the case before it is filed.
BEGUN = "dispute_begun"

#: What starts the term of limitation anew (preskriptionslagen 5 §), with each payment that counts.
INTERRUPTS: tuple[type[Fact], ...] = (NoticeOpened, Acknowledged)

#: Not a row of any policy: the day after which a claim may no longer be demanded (preskriptionslagen 8 §).
TIME_BARRED = Step("time_barred", From.DUE, Wait(0), None, StepForm.QUESTION, (), "preskriptionslagen 8 §")


def next_step(case: Case, today: date) -> Next:
    """What happens next, asked on a day."""
    if case.closed:
        return Finished(case.closed.why)
    taken = steps_taken(case)
    last = taken[-1] if taken else None
    if last and last.on < today and unsent(case, last):
        return TakeBack(last)
    paused = open_holds(case)
    if over := tuple(hold for hold in paused if hold.ends_on and hold.ends_on < today):
        return Over(over)
    if paused or (paused := _nothing_but_disputed(case, today)):
        hold = min(paused, key=lambda hold: hold.review_on)
        return Paused(hold, hold.review_on)
    barred = limitation_on(case)
    if barred < today:
        return Take(TIME_BARRED)
    if last and unsent(case, last):
        return Until(last.on + ONE_DAY)
    return _row(case, taken, last, today, barred)


def _nothing_but_disputed(case: Case, today: date) -> tuple[Hold, ...]:
    """The objections to a part that are all that is left of the case: then nothing is left to go on with."""
    paused = resting(case)
    return paused if paused and books(case, today).payable <= 0 else ()


def _row(case: Case, taken: tuple[StepTaken, ...], last: StepTaken | None, today: date, barred: date) -> Next:
    step, again, earliest = _next_row(case, taken, last)
    if step is None:
        return Until(barred + ONE_DAY)
    day = case.rules.calendar.on_or_after(max(earliest, _after_quotes(case, today), today))
    if day > today:
        return Until(min(day, barred + ONE_DAY), step)
    return Take(step, again)


def _next_row(case: Case, taken: tuple[StepTaken, ...], last: StepTaken | None) -> tuple[Step | None, bool, date]:
    if last and _unopened(case, last):
        letter_on = case.rules.calendar.add(last.on, case.policy.unopened_after) + ONE_DAY
        return case.policy.step(last.step), True, letter_on
    done = {fact.step for fact in taken}
    for step in case.policy.steps:
        if step.kind in done or (step.creditors_choice and not case.creditor.terms.reminder):
            continue
        return step, False, _earliest(case, step, last)
    return None, False, date.max


def unsent(case: Case, taken: StepTaken) -> bool:
    """The step's document waits in the outbox."""
    return taken.via != "question" and not any(fact.key == taken.key for fact in case.all(NoticeIssued))


def _unopened(case: Case, last: StepTaken) -> bool:
    """The document lies in the chat, and nobody has asked for it. One that was to go there may have gone on paper."""
    in_chat = any(fact.key == last.key and fact.via == "chat" for fact in case.all(NoticeIssued))
    return in_chat and not any(fact.key == last.key for fact in case.all(NoticeOpened))


def _earliest(case: Case, step: Step, last: StepTaken | None) -> date:
    floor = max(case.due_date + ONE_DAY, case.registered_on)
    if last is not None:
        start = deadline(case, last) if step.counted_from is From.LAST_DEADLINE else extended(case, last.on, last.on)
        return max(_after(case, start, step.wait), floor)
    counted, wait = step.first_from or step.counted_from, step.first_wait or step.wait
    if step.creditors_choice:
        wait = Wait(max(wait.number, case.creditor.terms.reminder_after_days))
    start = case.registered_on if counted is From.REGISTRATION else case.due_date
    first = extended(case, max(_after(case, start, wait), floor), case.registered_on)
    deferred = case.last(Deferred)
    return max(first, deferred.until + ONE_DAY) if deferred else first


def day_after(case: Case, kind: str, deadline: date) -> date:
    """The earliest day of a step after a deadline that nobody answers, as a letter foretells it."""
    return case.rules.calendar.on_or_after(_after(case, deadline, case.policy.step(kind).wait))


def _after(case: Case, start: date, wait: Wait) -> date:
    return case.rules.calendar.add(start, wait.number) if wait.banking else start + timedelta(days=wait.number)


def pay_by(case: Case, step: Step, issued: date, via: str) -> date | None:
    """The deadline that the step's document carries, a banking day; None for a question (domain 3.4)."""
    if step.days_to_pay is None:
        return None
    calendar, policy = case.rules.calendar, case.policy
    day = issued + timedelta(days=step.days_to_pay)
    if step.days_after_receipt is not None:
        received = calendar.add(issued, policy.receipt_in_chat if via == "chat" else policy.receipt_by_letter)
        day = max(day, calendar.add(received, step.days_after_receipt))
    return calendar.on_or_after(day)


def deadline(case: Case, taken: StepTaken) -> date:
    """The last day to pay or object, with every hold since: the days that were left run on, never fewer than eight."""
    return extended(case, taken.deadline or taken.on, taken.on)


def current_deadline(case: Case) -> date | None:
    """The deadline that counts for the debtor now; None before the first document."""
    documents = [taken for taken in steps_taken(case) if taken.deadline is not None]
    return deadline(case, documents[-1]) if documents else None


def extended(case: Case, day: date, since: date) -> date:
    """Move a day behind what began on or after ``since``: holds that have ended, more time, a no to a part.

    What was left of it runs on after a hold, never fewer than eight days; after a no there are eight days as well.
    """
    for start, end, fixed in _moves(case, since):
        if fixed:
            day = max(day, fixed)
        else:
            left = max((day - start).days, case.policy.least_days_after_hold)
            day = case.rules.calendar.on_or_after(end + timedelta(days=left))
    return day


def _moves(case: Case, since: date) -> list[tuple[date, date, date | None]]:
    """What moves a deadline, in order of time: pauses by their ends, the others by the day that they set."""
    moves: list[tuple[date, date, date | None]] = []
    if holds(case):
        moves += [(start, end, None) for start, end in _pauses(case, since)]
    moves += [(fact.on, fact.on, fact.until) for fact in case.all(Deferred) if fact.on >= since]
    for each in objections(case):
        if each.parts and each.answer in NOT_ALL and each.answered_on and each.answered_on >= since:
            day = each.answered_on + timedelta(days=case.policy.least_days_after_hold)
            moves.append((each.answered_on, each.answered_on, case.rules.calendar.on_or_after(day)))
    return sorted(moves, key=lambda move: move[:2])


def _pauses(case: Case, since: date) -> Iterator[tuple[date, date]]:
    """Ended holds, overlapping ones as one. A dispute begun and ended on one day paused nothing."""
    merged: list[tuple[date, date]] = []
    for hold in sorted(holds(case), key=lambda hold: hold.since):
        if hold.until is None or hold.since < since or (hold.reason == BEGUN and hold.until == hold.since):
            continue
        if merged and hold.since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], hold.until))
        else:
            merged.append((hold.since, hold.until))
    return iter(merged)


def _after_quotes(case: Case, today: date) -> date:
    """While a quote for a bank transfer runs, the next step waits (design 4, Quote)."""
    running = [fact.until for fact in case.all(Quoted) if fact.way == "bank" and fact.until >= today]
    return max(running) + ONE_DAY if running else date.min


def limitation_on(case: Case) -> date:
    """The earliest limitation day of the case's claims (preskriptionsdag), with what interrupted it (4)."""
    return case.once(_limitation_on)


def barred(case: Case, today: date) -> bool:
    """Whether an open case may not be demanded any more (preskriptionslagen 8 §): its term has run out, or somebody
    has stopped it for that.
    """
    if case.closed:
        return False
    return is_barred(limitation_on(case), today) or any(hold.reason == "limitation" for hold in open_holds(case))


def _limitation_on(case: Case) -> date:
    said = [fact.on for kind in INTERRUPTS for fact in case.all(kind)]
    paid = [fact.on for fact in case.payments() if not fact.kept]
    interrupted = tuple(sorted((*said, *paid)))
    return min([case.rules.limitation_on(claim, interrupted) for claim in case.claims])


def next_on(case: Case, today: date) -> date | None:
    """The day on which time alone may change the case: no open case is without one."""
    match next_step(case, today):
        case Take() | TakeBack() | Over():
            return today
        case Until(day=day):
            return _soonest(case, day, today)
        case Paused(review_on=review_on):
            return _soonest(case, review_on, today)
        case Finished():
            return None


def _soonest(case: Case, day: date, today: date) -> date:
    """A day, or before it: the end of a pause, a look at a dispute, an instalment, a day that the debtor chose."""
    days = [day, *(hold.review_on for hold in resting(case))]
    days += [hold.ends_on + ONE_DAY for hold in open_holds(case) if hold.ends_on]
    days += [other for other in (plan_life.next_on(case, today), deferral.next_on(case, today)) if other]
    return max(min(days), today)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A step that may come, if nothing else happens: its kind, its earliest day, and the deadline it will carry."""

    kind: str
    on: date
    deadline: date | None


def forecast(case: Case, today: date) -> tuple[Upcoming, ...]:
    """The steps still to come, asked of the same engine. Empty while the case is paused or closed."""
    coming: list[Upcoming] = []
    day = today
    while len(coming) <= len(case.policy.steps):
        match next_step(case, day):
            case Until(day=later, step=step) if step is not None:
                day = later
            case Until(day=later) if steps_taken(case) and unsent(case, steps_taken(case)[-1]):
                case = case.with_facts((_sent(steps_taken(case)[-1], day),))
            case Take(step=step) if step is not TIME_BARRED:
                due = pay_by(case, step, day, "letter")
                coming.append(Upcoming(step.kind, day, due))
                if step.form is StepForm.QUESTION:
                    break
                taken = StepTaken(
                    on=day, recorded_on=day, step=step.kind, key=f"?{len(coming)}", via="letter", deadline=due
                )
                case = case.with_facts((taken, _sent(taken, day)))
            case _:
                break
    return tuple(coming)


def _sent(taken: StepTaken, day: date) -> NoticeIssued:
    return NoticeIssued(on=day, recorded_on=day, key=taken.key, via=taken.via)
