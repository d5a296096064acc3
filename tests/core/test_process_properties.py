"""Thousands of made-up cases: whatever happens and however seldom the night run comes, the law holds.

A case lives with payments, objections, holds, quotes, opened documents and outages, and is looked at daily, several
times a day, or not at all for months and then once.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from core import (
    credit,
    dispute,
    hold,
    more_time,
    payment,
    plan,
    plan_change,
    plan_life,
    reading,
    refund,
    reversal,
    settlement,
)
from core.books import books, rebook
from core.case import NOTHING, Case, Decision
from core.claim import ClaimKind, DayCount, InterestTerms
from core.dunning import next_on, next_step
from core.errors import NotFound, Refusal
from core.facts import Fact, InterestStopped, InterestWaived, NoticeIssued, PaymentReceived, PlanAccepted
from core.objections import Parts, objections
from core.party import CreditorTerms
from core.standing import Standing, holds, standing, steps_taken
from core.statement import statement
from core.steps import advance
from tests.effort import tries
from tests.world import INVOICE, RULES, World, bound, new_case

START = date(2025, 1, 1)
Act = tuple[int, str, int]

acts = st.lists(
    st.tuples(
        st.integers(0, 150),
        st.sampled_from(
            [
                *("pay", "pay_all", "late_pay", "object", "release", "hold", "quote", "open", "outage", "repair"),
                *("object_part", "begin", "undo", "answer", "give_part", "give_all", "keep", "withdraw"),
                *("plan", "plan_day", "plan_end", "defer", "promise", "settle", "settle_yes", "settle_no"),
                *("hard", "claim_paid", "credit", "stop_interest", "waive"),
                *("direct", "mismatch", "chargeback", "count_kept", "refund", "refund_back", "take_all_back"),
            ]
        ),
        st.integers(100, 150_000),
    ),
    max_size=7,
)
claims = st.builds(
    lambda due, principal, kind, agreed, late, count, rate, own: replace(
        INVOICE,
        principal=principal,
        kind=kind,
        origin_date=due - timedelta(days=33),
        invoice_date=due - timedelta(days=30),
        due_date=due,
        fee_agreed_on=due - timedelta(days=33) if agreed else None,
        late_compensation=late and kind is ClaimKind.BUSINESS,
        creditor_reminder_fee=own,
        interest=InterestTerms(due, rate_bp=rate, day_count=count),
    ),
    st.dates(date(2024, 11, 1), date(2025, 1, 20)),
    st.integers(100, 5_000_000),
    st.sampled_from([ClaimKind.CONSUMER, ClaimKind.BUSINESS, ClaimKind.RENT, ClaimKind.CONSUMER_CREDIT]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(list(DayCount)),
    st.sampled_from([None, None, 1200]),
    st.sampled_from([0, 0, 6000]),
)
terms = st.builds(
    CreditorTerms,
    reminder=st.booleans(),
    reminder_after_days=st.integers(1, 30),
    plan_months=st.sampled_from([0, 6, 12]),
    letters_first=st.booleans(),
    allocation=st.sampled_from(["cost_interest_principal", "principal_first"]),
)
cases = st.builds(
    lambda claim, creditor, telegram: new_case((claim,), creditor, (bound(START),) if telegram else ()),
    claims,
    terms,
    st.booleans(),
)


def live(case: Case, happens: list[Act], nights: Callable[[int], int]) -> World:
    """Live 150 days from registration; ``nights`` says how often the night run comes on each day."""
    world = World.begin(case, max(START, case.due_date - timedelta(days=10)))
    by_day: dict[int, list[Act]] = {}
    for act in happens:
        by_day.setdefault(act[0], []).append(act)
    saved = _row(world)
    for number in range(151):
        # Between two changes a case's row stays as it was written, until the day that it names.
        assert saved[0] is None or saved[0] <= world.today or saved == _row(world)
        for _ in range(nights(number)):
            expected = next_on(world.case, world.today)
            decision = world.night()
            assert not decision or (expected is not None and expected <= world.today)
            again = advance(world.case, world.today)
            assert not again, (decision.facts, again.facts)
            world.send()
            assert (after := next_on(world.case, world.today)) is None or after > world.today
        for _, verb, amount in by_day.get(number, []):
            perform(world, verb, amount)
            if nights(number):
                world.send()
        world.check_books()
        saved = _row(world)
        world.today += timedelta(days=1)
    return world


def _row(world: World) -> tuple[date | None, Standing]:
    """What is kept of a case for searching."""
    return next_on(world.case, world.today), standing(world.case, world.today)


def perform(world: World, verb: str, amount: int) -> None:
    today = world.today
    deeds: dict[str, Callable[[Case], Decision]] = {
        "object": lambda case: dispute.raise_dispute(case, "other", today),
        "hold": lambda case: hold.place(case, "staff", today),
        "release": lambda case: (
            dispute.reject(case, 1, today) if dispute.is_open(case) else hold.lift(case, today, hold.REASONS)
        ),
        "quote": lambda case: payment.quote(case, "bank", today),
        **_disputes(amount, today),
        **_agreements(world.case, amount, today),
        **_money(world.case, amount, today),
        "pay_all": lambda case: payment.receive(case, max(world.owed, 100), "bank", f"a{today}", today, today),
        "pay": lambda case: payment.receive(case, amount, "swish", f"p{today}{amount}", today, today),
        "late_pay": lambda case: payment.receive(
            case, amount, "bank", f"l{today}{amount}", max(today - timedelta(days=6), case.registered_on), today
        ),
        "open": lambda case: (
            reading.opened(case, steps_taken(case)[-1].key, "telegram", "code", today)
            if steps_taken(case)
            else Decision()
        ),
    }
    if verb in ("outage", "repair"):
        world.sending = verb == "repair"
        return
    with suppress(Refusal, NotFound):
        world.decide(deeds[verb])


def _disputes(amount: int, today: date) -> dict[str, Callable[[Case], Decision]]:
    def latest(case: Case) -> int:
        found = objections(case)
        return found[-1].receipt if found else 0

    def part(case: Case) -> Parts:
        return dispute.parts_of_amount(case, amount, today)

    return {
        "object_part": lambda case: dispute.raise_dispute(case, "faulty", today, part(case)),
        "begin": lambda case: dispute.begin(case, today),
        "undo": lambda case: dispute.undo(case, today),
        "answer": lambda case: dispute.answer(case, latest(case), "rejected", 1, today),
        "give_part": lambda case: dispute.answer(case, latest(case), "partly", 1, today, parts=((1, amount),)),
        "give_all": lambda case: dispute.answer(case, latest(case), "upheld", 1, today),
        "keep": lambda case: dispute.keep_view(case, latest(case), today),
        "withdraw": lambda case: dispute.withdraw(case, latest(case), today),
        "credit": lambda case: credit.part_of(case, ((1, amount),), today),
    }


def _money(case: Case, amount: int, today: date) -> dict[str, Callable[[Case], Decision]]:
    """What happens to money after it came in, and money that never came to us."""
    paid = [fact.reference for fact in case.all(PaymentReceived)] or ["none"]
    back, again = refund.owed_back(case, today), f"rest{len(case.facts)}"
    return {
        "direct": lambda case: payment.receive(case, amount, "direct", f"d{today}{amount}", today, today),
        "mismatch": lambda case: reversal.reverse(case, paid[amount % len(paid)], "mismatched", today),
        "chargeback": lambda case: reversal.reverse(case, paid[amount % len(paid)], "returned", today),
        "part_back": lambda case: reversal.reduce(case, paid[amount % len(paid)], amount // 2, again, today),
        "count_kept": lambda case: reversal.release(case, paid[amount % len(paid)], today),
        "refund": lambda case: refund.pay_back(case, min(back, amount), "bank", refund.next_number(case), today),
        "refund_back": lambda case: refund.returned(case, 1, today),
        "take_all_back": lambda case: credit.all_of(case, today),
    }


def _agreements(case: Case, amount: int, today: date) -> dict[str, Callable[[Case], Decision]]:
    def planned(case: Case) -> Decision:
        found = plan.offers([case], today)
        return plan.accept([case], found[-1], f"P{len(case.facts)}", "bankid", today)[case.id]

    def running(case: Case) -> str:
        going = plan_life.running(case)
        if going is None:
            raise Refusal("no_plan")
        return going.id

    def interest(fact: Fact) -> Callable[[Case], Decision]:
        return lambda case: Decision((fact,), rebook(case, (fact,), today, "interest", f"i{today}{amount}"))

    later = today + timedelta(days=amount % 40)
    stop = InterestStopped(on=today, recorded_on=today, ref=f"s{today}{amount}")
    waive = InterestWaived(on=today, recorded_on=today, ore=amount)
    return {
        "plan": planned,
        "plan_day": lambda case: plan_change.change_day([case], running(case), 1 + amount % 28, today).get(
            case.id, NOTHING
        ),
        "plan_end": lambda case: plan_change.end([case], running(case), "asked", today)[case.id],
        "defer": lambda case: more_time.defer(case, later, today),
        "promise": lambda case: more_time.promise(case, later, today),
        "settle": lambda case: settlement.offer(case, max(books(case, today).payable // 2, 100), later, today),
        "settle_yes": lambda case: settlement.answer(case, _offered(case), True, today),
        "settle_no": lambda case: settlement.answer(case, _offered(case), False, today),
        "hard": lambda case: hold.place(case, "hardship", today, until=today + timedelta(days=30)),
        "claim_paid": lambda case: payment.claim_paid(case, today, amount),
        "stop_interest": interest(stop),
        "waive": interest(waive),
    }


def _offered(case: Case) -> int:
    waiting = settlement.waiting(case)
    return waiting.number if waiting else 0


def check_lawful(world: World) -> None:
    case, calendar = world.case, RULES.calendar
    left = {fact.key: fact for fact in case.all(NoticeIssued)}
    documents = [taken for taken in steps_taken(case) if taken.via != "question"]
    for taken in documents:
        assert calendar.is_banking_day(taken.on)
        assert taken.deadline is not None
        assert calendar.is_banking_day(taken.deadline)
        assert taken.on > case.due_date
        assert (taken.deadline - taken.on).days >= 8
        if taken.key in left:
            assert left[taken.key].on == taken.on
        assert not any(
            pause.since < taken.on and (pause.until is None or taken.on < pause.until) for pause in holds(case)
        )
        if taken.step == "demand":
            assert (taken.deadline - taken.on).days >= 10
            assert taken.deadline >= calendar.add(calendar.add(taken.on, 2), 4)
    for before, after in pairwise(documents):
        if not after.again:
            assert before.deadline is not None
            assert after.on > before.deadline
    keys = [notice.key for _, notice in world.sent]
    assert len(keys) == len(set(keys))
    kinds = [taken.step for taken in documents if not taken.again]
    assert len(kinds) == len(set(kinds))
    check_fees(case, world.today)


def check_fees(case: Case, today: date) -> None:
    charged: dict[str, int] = {}
    for cost in books(case, today).costs:
        charged[cost.kind] = charged.get(cost.kind, 0) + cost.ore
    [claim] = case.claims
    assert charged.get("reminder", 0) <= (6_000 if claim.reminder_fee_agreed else 0)
    assert charged.get("demand", 0) <= 18_000
    ours = {kind: ore for kind, ore in charged.items() if kind != "creditor_reminder"}
    if claim.late_compensation:
        assert sum(ours.values()) <= 45_000
    for taken in steps_taken(case):
        assert not (taken.again and taken.costs), "a document sent once more costs nothing"
    issued = {taken.on for taken in steps_taken(case)} | {case.registered_on}
    issued |= {signed.on for signed in case.all(PlanAccepted)}
    assert {cost.on for cost in books(case, today).costs} <= issued


@settings(max_examples=tries(120))
@given(cases, acts)
def test_looked_at_every_day_the_law_holds(case: Case, happens: list[Act]) -> None:
    check_lawful(live(case, happens, lambda _: 1))


@settings(max_examples=tries(80))
@given(cases, acts)
def test_looking_several_times_a_day_changes_nothing(case: Case, happens: list[Act]) -> None:
    once, often = live(case, happens, lambda _: 1), live(case, happens, lambda _: 5)
    assert once.case.facts == often.case.facts
    assert once.case.transfers == often.case.transfers


@settings(max_examples=tries(80))
@given(cases, acts, st.integers(0, 60), st.integers(1, 90))
def test_after_an_outage_the_steps_come_in_order_with_lawful_deadlines(
    case: Case, happens: list[Act], begins: int, lasts: int
) -> None:
    world = live(case, happens, lambda day: 0 if begins <= day < begins + lasts else 1)
    check_lawful(world)


@settings(max_examples=tries(80))
@given(cases, st.sets(st.integers(0, 150), max_size=12))
def test_however_seldom_the_run_comes_the_same_steps_are_taken(case: Case, nights: set[int]) -> None:
    daily = [taken.step for taken in steps_taken(live(case, [], lambda _: 1).case) if not taken.again]
    world = live(case, [], lambda day: int(day in nights))
    check_lawful(world)
    seldom = [taken.step for taken in steps_taken(world.case) if not taken.again]
    assert seldom == daily[: len(seldom)]


@settings(max_examples=tries(80))
@given(cases, acts)
def test_no_open_case_is_without_a_next_day_and_its_statement_adds_up(case: Case, happens: list[Act]) -> None:
    world = live(case, happens, lambda _: 1)
    assert (next_on(world.case, world.today) is None) == (world.case.closed is not None)
    stated = statement(world.case, world.today)
    assert sum(line.ore for line in stated.lines) == stated.total
    where = standing(world.case, world.today)
    assert where.process.startswith("closed") == (world.case.closed is not None)
    assert next_step(world.case, world.today) == next_step(world.case, world.today)
