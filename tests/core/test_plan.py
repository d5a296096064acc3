"""An instalment plan: Sara's numbers, what is refused, and how a plan lives until it is kept or ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import budget, dispute, hold, plan, plan_change, plan_life, plan_request
from core.books import books
from core.case import Case
from core.errors import Refusal
from core.facts import Acknowledged, InstalmentMissed, InstalmentReminded, PlanAccepted, PlanEnded, PlanWarned
from core.party import CreditorTerms
from core.plan_terms import Offer, number_for, pay_days, shares
from core.standing import Handling, open_holds, standing
from tests.world import INVOICE, RULES, World, new_case

NOW = date(2025, 7, 31)
SIX = CreditorTerms(reminder_after_days=10, plan_months=6)
TERMS_DAYS = [date(2025, 8, 25), date(2025, 9, 25), date(2025, 10, 27), date(2025, 11, 25), date(2025, 12, 29)]


def sara(terms: CreditorTerms = SIX) -> World:
    """Sara's case on Thursday 31 July, four days before the demand's last day."""
    world = World.begin(new_case(terms=terms), date(2025, 7, 2))
    world.live_until(NOW)
    return world


def on_plan(world: World, number: int = -1) -> Offer:
    """She signs one of the plans that are offered."""
    offer = plan.offers([world.case], world.today)[number]
    world.apply(plan.accept([world.case], offer, "p1", "bankid", world.today)[world.case.id])
    return offer


def said(world: World) -> list[tuple[str, str]]:
    told = [(day, notice) for day, notice in world.told if notice.kind.startswith(("plan.", "creditor.plan"))]
    return [(f"{day:%d %b}", notice.kind) for day, notice in told]


# What is offered


def test_two_plans_are_offered_with_their_days_and_sums() -> None:
    three, six = plan.offers([sara().case], NOW)
    assert [ore for _, ore in three.instalments] == [472_00, 472_00, 474_22]
    assert [day for day, _ in three.instalments] == TERMS_DAYS[:3]
    assert [ore for _, ore in six.instalments] == [*[236_00] * 5, 238_22]
    assert [day for day, _ in six.instalments] == [*TERMS_DAYS, date(2026, 1, 26)]
    assert (six.total, six.fee, six.months, six.interest_stops) == (1418_22, 170_00, 6, True)


def test_a_sum_of_her_own_is_a_plan_or_a_no_with_the_nearest() -> None:
    case = sara().case
    refused = plan.own([case], 150_00, NOW)
    assert isinstance(refused, plan.Refused)
    assert (refused.months_needed, refused.months_allowed, refused.rule) == (10, 6, "months")
    assert refused.nearest.first == (date(2025, 8, 25), 236_00)
    assert refused.ask_until == date(2025, 8, 14)
    for written, instalments in ((236_00, 6), (300_50, 5), (709_00, 2)):
        offer = plan.own([case], written, NOW)
        assert isinstance(offer, Offer)
        assert (offer.months, offer.first[1]) == (instalments, written // 100 * 100)
        assert sum(ore for _, ore in offer.instalments) == offer.total
    small = plan.own([case], 50_00, NOW)
    assert isinstance(small, plan.Refused)
    assert small.rule == "least"


@pytest.mark.parametrize(("per_month", "code"), [(0, "plan_amount"), (1500_00, "plan_one_payment")])
def test_a_sum_that_is_no_plan(per_month: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        plan.own([sara().case], per_month, NOW)


def test_who_cannot_have_a_plan_hears_why() -> None:
    def code(case: Case) -> str:
        with pytest.raises(Refusal) as no:
            plan.offers([case], NOW)
        return no.value.code

    world = sara()
    assert code(sara(CreditorTerms(reminder_after_days=10)).case) == "plan_not_offered"
    assert code(world.case.adding(dispute.raise_dispute(world.case, "faulty", NOW))) == "plan_disputed"
    assert code(world.case.adding(hold.place(world.case, "deceased", NOW))) == "plan_held"
    small = World.begin(new_case((replace(INVOICE, principal=20_00, fee_agreed_on=None),), SIX), NOW)
    assert code(small.case) == "plan_too_small"
    world.pay(world.owed)
    assert code(world.case) == "closed"
    world = sara()
    on_plan(world)
    assert code(world.case) == "plan_running"


def test_a_budget_leaves_the_home_and_a_life_first() -> None:
    assert budget.per_month(budget.Budget(income=14_000_00, rent=6_500_00)) == 890_00
    with pytest.raises(Refusal, match="budget_nothing_left"):
        budget.per_month(budget.Budget(income=14_000_00, rent=6_500_00, children=1))


# Signing


def test_signing_takes_the_cases_place_charges_one_fee_and_starts_limitation_anew() -> None:
    world = sara()
    on_plan(world)
    assert world.owed == 1418_22
    world.check_books()
    accepted = world.case.last(PlanAccepted)
    assert accepted
    assert sum(ore for _, ore in accepted.instalments) == 1418_22
    assert world.case.last(Acknowledged)
    assert standing(world.case, NOW).handling is Handling.ON_PLAN
    assert said(world) == [("31 Jul", "plan.receipt"), ("31 Jul", "plan.document"), ("31 Jul", "creditor.plan")]
    assert plan.accept([world.case], plan.offers([sara().case], NOW)[0], "p1", "bankid", NOW) == {}
    world.live_until(date(2025, 8, 20))
    assert world.owed == 1418_22  # interest stands still


def test_terms_of_yesterday_hold_and_the_interest_since_falls_away() -> None:
    world = sara()
    offer = plan.offers([world.case], NOW)[1]
    world.apply(plan_request.propose([world.case], offer, "p1", NOW)[1])
    world.live_until(date(2025, 8, 12))
    again = plan_request.proposed([world.case], "p1", world.today)
    assert again == offer
    world.apply(plan.accept([world.case], again, "p1", "code", world.today)[1])
    assert world.owed == 1418_22
    assert {paused.reason for paused in open_holds(world.case)} == {"plan"}
    world.check_books()


def test_terms_that_are_not_what_is_owed_any_more_are_refused() -> None:
    world = sara()
    offer = plan.offers([world.case], NOW)[1]
    world.pay(100_00)
    with pytest.raises(Refusal, match="plan_changed"):
        plan.accept([world.case], offer, "p1", "bankid", NOW)


def test_two_cases_share_one_plan_and_one_fee() -> None:
    first, second = two_cases()
    offer = plan.offers([second.case, first.case], NOW)[-1]
    assert offer.total == first.owed + second.owed + 170_00
    decided = plan.accept([second.case, first.case], offer, "p1", "bankid", NOW)
    first.apply(decided[1])
    second.apply(decided[2])
    assert first.owed + second.owed == offer.total
    both = [first.case, second.case]
    stands = plan_life.together(both, NOW)
    assert (stands.next_due, stands.next_ore, stands.left) == (*offer.first, offer.total)
    for case, ore in plan_life.spread(both, offer.first[1], NOW).items():
        (first if case == 1 else second).pay(ore)
    stands = plan_life.together([first.case, second.case], NOW)
    assert (stands.next_due, stands.next_ore) == offer.instalments[1]
    reminders = [plan_life.advance(world.case, date(2025, 9, 22)).notices for world in (first, second)]
    assert {notice.key for notices in reminders for notice in notices} == {"plan:p1:reminder:20250925"}
    assert [notice.facts["ore"] for notices in reminders for notice in notices] == [offer.instalments[1][1]] * 2


def two_cases() -> tuple[World, World]:
    other = replace(new_case((replace(INVOICE, id=2, principal=345_67),), SIX), id=2, ocr="10000198")
    second = World.begin(other, date(2025, 7, 5))
    second.live_until(NOW)
    return sara(), second


# A longer plan


def test_a_longer_plan_is_asked_for_and_the_case_rests() -> None:
    world = sara()
    world.apply(plan_request.ask([world.case], 10, 150_00, NOW)[1])
    assert plan_request.ask([world.case], 10, 150_00, NOW) == {}
    assert [notice.kind for _, notice in world.told[-3:]] == ["plan.asked", "creditor.plan_asked", "task.plan_asked"]
    world.today = date(2025, 8, 6)
    world.decide(lambda case: plan_request.answer(case, 1, True, world.today))
    assert {paused.ends_on for paused in open_holds(world.case)} == {date(2025, 8, 20)}
    offer = plan.own([world.case], 150_00, world.today)
    assert isinstance(offer, Offer)
    assert offer.months == 10
    assert not plan_request.answer(world.case, 1, False, world.today)


def test_a_no_to_a_longer_plan_sets_the_case_free() -> None:
    world = sara()
    world.apply(plan_request.ask([world.case], 10, 150_00, NOW)[1])
    world.decide(lambda case: plan_request.answer(case, 1, False, NOW))
    assert not open_holds(world.case)
    assert isinstance(plan.own([world.case], 150_00, NOW), plan.Refused)


def test_an_answer_that_comes_after_a_plan_was_signed_changes_nothing() -> None:
    world = sara()
    world.apply(plan_request.ask([world.case], 10, 150_00, NOW)[1])
    on_plan(world)
    world.decide(lambda case: plan_request.answer(case, 1, True, NOW))
    assert {paused.reason for paused in open_holds(world.case)} == {"plan"}
    with pytest.raises(Refusal, match="plan_not_asked"):
        plan_request.answer(world.case, 2, True, NOW)


def test_terms_go_by_letter_and_rest_the_case_until_they_lapse() -> None:
    world = sara()
    offer = plan.offers([world.case], NOW)[0]
    world.apply(plan_request.propose([world.case], offer, "p1", NOW)[1])
    assert [(notice.kind, notice.via) for notice in world.outbox] == [("plan.proposed", "letter")]
    assert plan_request.propose([world.case], offer, "p1", NOW) == {}
    world.live_until(date(2025, 8, 18))
    assert open_holds(world.case)
    with pytest.raises(Refusal, match="plan_not_proposed"):
        plan_request.proposed([world.case], "p2", world.today)
    world.live_until(date(2025, 8, 19))
    assert not open_holds(world.case)
    with pytest.raises(Refusal, match="plan_expired"):
        plan_request.proposed([world.case], "p1", world.today)


# A plan that runs


def test_a_kept_plan_is_reminded_of_and_ends_the_case() -> None:
    world = sara()
    offer = on_plan(world)
    for day, ore in offer.instalments:
        world.live_until(day)
        world.pay(ore)
    assert world.case.closed
    assert world.case.closed.why == "paid"
    assert [fact.on for fact in world.case.all(InstalmentReminded)][:2] == [date(2025, 8, 22), date(2025, 9, 22)]
    assert not world.case.last(InstalmentMissed)
    assert len([notice for _, notice in world.told if notice.kind == "plan.reminder"]) == 6
    world.check_books()


def test_a_missed_instalment_is_met_with_a_message_then_notice_then_the_end() -> None:
    world = sara()
    on_plan(world)
    world.live_until(date(2025, 9, 24))
    assert said(world)[3:] == [
        ("22 Aug", "plan.reminder"),
        ("27 Aug", "plan.missed"),
        ("05 Sep", "plan.warning"),
        ("19 Sep", "plan.ended"),
        ("19 Sep", "creditor.plan_ended"),
    ]
    ended = world.case.last(PlanEnded)
    assert ended
    assert (ended.on, ended.why) == (date(2025, 9, 19), "missed")
    assert not any(notice.kind == "demand" for day, notice in world.sent if day > NOW)
    world.check_books()


def test_what_is_paid_in_between_sets_all_right_without_a_word() -> None:
    world = sara()
    on_plan(world)
    world.live_until(date(2025, 9, 9))
    assert world.case.last(PlanWarned)
    before = len(said(world))
    world.pay(236_00)
    assert plan_life.status(world.case, world.today).missed_since is None
    world.live_until(date(2025, 9, 21))
    assert len(said(world)) == before
    assert plan_life.running(world.case)


def test_half_a_year_without_a_night_run_heals_step_by_step() -> None:
    world = sara()
    on_plan(world)
    world.today = date(2025, 12, 1)
    world.day()
    missed = world.case.last(InstalmentMissed)
    assert missed
    assert missed.until == date(2025, 12, 9)
    world.day(3)
    assert len(list(world.case.all(InstalmentMissed))) == 1


def test_extra_payments_pay_the_next_ones_and_a_krona_is_never_missed() -> None:
    world = sara()
    on_plan(world)
    world.pay(235_50)
    assert plan_life.status(world.case, NOW).next_due == date(2025, 9, 25)
    world.pay(400_00)
    stands = plan_life.status(world.case, NOW)
    assert (stands.next_due, stands.next_ore) == (date(2025, 10, 27), 3 * 236_00 - 635_50)
    world.pay(world.owed)
    assert world.case.closed
    assert plan_life.next_on(world.case, NOW) is None


def test_nothing_presses_while_something_else_holds_the_case() -> None:
    world = sara()
    on_plan(world)
    world.decide(lambda case: hold.place(case, "hardship", NOW))
    before = len(said(world))
    world.live_until(date(2025, 9, 20))
    assert len(said(world)) == before
    assert plan_life.next_on(world.case, world.today) is None


def test_the_pay_day_moves_twice_and_the_sums_stay() -> None:
    world = sara()
    offer = on_plan(world)
    world.live_until(date(2025, 8, 25))
    world.pay(236_00)
    world.decide(lambda case: plan_change.change_day([case], "p1", 1, world.today)[1])
    runs = plan_life.running(world.case)
    assert runs
    assert runs.instalments[:3] == (offer.first, (date(2025, 9, 1), 236_00), (date(2025, 10, 1), 236_00))
    assert runs.total == offer.total
    assert plan_change.change_day([world.case], "p1", 1, world.today) == {}
    world.decide(lambda case: plan_change.change_day([case], "p1", 15, world.today)[1])
    with pytest.raises(Refusal, match="plan_change_times"):
        plan_change.change_day([world.case], "p1", 20, world.today)


def test_a_plan_ends_when_the_debtor_asks_for_it() -> None:
    world = sara()
    on_plan(world)
    world.decide(lambda case: plan_change.end([case], "p1", "asked", NOW)[1])
    assert plan_life.running(world.case) is None
    with pytest.raises(Refusal, match="plan_not_running"):
        plan_change.end([world.case], "p1", "asked", NOW)
    world.check_books()


def test_where_interest_runs_on_the_last_instalment_takes_it() -> None:
    runs_on = replace(RULES, policies={"SE": replace(RULES.policies["SE"], plan_stops_interest=False)})
    world = World.begin(replace(new_case(terms=SIX), rules=runs_on), date(2025, 7, 2))
    world.live_until(NOW)
    offer = on_plan(world)
    assert not offer.interest_stops
    for day, ore in offer.instalments[:-1]:
        world.live_until(day)
        world.pay(ore)
    world.live_until(offer.last[0])
    stands = plan_life.status(world.case, world.today)
    assert stands.next_ore == stands.left == world.owed > offer.last[1]
    world.pay(stands.next_ore)
    assert world.case.closed
    world.check_books()


def test_a_part_that_is_disputed_waits_and_the_rest_is_paid_by_the_plan() -> None:
    world = sara()
    world.decide(lambda case: dispute.raise_dispute(case, "faulty", NOW, parts=((1, 400_00),)))
    offer = on_plan(world)
    assert offer.total == 1418_22 - 403_29  # 400 kr and the interest on it
    for day, ore in offer.instalments:
        world.live_until(day)
        world.pay(ore)
    world.day()
    ended = world.case.last(PlanEnded)
    assert ended
    assert ended.why == "kept"
    assert not world.case.closed
    assert books(world.case, world.today).payable < 100
    world.check_books()


def test_no_day_of_a_month_is_no_pay_day() -> None:
    for day in (0, 32, -1):
        with pytest.raises(Refusal, match="pay_day"):
            plan.offers([sara().case], NOW, day)


# Whatever the numbers


@given(
    st.lists(st.integers(100, 3_000_000), min_size=1, max_size=5),
    st.integers(2, 60),
    st.integers(1, 31),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
)
def test_shares_are_exact_by_instalment_and_by_case(owed: list[int], number: int, pay_day: int, today: date) -> None:
    days = pay_days(RULES.calendar, today, pay_day, number)
    assert list(days) == sorted(set(days))
    assert all(RULES.calendar.is_banking_day(day) and day >= today for day in days)
    total = sum(owed)
    each = total // number
    sums = [*[each] * (number - 1), total - each * (number - 1)]
    parts = shares(list(zip(days, sums, strict=True)), owed)
    assert [sum(ore for _, ore in part) for part in parts] == owed
    assert [sum(part[k][1] for part in parts) for k in range(number)] == sums
    if each > 0:
        assert number_for(total, max(each // 100 * 100, 100)) >= 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 190), st.integers(50, 60_000)), max_size=8), st.integers(1, 28))
def test_whatever_is_paid_and_however_seldom_the_night_comes(payments: list[tuple[int, int]], every: int) -> None:
    """The books balance, what is left never grows, nothing is said twice, and the plan ends in time."""
    world = sara()
    on_plan(world)
    by_day = dict(payments)
    left, keys = plan_life.status(world.case, NOW).left, list[str]()
    for number in range(200):
        world.today = NOW + timedelta(days=number)
        if ore := by_day.get(number):
            world.pay(ore)
        if number % every == 0:
            world.day(2)
        world.check_books()
        if plan_life.running(world.case):
            stands = plan_life.status(world.case, world.today)
            assert stands.left <= left
            left = stands.left
            assert left <= books(world.case, world.today).payable
    keys = [notice.key for _, notice in world.told]
    assert len(keys) == len(set(keys))
    warned = world.case.last(PlanWarned)
    ended = world.case.last(PlanEnded)
    if ended and ended.why == "missed":
        assert warned
        assert ended.on > warned.until
