"""A settlement: a sum and a day are offered, the creditor answers, and what comes in time is enough."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import deferral, settlement
from core.errors import Refusal
from core.facts import Acknowledged, Closed, WrittenOff
from core.standing import open_holds
from tests.core.test_plan import NOW, on_plan, sara
from tests.world import World

PAY_ON = date(2025, 8, 25)


def offered(ore: int = 900_00, pay_on: date = PAY_ON) -> World:
    world = sara()
    world.decide(lambda case: settlement.offer(case, ore, pay_on, NOW))
    return world


def answered(yes: bool = True, on: date = NOW) -> World:
    world = offered()
    world.live_until(on)
    world.decide(lambda case: settlement.answer(case, 1, yes, on))
    return world


def try_settle(world: World) -> None:
    """What follows a payment; whoever takes in money asks for it."""
    world.decide(lambda case: settlement.settled(case, world.today))


def test_an_offer_rests_the_case_and_asks_the_creditor() -> None:
    world = offered()
    assert [notice.kind for _, notice in world.told[-3:]] == [
        "settlement.asked",
        "creditor.settlement",
        "task.settlement",
    ]
    (held,) = open_holds(world.case)
    assert (held.reason, held.ends_on) == ("settlement", date(2025, 8, 14))
    assert settlement.waiting(world.case)
    world.live_until(date(2025, 8, 14))
    assert not [notice for day, notice in world.sent if day > NOW]


@pytest.mark.parametrize(
    ("ore", "pay_on", "code"),
    [
        (99, PAY_ON, "settlement_small"),
        (1248_22, PAY_ON, "settlement_large"),
        (900_00, date(2025, 9, 30), "settlement_date"),
        (900_00, NOW, "settlement_date"),
    ],
)
def test_an_offer_that_cannot_be_made(ore: int, pay_on: date, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        settlement.offer(sara().case, ore, pay_on, NOW)


def test_one_offer_at_a_time_and_none_beside_a_plan() -> None:
    with pytest.raises(Refusal, match="settlement_open"):
        settlement.offer(offered().case, 800_00, PAY_ON, NOW)
    world = sara()
    on_plan(world)
    with pytest.raises(Refusal, match="plan_running"):
        settlement.offer(world.case, 800_00, PAY_ON, NOW)


def test_what_comes_in_time_settles_and_the_rest_is_written_off() -> None:
    world = answered()
    assert world.case.last(Acknowledged)
    assert not settlement.settled(world.case, NOW)
    world.live_until(date(2025, 8, 10))
    world.pay(400_00)
    try_settle(world)
    assert not world.case.closed
    world.live_until(date(2025, 8, 26))
    world.pay(499_50, on=PAY_ON)
    try_settle(world)
    closed, off = world.case.last(Closed), world.case.last(WrittenOff)
    assert closed
    assert closed.why == "settled"
    assert off
    assert off.on == PAY_ON
    assert world.owed == 0
    assert not settlement.settled(world.case, world.today)
    assert [notice.kind for _, notice in world.told[-2:]] == ["settlement.done", "creditor.settled"]
    world.check_books()


def test_an_agreed_day_is_reminded_of_with_what_is_left_of_the_sum() -> None:
    world = answered()
    world.pay(400_00)
    assert deferral.next_on(world.case, NOW) == date(2025, 8, 22)
    (told,) = deferral.advance(world.case, date(2025, 8, 22)).notices
    assert told.facts == {"day": "2025-08-25", "why": "settlement", "ore": 500_00}


def test_what_comes_too_late_settles_nothing_and_the_case_goes_on() -> None:
    world = answered()
    world.live_until(date(2025, 8, 27))
    world.pay(900_00)
    try_settle(world)
    assert not world.case.closed
    world.live_until(date(2025, 8, 28))
    assert not open_holds(world.case)
    assert [notice.kind for _, notice in world.told][-1] == "resumed"
    world.check_books()


def test_a_late_yes_still_leaves_eight_days() -> None:
    world = offered(pay_on=date(2025, 8, 5))
    world.live_until(date(2025, 8, 14))
    world.decide(lambda case: settlement.answer(case, 1, True, world.today))
    agreed = deferral.agreed(world.case)
    assert agreed
    assert agreed.pay_by == date(2025, 8, 22)


def test_a_no_and_no_answer_let_the_case_go_on() -> None:
    world = answered(yes=False)
    assert not open_holds(world.case)
    assert not settlement.answer(world.case, 1, True, NOW)
    world = offered()
    world.live_until(date(2025, 8, 15))
    assert not open_holds(world.case)
    with pytest.raises(Refusal, match="settlement_not_open"):
        settlement.answer(world.case, 1, True, world.today)
    assert settlement.offer(world.case, 900_00, PAY_ON, world.today)


@settings(max_examples=40)
@given(
    st.integers(100, 130_000),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(0, 50), st.integers(100, 100_000)), max_size=4),
)
def test_a_settlement_closes_only_what_was_paid_in_time(ore: int, yes_after: int, paid: list[tuple[int, int]]) -> None:
    world = sara()
    if ore >= world.owed:
        return
    world.apply(settlement.offer(world.case, ore, PAY_ON, NOW))
    in_time = 0
    for number in range(51):
        world.today = NOW + timedelta(days=number)
        world.day()
        if number == yes_after and settlement.waiting(world.case):
            world.decide(lambda case: settlement.answer(case, 1, True, world.today))
            try_settle(world)
        for _, amount in [each for each in paid if each[0] == number and not world.case.closed]:
            world.pay(amount)
            agreed = deferral.agreed(world.case)
            in_time += amount if agreed is None or world.today <= agreed.pay_by else 0
            try_settle(world)
        world.check_books()
    closed = world.case.closed
    if closed and closed.why == "settled":
        assert in_time > ore - 100
        assert world.owed == 0
    elif deferral.agreed(world.case) and not closed:
        assert in_time <= ore - 100
