"""A dispute on factual grounds (bestridande på saklig grund, inkassolagen 8 §): collection rests at once."""

from datetime import date, timedelta

from core import hold
from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.dunning import current_deadline
from core.errors import Refusal
from core.facts import DisputeAnswered, DisputeRaised
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
    if is_open(case):
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


def reject(case: Case, text: int, today: date) -> Decision:
    """The creditor stands by the claim: time runs on, and the debtor hears why, in the chat and in writing.

    ``text`` is the id of the reason, which stands in a text of its own. Raises Refusal ``not_disputed``.
    """
    raised = case.last(DisputeRaised)
    if raised is None or not is_open(case):
        raise Refusal("not_disputed")
    fact = DisputeAnswered(on=today, recorded_on=today, answer="rejected")
    after = case.with_facts((fact,))
    due = current_deadline(after) if not open_holds(after) else None
    facts = {"text": text, "deadline": due.isoformat() if due else None}
    key = f"{case.ocr}:dispute:{raised.receipt}:answer"
    told = Notice(key, "dispute.answer", Receiver.DEBTOR, Form.CHAT, today, facts)
    return Decision((fact,), (), (told, *hold.resumed(after, "dispute", today, text=text)))


def is_open(case: Case) -> bool:
    """Whether an objection waits for its answer."""
    return any(paused.reason == "dispute" for paused in open_holds(case))
