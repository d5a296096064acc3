"""Taking a step, and taking it back. One decision per step: its fact, its cost in the book, its document."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core import deferral, plan_life
from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.claimed import CLAIMED
from core.dunning import (
    TIME_BARRED,
    Over,
    Paused,
    Take,
    TakeBack,
    Until,
    current_deadline,
    limitation_on,
    next_step,
    pay_by,
    unsent,
)
from core.facts import (
    Fact,
    HoldLifted,
    HoldPlaced,
    HoldReviewed,
    PlanAnswered,
    PlanAsked,
    PlanEnded,
    SettlementAnswered,
    SettlementOffered,
    StepTaken,
    StepWithdrawn,
)
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.objections import frozen_parts, payable_was_disputed
from core.policy import Step, StepForm
from core.standing import (
    CREDITOR_ANSWER_DAYS,
    CREDITOR_REMINDED_DAYS,
    DISPUTE_ANSWER_DAYS,
    Hold,
    open_holds,
    resting,
    steps_taken,
)
from core.statement import Line, Statement, payable

REVIEW_AGAIN_DAYS = 7
LIMITATION_REVIEW_DAYS = 365


def advance(case: Case, today: date) -> Decision:
    """What the night run decides for a case on a day: one step at most; running twice does nothing twice."""
    match next_step(case, today):
        case TakeBack(taken=taken):
            return _and_then(case, withdraw(case, taken, "late", today), today)
        case Over(holds=over):
            return _and_then(case, end(case, over, today), today)
        case Take(step=step, again=again_by_letter):
            stepped = _and(case, _take(case, step, again_by_letter, today), _look_again, today)
            return _and(case, stepped, deferral.advance, today)
        case Paused():
            lived = _and(case, _look_again(case, today), _live_plan, today)
            ended = any(isinstance(fact, PlanEnded) for fact in lived.facts)
            return _and(case, lived, advance if ended else deferral.advance, today)
        case Until():
            return _and(case, _look_again(case, today), deferral.advance, today)
        case _:
            return NOTHING


def _live_plan(case: Case, today: date) -> Decision:
    """A running plan's night; when it has ended, the person is told in writing which day counts now."""
    lived = plan_life.advance(case, today)
    missed = any(isinstance(fact, PlanEnded) and fact.why == "missed" for fact in lived.facts)
    more = resumed(case.adding(lived), "plan", today) if missed else ()
    return replace(lived, notices=(*lived.notices, *more)) if more else lived


def _and_then(case: Case, first: Decision, today: date) -> Decision:
    """One decision, and what follows from it on the same day."""
    return _and(case, first, advance, today)


def _and(case: Case, first: Decision, then: Callable[[Case, date], Decision], today: date) -> Decision:
    second = then(case.adding(first) if first else case, today)
    if not second:
        return first
    return Decision(first.facts + second.facts, first.transfers + second.transfers, first.notices + second.notices)


def _take(case: Case, step: Step, again: bool, today: date) -> Decision:
    if step is TIME_BARRED:
        return _stop_time_barred(case, today)
    if step.form is StepForm.QUESTION:
        return _ask_creditor(case, step, today)
    return _issue(case, step, again, today)


def _issue(case: Case, step: Step, again: bool, today: date) -> Decision:
    via = "letter" if again else document_via(case)
    # What is left beside an objection goes on, with its deadlines and no new fee (domain 3.3).
    costs = () if again or frozen_parts(case, today) else _costs(case, step, today)
    days = [pay_by(case, step, today, via), current_deadline(case) if again else None]
    taken = StepTaken(
        on=today,
        recorded_on=today,
        step=step.kind,
        key=_key(case, step.kind),
        via=via,
        deadline=max((day for day in days if day), default=None),  # sent once more, it never gives less time
        costs=costs,
        total=books(case, today).payable + sum(ore for _, ore in costs),
        again=again,
    )
    transfers = rebook(case, (taken,), today, step.kind, taken.key) if costs else ()
    after = case.with_facts((taken,))
    notice = Notice(
        taken.key,
        step.kind,
        Receiver.DEBTOR,
        Form.DOCUMENT,
        today,
        facts={**statement_facts(payable(after, today)), "deadline": _iso(taken.deadline)},
        via=via,
    )
    return Decision((taken,), transfers, (notice,))


def document_via(case: Case) -> str:
    """Messaging first: the chat wherever something that rings can announce it, else a letter the same day."""
    return "chat" if case.ringing_channel() and not case.creditor.terms.letters_first else "letter"


def _costs(case: Case, step: Step, today: date) -> tuple[tuple[str, Ore], ...]:
    charged: dict[str, Ore] = {}
    for cost in books(case, today).costs:
        charged[cost.kind] = charged.get(cost.kind, 0) + cost.ore
    costs: list[tuple[str, Ore]] = []
    for kind in step.costs:
        ore = case.rules.chargeable(case.claims, charged, kind, today)
        if ore > 0:
            costs.append((kind, ore))
            charged[kind] = charged.get(kind, 0) + ore
    return tuple(costs)


