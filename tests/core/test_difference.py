"""What changed between two days: Sara's July, and any life that a case may have."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.case import Case
from core.difference import between, difference
from core.statement import statement
from tests.core.test_process_properties import START, Act, acts, cases, live
from tests.world import World, new_case


def told(case: Case, one: date, other: date) -> list[tuple[str, int]]:
    return [(change.line.cost or change.line.kind, change.ore) for change in between(case, one, other)]


def saras_july() -> World:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 31))
    return world


def test_fees_and_the_interest_of_the_days_between() -> None:
    case = saras_july().case
    assert told(case, date(2025, 7, 11), date(2025, 7, 31)) == [("interest", 548), ("demand", 18_000)]
    [interest, _] = between(case, date(2025, 7, 11), date(2025, 7, 31))
    assert (interest.line.first, interest.line.last) == (date(2025, 7, 12), date(2025, 7, 31))
    assert interest.line.days == 20


def test_the_order_in_which_the_days_are_named_does_not_matter() -> None:
    case = saras_july().case
    days = date(2025, 7, 31), date(2025, 7, 11)
    assert difference(case, *days) == difference(case, *reversed(days))


def test_before_there_was_a_debt_everything_is_new() -> None:
    case = saras_july().case
    assert told(case, date(2025, 5, 1), date(2025, 7, 1)) == [("principal", 100_000)]
    assert between(case, date(2025, 5, 1), date(2025, 5, 2)) == ()


def test_a_payment_takes_off_what_was_paid() -> None:
    world = saras_july()
    world.pay(50_000)
    changes = told(world.case, date(2025, 7, 30), date(2025, 7, 31))
    assert changes == [("interest", 27), ("payment", -50_000)]


@settings(max_examples=60)
@given(cases, acts, st.integers(-40, 200), st.integers(-40, 200))
def test_the_changes_add_up_whatever_has_happened(case: Case, happens: list[Act], one: int, other: int) -> None:
    case = live(case, happens, lambda _: 1).case
    first, last = sorted((START + timedelta(days=one), START + timedelta(days=other)))
    changes = between(case, first, last)
    assert sum(change.ore for change in changes) == statement(case, last).total - statement(case, first).total
    assert all(change.ore for change in changes)
    interest = [change.line for change in changes if change.line.kind == "interest"]
    assert all(line.first and line.last and first < line.first <= line.last <= last for line in interest)
