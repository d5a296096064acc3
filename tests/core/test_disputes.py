"""Sara objects: to all of it or to a part, is answered, keeps her view (conversations 3.4, on 31 July 2025)."""

from datetime import date

import pytest

from core import credit, dispute, hold
from core.books import books
from core.dunning import Paused, current_deadline, next_step
from core.errors import Refusal
from core.facts import Credited
from core.notice import Receiver
from core.objections import objections
from core.standing import Handling, Payment, open_holds, standing
from core.statement import payable, statement
from tests.world import World, new_case

JULY_31 = date(2025, 7, 31)


@pytest.fixture
def sara() -> World:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(JULY_31)
    return world


def test_a_part_of_the_invoice_rests_and_the_rest_is_named_to_the_ore(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "wrong_amount", JULY_31, ((1, 40_000),)))
    [receipt] = [notice for _, notice in sara.told if notice.kind == "dispute.receipt"]
    assert (receipt.facts["principal_ore"], receipt.facts["interest_ore"]) == (40_000, 329)
    rest = payable(sara.case, JULY_31)
    assert rest.total == receipt.facts["rest"]["total_ore"] == 84_493
    assert [(line.kind, line.ore) for line in rest.lines] == [
        ("principal", 60_000),
        ("interest", 493),
        ("cost", 6_000),
        ("cost", 18_000),
    ]
    assert current_deadline(sara.case) == date(2025, 8, 4)
    assert statement(sara.case, JULY_31).total == 124_822


def test_the_rest_goes_on_without_a_new_fee_and_is_paid_first(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31, ((1, 40_000),)))
    sara.live_until(date(2025, 8, 5))
    final = sara.sent[-1][1]
    assert (final.kind, final.facts["total_ore"]) == ("final_notice", 84_575)
    sara.pay(84_575, "bank")
    account = books(sara.case, sara.today)
    assert account.payable == 0
    assert account.frozen == account.total == 40_000 + 384
    assert sara.case.closed is None
    assert isinstance(next_step(sara.case, sara.today), Paused)
    sara.check_books()


def test_a_part_with_more_than_the_principal_is_all_of_it(sara: World) -> None:
    assert dispute.parts_of_amount(sara.case, 40_000, JULY_31) == ((1, 40_000),)
    assert dispute.parts_of_amount(sara.case, 110_000, JULY_31) == ()
    sara.decide(lambda case: dispute.raise_dispute(case, "other", JULY_31, ((1, 100_000),)))
    assert objections(sara.case)[0].whole
    assert standing(sara.case, JULY_31).handling is Handling.DISPUTED


def test_a_no_gives_eight_days_and_the_view_may_be_kept(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    sara.live_until(date(2025, 8, 14))
    sara.decide(lambda case: dispute.answer(case, 1, "rejected", 7, sara.today))
    assert current_deadline(sara.case) == date(2025, 8, 22)
    sara.live_until(date(2025, 8, 20))
    sara.decide(lambda case: dispute.keep_view(case, 1, sara.today))
    sara.live_until(date(2026, 6, 1))
    assert [notice.kind for day, notice in sara.sent if day > JULY_31] == []
    assert standing(sara.case, sara.today).handling is Handling.DISPUTED
    with pytest.raises(Refusal):
        dispute.keep_view(new_case(), 1, sara.today)


def test_a_no_to_a_part_gives_that_part_eight_days(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31, ((1, 40_000),)))
    sara.live_until(date(2025, 8, 12))
    sara.decide(lambda case: dispute.answer(case, 1, "rejected", 7, sara.today))
    assert current_deadline(sara.case) == date(2025, 8, 20)
    assert books(sara.case, sara.today).frozen == 0
    sara.check_books()


def test_a_yes_credits_all_and_owes_back_what_was_paid(sara: World) -> None:
    sara.pay(50_000)
    sara.decide(lambda case: dispute.raise_dispute(case, "not_ordered", JULY_31))
    sara.decide(lambda case: dispute.answer(case, 2, "upheld", 7, JULY_31))
    assert sara.case.closed is not None
    assert sara.case.closed.why == "credited"
    assert books(sara.case, JULY_31).overpaid == 50_000
    assert standing(sara.case, JULY_31).payment is Payment.OVERPAID
    assert [n.facts["amount_ore"] for _, n in sara.told if n.kind == "task.refund"] == [50_000]
    sara.check_books()


def test_partly_right_takes_the_interest_of_that_part_along(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    sara.decide(lambda case: dispute.answer(case, 1, "partly", 7, JULY_31, parts=((1, 40_000),)))
    [answer] = [notice for _, notice in sara.told if notice.kind == "dispute.answer"]
    assert (answer.facts["credited_ore"], answer.facts["left_ore"]) == (40_000, 84_493)
    assert sara.case.last(Credited) is not None
    assert current_deadline(sara.case) == date(2025, 8, 8)
    sara.check_books()


def test_a_dispute_begun_rests_the_case_and_leaves_no_trace_when_undone(sara: World) -> None:
    sara.decide(lambda case: dispute.begin(case, JULY_31))
    assert [pause.reason for pause in open_holds(sara.case)] == ["dispute_begun"]
    sara.decide(lambda case: dispute.undo(case, JULY_31))
    assert current_deadline(sara.case) == date(2025, 8, 4)
    sara.decide(lambda case: dispute.begin(case, JULY_31))
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31, ((1, 40_000),)))
    assert not open_holds(sara.case)
    assert current_deadline(sara.case) == date(2025, 8, 4)


def test_taken_back_time_runs_on(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31))
    sara.live_until(date(2025, 8, 7))
    sara.decide(lambda case: dispute.withdraw(case, 1, sara.today))
    assert current_deadline(sara.case) == date(2025, 8, 15)
    with pytest.raises(Refusal):
        dispute.withdraw(sara.case, 1, sara.today)


def test_the_creditor_is_reminded_after_seven_days_and_then_a_person_takes_over(sara: World) -> None:
    sara.decide(lambda case: dispute.raise_dispute(case, "faulty", JULY_31, ((1, 40_000),)))
    sara.live_until(date(2025, 8, 22))
    asked = [
        (day.day, notice.kind) for day, notice in sara.told if notice.receiver is not Receiver.DEBTOR and day > JULY_31
    ]
    assert asked[:4] == [
        (7, "creditor.disputed.reminder"),
        (14, "creditor.decide"),
        (15, "creditor.disputed.late"),
        (15, "task.dispute_unanswered"),
    ]


def test_hard_times_give_thirty_days_and_then_eight(sara: World) -> None:
    sara.decide(lambda case: hold.place(case, "hardship", JULY_31, until=date(2025, 8, 30)))
    sara.live_until(date(2025, 8, 31))
    assert not open_holds(sara.case)
    assert current_deadline(sara.case) == date(2025, 9, 8)


def test_a_credit_of_more_than_is_left_is_refused(sara: World) -> None:
    with pytest.raises(Refusal):
        credit.part_of(sara.case, ((1, 100_001),), JULY_31)
