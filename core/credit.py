"""A credit (kreditering): the creditor takes back all of a claim or a part, as if it had never been asked for.

It counts from the due date: the interest on it falls too, and what was paid on it is owed back. Of a whole claim
interest and costs go along; where the creditor's terms say so, the creditor then pays for our work with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core import ledger, plan_life
from core.books import Books, books, rebook
from core.case import Case, Decision
from core.errors import Refusal
from core.facts import Closed, CostsCharged, Credited, Fact, StepWithdrawn
from core.money import Ore
from core.notice import Form, Notice, Receiver
from core.objections import Parts
from core.payment import REFUND_WITHIN_DAYS
from core.steps import pull_back, task

#: What was paid on a claim can be taken back after the case has ended: the money then goes back to the debtor.
ENDED_PAID = frozenset({"paid", "settled"})
#: Staff who take back more principal than this in a creditor's place need a supervisor's second look (design 6).
LARGE_ORE = 1_000_000
#: Costs that are the creditor's own: nobody has worked for them on the creditor's account with us.
_CREDITORS_OWN = ledger.OUTLAYS | {"creditor_reminder"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a credit does for the debtor, in öre.

    ``fallen`` is interest and costs that go along, paid or not; ``back`` is owed back because of it, ``rounding`` what
    whole-krona rounding adds to that or (negative) takes from it. ``owed`` was to go back already.
    """

    fallen: Ore
    back: Ore
    rounding: Ore
    owed: Ore


def all_of(case: Case, today: date, note: str = "", *, answers: bool = False) -> Decision:
    """The whole claim is taken back: principal, interest and costs; what was paid is owed back, and the case ends.

    ``note`` is the number of the creditor's own credit note. ``answers``: it is given with the answer to an objection,
    which tells the debtor of it. Raises Refusal ``closed``.
    """
    _check_open(case)
    return _credited(case, (), today, note, whole=True, answers=answers)


def part_of(case: Case, parts: Parts, today: date, note: str = "", *, answers: bool = False) -> Decision:
    """So much principal of these claims is taken back, with the interest on it since the due date.

    ``parts`` are pairs of claim and öre; with the last of the principal it is `all_of`. Raises Refusal ``closed``,
    ``credit_amount`` for nothing or more than can be taken back.
    """
    _check_open(case)
    most = most_of(case, today)
    if not parts or any(not 0 < ore <= most.get(claim, 0) for claim, ore in parts):
        raise Refusal("credit_amount", most_ore=sum(most.values()))
    if dict(parts) == {claim: ore for claim, ore in most.items() if ore}:
        return all_of(case, today, note, answers=answers)
    decision = _credited(case, parts, today, note, whole=False, answers=answers)
    taken = credited_ore(case.adding(decision), today) - credited_ore(case, today)
    if taken < sum(ore for _, ore in parts):  # paid before the due date, and so not there to be taken back
        raise Refusal("credit_amount", most_ore=taken)
    return decision


def most_of(case: Case, today: date) -> Mapping[int, Ore]:
    """How much principal of each claim can still be taken back, in öre, whether it is paid or not."""
    return {state.claim.id: state.claim.principal - state.credited for state in books(case, today).claims}


def possible(case: Case, today: date) -> bool:
    """Whether anything can be taken back."""
    ended = case.closed is not None and case.closed.why not in ENDED_PAID
    return not ended and any(ore > 0 for ore in most_of(case, today).values())


def _check_open(case: Case) -> None:
    if case.closed and case.closed.why not in ENDED_PAID:
        raise Refusal("closed")


