"""A payment that does not count after all, or that counts after all (återföring). The replay does the arithmetic.

A case that was closed by the payment opens again, and the days that were left run on, never fewer than eight.
"""

from datetime import date

from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.dunning import current_deadline
from core.errors import NotFound, Refusal
from core.facts import (
    Fact,
    HoldLifted,
    HoldPlaced,
    PaymentReceived,
    PaymentReleased,
    PaymentReversed,
    PlanEnded,
    Reopened,
    WrittenOff,
)
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.payment import counted, receive
from core.standing import open_holds
from core.steps import resumed, task

#: ``mismatched``: it was another's; ``returned``: the bank took it back; ``withdrawn``: the creditor had told of it and
#: was wrong; ``mistaken``: one of us had, and no file of the bank knows it; ``reduced``: the bank took back a part, and
#: the rest comes anew. Where the money is then.
WHERE = {"mismatched": "suspense", "returned": "gone", "withdrawn": "gone", "mistaken": "gone", "reduced": "suspense"}
#: What the bank does is done, whatever has gone back of the payment meanwhile.
BY_BANK = frozenset({"returned", "reduced"})
#: After this nothing is asked for, whatever happens to the payment.
NEVER_REOPENED = frozenset({"credited", "withdrawn", "time_barred", "wrong", "uncollectable"})
#: So long a person has to look at a case whose agreement fell with the payment.
LOOK_DAYS = 14


def reverse(case: Case, reference: str, why: str, today: date) -> Decision:
    """Take a payment back. Done twice, it is done once. ``why`` is one of `WHERE`.

    Raises NotFound for a payment that is not in the case, Refusal ``payment_direct`` for one that the creditor got
    (only they withdraw it), ``refunded_already`` when what was too much of it has gone back. The caller knows that no
    line of the bank stands behind what is ``mistaken``.
    """
    fact = found(case, reference)
    if reference in case.reversed:
        return NOTHING
    if (fact.way == "direct") != (why == "withdrawn"):
        raise Refusal("payment_direct")
    assert why != "mistaken" or (fact.way == "bank" and not fact.from_suspense)
    gone = PaymentReversed(on=today, recorded_on=today, reference=reference, why=why, to=WHERE[why])
    if why not in BY_BANK and books(case.with_facts((gone,)), today).overpaid < 0:
        raise Refusal("refunded_already")
    opened = _open_again(case.with_facts((gone,)), today)
    facts: tuple[Fact, ...] = (gone, *opened)
    source = f"{case.ocr}:reversed:{fact.receipt}"
    transfers = rebook(case, facts, today, "reversal", source)
    return Decision(facts, transfers, _notices(case, case.with_facts(facts), gone, today))


def reduce(case: Case, reference: str, back: Ore, again: str, today: date) -> Decision:
    """The bank took back so much of a payment: the rest counts, as ``again``, from the day on which the whole did.

    Done twice, it is done once. Raises NotFound, Refusal ``match_gone`` when no part of it can be taken back, and what
    `reverse` and `payment.receive` refuse.
    """
    fact = found(case, reference)
    if any(other.reference == again for other in case.all(PaymentReceived)):
        return NOTHING
    if reference in case.reversed or fact.kept or not 0 < back < fact.amount:
        raise Refusal("match_gone")
    whole = reverse(case, reference, "reduced", today)
    taken = case.adding(whole)
    rest = receive(taken, fact.amount - back, fact.way, again, fact.on, today, fact.order_on, from_suspense=True)
    [gone] = [each for each in whole.facts if isinstance(each, PaymentReversed)]
    # What is left to pay is told as it is once the rest counts again.
    told = _notices(case, taken.adding(rest), gone, today)
    return Decision(whole.facts + rest.facts, whole.transfers + rest.transfers, told + rest.notices)


def release(case: Case, reference: str, today: date) -> Decision:
    """A payment that was kept apart counts from the day on which it came. Released twice, it is released once.

    Raises NotFound, Refusal ``payment_not_kept``, ``refunded_already`` when it is on its way back.
    """
    fact = found(case, reference)
    if any(released.reference == reference for released in case.all(PaymentReleased)):
        return NOTHING
    if not fact.kept or reference in case.reversed:
        raise Refusal("payment_not_kept")
    freed = PaymentReleased(on=today, recorded_on=today, reference=reference, receipt=case.next_receipt())
    if books(case.with_facts((freed,)), today).overpaid < 0:
        raise Refusal("refunded_already")
    return counted(case, fact, (freed,), today)


