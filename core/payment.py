"""A payment (betalning): what it settles, what the debtor and the creditor are told, and the sum that settles.

Money is always taken in, whatever the case's state; what is too much is owed back and never kept (domain 2.4).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core import claimed, hold, ledger, payout, plan_life, settlement
from core.allocation import INTEREST, PRINCIPAL
from core.books import Settled, books, closed, rebook
from core.case import NOTHING, Case, Decision
from core.claimed import CLAIMED
from core.dunning import barred, current_deadline
from core.errors import Refusal
from core.facts import Closed, Fact, PaymentClaimed, PaymentReceived, PaymentReleased, Quoted
from core.ledger import Transfer
from core.money import TOLERANCE_ORE, Ore
from core.notice import Form, Notice, Receiver
from core.objections import disputed
from core.standing import steps_taken
from core.statement import per_day
from core.steps import pull_back, resumed, settled_without, task, waiting

REFUND_WITHIN_DAYS = 5
#: So long a payment that somebody says they have made may be under way, in banking days.
SEARCH_BANK_DAYS = 3
#: The reference of a payment that is only thought of.
PREVIEWED = "?"


def receive(
    case: Case,
    amount: Ore,
    way: str,
    reference: str,
    on: date,
    today: date,
    order_on: date | None = None,
    *,
    from_suspense: bool = False,
) -> Decision:
    """Take in a payment booked on ``on`` and known today. The same ``reference`` again changes nothing.

    ``from_suspense``: the money lay on the account unmatched before. What may not be counted is kept apart
    (`why_kept`), and a person looks.

    Raises Refusal ``payment_amount``, ``payment_date`` or ``payment_before``.
    """
    if any(fact.reference == reference for fact in case.all(PaymentReceived)):
        return NOTHING
    _check(case, amount, on, today)
    fact = PaymentReceived(
        on=on,
        recorded_on=today,
        amount=amount,
        way=way,
        reference=reference,
        receipt=case.next_receipt(),
        order_on=order_on,
        kept=why_kept(case, amount, way, on, today),
        from_suspense=from_suspense,
    )
    return counted(case, fact, (*_document_overtaken(case, fact, today), fact), today)


def counted(case: Case, fact: PaymentReceived, facts: tuple[Fact, ...], today: date) -> Decision:
    """``facts`` make a payment count: the book, what follows from it, and what everybody is told."""
    released = fact not in facts
    source = f"payment:{fact.reference}" + (":released" if released else "")
    first = Decision(facts, rebook(case, facts, today, "payment", source))
    booked = case.adding(first)
    follows = _what_follows(booked, today)
    after = booked.adding(follows)
    if all(isinstance(each, Closed) for each in follows.facts):
        closed(booked, after, today)
    told = _tell(after, fact, first.transfers + follows.transfers, today, again=released)
    notices = (*told, *follows.notices)
    case.step_by_step(first.facts + follows.facts, after)
    return Decision(first.facts + follows.facts, first.transfers + follows.transfers, notices)


def why_kept(case: Case, amount: Ore, way: str, on: date, today: date) -> str:
    """Why a payment of ``amount`` is kept apart instead of counted, as in `PaymentReceived.kept`; empty: it counts.

    What is disputed is not settled with money that came while it was (domain 3.3), and nothing is taken on a claim
    that is time-barred (4) or closed; what the creditor has got from the debtor itself is as it is.
    """
    if way == "direct":
        return ""
    if case.closed:
        return "time_barred" if case.closed.why == "time_barred" else "closed"
    if barred(case, on):
        return "time_barred"
    resting = [each for each in disputed(case) if each.stops_on(on)]
    if any(each.whole for each in resting):
        return "disputed"
    return "disputed_part" if resting and amount > books(case, today).payable else ""


def _what_follows(paid: Case, today: date) -> Decision:
    """A settlement that is met, a payment that was looked for, a case that is paid, a plan that is kept to the end."""
    if paid.closed:
        return NOTHING
    settled = settlement.settled(paid, today)
    after = paid.adding(settled)
    facts: tuple[Fact, ...] = claimed.lifted(after, today)
    if not after.closed and books(after, today).total <= 0:
        facts = (*facts, Closed(on=today, recorded_on=today, why="paid"))
    facts = (*facts, *plan_life.kept(after.with_facts(facts), today))
    found = resumed(after.with_facts(facts), CLAIMED, today) if claimed.paused(after) and facts else ()
    return Decision((*settled.facts, *facts), settled.transfers, (*settled.notices, *found))


def with_payment(case: Case, amount: Ore, way: str, on: date, today: date) -> Case:
    """The case as it would stand with a payment, whose reference is `PREVIEWED`. Refuses as `receive` does."""
    _check(case, amount, on, today)
    kept = why_kept(case, amount, way, on, today)
    fact = PaymentReceived(on=on, recorded_on=today, amount=amount, way=way, reference=PREVIEWED, receipt=0, kept=kept)
    return case.with_facts((*_document_overtaken(case, fact, today), fact))


def _check(case: Case, amount: Ore, on: date, today: date) -> None:
    if amount <= 0:
        raise Refusal("payment_amount")
    if on > today:
        raise Refusal("payment_date")
    earliest = min(claim.origin_date for claim in case.claims)
    if on < earliest:
        raise Refusal("payment_before", earliest=earliest)


def _document_overtaken(case: Case, fact: PaymentReceived, today: date) -> tuple[Fact, ...]:
    """The debtor pays while a demand waits in the outbox: it never leaves, and its fee is gone."""
    taken = waiting(case)
    if taken and settled_without(case.with_facts((fact,)), taken, today):
        return pull_back(case, "paid", today)
    return ()


def _tell(
    after: Case, fact: PaymentReceived, transfers: tuple[Transfer, ...], today: date, *, again: bool
) -> list[Notice]:
    settled = settled_by(after, fact.reference, today)
    left = books(after, today).total
    facts = receipt_facts(after, settled, today)
    if again:
        facts |= {"receipt": f"{after.ocr}-{_released(after, fact).receipt}", "released": facts["receipt"]}
    ref = f"{after.ocr}:payment:{fact.receipt}" + (":released" if again else "")
    notices = [Notice(f"{ref}:receipt", "receipt", Receiver.DEBTOR, Form.CHAT, today, facts)]
    if settled.parts:
        kind = "creditor.paid" if left <= 0 else "creditor.part_paid"
        done = {**facts, **creditor_share(transfers), "payout_on": _payout_on(after, today).isoformat()}
        notices.append(Notice(f"{ref}:creditor", kind, Receiver.CREDITOR, Form.CHAT, today, done))
    if settled.over:
        due = after.rules.calendar.add(today, REFUND_WITHIN_DAYS)
        kind = "payment_kept" if fact.kept and not again and fact.kept != "closed" else "refund"
        notices.append(task(after, f"{kind}:{fact.receipt}", kind, due, amount_ore=settled.over, why=fact.kept))
    return notices


def _released(case: Case, fact: PaymentReceived) -> PaymentReleased:
    return next(each for each in case.all(PaymentReleased) if each.reference == fact.reference)


def settled_by(case: Case, reference: str, today: date) -> Settled:
    """What one payment settled. Raises StopIteration when there is no such payment."""
    return next(settled for settled in books(case, today).payments if settled.fact.reference == reference)


def receipt_facts(case: Case, settled: Settled, today: date) -> dict[str, Any]:
    """A payment's receipt (kvitto) as JSON values: what it settled, what is left, and by when.

    ``barred``: nobody asks for what is left, the claim is too old.
    """
    due, released = current_deadline(case), {each.reference for each in case.all(PaymentReleased)}
    return {
        "receipt": f"{case.ocr}-{settled.fact.receipt}",
        "amount_ore": settled.fact.amount,
        "way": settled.fact.way,
        "paid_on": settled.fact.on.isoformat(),
        "parts": parts_by_kind(settled),
        "over_ore": settled.over,
        "kept": settled.fact.kept if settled.over and settled.fact.reference not in released else "",
        "rounding_ore": settled.rounding,
        "waived_ore": settled.waived,
        "left_ore": max(books(case, today).payable, 0),
        "disputed_ore": books(case, today).frozen,
        "per_day_ore": per_day(case, today),
        "deadline": due.isoformat() if due else None,
        **({"barred": True} if barred(case, today) else {}),
    }


def parts_by_kind(settled: Settled) -> dict[str, Ore]:
    """Principal, interest and each kind of cost that a payment settled, in öre (a law keeps them apart: 5 §)."""
    parts: dict[str, Ore] = {}
    for part in settled.parts:
        kind = part.component if part.component in (PRINCIPAL, INTEREST) else part.account.removeprefix("case:")
        parts[kind] = parts.get(kind, 0) + part.ore
    return parts


def creditor_share(transfers: tuple[Transfer, ...]) -> dict[str, Ore]:
    """What the transfers give the creditor: principal less VAT on our fees, which only the creditor can deduct."""
    flows = ledger.balances(ledger.flows_of(transfers))
    vat = -flows.get(ledger.VAT_PAYABLE, 0)
    payable = -flows.get(ledger.PAYABLE, 0)
    return {
        "payout_ore": payable,
        "entrusted_ore": payable + vat,
        "vat_ore": vat,
        "fees_ore": -flows.get(ledger.FEES_EARNED, 0),
    }


def _payout_on(case: Case, today: date) -> date:
    return payout.next_payout(case.creditor.terms, case.rules.calendar, today)


def quote(case: Case, way: str, today: date) -> Decision:
    """Promise that today's amount settles for three banking days more (design 4, Quote).

    Raises Refusal ``closed`` or ``time_barred``.
    """
    _may_be_asked(case, today)
    total = books(case, today).payable
    until = case.rules.calendar.add(today, case.policy.quote_days)
    if any((fact.total, fact.until, fact.way) == (total, until, way) for fact in case.all(Quoted)):
        return NOTHING
    return Decision((Quoted(on=today, recorded_on=today, total=total, until=until, way=way),))


@dataclass(frozen=True, slots=True)
class Settling:
    """A sum that we have promised settles, and the last day on which it does."""

    amount: Ore
    until: date


def lowest_settling(case: Case, today: date) -> Settling | None:
    """The lowest promised sum below today's that settles today (design 4, Quote); None when today's is the lowest."""
    written = ((taken.total, taken.deadline) for taken in steps_taken(case) if taken.total and taken.deadline)
    quoted = ((fact.total, fact.until) for fact in case.all(Quoted))
    total = books(case, today).payable
    running = [Settling(amount, until) for amount, until in (*written, *quoted) if until >= today and amount < total]
    if case.closed or barred(case, today) or not running:
        return None
    lowest = min(running, key=lambda promise: (promise.amount, -promise.until.toordinal()))
    paid = with_payment(case, lowest.amount, "swish", today, today)
    return lowest if books(paid, today).payable <= 0 else None


def claim_paid(case: Case, today: date, amount: Ore = 0, paid_on: date | None = None, way: str = "") -> Decision:
    """The debtor says that they have paid: the case rests for three banking days while the money is looked for.

    When it is booked meanwhile, the pause ends by itself; else a person looks, and the pause goes on. What they did not
    say is 0, None or empty. Said again, it is one pause. Raises Refusal ``closed`` or ``payment_date``.
    """
    if paid_on and paid_on > today:
        raise Refusal("payment_date")
    until = case.rules.calendar.add(today, SEARCH_BANK_DAYS)
    held = hold.place(case, CLAIMED, today, until)
    fact = PaymentClaimed(
        on=today, recorded_on=today, receipt=case.next_receipt(), amount=amount, paid_on=paid_on, way=way
    )
    told = {
        "receipt": f"{case.ocr}-{fact.receipt}",
        "amount_ore": amount,
        "paid_on": paid_on.isoformat() if paid_on else None,
        "until": claimed_until(case.adding(held)).isoformat(),
    }
    key = f"{case.ocr}:claimed:{fact.receipt}"
    notice = Notice(key, "paid.receipt", Receiver.DEBTOR, Form.CHAT, today, told)
    return Decision((*held.facts, fact), held.transfers, (*held.notices, notice))


def claimed_until(case: Case) -> date:
    """The last day of the search. Raises AssertionError when nothing is looked for."""
    paused = claimed.paused(case)
    assert paused is not None
    return paused.review_on


def _may_be_asked(case: Case, today: date) -> None:
    """A payment is asked for on an open case only, and never when the claim is too old (preskriptionslagen 8 §)."""
    if case.closed:
        raise Refusal("closed")
    if barred(case, today):
        raise Refusal("time_barred")


def part_payment(case: Case, amount: Ore, today: date) -> Settled:
    """What a payment of ``amount`` today would settle, and what would be left; nothing is booked.

    Raises Refusal ``closed``, ``time_barred``, ``part_too_small`` (under 1 kr) or ``part_too_large`` (the whole sum or
    more).
    """
    _may_be_asked(case, today)
    total = books(case, today).payable
    if amount < TOLERANCE_ORE:
        raise Refusal("part_too_small")
    if amount >= total:
        raise Refusal("part_too_large", total_ore=total)
    return settled_by(with_payment(case, amount, "swish", today, today), PREVIEWED, today)
