"""An instalment plan (amorteringsplan, lag (1981:739) 3 §): what is offered, and what signing it does.

One plan is for all of a person's cases with one creditor and has one fee. The creditor's consent is a number of months;
beyond it the creditor is asked (``plan_request.py``). How a running plan lives is in ``plan_life.py``, what changes it
in ``plan_change.py``, the arithmetic in ``plan_terms.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.books import books, rebook
from core.case import Case, CaseId, Decision
from core.dunning import barred
from core.errors import Refusal
from core.facts import (
    Acknowledged,
    Fact,
    HoldLifted,
    InterestWaived,
    PlanAccepted,
    PlanAnswered,
    PlanAsked,
)
from core.money import TOLERANCE_ORE, Ore
from core.notice import Form, Notice, Receiver
from core.plan_life import running
from core.plan_terms import (
    LEAST_ORE,
    Instalment,
    Offer,
    by_sum,
    even,
    first_day,
    lengths,
    number_for,
    pay_days,
    shares,
    stored,
)
from core.standing import open_holds
from core.steps import pull_back

PAY_DAY = 25
#: The creditor answers a request for a longer plan within this; so long may the debtor think about a proposal, too.
ANSWER_DAYS = 14
#: The longest plan that a creditor is asked for.
MOST_MONTHS = 60

DISPUTED = frozenset({"dispute", "dispute_begun"})
#: Pauses that protect somebody: nothing is agreed before a person has looked.
PROTECTING = frozenset({"identity", "insolvency", "debt_relief", "deceased", "minor", "limitation"})
#: Pauses that a plan takes the place of.
WAITING = frozenset({"plan_asked", "plan_proposed", "settlement"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A sum a month that no plan allows, and the nearest that does. ``rule``: ``months``, ``least`` or ``longest``.

    ``ask_until`` is until when the case would rest if the creditor is asked; that can be done for ``months``.
    """

    months_needed: int
    months_allowed: int
    nearest: Offer
    ask_until: date
    rule: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan would be about: the cases, the oldest first, what each owes, and the one fee."""

    cases: tuple[Case, ...]
    owed: tuple[Ore, ...]
    fee: Ore
    on: date

    @property
    def total(self) -> Ore:
        return sum(self.owed) + self.fee

    @property
    def lead(self) -> Case:
        """The oldest case, which bears the fee and says what is said once."""
        return self.cases[0]

    @property
    def due(self) -> tuple[Ore, ...]:
        """What each case has to pay under the plan."""
        return (self.owed[0] + self.fee, *self.owed[1:])

    @property
    def ids(self) -> tuple[CaseId, ...]:
        return tuple(case.id for case in self.cases)


def plannable(cases: Sequence[Case], today: date) -> tuple[Case, ...]:
    """The cases that a plan can be about, the oldest first: open, not disputed as a whole, not held to protect anybody.

    Raises Refusal ``plan_running``, ``closed``, ``plan_disputed``, ``plan_held`` or ``time_barred`` if none is left.
    """
    for case in cases:
        if plan := running(case):
            raise Refusal("plan_running", plan=plan.id)
    rest = _some([case for case in cases if not case.closed and books(case, today).total > 0], "closed")
    rest = _some([case for case in rest if not held_by(case, DISPUTED)], "plan_disputed")
    rest = _some([case for case in rest if not barred(case, today)], "time_barred")
    rest = _some([case for case in rest if not held_by(case, PROTECTING)], "plan_held")
    rest = _some([case for case in rest if books(case, today).payable >= TOLERANCE_ORE], "plan_disputed")
    return tuple(sorted(rest, key=lambda case: (case.registered_on, case.id)))


def _some(cases: list[Case], otherwise: str) -> list[Case]:
    if not cases:
        raise Refusal(otherwise)
    return cases


def held_by(case: Case, reasons: frozenset[str]) -> bool:
    return any(paused.reason in reasons for paused in open_holds(case))


def ground(cases: Sequence[Case], today: date, on: date | None = None) -> Ground:
    """``on`` is the day of the terms, if they were made before today."""
    ready = plannable(cases, today)
    day = on or today
    return Ground(ready, tuple(books(case, day).payable for case in ready), plan_fee(ready[0], day), day)


def plan_fee(case: Case, today: date) -> Ore:
    charged: dict[str, Ore] = {}
    for cost in books(case, today).costs:
        charged[cost.kind] = charged.get(cost.kind, 0) + cost.ore
    return case.rules.chargeable(case.claims, charged, "plan", today)


def months_allowed(cases: Sequence[Case], today: date) -> int:
    """How many instalments the creditor agrees to: by its terms, or by its answer to this debtor."""
    return max(max(case.creditor.terms.plan_months, _granted(case, today)) for case in cases)


def _granted(case: Case, today: date) -> int:
    answered = case.last(PlanAnswered)
    if answered is None or answered.answer != "yes" or today > answered.on + timedelta(days=ANSWER_DAYS):
        return 0
    return next(fact.months for fact in case.all(PlanAsked) if fact.number == answered.number)


# Offers


def offers(cases: Sequence[Case], today: date, pay_day: int = PAY_DAY) -> tuple[Offer, ...]:
    """The plans that the creditor agrees to, the shortest first.

    Raises Refusal as `plannable`, ``plan_not_offered`` (the creditor can be asked) or ``plan_too_small``.
    """
    about = ground(cases, today)
    numbers = lengths(_consent(about, today), about.total)
    if not numbers:
        raise Refusal("plan_too_small", least_ore=LEAST_ORE, total_ore=about.total)
    return tuple(_offer(about, even(about.total, number), pay_day) for number in numbers)


def own(cases: Sequence[Case], per_month: Ore, today: date, pay_day: int = PAY_DAY) -> Offer | Refused:
    """The plan with so much a month, in whole kronor, or why there is none and which is nearest.

    Raises Refusal as `offers`, ``plan_amount`` or ``plan_one_payment`` when it is all paid at once.
    """
    about = ground(cases, today)
    nearest = offers(cases, today, pay_day)[-1]
    each = per_month // 100 * 100
    if each <= 0:
        raise Refusal("plan_amount")
    number, allowed = number_for(about.total, each), _consent(about, today)
    if number < 2:
        raise Refusal("plan_one_payment", total_ore=about.total)
    if each >= LEAST_ORE and number <= allowed:
        return _offer(about, by_sum(about.total, each, number), pay_day)
    rule = "least" if each < LEAST_ORE else "longest" if number > MOST_MONTHS else "months"
    return Refused(number, allowed, nearest, ask_until(today), rule)


def ask_until(today: date) -> date:
    """Until when a case rests while its creditor is asked."""
    return today + timedelta(days=ANSWER_DAYS)


def _consent(about: Ground, today: date) -> int:
    allowed = months_allowed(about.cases, today)
    if allowed < 2:
        raise Refusal("plan_not_offered", creditor=about.lead.creditor.short_name, ask_until=ask_until(today))
    return allowed


def _offer(about: Ground, sums: Sequence[Ore], pay_day: int) -> Offer:
    rules = about.lead.rules
    days = pay_days(rules.calendar, first_day(about.on), pay_day, len(sums))
    stops = about.lead.policy.plan_stops_interest
    return Offer(tuple(zip(days, sums, strict=True)), about.fee, about.total, len(sums), stops, about.on)


# Signing


def accept(cases: Sequence[Case], offer: Offer, plan_id: str, how: str, today: date) -> dict[CaseId, Decision]:
    """The debtor signed these terms: the plan runs in every case that it is about. Signed twice, it is one plan.

    The interest since the day of the terms falls away. Raises Refusal as `plannable`, or ``plan_changed``: the terms
    are not what is owed any more.
    """
    if any((plan := running(case)) and plan.id == plan_id for case in cases):
        return {}
    about = ground(cases, today, offer.on)
    paid_since = any(fact.on > offer.on for case in about.cases for fact in case.payments())
    if offer.total != about.total or paid_since or offer.first[0] <= today:
        raise Refusal("plan_changed")
    parts = shares(offer.instalments, about.due)
    decided = {
        case.id: _accepted(case, about, offer, part, plan_id, how, today)
        for case, part in zip(about.cases, parts, strict=True)
    }
    first = decided[about.lead.id]
    told = (*first.notices, *_tell_accepted(about, offer, plan_id, today))
    decided[about.lead.id] = Decision(first.facts, first.transfers, told)
    return decided


def _accepted(
    case: Case, about: Ground, offer: Offer, part: Sequence[Instalment], plan_id: str, how: str, today: date
) -> Decision:
    run_since = books(case, today).payable - books(case, offer.on).payable
    waived = (InterestWaived(on=today, recorded_on=today, ore=run_since),) if run_since > 0 else ()
    signed = PlanAccepted(
        on=today,
        recorded_on=today,
        plan=plan_id,
        receipt=case.next_receipt(),
        instalments=stored(part),
        fee=about.fee if case is about.lead else 0,
        how=how,
        cases=about.ids,
        interest_stops=offer.interest_stops,
        whole=stored(offer.instalments),
    )
    facts = (
        *pull_back(case, "plan", today),
        *waived,
        *let_go(case, today),
        signed,
        Acknowledged(on=today, recorded_on=today, how="plan"),
    )
    return Decision(facts, rebook(case, facts, today, "plan", f"{case.ocr}:plan:{plan_id}"))


def let_go(case: Case, today: date, reasons: frozenset[str] = WAITING) -> tuple[Fact, ...]:
    """The end of the pauses that something new takes the place of."""
    return tuple(
        HoldLifted(on=today, recorded_on=today, ref=paused.ref)
        for paused in open_holds(case)
        if paused.reason in reasons
    )


def _tell_accepted(about: Ground, offer: Offer, plan_id: str, today: date) -> tuple[Notice, ...]:
    lead = about.lead
    facts = {**offer_facts(offer), "plan": plan_id, "receipt": f"{lead.ocr}-{lead.next_receipt()}"}
    facts |= {"from": today.isoformat(), "cases": list(about.ids)}
    return (
        Notice(f"plan:{plan_id}:receipt", "plan.receipt", Receiver.DEBTOR, Form.CHAT, today, facts),
        Notice(f"plan:{plan_id}:document", "plan.document", Receiver.DEBTOR, Form.DOCUMENT, today, facts),
        Notice(f"plan:{plan_id}:creditor", "creditor.plan", Receiver.CREDITOR, Form.CHAT, today, facts),
    )


def offer_facts(offer: Offer) -> dict[str, Any]:
    """An offer as JSON values for a notice, a letter or the text that is signed."""
    return {
        "instalments": [[day.isoformat(), ore] for day, ore in offer.instalments],
        "fee_ore": offer.fee,
        "total_ore": offer.total,
        "interest_stops": offer.interest_stops,
        "on": offer.on.isoformat(),
    }