def _key(case: Case, kind: str) -> str:
    """Unique for ever: a step that was taken back and decided anew gets the next number."""
    number = sum(1 for fact in case.all(StepTaken) if fact.step == kind) + 1
    return f"{case.ocr}:{kind}:{number}"


def _ask_creditor(case: Case, step: Step, today: date) -> Decision:
    key = _key(case, step.kind)
    taken = StepTaken(on=today, recorded_on=today, step=step.kind, key=key, via="question")
    facts = {
        **statement_facts(payable(case, today)),
        "ended": _iso(current_deadline(case)),
        "step": step.kind,
        "disputed": payable_was_disputed(case),
        "frozen_ore": books(case, today).frozen,
    }
    return Decision((taken,), (), (Notice(key, "creditor.decide", Receiver.CREDITOR, Form.CHAT, today, facts),))


def end(case: Case, over: tuple[Hold, ...], today: date) -> Decision:
    """Pauses end whose time is up; when none is left, the person is told the new last day."""
    facts = tuple(HoldLifted(on=today, recorded_on=today, ref=hold.ref) for hold in over)
    after = case.with_facts(facts)
    unanswered = tuple(notice for hold in over for notice in _unanswered(after, hold, today))
    return Decision(facts, (), (*unanswered, *resumed(after, over[0].reason, today)))


def _unanswered(after: Case, hold: Hold, today: date) -> Iterator[Notice]:
    """The creditor had time to answer a question, and did not: whoever asked is told so."""
    asked = {"plan_asked": after.last(PlanAsked), "settlement": after.last(SettlementOffered)}.get(hold.reason)
    answered = {"plan_asked": after.last(PlanAnswered), "settlement": after.last(SettlementAnswered)}.get(hold.reason)
    if asked is None or (answered is not None and answered.number >= asked.number):
        return
    due = current_deadline(after) if not open_holds(after) else None
    kind = "plan.unanswered" if hold.reason == "plan_asked" else "settlement.unanswered"
    key = f"{after.ocr}:{hold.ref}:unanswered"
    yield Notice(key, kind, Receiver.DEBTOR, Form.CHAT, today, {"deadline": _iso(due)})


def resumed(after: Case, reason: str, today: date, **facts: Any) -> tuple[Notice, ...]:
    """The written notice of the new last day, once the last hold has ended and where a document has set one."""
    due = current_deadline(after)
    if open_holds(after) or due is None or due < today:
        return ()
    told = {"deadline": due.isoformat(), "reason": reason, **facts}
    key = f"{after.ocr}:resumed:{len(after.facts)}"
    return (Notice(key, "resumed", Receiver.DEBTOR, Form.DOCUMENT, today, told, via=None),)


def _look_again(case: Case, today: date) -> Decision:
    """Holds and disputed parts whose day has come: somebody is asked to look, and nobody asks again meanwhile."""
    due = [hold for hold in (*open_holds(case), *resting(case)) if hold.review_on <= today]
    return Decision(
        tuple(
            HoldReviewed(
                on=today,
                recorded_on=today,
                ref=hold.ref,
                review_on=_next_look(hold, today),
                asked=not _is_the_creditors(hold, today),
            )
            for hold in due
        ),
        (),
        tuple(notice for hold in due for notice in _ask_to_look(case, hold, today)),
    )


def _is_the_creditors(hold: Hold, today: date) -> bool:
    """A dispute that the creditor still has to answer."""
    young = (today - hold.since).days < DISPUTE_ANSWER_DAYS
    return hold.reason == "dispute" and not hold.ref.endswith(":kept") and young


def _ask_to_look(case: Case, hold: Hold, today: date) -> Iterator[Notice]:
    """A dispute: the creditor is reminded, then a person takes over. Any other pause: a person looks."""
    days = (today - hold.since).days
    if _is_the_creditors(hold, today):
        late = days > CREDITOR_ANSWER_DAYS
        kind = "creditor.disputed.late" if late else "creditor.disputed.reminder"
        told = {"since": hold.since.isoformat(), "answer_by": _iso(hold.since + timedelta(days=CREDITOR_ANSWER_DAYS))}
        yield Notice(f"{case.ocr}:{hold.ref}:{kind}", kind, Receiver.CREDITOR, Form.CHAT, today, told)
        if late:
            yield task(case, f"unanswered:{hold.ref}", "dispute_unanswered", today, hold=hold.ref)
        return
    asked = [fact.asked for fact in case.all(HoldReviewed) if fact.ref == hold.ref]
    if hold.reason == "dispute" and not any(asked) and not hold.ref.endswith(":kept"):
        key = f"{case.ocr}:{hold.ref}:late"
        yield Notice(key, "dispute.late", Receiver.DEBTOR, Form.CHAT, today, {"since": hold.since.isoformat()})
    if hold.reason == CLAIMED and not asked:
        yield task(case, hold.ref, CLAIMED, today)
    elif not (asked and asked[-1]):
        reviewed = f"review:{hold.ref}:{today:%Y%m%d}"
        yield task(case, reviewed, "hold_review", today, reason=hold.reason, hold=hold.ref)


