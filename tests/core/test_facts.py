"""A stored sample of every kind of fact that was ever written: later versions must still read it."""

from datetime import date
from typing import Any

import pytest

from core import facts
from core.facts import Fact, from_data, kind_of, to_data

ON, RECORDED = date(2025, 7, 31), date(2025, 8, 1)

#: As the first version wrote them. Never change a line; add one for a new kind or a new field.
SAMPLES: tuple[tuple[str, dict[str, Any], Fact], ...] = (
    ("registered", {"claims": [1, 2]}, facts.Registered(on=ON, recorded_on=RECORDED, claims=(1, 2))),
    (
        "registered",
        {"claims": [1], "allocation": "principal_first", "interest_to_creditor": False, "vat_on_interest": True},
        facts.Registered(on=ON, recorded_on=RECORDED, claims=(1,), allocation="principal_first", vat_on_interest=True),
    ),
    (
        "step_taken",
        {
            "step": "demand",
            "key": "10000180:demand:1",
            "via": "letter",
            "deadline": "2025-08-04",
            "costs": [["demand", 18000]],
            "total": 124603,
            "again": False,
        },
        facts.StepTaken(
            on=ON,
            recorded_on=RECORDED,
            step="demand",
            key="10000180:demand:1",
            via="letter",
            deadline=date(2025, 8, 4),
            costs=(("demand", 18000),),
            total=124603,
        ),
    ),
    (
        "notice_issued",
        {"key": "k", "via": "chat"},
        facts.NoticeIssued(on=ON, recorded_on=RECORDED, key="k", via="chat"),
    ),
    (
        "notice_opened",
        {"key": "k", "channel": "telegram", "how": "code"},
        facts.NoticeOpened(on=ON, recorded_on=RECORDED, key="k", channel="telegram", how="code"),
    ),
    (
        "step_withdrawn",
        {"key": "k", "why": "paid"},
        facts.StepWithdrawn(on=ON, recorded_on=RECORDED, key="k", why="paid"),
    ),
    (
        "quoted",
        {"total": 124822, "until": "2025-08-05", "way": "bank"},
        facts.Quoted(on=ON, recorded_on=RECORDED, total=124822, until=date(2025, 8, 5), way="bank"),
    ),
    (
        "payment_received",
        {"amount": 50000, "way": "swish", "reference": "swish:A1", "receipt": 1, "order_on": None},
        facts.PaymentReceived(on=ON, recorded_on=RECORDED, amount=50000, way="swish", reference="swish:A1", receipt=1),
    ),
    (
        "dispute_raised",
        {"ground": "faulty", "receipt": 1},
        facts.DisputeRaised(on=ON, recorded_on=RECORDED, ground="faulty", receipt=1),
    ),
    ("dispute_answered", {"answer": "rejected"}, facts.DisputeAnswered(on=ON, recorded_on=RECORDED, answer="rejected")),
    (
        "hold_placed",
        {"ref": "staff:1", "reason": "staff", "review_on": "2025-08-14"},
        facts.HoldPlaced(on=ON, recorded_on=RECORDED, ref="staff:1", reason="staff", review_on=date(2025, 8, 14)),
    ),
    ("hold_lifted", {"ref": "staff:1"}, facts.HoldLifted(on=ON, recorded_on=RECORDED, ref="staff:1")),
    (
        "hold_reviewed",
        {"ref": "staff:1", "review_on": "2025-08-21"},
        facts.HoldReviewed(on=ON, recorded_on=RECORDED, ref="staff:1", review_on=date(2025, 8, 21)),
    ),
    ("acknowledged", {"how": "part_payment"}, facts.Acknowledged(on=ON, recorded_on=RECORDED, how="part_payment")),
    ("closed", {"why": "paid"}, facts.Closed(on=ON, recorded_on=RECORDED, why="paid")),
    (
        "channel_bound",
        {"channel": "telegram", "chat": 7},
        facts.ChannelBound(on=ON, recorded_on=RECORDED, channel="telegram", chat=7),
    ),
    (
        "channel_unbound",
        {"channel": "telegram", "chat": 7, "why": "stop"},
        facts.ChannelUnbound(on=ON, recorded_on=RECORDED, channel="telegram", chat=7, why="stop"),
    ),
    (
        "dispute_raised",
        {"ground": "faulty", "receipt": 1, "parts": [[1, 40000]], "late": True},
        facts.DisputeRaised(on=ON, recorded_on=RECORDED, ground="faulty", receipt=1, parts=((1, 40000),), late=True),
    ),
    (
        "dispute_answered",
        {"answer": "partly", "receipt": 1},
        facts.DisputeAnswered(on=ON, recorded_on=RECORDED, answer="partly", receipt=1),
    ),
    (
        "hold_placed",
        {"ref": "hardship:1", "reason": "hardship", "review_on": "2025-08-30", "until": "2025-08-30"},
        facts.HoldPlaced(
            on=ON,
            recorded_on=RECORDED,
            ref="hardship:1",
            reason="hardship",
            review_on=date(2025, 8, 30),
            until=date(2025, 8, 30),
        ),
    ),
    (
        "dispute_kept",
        {"receipt": 1},
        facts.DisputeKept(on=ON, recorded_on=RECORDED, receipt=1),
    ),
    (
        "credited",
        {"parts": [[1, 40000]], "number": 1, "whole": False},
        facts.Credited(on=ON, recorded_on=RECORDED, parts=((1, 40000),), number=1, whole=False),
    ),
    (
        "written_off",
        {"why": "settlement"},
        facts.WrittenOff(on=ON, recorded_on=RECORDED, why="settlement"),
    ),
    (
        "interest_stopped",
        {"ref": "staff:1"},
        facts.InterestStopped(on=ON, recorded_on=RECORDED, ref="staff:1"),
    ),
    (
        "interest_resumed",
        {"ref": "staff:1"},
        facts.InterestResumed(on=ON, recorded_on=RECORDED, ref="staff:1"),
    ),
    (
        "interest_waived",
        {"ore": 822},
        facts.InterestWaived(on=ON, recorded_on=RECORDED, ore=822),
    ),
    (
        "plan_asked",
        {"number": 1, "months": 10, "answer_by": "2025-08-14", "cases": [1, 2]},
        facts.PlanAsked(on=ON, recorded_on=RECORDED, number=1, months=10, answer_by=date(2025, 8, 14), cases=(1, 2)),
    ),
    (
        "plan_answered",
        {"number": 1, "answer": "yes"},
        facts.PlanAnswered(on=ON, recorded_on=RECORDED, number=1, answer="yes"),
    ),
    (
        "plan_proposed",
        {
            "plan": "10000180-P1",
            "instalments": [["2025-08-25", 23600], ["2025-09-25", 23822]],
            "until": "2025-08-14",
            "cases": [1],
        },
        facts.PlanProposed(
            on=ON,
            recorded_on=RECORDED,
            plan="10000180-P1",
            instalments=(("2025-08-25", 23600), ("2025-09-25", 23822)),
            until=date(2025, 8, 14),
            cases=(1,),
        ),
    ),
    (
        "plan_accepted",
        {
            "plan": "10000180-P1",
            "receipt": 1,
            "instalments": [["2025-08-25", 23600], ["2025-09-25", 23822]],
            "fee": 17000,
            "how": "bankid",
            "cases": [1],
            "interest_stops": True,
        },
        facts.PlanAccepted(
            on=ON,
            recorded_on=RECORDED,
            plan="10000180-P1",
            receipt=1,
            instalments=(("2025-08-25", 23600), ("2025-09-25", 23822)),
            fee=17000,
            how="bankid",
            cases=(1,),
            interest_stops=True,
        ),
    ),
    (
        "plan_changed",
        {"plan": "10000180-P1", "instalments": [["2025-08-25", 23600], ["2025-09-25", 23822]]},
        facts.PlanChanged(
            on=ON, recorded_on=RECORDED, plan="10000180-P1", instalments=(("2025-08-25", 23600), ("2025-09-25", 23822))
        ),
    ),
    (
        "instalment_reminded",
        {"plan": "10000180-P1", "due": "2025-08-25"},
        facts.InstalmentReminded(on=ON, recorded_on=RECORDED, plan="10000180-P1", due=date(2025, 8, 25)),
    ),
    (
        "instalment_missed",
        {"plan": "10000180-P1", "due": "2025-08-25", "until": "2025-09-04"},
        facts.InstalmentMissed(
            on=ON, recorded_on=RECORDED, plan="10000180-P1", due=date(2025, 8, 25), until=date(2025, 9, 4)
        ),
    ),
    (
        "plan_warned",
        {"plan": "10000180-P1", "due": "2025-08-25", "until": "2025-09-15"},
        facts.PlanWarned(
            on=ON, recorded_on=RECORDED, plan="10000180-P1", due=date(2025, 8, 25), until=date(2025, 9, 15)
        ),
    ),
    (
        "plan_ended",
        {"plan": "10000180-P1", "why": "missed"},
        facts.PlanEnded(on=ON, recorded_on=RECORDED, plan="10000180-P1", why="missed"),
    ),
    (
        "deferred",
        {"until": "2025-08-25", "receipt": 1},
        facts.Deferred(on=ON, recorded_on=RECORDED, until=date(2025, 8, 25), receipt=1),
    ),
    (
        "promised",
        {"pay_on": "2025-08-25", "receipt": 1},
        facts.Promised(on=ON, recorded_on=RECORDED, pay_on=date(2025, 8, 25), receipt=1),
    ),
    (
        "reminded",
        {"day": "2025-08-25"},
        facts.Reminded(on=ON, recorded_on=RECORDED, day=date(2025, 8, 25)),
    ),
    (
        "settlement_offered",
        {"number": 1, "ore": 80000, "pay_on": "2025-08-25", "answer_by": "2025-08-14"},
        facts.SettlementOffered(
            on=ON, recorded_on=RECORDED, number=1, ore=80000, pay_on=date(2025, 8, 25), answer_by=date(2025, 8, 14)
        ),
    ),
    (
        "payment_claimed",
        {"receipt": 1, "amount": 100000, "paid_on": "2025-07-18", "way": "bank"},
        facts.PaymentClaimed(
            on=ON, recorded_on=RECORDED, receipt=1, amount=100000, paid_on=date(2025, 7, 18), way="bank"
        ),
    ),
    (
        "payment_reversed",
        {"reference": "bank:7", "why": "mismatched", "to": "suspense"},
        facts.PaymentReversed(on=ON, recorded_on=RECORDED, reference="bank:7", why="mismatched", to="suspense"),
    ),
    (
        "payment_released",
        {"reference": "bank:7", "receipt": 4},
        facts.PaymentReleased(on=ON, recorded_on=RECORDED, reference="bank:7", receipt=4),
    ),
    (
        "refunded",
        {"number": 1, "ore": 5178, "way": "bank"},
        facts.Refunded(on=ON, recorded_on=RECORDED, number=1, ore=5178, way="bank"),
    ),
    ("refund_returned", {"number": 1}, facts.RefundReturned(on=ON, recorded_on=RECORDED, number=1)),
    (
        "costs_charged",
        {"ore": 24000, "number": 1},
        facts.CostsCharged(on=ON, recorded_on=RECORDED, ore=24000, number=1),
    ),
    ("reopened", {"why": "reversed"}, facts.Reopened(on=ON, recorded_on=RECORDED, why="reversed")),
    (
        "settlement_answered",
        {"number": 1, "answer": "yes"},
        facts.SettlementAnswered(on=ON, recorded_on=RECORDED, number=1, answer="yes"),
    ),
)


@pytest.mark.parametrize(("kind", "stored", "fact"), SAMPLES, ids=lambda value: value if isinstance(value, str) else "")
def test_what_was_stored_is_still_read(kind: str, stored: dict[str, Any], fact: Fact) -> None:
    assert from_data(kind, ON, RECORDED, stored) == fact
    assert kind_of(fact) == kind


@pytest.mark.parametrize("fact", [fact for _, _, fact in SAMPLES], ids=kind_of)
def test_what_is_written_is_read_again(fact: Fact) -> None:
    assert from_data(kind_of(fact), fact.on, fact.recorded_on, to_data(fact)) == fact


def test_every_kind_has_a_sample() -> None:
    assert {kind for kind, _, _ in SAMPLES} == set(facts.KINDS)


def test_a_field_that_an_old_row_lacks_has_its_default() -> None:
    old = {"step": "demand", "key": "k", "via": "letter"}
    assert from_data("step_taken", ON, RECORDED, old) == facts.StepTaken(
        on=ON, recorded_on=RECORDED, step="demand", key="k", via="letter"
    )