def _credited(case: Case, parts: Parts, today: date, note: str, *, whole: bool, answers: bool) -> Decision:
    number, receipt = next_number(case), 0 if answers else case.next_receipt()
    due = min(claim.due_date for claim in case.claims if whole or claim.id in dict(parts))
    fact = Credited(
        on=min(due, today), recorded_on=today, parts=parts, number=number, whole=whole, note=note, receipt=receipt
    )
    pulled = pull_back(case, "credited", today)
    facts: tuple[Fact, ...] = (*pulled, fact)
    if case.creditor.terms.costs_on_credit and (ore := _work_unpaid(case.with_facts(pulled), fact, today)):
        facts = (*facts, CostsCharged(on=today, recorded_on=today, ore=ore, number=number))
    source = f"{case.ocr}:credit:{number}"
    transfers = rebook(case, facts, today, "credit", source)
    facts = (*facts, *_ended(case.with_facts(facts), whole, today))
    after = case.with_facts(facts)
    over = books(after, today).overpaid - books(case, today).overpaid
    notices: list[Notice] = []
    if over > 0:
        due_on = case.rules.calendar.add(today, REFUND_WITHIN_DAYS)
        notices.append(task(case, f"refund:credit:{number}", "refund", due_on, amount_ore=over))
    if not answers:
        told = {"number": note_of(case, fact), "ore": credited_ore(after, today) - credited_ore(case, today)}
        told |= {"left_ore": max(books(after, today).total, 0), "over_ore": max(over, 0), "whole": whole}
        told["receipt"] = f"{case.ocr}-{receipt}"
        notices.append(Notice(f"{source}:debtor", "credited", Receiver.DEBTOR, Form.CHAT, today, told))
    return Decision(facts, transfers, tuple(notices))


def _ended(after: Case, whole: bool, today: date) -> tuple[Fact, ...]:
    """The case ends with the whole claim, or when nothing is left beside the part."""
    if whole:
        return (Closed(on=today, recorded_on=today, why="credited"),)
    if after.closed or books(after, today).total > 0:
        return ()
    closed = Closed(on=today, recorded_on=today, why="paid")
    return (closed, *plan_life.kept(after.with_facts((closed,)), today))


def _work_unpaid(case: Case, fact: Credited, today: date) -> Ore:
    """What we had charged for documents that left, or a plan that was signed, and that falls away, in öre."""
    return max(_work(books(case, today)) - _work(books(case.with_facts((fact,)), today)), 0)


def _work(book: Books) -> Ore:
    return sum(cost.ore - cost.off for cost in book.costs if cost.kind not in _CREDITORS_OWN)


def note_of(case: Case, fact: Credited) -> str:
    """The number under which a credit is told: the creditor's own, else one of ours."""
    return fact.note or f"{case.ocr}-K{fact.number}"


def ore_of(case: Case, fact: Credited) -> Ore:
    """How much principal one credit took back, in öre: its parts, or all that the earlier ones had left."""
    if not fact.whole:
        return sum(ore for _, ore in fact.parts)
    before = sum(ore for each in case.all(Credited) if each.number < fact.number for _, ore in each.parts)
    return sum(claim.principal for claim in case.claims) - before


def outcome(before: Case, after: Case, on: date) -> Outcome:
    """What has changed for the debtor between two states of a case, the second with a credit."""
    was, now = books(before, on), books(after, on)
    return Outcome(
        fallen=_beside_principal(was) - _beside_principal(now),
        back=max(now.overpaid - was.overpaid, 0),
        rounding=_rounding(now) - _rounding(was),
        owed=max(was.overpaid - was.kept, 0),
    )


def outcome_of(case: Case, fact: Credited) -> Outcome:
    """The same of a credit that was given, as it was on its day; a document that it pulled back is part of it."""
    after = case.facts.index(fact) + 1
    first = case.facts[max(after - 2, 0)]
    pulled = isinstance(first, StepWithdrawn) and first.why == "credited"
    return outcome(case.up_to(after - 2 if pulled else after - 1), case.up_to(after), fact.recorded_on)


def _beside_principal(book: Books) -> Ore:
    """Interest and costs that are asked for or were paid."""
    interest = sum(state.interest - state.interest_waived for state in book.claims)
    return interest + sum(cost.ore - cost.off for cost in book.costs)


def _rounding(book: Books) -> Ore:
    """What was forgiven (positive) or kept by rounding to whole kronor."""
    return sum(payment.rounding for payment in book.payments)


def next_number(case: Case) -> int:
    """The running number of the case's next credit."""
    return sum(1 for _ in case.all(Credited)) + 1


def credited_ore(case: Case, on: date) -> Ore:
    """How much principal of the case has been taken back by a day, in öre."""
    return sum(state.credited for state in books(case, on).claims)
