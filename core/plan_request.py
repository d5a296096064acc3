"""A plan that needs another's word: the creditor is asked for more months, or the terms go to the debtor by letter."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core import hold
from core.case import NOTHING, Case, CaseId, Decision
from core.errors import Refusal
from core.facts import Acknowledged, Fact, PlanAnswered, PlanAsked, PlanProposed
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.plan import MOST_MONTHS, ask_until, ground, held_by, let_go, offer_facts, plan_fee
from core.plan_life import running
from core.plan_terms import Offer, read, shares, stored
from core.steps import task

#: Terms that wait for a letter's code are accepted some days before the first instalment at the latest.
BEFORE_FIRST_DAYS = 3
ASKED = frozenset({"plan_asked"})
REQUESTS = frozenset({"plan_asked", "plan_proposed"})


def ask(cases: Sequence[Case], months: int, per_month: Ore, today: date) -> dict[CaseId, Decision]:
    """The debtor asks for more months than the creditor agreed to, which acknowledges the debt. The cases rest.

    Asked again while the question is open, nothing happens. Raises Refusal as `plannable`, ``plan_months``.
    """
    about = ground(cases, today)
    if not 2 <= months <= MOST_MONTHS:
        raise Refusal("plan_months", most=MOST_MONTHS)
    if any(held_by(case, ASKED) for case in about.cases):
        return {}
    number = 1 + max(sum(1 for _ in case.all(PlanAsked)) for case in about.cases)
    answer_by = ask_until(today)
    asked = PlanAsked(on=today, recorded_on=today, number=number, months=months, answer_by=answer_by, cases=about.ids)
    known = Acknowledged(on=today, recorded_on=today, how="plan_asked")
    lead = about.lead
    facts: dict[str, Any] = {"number": number, "months": months, "per_month_ore": per_month}
    facts |= {"total_ore": about.total}
    facts |= {"answer_by": answer_by.isoformat(), "cases": list(about.ids)}
    ref = f"{lead.ocr}:plan_asked:{number}"
    notices = (
        Notice(f"{ref}:receipt", "plan.asked", Receiver.DEBTOR, Form.CHAT, today, facts),
        Notice(f"{ref}:creditor", "creditor.plan_asked", Receiver.CREDITOR, Form.CHAT, today, facts),
        task(lead, f"plan_asked:{number}", "plan_asked", answer_by, **facts),
    )
    return {
        case.id: _resting(case, "plan_asked", answer_by, today, (asked, known), notices if case is lead else ())
        for case in about.cases
    }


def _resting(
    case: Case, reason: str, until: date, today: date, facts: tuple[Fact, ...], notices: tuple[Notice, ...]
) -> Decision:
    """Something waits for an answer: the case rests for it, and for nothing that waited before."""
    facts = (*facts, *let_go(case, today, REQUESTS))
    held = hold.place(case.with_facts(facts), reason, today, until=until)
    return Decision((*facts, *held.facts), held.transfers, (*notices, *held.notices))


def answer(case: Case, number: int, yes: bool, today: date) -> Decision:
    """The creditor's word about a longer plan, for each case that it is about. Answered twice, the first counts.

    After a yes the case rests for fourteen days more, in which the debtor can sign; one who has a plan by then needs no
    answer. Raises Refusal ``plan_not_asked``.
    """
    asked = next((fact for fact in case.all(PlanAsked) if fact.number == number), None)
    if asked is None or case.closed:
        raise Refusal("plan_not_asked")
    if any(fact.number == number for fact in case.all(PlanAnswered)):
        return NOTHING
    said = PlanAnswered(on=today, recorded_on=today, number=number, answer="yes" if yes else "no")
    if running(case):
        return Decision((said,))
    until = ask_until(today)
    facts: dict[str, Any] = {"number": number, "months": asked.months, "answer": said.answer}
    facts |= {"months_allowed": case.creditor.terms.plan_months, "until": until.isoformat() if yes else None}
    first = min(asked.cases, default=case.id)
    told = Notice(f"plan_asked:{first}:{number}:answer", "plan.answered", Receiver.DEBTOR, Form.CHAT, today, facts)
    if yes:
        return _resting(case, "plan_asked", until, today, (said,), (told,))
    if not held_by(case, ASKED):
        return Decision((said,), (), (told,))
    freed = hold.lift(case.with_facts((said,)), today, ASKED)
    return Decision((said, *freed.facts), freed.transfers, (told, *freed.notices))


# Proposing terms, to be accepted by a code from a letter


def propose(cases: Sequence[Case], offer: Offer, plan_id: str, today: date) -> dict[CaseId, Decision]:
    """Send these terms by letter, with a code by which they are accepted. The cases rest meanwhile.

    Raises Refusal as `plannable`, ``plan_changed``.
    """
    if any(fact.plan == plan_id for case in cases for fact in case.all(PlanProposed)):
        return {}
    about = ground(cases, today)
    if (offer.on, offer.total) != (about.on, about.total):
        raise Refusal("plan_changed")
    lead, calendar = about.lead, about.lead.rules.calendar
    until = calendar.add(ask_until(today), lead.policy.receipt_by_letter)
    until = min(until, offer.first[0] - timedelta(days=BEFORE_FIRST_DAYS))
    facts = {**offer_facts(offer), "plan": plan_id, "until": until.isoformat(), "cases": list(about.ids)}
    key = f"plan:{plan_id}:proposed"
    letter = Notice(key, "plan.proposed", Receiver.DEBTOR, Form.DOCUMENT, today, facts, via="letter")
    decided: dict[CaseId, Decision] = {}
    for case, part in zip(about.cases, shares(offer.instalments, about.due), strict=True):
        fact = PlanProposed(
            on=today, recorded_on=today, plan=plan_id, instalments=stored(part), until=until, cases=about.ids
        )
        decided[case.id] = _resting(case, "plan_proposed", until, today, (fact,), (letter,) if case is lead else ())
    return decided


def proposed(cases: Sequence[Case], plan_id: str, today: date) -> Offer:
    """The terms that were sent, to be accepted now. Raises Refusal ``plan_not_proposed`` or ``plan_expired``."""
    sent = [(case, fact) for case in cases for fact in case.all(PlanProposed) if fact.plan == plan_id]
    if not sent:
        raise Refusal("plan_not_proposed")
    terms = sent[0][1]
    if today > terms.until:
        raise Refusal("plan_expired", until=terms.until)
    sums: dict[date, Ore] = {}
    for _, fact in sent:
        for day, ore in read(fact.instalments):
            sums[day] = sums.get(day, 0) + ore
    lead = min([case for case, _ in sent], key=lambda case: (case.registered_on, case.id))
    stops = lead.policy.plan_stops_interest
    return Offer(tuple(sums.items()), plan_fee(lead, terms.on), sum(sums.values()), len(sums), stops, terms.on)
