"""The pack as the core uses it."""

from dataclasses import replace
from datetime import date

from core.claim import Claim, ClaimKind, InterestTerms
from core.rules import RULES
from core.rules.se import fees, pack, tables
from core.rules.se.rates import RateRow

DUE = date(2020, 1, 1)
CREDIT = Claim(1, "1", 2_000_00, "Loan", DUE, DUE, DUE, InterestTerms(DUE), ClaimKind.CONSUMER_CREDIT)


def test_sweden_is_registered() -> None:
    assert RULES["SE"].country == "SE"
    assert RULES["SE"].rates.at(date(2025, 7, 1)) == 200
    assert RULES["SE"].limitation_on(CREDIT, ()) == date(2023, 1, 1)


def test_every_cost_has_its_legal_basis() -> None:
    basis = RULES["SE"].basis
    for kind in (*fees.OFFSET, "late_compensation", "application_fee"):
        assert basis[kind]


def test_late_interest_counts_towards_the_ceiling_of_a_credit() -> None:
    """2 000 kr at 24 % since 2020: by 1 January 2024 some 1 920 kr of interest, and 80 kr of room."""
    dear = replace(CREDIT, interest=InterestTerms(DUE, rate_bp=2400))
    assert RULES["SE"].chargeable((dear,), {}, "demand", date(2024, 1, 1)) == 80_00
    assert RULES["SE"].chargeable((dear,), {}, "demand", date(2025, 1, 1)) == 0
    assert RULES["SE"].chargeable((CREDIT,), {}, "demand", date(2024, 1, 1)) == 180_00


def test_confirmed_rates_make_a_pack_of_their_own() -> None:
    assert pack([RateRow(date(2027, 1, 1), 250, "SFS")]).rates.at(date(2027, 1, 1)) == 250
    assert pack(carry_on=True).rates.at(date(2030, 1, 1)) == 200


def test_the_tables_are_told_in_full() -> None:
    told = tables()
    assert "| 2025-07-01 | 2.00 | confirmed | SFS 2025:809 |" in told["reference rates"]
    assert "| demand | 2013-03-16 | 180 |" in told["costs"]
    assert "| 2025-01-01 | 58800 |" in told["price base amounts"]
    assert "| consumer | 3 |" in told["limitation"]
    assert "| demand |" in told["dunning policy"]
