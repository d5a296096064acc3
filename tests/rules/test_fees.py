"""The gates before each cost as situation and amount (domain 1.2, F1 to F5)."""

from dataclasses import replace
from datetime import date

import pytest

from core.calendar import BeyondTable
from core.claim import Claim, ClaimKind, InterestTerms
from core.rules.se import fees

DAY = date(2025, 7, 23)
DUE = date(2025, 7, 1)
AGREED = Claim(
    1,
    "5512",
    1_000_00,
    "Bicycle service 28 May",
    date(2025, 5, 30),
    date(2025, 5, 28),
    DUE,
    InterestTerms(DUE),
    fee_agreed_on=date(2025, 5, 28),
)
NOT_AGREED = replace(AGREED, fee_agreed_on=None)
BUSINESS = replace(AGREED, kind=ClaimKind.BUSINESS, late_compensation=True)
CREDIT = replace(AGREED, kind=ClaimKind.CONSUMER_CREDIT, principal=2_000_00)

ALL = ("reminder", "demand", "plan")


def charged(claims: tuple[Claim, ...], *kinds: str) -> dict[str, int]:
    """What a case carries after these costs were asked for in this order."""
    already: dict[str, int] = {}
    for kind in kinds:
        already[kind] = already.get(kind, 0) + fees.chargeable(claims, already, kind, DAY)
    return already


@pytest.mark.parametrize(
    ("name", "claim", "kinds", "total"),
    [
        ("F1", AGREED, ("reminder", "demand"), 240_00),
        ("F2", NOT_AGREED, ("reminder", "demand"), 180_00),
        ("F3", AGREED, ALL, 410_00),
        ("F4", BUSINESS, ("late_compensation", "reminder", "demand"), 450_00),
        ("F5", BUSINESS, ("late_compensation", *ALL), 450_00),
        ("F5 with the compensation last", BUSINESS, (*ALL, "late_compensation"), 450_00),
        ("the compensation between them", BUSINESS, ("reminder", "late_compensation", "demand"), 450_00),
        ("a business that agreed on no compensation", replace(BUSINESS, late_compensation=False), ALL, 410_00),
        ("each kind once a case", AGREED, ("reminder", "demand", "reminder", "demand"), 240_00),
        ("a consumer owes no compensation", replace(AGREED, late_compensation=True), ("late_compensation",), 0),
    ],
)
def test_what_may_stand_on_the_account(name: str, claim: Claim, kinds: tuple[str, ...], total: int) -> None:
    assert sum(charged((claim,), *kinds).values()) == total, name


def test_fees_beyond_the_compensation_may_be_charged() -> None:
    already = {"late_compensation": 450_00, "reminder": 60_00, "plan": 170_00}
    assert fees.chargeable((BUSINESS,), already, "demand", DAY) == 0
    assert fees.chargeable((BUSINESS,), {"late_compensation": 100_00}, "demand", DAY) == 80_00


def test_a_reminder_agreed_after_the_debt_arose_is_free() -> None:
    late = replace(AGREED, fee_agreed_on=date(2025, 5, 29))
    assert fees.reminder_fee((late,), DAY) == 0
    assert fees.reminder_fee((late, AGREED), DAY) == 60_00


def test_no_second_reminder_fee_where_the_creditor_charged_one() -> None:
    reminded = replace(AGREED, creditor_reminder_fee=60_00)
    assert fees.reminder_fee((reminded,), DAY) == 0
    assert fees.reminder_fee((reminded, AGREED), DAY) == 60_00


def test_the_creditors_reminder_counts_against_the_compensation() -> None:
    assert fees.chargeable((BUSINESS,), {"creditor_reminder": 60_00}, "late_compensation", DAY) == 390_00


def test_an_incomplete_letter_earns_nothing() -> None:
    assert fees.demand_fee((AGREED,), complete=False, day=DAY) == 0
    assert fees.plan_fee((AGREED,), complete=False, day=DAY) == 0
    assert fees.chargeable((AGREED,), {}, "demand", DAY, complete=False) == 0


def test_compensation_needs_a_right_to_late_interest() -> None:
    assert fees.late_compensation((replace(BUSINESS, interest=InterestTerms(None)),), DAY) == 0
    assert fees.late_compensation((BUSINESS, BUSINESS), DAY) == 450_00


def test_a_kind_without_a_gate_may_not_be_charged() -> None:
    with pytest.raises(ValueError, match="no gate"):
        fees.chargeable((AGREED,), {}, "administration", DAY)


def test_all_costs_of_a_credit_stay_below_the_credit() -> None:
    small = replace(CREDIT, principal=1_200_00)
    assert fees.credit_cost_room((small,), 1_100_00) == 100_00
    assert fees.chargeable((small,), {"reminder": 60_00}, "demand", DAY, interest_ore=1_000_00) == 140_00
    assert fees.chargeable((small,), {"reminder": 60_00}, "demand", DAY, interest_ore=1_200_00) == 0
    assert fees.chargeable((CREDIT,), {}, "demand", DAY) == 180_00


def test_the_smallest_purchase_credits_have_no_ceiling() -> None:
    assert fees.credit_cost_room((replace(CREDIT, principal=1_176_00),), 5_000_00) is None
    assert fees.credit_cost_room((replace(CREDIT, principal=1_176_01),), 5_000_00) == 0
    older = replace(CREDIT, principal=1_000_00, origin_date=date(2019, 1, 1))
    assert fees.credit_cost_room((older,), 5_000_00) == 0


def test_an_ordinary_claim_beside_a_credit_earns_the_letters_fee() -> None:
    assert fees.credit_cost_room((CREDIT, AGREED), 5_000_00) is None
    assert fees.credit_cost_room((), 0) is None


def test_before_the_act_of_2013_the_caps_are_not_known() -> None:
    with pytest.raises(BeyondTable):
        fees.demand_fee((AGREED,), complete=True, day=date(2013, 3, 15))


def test_caps_quote_the_act_and_never_the_repealed_regulation() -> None:
    assert [fees.CAPS[kind].at(DAY) for kind in ("reminder", "demand", "plan", "late_compensation")] == [
        60_00,
        180_00,
        170_00,
        450_00,
    ]
    assert not any("1981:1057" in cap.basis for cap in fees.CAPS.values())
    assert all(cap.basis for cap in fees.CAPS.values())
