"""Reports from the real tables, for staff and for a creditor."""

from datetime import date, timedelta

import pytest

from core.errors import NotAllowed, Refusal
from core.party import Actor, Role
from core.services import creditor_entries, payments, reports
from tests.services.world import CLERK, World, member


async def test_what_came_in_stands_in_its_week_until_it_is_taken_back(world: World) -> None:
    case = await world.sara()
    paid_on = world.clock.today()
    await payments.register_bank(world.house, CLERK, case.ocr, 50_000, paid_on)
    world.clock.advance(days=1)
    told = await reports.of(world.house, CLERK, paid_on - timedelta(days=6), paid_on)
    assert told.report.figure("collected").total == 50_000
    [day] = [bar for bar in told.report.figure("collected").bars if bar.value]
    assert day.cases == 1


async def test_what_was_too_much_is_not_collected_and_a_later_credit_is_taken_off_when_it_was_given(
    world: World,
) -> None:
    """1 300.00 for 1 248.22: 51.78 goes back. Two days later all is credited; the first day's report stays."""
    case = await world.sara()
    paid_on = world.clock.today()
    await payments.register_bank(world.house, CLERK, case.ocr, 130_000, paid_on)
    world.clock.advance(days=2)
    credited_on = world.clock.today()
    look = await creditor_entries.preview_credit(world.house, member(case), case.id, None)
    await creditor_entries.give_credit(world.house, member(case), case.id, None, "", look.number, look.effect.shown)
    world.clock.advance(days=1)
    before = await reports.of(world.house, CLERK, paid_on, paid_on)
    assert [before.report.figure(key).total for key in ("collected", "taken_off")] == [124_822, 0]
    after = await reports.of(world.house, CLERK, paid_on, credited_on)
    assert [after.report.figure(key).total for key in ("collected", "taken_off")] == [0, 124_822]


async def test_what_was_left_at_the_end_of_a_period_is_not_changed_by_what_comes_later(world: World) -> None:
    case = await world.sara()
    last = world.clock.today()
    world.clock.advance(days=3)
    before = (await reports.of(world.house, CLERK, last, last)).report.figure("aging")
    await payments.register_bank(world.house, CLERK, case.ocr, 200_000, world.clock.today())
    world.clock.advance(days=1)
    after = (await reports.of(world.house, CLERK, last, last)).report.figure("aging")
    assert (after, after.total) == (before, 124_000)
    assert (await reports.latest(world.house, CLERK)).report.figure("aging").total == 0


async def test_a_creditor_sees_its_own_cases_only_and_others_see_nothing(world: World) -> None:
    case = await world.sara()
    world.clock.advance(days=1)
    theirs = Actor(Role.MEMBER, 1, creditor_id=case.creditor.id)
    other = Actor(Role.MEMBER, 2, creditor_id=case.creditor.id + 1)
    assert (await reports.latest(world.house, theirs)).report.figure("aging").total
    assert (await reports.latest(world.house, other)).report.figure("aging").total == 0
    with pytest.raises(NotAllowed):
        await reports.latest(world.house, Actor(Role.DEBTOR, case.debtor.id))


async def test_only_days_that_are_over_are_reported(world: World) -> None:
    today = world.clock.today()
    with pytest.raises(Refusal, match="report_period"):
        await reports.of(world.house, CLERK, today, today)
    with pytest.raises(Refusal, match="report_period"):
        await reports.of(world.house, CLERK, today, date(2025, 7, 1))
