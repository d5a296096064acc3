"""Taking a claim in charge (uppdrag): what is refused, what is booked, what the creditor is told."""

from collections.abc import Iterable
from datetime import date

from core.books import rebook
from core.case import Case, Decision
from core.claim import Claim
from core.dunning import forecast, limitation_on
from core.errors import Refusal
from core.facts import Registered
from core.notice import Form, Notice, Receiver
from core.standing import steps_taken


def register(case: Case, claim_ids: tuple[int, ...], today: date) -> Decision:
    """Register claims in a case, new or still before its first step (design 4, One letter).

    Raises Refusal ``step_taken`` when the case has begun, ``time_barred`` when nothing may be demanded any more.
    """
    if case.closed or steps_taken(case):
        raise Refusal("step_taken")
    if limitation_on(case) < today:
        raise Refusal("time_barred", day=limitation_on(case))
    terms = case.creditor.terms
    fact = Registered(
        on=today,
        recorded_on=today,
        claims=claim_ids,
        allocation=terms.allocation,
        interest_to_creditor=terms.interest_to_creditor,
        vat_on_interest=terms.vat_on_interest,
    )
    source = f"{case.ocr}:registered:{claim_ids[0]}"
    transfers = rebook(case, (fact,), today, "registered", source)
    after = case.with_facts((fact,))
    coming = {f"{step.kind}_on": step.on.isoformat() for step in forecast(after, today)}
    facts = {"claims": list(claim_ids), "principal_ore": sum(c.principal for c in case.claims if c.id in claim_ids)}
    notice = Notice(source, "creditor.registered", Receiver.CREDITOR, Form.CHAT, today, {**facts, **coming})
    return Decision((fact,), transfers, (notice,))


def joins(case: Case, due_date: date, today: date) -> bool:
    """May a claim handed over today share this case, its letters and fees? Both must be due (förfallna)."""
    return not case.closed and not steps_taken(case) and due_date < today and case.due_date < today


def into_cases(claims: Iterable[Claim], today: date) -> tuple[tuple[Claim, ...], ...]:
    """One creditor's claims on one debtor, handed over together: those that are due share a case, others wait alone."""
    claims = tuple(claims)
    due = tuple(claim for claim in claims if claim.due_date < today)
    return (*((due,) if due else ()), *((claim,) for claim in claims if claim.due_date >= today))
