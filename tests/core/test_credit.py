"""What the creditor tells of: money that it got itself, and claims that it takes back (domain 10.2)."""

from datetime import date

import pytest

from core import credit, direct, dispute, kept, ledger, reversal
from core.books import books
from core.errors import Refusal
from core.kept import May
from core.ledger import balances, flows_of
from core.party import CreditorTerms
from core.statement import statement
from tests.world import World, new_case

JULY_31 = date(2025, 7, 31)


def sara(terms: CreditorTerms | None = None) -> World:
    """Reminder and demand have left: 1 000 kr, interest 8,22 and costs 240 kr are owed."""
    world = World.begin(new_case(terms=terms or CreditorTerms(reminder_after_days=10)), date(2025, 7, 2))
    world.live_until(JULY_31)
    assert world.owed == 124_822
    return world


def sums(world: World) -> dict[str, int]:
    return balances(flows_of(world.case.transfers))


def test_what_the_creditor_got_is_for_the_invoice_and_the_fees_are_left() -> None:
    world = sara()
    world.decide(lambda case: direct.register(case, 100_000, JULY_31, 1, JULY_31))
    assert world.owed == 24_822
    assert sums(world).get(ledger.PAYABLE, 0) == 0
    world.pay(24_822, "bank")
    assert (-sums(world)[ledger.PAYABLE], -sums(world)[ledger.VAT_PAYABLE]) == (-6_000, 6_000)
    world.check_books()


def test_told_twice_it_is_booked_once_and_another_one_is_not_lost() -> None:
    world = sara()
    world.decide(lambda case: direct.register(case, 40_000, JULY_31, 1, JULY_31))
    assert not direct.register(world.case, 40_000, JULY_31, 1, JULY_31)
    with pytest.raises(Refusal) as refused:
        direct.register(world.case, 50_000, JULY_31, 1, JULY_31)
    assert refused.value.code == "direct_changed"


def test_more_than_was_owed_is_refused_with_the_sum() -> None:
    with pytest.raises(Refusal) as refused:
        direct.register(sara().case, 130_000, JULY_31, 1, JULY_31)
    assert (refused.value.code, refused.value.facts["most_ore"]) == ("direct_too_large", 124_822)


def test_what_the_creditor_had_got_before_the_debtor_paid_us_goes_back() -> None:
    world = sara()
    world.pay(124_822, "bank")
    world.today = date(2025, 8, 1)
    world.decide(lambda case: direct.register(case, 50_000, date(2025, 7, 20), 1, world.today))
    # Without the interest on 500 kr from 21 July on.
    assert books(world.case, world.today).overpaid == 50_000 + 151
    assert [notice.kind for _, notice in world.told if notice.kind == "task.refund"]
    world.check_books()


def test_it_was_not_so_and_the_case_goes_on() -> None:
    world = sara()
    world.decide(lambda case: direct.register(case, 124_822, JULY_31, 1, JULY_31))
    assert world.case.closed
    world.decide(lambda case: direct.undo(case, 1, JULY_31, same_day=True))
    assert (world.owed, world.case.closed) == (124_822, None)
    assert not direct.undo(world.case, 1, JULY_31, same_day=True)
    world.check_books()
    with pytest.raises(Refusal, match="direct_old"):
        direct.undo(world.case, 1, date(2025, 8, 1), same_day=True)


def test_a_full_credit_after_full_payment_owes_all_of_it_back() -> None:
    world = sara()
    world.pay(124_822, "bank")
    assert -sums(world)[ledger.PAYABLE] == 94_000
    world.decide(lambda case: credit.all_of(case, JULY_31, "K-77"))
    # What we have paid out already is the creditor's to give back: 940 kr less than before.
    assert sums(world).get(ledger.PAYABLE, 0) == 0
    assert books(world.case, JULY_31).overpaid == 124_822
    stated = statement(world.case, JULY_31)
    assert (stated.total, [line.ore for line in stated.lines if line.kind == "over"]) == (0, [124_822])
    assert world.case.closed is not None
    assert world.case.closed.why == "credited"
    [told] = [notice for _, notice in world.told if notice.kind == "credited"]
    assert (told.facts["number"], told.facts["over_ore"]) == ("K-77", 124_822)
    world.check_books()
    with pytest.raises(Refusal, match="closed"):
        credit.all_of(world.case, JULY_31)


def test_a_part_of_a_paid_claim_goes_back_with_the_interest_on_it() -> None:
    world = sara()
    world.pay(124_822, "bank")
    world.decide(lambda case: credit.part_of(case, ((1, 30_000),), JULY_31))
    assert books(world.case, JULY_31).overpaid == 30_000 + 247
    assert world.case.closed is not None
    assert world.case.closed.why == "paid"
    world.check_books()


def test_two_halves_are_the_whole_and_take_the_costs_along() -> None:
    world = sara()
    for _ in range(2):
        world.decide(lambda case: credit.part_of(case, ((1, 50_000),), JULY_31))
    assert (world.owed, world.case.closed is not None) == (0, True)
    world.check_books()


def test_costs_of_letters_that_left_are_the_creditors_where_its_terms_say_so() -> None:
    world = sara(CreditorTerms(reminder_after_days=10, costs_on_credit=True))
    world.decide(lambda case: credit.all_of(case, JULY_31))
    assert (-sums(world)[ledger.FEES_EARNED], -sums(world)[ledger.VAT_PAYABLE]) == (24_000, 6_000)
    assert -sums(world)[ledger.PAYABLE] == -30_000
    world.check_books()


@pytest.mark.parametrize("ended", ["rejected", "withdrawn", "upheld"])
def test_money_that_came_during_a_dispute_counts_or_goes_back_when_it_is_over(ended: str) -> None:
    world = sara()
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    world.pay(124_822, "bank")
    [fact] = reversal.kept(world.case)
    assert kept.may_count(world.case, fact, JULY_31) is May.ASKED
    receipt = dispute.objections(world.case)[0].receipt
    if ended == "withdrawn":
        world.decide(lambda case: dispute.withdraw(case, receipt, JULY_31))
    else:
        world.decide(lambda case: dispute.answer(case, receipt, ended, 1, JULY_31))
    assert not reversal.kept(world.case)
    assert world.owed == 0
    assert world.case.closed is not None
    assert books(world.case, JULY_31).overpaid == (124_822 if ended == "upheld" else 0)
    assert not [notice for _, notice in world.told if notice.kind == "resumed"]
    world.check_books()


def test_what_is_time_barred_counts_only_where_the_debtor_asked_for_it() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 23))
    world.today = date(2030, 1, 2)
    world.night()
    world.night()
    world.pay(50_000, "bank", "late")
    with pytest.raises(Refusal, match="kept_reason"):
        kept.count(world.case, "late", world.today, asked=False)
    world.decide(lambda case: kept.count(case, "late", world.today, asked=True))
    assert not reversal.kept(world.case)
    world.check_books()
