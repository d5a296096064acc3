"""A dispute on factual grounds (bestridande på saklig grund, inkassolagen 8 §): collection rests at once."""

from datetime import date, timedelta

from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.errors import Refusal
from core.facts import DisputeRaised
from core.notice import Form, Notice, Receiver
from core.standing import CREDITOR_ANSWER_DAYS, DISPUTE_ANSWER_DAYS, open_holds
from core.steps import pull_back, task

#: Grounds in plain words (domain 3.3); a factual ground need not be right to count. When in doubt: ``other``.
GROUNDS = frozenset({"already_paid", "not_ordered", "not_received", "faulty", "returned", "wrong_amount", "other"})


def raise_dispute(case: Case, ground: str, today: date) -> Decision:
    """The debtor objects to the claim. A document that has not left is withdrawn with its fee.

    A second dispute while the first is open adds nothing: the case rests already. Raises Refusal ``closed``.
    """
    if case.closed:
        raise Refusal("closed")
    if ground not in GROUNDS:
        raise Refusal("ground")
    if any(hold.reason == "dispute" for hold in open_holds(case)):
        return NOTHING
    number = case.next_receipt()
    fact = DisputeRaised(on=today, recorded_on=today, ground=ground, receipt=number)
    pulled = pull_back(case, "disputed", today)
    transfers = rebook(case, pulled, today, "withdrawal", f"{case.ocr}:dispute:{number}") if pulled else ()
    facts = {
        "receipt": f"{case.ocr}-{number}",
        "ground": ground,
        "stopped_ore": books(case.with_facts(pulled), today).total,
        "creditor_by": (today + timedelta(days=CREDITOR_ANSWER_DAYS)).isoformat(),
        "answer_by": (today + timedelta(days=DISPUTE_ANSWER_DAYS)).isoformat(),
    }
    ref = f"{case.ocr}:dispute:{number}"
    notices = (
        Notice(f"{ref}:receipt", "dispute.receipt", Receiver.DEBTOR, Form.CHAT, today, facts),
        Notice(f"{ref}:creditor", "creditor.disputed", Receiver.CREDITOR, Form.CHAT, today, facts),
        task(case, f"dispute:{number}", "dispute", today + timedelta(days=DISPUTE_ANSWER_DAYS), **facts),
    )
    return Decision((*pulled, fact), transfers, notices)
