"""When creditors are paid, and what may leave the account for clients' money."""

from dataclasses import replace
from datetime import date

import pytest

from core import payout
from core.errors import Refusal
from core.party import CreditorTerms
from core.payout import Funds, Wanting, next_payout
from core.rules import se

CALENDAR = se.pack().calendar


@pytest.mark.parametrize(
    ("schedule", "day", "came", "paid"),
    [
        ("weekly", 0, date(2025, 7, 31), date(2025, 8, 4)),  # Thursday: the Monday after
        ("weekly", 0, date(2025, 8, 4), date(2025, 8, 11)),  # what comes on the day is paid the next time
        ("weekly", 4, date(2025, 7, 31), date(2025, 8, 1)),
        ("weekly", 3, date(2025, 12, 19), date(2025, 12, 29)),  # Thursday is Christmas, Friday too
        ("weekly", 0, date(2026, 4, 2), date(2026, 4, 7)),  # Easter Monday: the day after
        ("weekly", 0, date(2026, 4, 6), date(2026, 4, 7)),  # what comes on Easter Monday is in time for it
        ("daily", 0, date(2025, 7, 31), date(2025, 8, 1)),
        ("daily", 0, date(2025, 8, 1), date(2025, 8, 4)),
        ("at_once", 0, date(2025, 7, 31), date(2025, 7, 31)),
        ("at_once", 0, date(2025, 8, 2), date(2025, 8, 4)),
        ("monthly", 25, date(2025, 7, 31), date(2025, 8, 25)),
        ("monthly", 31, date(2026, 2, 10), date(2026, 3, 2)),  # 28 February is a Saturday
        ("monthly", 31, date(2025, 8, 31), date(2025, 9, 1)),  # a Sunday: the banking day after
    ],
)
def test_the_next_payout_is_a_banking_day(schedule: str, day: int, came: date, paid: date) -> None:
    assert next_payout(CreditorTerms(payout=schedule, payout_day=day), CALENDAR, came) == paid


def test_a_missed_payout_is_made_up_for() -> None:
    weekly = CreditorTerms()
    came = date(2025, 7, 31)
    days = [date(2025, 8, day) for day in (1, 4, 6)]
    assert [payout.due(weekly, CALENDAR, came, day) for day in days] == [False, True, True]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (CreditorTerms(payout="yearly"), "payout_schedule"),
        (CreditorTerms(payout_day=5), "payout_day"),
        (CreditorTerms(payout="monthly", payout_day=0), "payout_day"),
        (CreditorTerms(payout_least_ore=-1), "payout_least"),
    ],
)
def test_terms_that_name_no_day_are_refused(terms: CreditorTerms, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        payout.check(terms)
    assert refused.value.code == code
    payout.check(CreditorTerms(payout="daily", payout_day=31))


def test_nobody_is_paid_with_money_that_is_anothers() -> None:
    # Norrhjul was paid by Swish, which is not in the bank's file yet; Solros's thousand is.
    funds = Funds(bank=100_000, leaving=0, others=0, payable={1: 94_000, 2: 100_000}, coming={1: 94_000})
    assert Wanting(1, 94_000, 0, "bg:9912346").why_not(funds) == payout.COMING
    assert Wanting(1, 94_001, 0, "bg:9912346").why_not(replace(funds, payable={1: 94_001, 2: 100_000})) == payout.SHORT
    assert Wanting(2, 100_000, 0, "bg:9912346").why_not(funds) == ""
    assert funds.after(creditor=2, ore=100_000).free() == 0
    # What one of them owes us lowers what we may take, never what is kept for the other.
    owing = Funds(bank=100_000, leaving=0, others=0, payable={1: -6_000, 2: 94_000}, own=12_000)
    assert owing.free() == 6_000
    assert owing.share() == 6_000
    assert Wanting(1, -6_000, 0, "").why_not(owing) == payout.NEGATIVE


def test_money_that_has_left_in_a_file_is_not_there_a_second_time() -> None:
    funds = Funds(bank=124_822, leaving=94_000, others=0, payable={1: 0}, own=30_822)
    assert funds.free() == 30_822
    assert funds.after(ore=30_822).share() == 0
    # An overpayment that goes back frees what was kept for it.
    kept = Funds(bank=5_178, leaving=0, others=5_178)
    assert kept.after(ore=5_178, refund=True).free() == 0


@pytest.mark.parametrize(
    ("wanting", "why"),
    [
        (Wanting(1, 0, 0, "bg:9912346"), payout.NEGATIVE),
        (Wanting(1, 94_000, 0, ""), payout.NO_ACCOUNT),
        (Wanting(1, 94_000, 0, "bg:9912346", unconfirmed=True), payout.UNCONFIRMED),
        (Wanting(1, 94_000, 94_001, "bg:9912346"), payout.LEAST),
        (Wanting(1, 94_000, 94_000, "bg:9912346"), ""),
    ],
)
def test_why_somebody_is_not_paid_today(wanting: Wanting, why: str) -> None:
    assert wanting.why_not(Funds(bank=94_000, leaving=0, others=0, payable={1: wanting.payable})) == why
