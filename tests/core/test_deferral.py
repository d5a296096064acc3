"""More time and promises: the days that can be had, what they cost, and that people are reminded of them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import deferral, dispute, hold, more_time
from core.case import Case, Decision
from core.dunning import current_deadline
from core.errors import Refusal
from core.facts import Acknowledged, Promised
from core.notice import Notice
from core.party import CreditorTerms
from tests.core.test_plan import NOW, on_plan, sara
from tests.world import RULES, World, new_case

LATEST = date(2025, 9, 3)


def reminders(world: World) -> list[tuple[date, Notice]]:
    return [(day, notice) for day, notice in world.told if notice.kind == "time.reminder"]


def refused(decide: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as no:
        decide()
    return no.value


def test_more_time_can_be_had_until_the_pay_day_or_the_latest_day() -> None:
    assert more_time.choices(sara().case, NOW) == (date(2025, 8, 25), LATEST)


def test_more_time_moves_the_last_day_and_costs_interest_but_no_fee() -> None:
    world = sara()
    world.decide(lambda case: more_time.defer(case, date(2025, 8, 25), NOW))
    _, told = world.told[-1]
    assert told.facts == {"receipt": "10000180-1", "until": "2025-08-25", "ore": 1255_07}
    assert current_deadline(world.case) == date(2025, 8, 25)
    assert world.case.last(Acknowledged)
    world.live_until(date(2025, 8, 25))
    assert world.owed == 1255_07
    assert [(day, notice.facts["ore"]) for day, notice in reminders(world)] == [(date(2025, 8, 22), 1255_07)]
    assert not [notice for day, notice in world.sent if day > NOW]
    world.live_until(date(2025, 8, 26))
    assert world.sent[-1][1].kind == "final_notice"


def test_a_day_outside_the_rule_is_refused_with_the_nearest() -> None:
    world = sara()
    late = refused(lambda: more_time.defer(world.case, date(2025, 9, 4), NOW))
    assert (late.code, late.facts["nearest"], late.facts["days"]) == ("more_time_too_late", LATEST, 30)
    assert refused(lambda: more_time.defer(world.case, date(2025, 8, 2), NOW)).code == "more_time_needless"
    assert refused(lambda: more_time.defer(world.case, date.max, NOW)).code == "more_time_too_late"
    world.decide(lambda case: more_time.defer(case, LATEST, NOW))
    again = refused(lambda: more_time.defer(world.case, date(2025, 9, 30), NOW))
    assert (again.code, again.facts["until"]) == ("more_time_used", LATEST)


def test_who_needs_no_more_time_or_cannot_have_it_hears_why() -> None:
    def code(world: World) -> str:
        return refused(lambda: more_time.latest(world.case, NOW)).code

    none, planned, disputed, paid = (
        sara(CreditorTerms(reminder_after_days=10, more_time_days=0)),
        sara(),
        sara(),
        sara(),
    )
    on_plan(planned)
    disputed.decide(lambda case: dispute.raise_dispute(case, "faulty", NOW))
    paid.pay(paid.owed)
    assert [code(world) for world in (none, planned, disputed, paid)] == [
        "more_time_not_given",
        "more_time_held",
        "more_time_held",
        "closed",
    ]


def test_before_the_first_document_the_wait_holds_it_back() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    assert more_time.latest(world.case, world.today) == date(2025, 8, 1)
    world.decide(lambda case: more_time.defer(case, date(2025, 7, 25), world.today))
    world.live_until(date(2025, 7, 27))
    assert not world.sent
    assert [day for day, _ in reminders(world)] == [date(2025, 7, 22)]
    world.live_until(date(2025, 7, 28))
    assert world.sent[0][1].kind == "reminder"


def test_a_document_that_has_not_left_does_not_leave() -> None:
    world = sara()
    world.live_until(date(2025, 8, 4))
    world.sending = False
    world.today = date(2025, 8, 5)
    world.day()
    assert world.outbox[0].kind == "final_notice"
    assert more_time.latest(world.case, world.today) == date(2025, 9, 4)  # not counted from a letter that never left
    world.decide(lambda case: more_time.defer(case, date(2025, 8, 25), world.today))
    world.sending = True
    world.live_until(date(2025, 8, 25))
    assert "final_notice" not in [notice.kind for _, notice in world.sent]
    world.check_books()


def test_a_promise_within_the_time_is_kept_in_mind_and_moves_nothing() -> None:
    world = World.begin(new_case(), date(2025, 7, 2))
    world.live_until(date(2025, 7, 23))
    world.decide(lambda case: more_time.promise(case, date(2025, 8, 1), world.today))
    assert world.case.last(Promised)
    assert not world.case.last(Acknowledged)
    late = refused(lambda: more_time.promise(world.case, date(2025, 8, 5), world.today))
    assert (late.code, late.facts["nearest"]) == ("promise_too_late", date(2025, 8, 4))
    assert refused(lambda: more_time.promise(world.case, date(2025, 7, 1), world.today)).code == "promise_past"
    world.live_until(date(2025, 8, 4))
    assert [day for day, _ in reminders(world)] == [date(2025, 7, 29)]
    assert current_deadline(world.case) == date(2025, 8, 4)


def test_nobody_is_reminded_of_what_they_chose_just_now_have_paid_or_object_to() -> None:
    world, paid, disputed = sara(), sara(), sara()
    world.decide(lambda case: more_time.promise(case, date(2025, 8, 2), NOW))
    for other in (paid, disputed):
        other.decide(lambda case: more_time.defer(case, date(2025, 8, 25), NOW))
    paid.pay(paid.owed)
    disputed.decide(lambda case: dispute.raise_dispute(case, "faulty", NOW))
    for each in (world, paid, disputed):
        assert deferral.next_on(each.case, NOW) is None
        each.live_until(date(2025, 8, 24))
        assert not reminders(each)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["defer", "promise", "hold", "lift"]), st.integers(-5, 50))),
    st.integers(1, 9),
)
def test_whatever_days_are_chosen_nobody_is_rushed_or_told_twice(acts: list[tuple[int, str, int]], every: int) -> None:
    world = sara()
    for number in range(100):
        world.today = NOW + timedelta(days=number)
        for _, verb, days in [act for act in acts if act[0] == number]:
            try_to(world, verb, world.today + timedelta(days=days))
        if number % every == 0:
            before = current_deadline(world.case)
            world.day(2)
            coming = deferral.next_on(world.case, world.today)
            assert coming is None or coming > world.today
            assert before is None or (current_deadline(world.case) or before) >= before
        world.check_books()
    keys = [notice.key for _, notice in world.told]
    assert len(keys) == len(set(keys))


def try_to(world: World, verb: str, day: date) -> None:
    def decide(case: Case) -> Decision:
        match verb:
            case "defer":
                return more_time.defer(case, day, world.today)
            case "promise":
                return more_time.promise(case, day, world.today)
            case "hold":
                return hold.place(case, "staff", world.today)
            case _:
                return hold.release(case, world.today)

    with suppress(Refusal):
        decision = decide(world.case)
        if verb == "defer":
            assert RULES.calendar.is_banking_day(date.fromisoformat(decision.notices[0].facts["until"]))
        world.apply(decision)
