"""A payment for a plan that several cases share is spread over them; every other payment is its own case's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core import payment
from core.case import Case, CaseId, Decision
from core.facts import PaymentReceived, PlanAccepted
from core.money import Ore
from core.plan_life import running, spread

#: Stands between a payment's reference and the case that got a part of it: each part is booked under its own.
PART_OF = "/case:"


def family(case: Case) -> tuple[CaseId, ...]:
    """The cases that have shared a plan with this one, itself among them."""
    accepted = case.last(PlanAccepted)
    return tuple(sorted({case.id, *(accepted.cases if accepted else ())}))


def sharing(case: Case, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Those of the cases that are on the plan of this one now, the one that bears the fee first; else none."""
    plan = running(case)
    if plan is None:
        return ()
    on_it = [each for each in cases if (own := running(each)) and own.id == plan.id]
    return tuple(sorted(on_it, key=lambda each: plan.cases.index(each.id)))


def receive(
    cases: Mapping[CaseId, Case],
    case_id: CaseId,
    amount: Ore,
    way: str,
    reference: str,
    on: date,
    today: date,
    order_on: date | None = None,
    *,
    from_suspense: bool = False,
) -> dict[CaseId, Decision]:
    """Take in a payment for a case out of its family. The same ``reference`` again changes nothing.

    ``from_suspense`` and ``order_on`` are those of `payment.receive`, and so is what is refused.
    """
    if known(cases.values(), reference):
        return {}
    case = cases[case_id]
    shared = sharing(case, cases.values())
    if len(shared) < 2:
        return {
            case_id: payment.receive(case, amount, way, reference, on, today, order_on, from_suspense=from_suspense)
        }
    return {
        each: payment.receive(
            cases[each],
            ore,
            way,
            _own(reference, case, cases[each]),
            on,
            today,
            order_on,
            from_suspense=from_suspense,
        )
        for each, ore in sorted(spread(shared, amount, today).items())
    }


def known(cases: Iterable[Case], reference: str) -> bool:
    """Whether a payment is booked already, whole or in parts."""
    return any(whole(fact.reference) == reference for case in cases for fact in case.all(PaymentReceived))


def whole(reference: str) -> str:
    """The reference of the whole payment that a part is of."""
    return reference.partition(PART_OF)[0]


def _own(reference: str, paid_to: Case, case: Case) -> str:
    return reference if case.id == paid_to.id else f"{reference}{PART_OF}{case.ocr}"


def parts_of(cases: Sequence[Case], reference: str) -> tuple[tuple[Case, PaymentReceived], ...]:
    """What each case got of a payment."""
    return tuple(
        (case, fact) for case in cases for fact in case.all(PaymentReceived) if whole(fact.reference) == reference
    )