def found(case: Case, reference: str) -> PaymentReceived:
    """The payment with a reference. Raises NotFound."""
    for fact in case.all(PaymentReceived):
        if fact.reference == reference:
            return fact
    raise NotFound("payment")


def kept(case: Case) -> tuple[PaymentReceived, ...]:
    """The payments that are kept apart now, oldest first."""
    released = {fact.reference for fact in case.all(PaymentReleased)}
    return tuple(fact for fact in case.payments() if fact.kept and fact.reference not in released)


def is_reckoned(ref: str) -> bool:
    """Whether a pause stands only for the days on which a case was closed that opened again: nobody paused it."""
    return ref.startswith("reversed:")


def _open_again(after: Case, today: date) -> tuple[Fact, ...]:
    """The facts that open a case again which is not paid any more: while it was closed, its days stood still."""
    closed = after.closed
    reopened = Reopened(on=today, recorded_on=today, why="reversed")
    if closed is None or closed.why in NEVER_REOPENED or books(after.with_facts((reopened,)), today).total <= 0:
        return ()
    number = sum(1 for _ in after.all(HoldPlaced)) + 1
    rested = HoldPlaced(
        on=closed.on, recorded_on=today, ref=f"reversed:{number}", reason="reversed", review_on=today, until=today
    )
    over = HoldLifted(on=today, recorded_on=today, ref=rested.ref)
    if not _agreement_fell(after):
        return (reopened, rested, over)
    look_on = after.rules.calendar.add(today, LOOK_DAYS)
    looked_at = HoldPlaced(on=today, recorded_on=today, ref=f"staff:{number + 1}", reason="staff", review_on=look_on)
    return (reopened, rested, over, looked_at)


def _agreement_fell(case: Case) -> bool:
    """The case was closed as an agreement said: a person decides how it goes on."""
    kept_plan = any(fact.why == "kept" for fact in case.all(PlanEnded))
    return kept_plan or case.last(WrittenOff) is not None


def _notices(case: Case, after: Case, gone: PaymentReversed, today: date) -> tuple[Notice, ...]:
    """Everybody is told; that the days run on, where the case is open again; and a person looks, where one has to."""
    fact, why = found(case, gone.reference), gone.why
    notices = [*_told(case, after, fact, why, today)]
    if case.closed and not after.closed:
        notices += resumed(after, "reversed", today)
    short = max(-books(after, today).overpaid, 0)
    if short or _agreement_fell(case):
        told = {"amount_ore": fact.amount, "why": why, "short_ore": short}
        notices.append(task(after, f"reversed:{fact.receipt}", "reversed", today, **told))
    return tuple(notices)


def _told(case: Case, after: Case, fact: PaymentReceived, why: str, today: date) -> tuple[Notice, Notice]:
    """What no longer counts, what is left and by when, and what of it was to go back and does not."""
    numbers = [each.receipt for each in after.all(PaymentReleased) if each.reference == fact.reference]
    receipt = f"{after.ocr}-{max([fact.receipt, *numbers])}"
    due = None if after.closed or open_holds(after) else current_deadline(after)
    told = {
        "receipt": receipt,
        "amount_ore": fact.amount,
        "paid_on": fact.on.isoformat(),
        "why": why,
        "left_ore": max(books(after, today).payable, 0),
        "open": after.closed is None,
        "deadline": due.isoformat() if due and due >= today else None,
        "not_back_ore": max(books(case, today).overpaid, 0) - max(books(after, today).overpaid, 0),
    }
    key = f"{after.ocr}:reversed:{fact.receipt}"
    return (
        Notice(key, "payment.reversed", Receiver.DEBTOR, Form.CHAT, today, told),
        Notice(f"{key}:creditor", "creditor.payment_reversed", Receiver.CREDITOR, Form.CHAT, today, told),
    )