def _next_look(hold: Hold, today: date) -> date:
    """A dispute is looked at after 7 days, when the creditor's and when our own time is over, other pauses weekly."""
    if hold.reason == "dispute" and not hold.ref.endswith(":kept"):
        for days in (CREDITOR_REMINDED_DAYS, CREDITOR_ANSWER_DAYS + 1, DISPUTE_ANSWER_DAYS):
            if (day := hold.since + timedelta(days=days)) > today:
                return day
    return review_again("kept" if hold.ref.endswith(":kept") else hold.reason, today)


def review_again(reason: str, today: date) -> date:
    """The next day on which a hold is looked at; one for limitation changes by itself no more."""
    yearly = reason in ("limitation", "kept")
    return today + timedelta(days=LIMITATION_REVIEW_DAYS if yearly else REVIEW_AGAIN_DAYS)


def _stop_time_barred(case: Case, today: date) -> Decision:
    """After limitation nothing may be demanded (preskriptionslagen 8 §): the case stops and a person looks."""
    ref = f"limitation:{today:%Y%m%d}"
    review_on = review_again("limitation", today)
    hold = HoldPlaced(on=today, recorded_on=today, ref=ref, reason="limitation", review_on=review_on)
    notice = task(case, ref, "limitation", today, limitation_on=limitation_on(case).isoformat())
    return Decision((hold,), (), (notice,))


def task(case: Case, ref: str, kind: str, due_on: date, **facts: Any) -> Notice:
    """Something for staff to do by a day."""
    key = f"{case.ocr}:task:{ref}"
    return Notice(key, f"task.{kind}", Receiver.STAFF, Form.CHAT, due_on, facts, due_on=due_on)


def withdraw(case: Case, taken: StepTaken, why: str, today: date) -> Decision:
    """A document that never left: the step falls away, and its cost with it."""
    fact = StepWithdrawn(on=today, recorded_on=today, key=taken.key, why=why)
    return Decision((fact,), rebook(case, (fact,), today, "withdrawal", f"{taken.key}:withdrawn"))


def waiting(case: Case) -> StepTaken | None:
    """The step whose document is still in the outbox, if any."""
    taken = steps_taken(case)
    return taken[-1] if taken and unsent(case, taken[-1]) else None


def why_not_send(case: Case, key: str, today: date) -> str | None:
    """Asked once more when a document is about to leave: a reason to withdraw it, or None."""
    taken = waiting(case)
    if taken is None or taken.key != key:
        return "withdrawn"
    if case.closed:
        return "closed"
    if open_holds(case):
        return "paused"
    if taken.on < today:
        return "late"
    return "paid" if settled_without(case, taken, today) else None


def settled_without(case: Case, taken: StepTaken, today: date) -> bool:
    """Would nothing be owed if this step had not been taken?"""
    fact = StepWithdrawn(on=today, recorded_on=today, key=taken.key, why="paid")
    return books(case.with_facts((fact,)), today).payable <= 0


def pull_back(case: Case, why: str, today: date) -> tuple[Fact, ...]:
    """The fact that withdraws a waiting document, for a decision that stops the case (a dispute, a hold)."""
    taken = waiting(case)
    return (StepWithdrawn(on=today, recorded_on=today, key=taken.key, why=why),) if taken else ()


def statement_facts(stated: Statement) -> dict[str, Any]:
    """A statement as JSON values for a notice: fixed now, worded when it is sent."""
    return {
        "on": stated.on.isoformat(),
        "total_ore": stated.total,
        "per_day_ore": stated.per_day,
        "lines": [_line_facts(line) for line in stated.lines],
    }


def _line_facts(line: Line) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": line.kind, "ore": line.ore}
    for name in _OPTIONAL:
        value = getattr(line, name)
        if value:
            facts[name] = value.isoformat() if isinstance(value, date) else value
    if line.reference_bp is not None:
        facts["reference_bp"] = line.reference_bp
    return facts


_OPTIONAL = ("claim", "on", "cost", "basis", "first", "last", "days", "rate_bp", "base_ore", "way", "assumed")


def line_of(facts: Mapping[str, Any]) -> Line:
    """A line of a statement from the facts of a notice: what `statement_facts` wrote."""
    days = {name: date.fromisoformat(facts[name]) for name in _DAYS if facts.get(name)}
    return Line(**{**facts, **days})


_DAYS = ("on", "first", "last")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
