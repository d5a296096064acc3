"""The worked numbers of set-off, rounding, VAT and deadlines, each with the name that the domain notes give it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core import ledger
from core.books import books
from core.claim import Claim, DayCount, InterestTerms
from core.dunning import deadline, pay_by
from core.facts import NoticeIssued, StepTaken
from core.ledger import balances, flows_of
from core.party import CreditorTerms
from core.standing import steps_taken
from core.statement import statement
from tests.world import INVOICE, World, new_case

COSTS = (("reminder", 6_000), ("demand", 18_000))
#: The creditor has paid the application's fee of 300 kr; 380 kr are our fee as its agent.
KRONOFOGDEN = (("application_fee", 30_000), ("agent_fee", 38_000))
ACT_365F = replace(INVOICE, interest=InterestTerms(date(2025, 7, 1), day_count=DayCount.ACT_365F))


def charged(
    terms: CreditorTerms, costs: tuple[tuple[str, int], ...] = COSTS, claims: tuple[Claim, ...] = (ACT_365F,)
) -> World:
    """Principal 1 000 kr due 1 July 2025, with these costs on the account."""
    world = World.begin(new_case(claims, terms), date(2025, 7, 2))
    for number, cost in enumerate(costs):
        key = f"{cost[0]}:{number}"
        taken = StepTaken(
            on=date(2025, 7, 2), recorded_on=date(2025, 7, 2), step=cost[0], key=key, via="letter", costs=(cost,)
        )
        sent = NoticeIssued(on=taken.on, recorded_on=taken.on, key=key, via="letter")
        world.case = world.case.with_facts((taken, sent))
    transfers = ledger.transfers(
        ledger.difference(books(world.case, world.today).flows, flows_of(world.case.transfers)),
        booked_on=world.today,
        value_on=world.today,
        kind="test",
        source="costs",
    )
    world.case = replace(world.case, transfers=world.case.transfers + transfers, _cache={})
    return world


@pytest.mark.parametrize(
    ("name", "order", "parts", "to_pay"),
    [
        ("A1", "cost_interest_principal", {"cost": 24_000, "interest": 1_233, "principal": 24_767}, 76_181),
        ("A2", "principal_first", {"interest": 1_233, "principal": 48_767}, 75_879),
    ],
)
def test_a_part_payment_settles_in_the_order_of_the_policy(
    name: str, order: str, parts: dict[str, int], to_pay: int
) -> None:
    world = charged(CreditorTerms(allocation=order))
    world.today = date(2025, 8, 15)
    world.pay(50_000)
    [payment] = books(world.case, world.today).payments
    settled: dict[str, int] = {}
    for part in payment.parts:
        settled[part.component] = settled.get(part.component, 0) + part.ore
    assert settled == parts, name
    assert statement(world.case, date(2025, 9, 30)).total == to_pay, name
    world.check_books()


@pytest.mark.parametrize(
    ("name", "owed", "paid", "over", "left"),
    [("A4", 124_822, 130_000, 5_178, 0), ("A5", 124_822, 124_800, 0, 0), ("A6", 124_850, 124_800, 0, 0)],
)
def test_too_much_is_owed_back_and_less_than_a_krona_is_forgiven(
    name: str, owed: int, paid: int, over: int, left: int
) -> None:
    world = charged(CreditorTerms(), (*COSTS, ("agent_fee", owed - 124_822)) if owed > 124_822 else COSTS)
    world.today = date(2025, 7, 31)
    assert world.owed == owed, name
    world.pay(paid)
    assert books(world.case, world.today).overpaid == over, name
    assert world.owed == left, name
    assert world.case.closed, name
    world.check_books()


@pytest.mark.parametrize(
    ("name", "terms", "costs", "paid", "vat", "payout"),
    [
        ("V1", CreditorTerms(), COSTS, 124_822, 6_000, 94_000),
        ("V2", CreditorTerms(), COSTS[1:], 118_822, 4_500, 95_500),
        ("V3", CreditorTerms(vat_on_interest=True), COSTS, 124_822, 6_206, 93_794),
        ("V4", CreditorTerms(), (*COSTS, *KRONOFOGDEN), 192_822, 15_500, 114_500),
    ],
)
def test_vat_on_the_agencys_pay_is_the_creditors(
    name: str, terms: CreditorTerms, costs: tuple[tuple[str, int], ...], paid: int, vat: int, payout: int
) -> None:
    world = charged(terms, costs)
    world.today = date(2025, 7, 31)
    world.pay(paid, "bank")
    sums = balances(flows_of(world.case.transfers))
    assert -sums[ledger.VAT_PAYABLE] == vat, name
    assert -sums[ledger.PAYABLE] == payout, name
    world.check_books()


@pytest.mark.parametrize(
    ("name", "sent", "last_day", "final_notice"),
    [
        ("T1", date(2026, 3, 2), date(2026, 3, 12), date(2026, 3, 13)),
        ("T2", date(2026, 4, 1), date(2026, 4, 13), date(2026, 4, 14)),
        ("T4", date(2026, 12, 21), date(2027, 1, 4), date(2027, 1, 5)),
    ],
)
def test_a_demand_leaves_time_enough_over_holidays(name: str, sent: date, last_day: date, final_notice: date) -> None:
    due = sent - timedelta(days=3)
    claim = replace(INVOICE, due_date=due, origin_date=due - timedelta(days=30), interest=InterestTerms(due))
    world = World.begin(new_case((claim,), CreditorTerms(reminder=False)), sent)
    world.day()
    [demand] = steps_taken(world.case)
    assert (demand.step, demand.on, demand.deadline) == ("demand", sent, last_day), name
    assert deadline(world.case, demand) == last_day
    assert pay_by(world.case, world.case.policy.step("demand"), sent, "letter") == last_day
    world.live_until(final_notice)
    assert steps_taken(world.case)[-1].on == final_notice, name


def test_nothing_may_be_moved_out_that_is_others() -> None:
    """Neither a creditor's debt, nor one debtor's, nor money that left unexplained lowers what is kept for the rest."""
    others = ledger.kept_for_others((5_178, -9_000), suspense=-3_000, unexplained=4_000)
    assert others == 5_178 + 1_000
    assert ledger.free_to_move(124_822, (94_000, -50_000), others) == 124_822 - 5_178 - 1_000 - 94_000


@pytest.mark.parametrize(
    ("name", "ore", "on", "fees"),
    [
        ("F7", 100_000, date(2025, 7, 2), ["reminder", "demand"]),
        ("F8", 100_000, date(2025, 7, 1), []),
        ("F8 in part", 99_900, date(2025, 7, 1), ["reminder", "demand"]),
    ],
)
def test_a_letter_earns_nothing_for_what_was_paid_before_it(name: str, ore: int, on: date, fees: list[str]) -> None:
    """The letters are of 2 July; what the creditor got is told later. A day's interest may be left all the same."""
    since = replace(ACT_365F, interest=InterestTerms(date(2025, 6, 20)))
    world = charged(CreditorTerms(), claims=(since,))
    world.today = date(2025, 7, 31)
    world.pay(ore, "direct", on=on)
    left = books(world.case, world.today)
    assert [cost.kind for cost in left.costs] == fees, name
    assert (0 < left.total < 1_000) is (not fees), name
    world.check_books()


def test_vat_arises_as_fees_are_collected() -> None:
    """Domain 10.2: 500 kr by A1 are fees 240, interest 12.33 and principal 247.67; VAT 60 is the creditor's."""
    for order, payout in (("cost_interest_principal", 18_767), ("principal_first", 48_767)):
        world = charged(CreditorTerms(allocation=order))
        world.today = date(2025, 8, 15)
        world.pay(50_000, "bank")
        assert -balances(flows_of(world.case.transfers))[ledger.PAYABLE] == payout


def test_paid_to_the_creditor_the_fees_are_still_owed() -> None:
    """V5: nothing is collected yet; the VAT on what is collected afterwards is the creditor's to pay."""
    world = charged(CreditorTerms())
    world.today = date(2025, 7, 31)
    world.pay(100_000, "direct")
    assert world.owed == 24_822
    assert balances(flows_of(world.case.transfers)).get(ledger.PAYABLE, 0) == 0
    world.pay(24_822, "bank")
    sums = balances(flows_of(world.case.transfers))
    assert (-sums[ledger.FEES_EARNED], -sums[ledger.VAT_PAYABLE], -sums[ledger.PAYABLE]) == (24_000, 6_000, -6_000)
    world.check_books()
