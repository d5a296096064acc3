"""A random life of a case, told by its money: payments, credits, reversals, refunds, plans and disputes in any order.

After each day the books balance, and what the creditor has to get is what was collected or credited, less our fees and
VAT: counted here from what the payments settled, not from the ledger.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core import dispute, ledger, refund, reversal
from core.books import books
from core.case import Case
from core.dunning import current_deadline, limitation_on
from core.facts import CostsCharged, PaymentReceived, PaymentReversed, Refunded, RefundReturned
from core.ledger import balances, flows_of
from core.money import Ore, share
from core.party import CreditorTerms
from core.statement import statement
from tests.core.test_process_properties import Act, cases, live
from tests.effort import tries
from tests.world import World, new_case

#: Money moves in every second act, and often twice on one payment.
acts = st.lists(
    st.tuples(
        st.integers(0, 120),
        st.sampled_from(
            [
                *("pay", "pay_all", "late_pay", "direct", "pay", "pay_all", "late_pay"),
                *("mismatch", "chargeback", "mismatch", "chargeback", "count_kept", "refund", "refund_back", "refund"),
                *("part_back", "part_back"),
                *("credit", "take_all_back", "give_part", "object", "object_part", "answer", "withdraw", "give_all"),
                *("plan", "settle", "settle_yes", "waive", "quote", "release"),
            ]
        ),
        st.integers(100, 150_000),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=tries(160))
@given(cases, acts)
def test_whatever_happens_every_ore_is_explained(case: Case, happens: list[Act]) -> None:
    world = live(case, happens, lambda _: 1)
    stated = statement(world.case, world.today)
    sums = balances(flows_of(world.case.transfers))
    claims = sum(ore for account, ore in sums.items() if account.startswith("case:"))
    book = books(world.case, world.today)
    assert stated.total == book.total
    assert claims == books(world.case, world.today).total - running_interest(world)
    assert -sums.get(ledger.PAYABLE, 0) == the_creditors(world.case, world.today)
    assert -sums.get(ledger.OVERPAID, 0) == books(world.case, world.today).overpaid
    assert money_in(world.case) == sum(-sums.get(account, 0) for account in OURS_AND_OTHERS)


OURS_AND_OTHERS = (
    *(ledger.PAYABLE, ledger.OVERPAID, ledger.SUSPENSE, ledger.ROUNDING),
    *(ledger.FEES_EARNED, ledger.INTEREST_EARNED, ledger.VAT_PAYABLE),
)


def running_interest(world: World) -> Ore:
    """Interest that has run since the book was touched last: counted on the day, and booked with the next payment."""
    booked = balances(flows_of(world.case.transfers))
    on_account = booked.get(ledger.INTEREST, 0)
    return books(world.case, world.today).interest_left - on_account


def the_creditors(case: Case, today: date) -> Ore:
    """What is to be paid out: what was settled of the claim, less what the creditor got itself, fees and VAT."""
    book = books(case, today)
    principal = sum(each.claim.principal - each.principal_left - each.credited - each.off for each in book.claims)
    fees = 0
    for cost in book.costs:
        paid = cost.ore - cost.left - cost.off
        if cost.kind == "creditor_reminder":
            principal += paid
        else:
            fees += paid
    charged = sum(fact.ore for fact in case.all(CostsCharged))
    direct = sum(fact.amount for fact in case.payments() if fact.way == "direct")
    return principal - direct - charged - share(fees + charged, ledger.VAT_BP)


def money_in(case: Case) -> Ore:
    """What lies on the client account because of the case."""
    came = sum(fact.amount for fact in case.payments() if fact.way != "direct" and not fact.from_suspense)
    suspended = sum(
        fact.amount
        for fact in case.all(PaymentReceived)
        if fact.reference in case.reversed and not fact.from_suspense and in_suspense(case, fact.reference)
    )
    failed = {fact.number for fact in case.all(RefundReturned)}
    back = sum(fact.ore for fact in case.all(Refunded) if fact.number not in failed)
    return came + suspended - back


def in_suspense(case: Case, reference: str) -> bool:
    return any(fact.to == "suspense" and fact.reference == reference for fact in case.all(PaymentReversed))


def test_paid_by_mistake_then_rightly_then_too_much() -> None:
    """Another's payment closes the case, is taken out again, and the debtor's own is 51.78 too much."""
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 31))
    world.pay(world.owed, "bank", "bank:a")
    assert world.case.closed
    world.decide(lambda case: reversal.reverse(case, "bank:a", "mismatched", world.today))
    assert world.case.closed is None
    sums = balances(flows_of(world.case.transfers))
    assert -sums[ledger.SUSPENSE] == world.owed
    due = current_deadline(world.case)
    assert due is not None
    assert (due - world.today).days >= 8
    world.pay(world.owed + 5_178, "bank", "bank:b")
    assert refund.owed_back(world.case, world.today) == 5_178
    world.decide(lambda case: refund.pay_back(case, 5_178, "bank", 1, world.today))
    assert refund.owed_back(world.case, world.today) == 0
    world.check_books()
    assert statement(world.case, world.today).total == 0


def test_a_payment_on_a_disputed_claim_is_kept_until_it_counts() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 31))
    owed = world.owed
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", world.today))
    world.pay(50_000, "bank", "bank:a")
    assert world.owed == owed
    assert [fact.kept for fact in reversal.kept(world.case)] == ["disputed"]
    assert refund.owed_back(world.case, world.today) == 50_000
    world.decide(lambda case: reversal.release(case, "bank:a", world.today))
    assert world.owed == owed - 50_000
    assert refund.owed_back(world.case, world.today) == 0
    world.check_books()


def test_terms_that_the_creditor_changes_count_for_later_cases() -> None:
    """What was booked follows from facts: another order of set-off does not touch a case that has begun."""
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 31))
    world.pay(50_000, "bank", "bank:a")
    left = world.owed
    changed = replace(world.case.creditor, terms=CreditorTerms(allocation="principal_first", vat_on_interest=True))
    world.case = replace(world.case, creditor=changed, _cache={})
    assert world.owed == left
    world.pay(left, "bank", "bank:b")
    world.check_books()


def test_what_comes_after_limitation_is_kept_also_before_the_night_has_seen_it() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    barred = limitation_on(world.case)
    world.today = barred + timedelta(days=1)
    world.pay(50_000, "bank", "bank:late")
    assert [fact.kept for fact in reversal.kept(world.case)] == ["time_barred"]
    world.pay(10_000, "bank", "bank:early", on=barred)
    assert len(reversal.kept(world.case)) == 1
